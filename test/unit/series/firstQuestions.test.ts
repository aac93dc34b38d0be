import assert from 'node:assert/strict';
import { packRuns } from '../../../src/panels/runs/packRuns';
import type { Run } from '../../../src/shared/domain';
import { columnId } from '../../../src/shared/runs/column';
import { firstQuestions } from '../../../src/shared/series/firstQuestions';
import { initialRunsView, type RunsView } from '../../../src/shared/view/runsView';
import type { ViewState } from '../../../src/shared/viewState';
import { runOf } from '../../support/runOf';

const logged = (runId: string, lastSteps: Readonly<Record<string, number>>): Run => {
  const metrics = Object.entries(lastSteps).map(
    ([key, step]) => [key, { key, value: 0.5, timestamp: 0, step }] as const,
  );
  return runOf(runId, { metrics: Object.fromEntries(metrics) });
};
const charts = (change: Partial<ViewState> = {}, rest: Partial<RunsView> = {}): RunsView => ({
  ...initialRunsView,
  tab: 'charts',
  ...rest,
  charts: { ...initialRunsView.charts, ...change },
});

async function questions(runs: readonly Run[], view: RunsView, more = false, most?: number) {
  const asked = firstQuestions({ batch: await packRuns(runs), more }, view, 1_000, most);
  return asked.map(({ key, runIds, expectedPoints }) => `${key} ${runIds} ${expectedPoints ?? 'sampled'}`);
}

const two = [logged('a', { loss: 9, 'val/acc': 4, acc_10: 1, acc_2: 1 }), logged('b', { loss: 19 })];

describe('what charts ask for first', () => {
  it('is the first metrics of the open sections, for the runs that have them', async () => {
    assert.deepEqual(await questions(two, charts()), ['acc_2 a 2', 'acc_10 a 2', 'loss a,b 30']);
    const own = charts({ toggledSections: [''], sectionOrder: ['val'] });
    assert.deepEqual(await questions(two, own), ['val/acc a 5']);
    assert.deepEqual(await questions(two, charts({ cardOrder: ['loss'] }), false, 1), ['loss a,b 30']);
  });

  it('leaves out runs that are not drawn', async () => {
    assert.deepEqual(await questions(two, charts({ hiddenRuns: ['a'] })), ['loss b 20']);
    assert.deepEqual(await questions(two, charts({}, { hiddenRuns: ['a'] })), ['loss b 20']);
    assert.deepEqual(await questions(two, charts({}, { chosen: { runIds: ['b', 'gone'] } })), ['loss b 20']);
  });

  it('leaves out parents that are there for the sake of their children', async () => {
    for (const mark of [{ early: true }, { unmatched: true }] as const) {
      const batch = await packRuns(two, ({ runId }) => (runId === 'a' ? mark : {}));
      const asked = firstQuestions({ batch, more: false }, charts(), 1_000);
      assert.deepEqual(
        asked.map(({ runIds }) => runIds),
        [['b']],
      );
    }
  });

  it('is asked in the parts that long curves come in', async () => {
    const long = Array.from({ length: 10 }, (_, at) => logged(`r${at}`, { loss: 99_999, other: 1 }));
    assert.deepEqual(await questions(long, charts()), [
      'loss r0,r1,r2,r3 sampled',
      'loss r4,r5,r6,r7 sampled',
      'loss r8,r9 sampled',
    ]);
  });

  it('is nothing where the first runs do not tell', async () => {
    const sort = [{ column: columnId({ kind: 'metric', key: 'loss', stat: 'min' }), descending: false }];
    const views = [
      { ...charts(), tab: 'table' as const },
      charts({ search: 'loss' }),
      charts({ full: 'loss' }),
      charts({}, { table: { ...initialRunsView.table, sort } }),
    ];
    for (const view of views) assert.deepEqual(await questions(two, view), []);
    assert.deepEqual(await questions(two, charts(), true), [], 'more runs are charted than came');
    assert.equal((await questions(two, charts({}, { chosen: { first: 2 } }), true)).length, 3);
    const wide = Object.fromEntries(Array.from({ length: 2_001 }, (_, at) => [`m${at}`, 1]));
    assert.deepEqual(await questions([logged('a', wide)], charts()), [], 'too many to put in order unasked');
  });
});
