import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { RemoteError } from '../../../src/shared/rpc';
import { type Column, parseColumnId } from '../../../src/shared/runs/column';
import { initialRunsView, type RunsView } from '../../../src/shared/view/runsView';
import type { Session } from '../../../webview/runs/session';
import { RowActions } from '../../../webview/table/rowActions';
import { tableOf } from '../chartKinds/tableOf';

type Answer = (params: Record<string, unknown>, signal?: AbortSignal) => unknown;

const down = () => Promise.reject(new RemoteError({ message: 'The server does not answer.', advice: 'Try again.' }));
const columns = ['attributes.run_name', 'metrics[max].loss'].flatMap((id): Column[] => {
  const column = parseColumnId(id);
  return column ? [column] : [];
});

/** Actions over runs `r0`, `r1` … of a page whose host answers as a test says, and with nothing else. */
function actionsOver(runs: number, answers: Readonly<Record<string, Answer>>) {
  const { table, rows } = tableOf(
    Array.from({ length: runs }, (_, at) => ({ name: `run ${at}`, metrics: { loss: at } })),
  );
  const asked: string[] = [];
  const said: string[] = [];
  const session = {
    table,
    sorted: { rows },
    loader: { order: rows, more: false },
    view: { ...initialRunsView, table: { ...initialRunsView.table, sort: [] } },
    update: (change: Partial<RunsView>) => void Object.assign(session.view, change),
    rpc: {
      call: async (method: string, params: Record<string, unknown>, signal?: AbortSignal) => {
        asked.push(method);
        return await answers[method]?.(params, signal);
      },
    },
  };
  const actions = new RowActions(
    session as unknown as Session,
    () => columns,
    (text) => said.push(text),
  );
  return { actions, asked, said, view: session.view as RunsView, runIds: rows.map((row) => table.head(row).runId) };
}

const extremesOf = ({ runIds }: Record<string, unknown>) => {
  const values = Float64Array.from(runIds as string[], () => 7);
  return { min: values, max: values, minSteps: values, maxSteps: values };
};

describe('what is done with rows', () => {
  it('charts and compares runs that are hidden in charts, and shows them there', () => {
    const { actions, runIds, view } = actionsOver(3, {});
    Object.assign(view, { hiddenRuns: ['r0', 'r1'], charts: { ...initialRunsView.charts, hiddenRuns: ['r0', 'r2'] } });
    actions.choose(runIds.slice(0, 1), 'charts');
    const { tab, chosen, hiddenRuns, charts } = view;
    assert.deepEqual([tab, chosen, hiddenRuns, charts.hiddenRuns], ['charts', { runIds: ['r0'] }, ['r1'], ['r2']]);
  });

  it('gives a command any number of runs', async () => {
    const given: unknown[] = [];
    const { actions, runIds, said } = actionsOver(2_500, { runCommand: (params) => void given.push(params) });
    await actions.run('setTag', runIds);
    assert.deepEqual([given, said], [[{ command: 'setTag', runIds }], []]);
  });
});

describe('copying rows', () => {
  it('is done with the histories it needs, and without those that cannot be read, which it says', async () => {
    const copied: unknown[] = [];
    const copy = ({ text }: Record<string, unknown>) => copied.push(text);
    const fine = actionsOver(2, { metricExtremes: extremesOf, copy });
    await fine.actions.copy(fine.runIds, 'tsv');
    assert.deepEqual(
      [copied.pop(), fine.said],
      ['run_name\tmetrics[max].loss\nrun 0\t7\nrun 1\t7\n', ['Copied 2 runs.']],
    );
    const broken = actionsOver(2, { metricExtremes: down, copy });
    await broken.actions.copy(broken.runIds, 'tsv');
    assert.equal(copied.pop(), 'run_name\tmetrics[max].loss\nrun 0\t\nrun 1\t\n');
    assert.deepEqual(broken.said, ['Copied 2 runs. Without 2 histories that are not read; export reads them.']);
  });

  it('and exporting say what the host refuses', async () => {
    const { actions, said, runIds } = actionsOver(1, { copy: down, exportAll: down, beginExport: down });
    await actions.copy(runIds, 'ids');
    await actions.exportAll();
    await actions.exportLoaded();
    assert.deepEqual(
      said,
      ['copied', 'exported', 'exported'].map((done) => `Nothing was ${done}. The server does not answer.`),
    );
  });
});

describe('exporting rows', () => {
  afterEach(() => mock.timers.reset());

  const begun = () => ({ exportId: 1, format: 'csv', histories: true });

  it('waits for histories as long as they take, and lets the host know that the page lives', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    const written: string[] = [];
    const ended: unknown[] = [];
    let give: ((found: unknown) => void) | undefined;
    const { actions, runIds } = actionsOver(2, {
      beginExport: begun,
      exportChunk: ({ text }) => {
        written.push(String(text));
        return { cancelled: false };
      },
      endExport: (params) => void ended.push(params),
      metricExtremes: (params) => new Promise((resolve) => (give = () => resolve(extremesOf(params)))),
    });
    const exporting = actions.exportRuns(runIds);
    for (let seconds = 0; seconds < 90; seconds += 10) {
      await turn();
      mock.timers.tick(10_000);
    }
    assert.equal(written.filter((text) => text === '').length, 9);
    give?.(undefined);
    await exporting;
    assert.deepEqual(
      written.filter((text) => text !== ''),
      ['run_id,run_name,metrics[max].loss\r\n', 'r0,run 0,7\r\nr1,run 1,7\r\n'],
    );
    assert.deepEqual(ended, [{ exportId: 1 }]);
  });

  it('ends when it is cancelled while histories are read', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    let cancelled = false;
    const { actions, asked, said, runIds } = actionsOver(1, {
      beginExport: begun,
      exportChunk: () => ({ cancelled }),
      metricExtremes: (_, signal) =>
        new Promise((__, reject) => {
          const end = () => reject(new RemoteError({ message: 'Cancelled', kind: 'cancelled' }));
          signal?.addEventListener('abort', end);
        }),
    });
    const exporting = actions.exportRuns(runIds);
    await turn();
    cancelled = true;
    mock.timers.tick(10_000);
    await exporting;
    assert.deepEqual([asked, said], [['beginExport', 'exportChunk', 'metricExtremes', 'exportChunk'], []]);
  });

  it('tells the host why there is no file where a history cannot be read', async () => {
    const ended: unknown[] = [];
    const { actions, said, runIds } = actionsOver(1, {
      beginExport: begun,
      exportChunk: () => ({ cancelled: false }),
      metricExtremes: down,
      endExport: (params) => void ended.push(params),
    });
    await actions.exportRuns(runIds);
    assert.deepEqual(ended, [{ exportId: 1, problem: 'The server does not answer. Try again.' }]);
    assert.deepEqual(said, []);
  });
});
