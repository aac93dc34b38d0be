import assert from 'node:assert/strict';
import { MlflowError } from '../../../src/mlflow/mlflowError';
import { compareRuns } from '../../../src/mlflow/runOrder';
import type { RunSearch } from '../../../src/mlflow/trackingStore';
import { orderByOf } from '../../../src/panels/runs/filteredSearch';
import { RunsQueries, type RunsStore } from '../../../src/panels/runs/runsQueries';
import { type Run, TagKey } from '../../../src/shared/domain';
import { evaluateFilter, rowOfRun } from '../../../src/shared/filter/evaluate';
import { parseFilter } from '../../../src/shared/filter/parse';
import type { RunsPage, RunsQuestion } from '../../../src/shared/protocol/runs';
import type { Scope, Sort } from '../../../src/shared/view/runsView';
import { runOf } from '../../support/runOf';

const { signal } = new AbortController();
const tokenOf = (offset: number) => Buffer.from(JSON.stringify({ offset })).toString('base64');
const offsetIn = (token: string) => (JSON.parse(Buffer.from(token, 'base64').toString()) as { offset: number }).offset;

/** A server that judges filters as MLflow does, over runs that a test may change. */
class Server implements RunsStore {
  readonly asked: RunSearch[] = [];
  fails = false;

  constructor(readonly runs: Run[]) {}

  async searchRuns(search: RunSearch) {
    if (this.fails) throw new Error('down');
    this.asked.push(search);
    const { filter = '', orderBy = [], maxResults = 100, pageToken, viewType = 'ACTIVE_ONLY' } = search;
    assert.doesNotMatch(filter, / OR |\(params/, 'MLflow knows no OR');
    const parsed = parseFilter(filter, 0);
    assert.ok(parsed.ok, filter);
    const found = this.runs
      .filter(
        ({ lifecycleStage }) => viewType === 'ALL' || (viewType === 'DELETED_ONLY') === (lifecycleStage === 'deleted'),
      )
      .filter((run) => evaluateFilter(parsed.filter, rowOfRun(run)))
      .sort(compareRuns(orderBy));
    const at = pageToken === undefined ? 0 : offsetIn(pageToken);
    const items = found.slice(at, at + maxResults);
    return { items, ...(at + maxResults < found.length ? { nextPageToken: tokenOf(at + maxResults) } : {}) };
  }

  async getRun(runId: string): Promise<Run> {
    const run = this.runs.find((one) => one.runId === runId);
    if (!run) throw new MlflowError('notFound', 'no such run');
    return run;
  }
}

const hex = (at: number) => at.toString(16).padStart(32, '0');
const manyRuns = (count: number) =>
  Array.from({ length: count }, (_, at) =>
    runOf(hex(at), {
      startTime: at,
      endTime: at,
      params: { lr: String(at / 100), team: at % 2 === 0 ? 'a' : 'b' },
      metrics: { loss: { key: 'loss', value: at, timestamp: 0, step: 0 } },
    }),
  );

const question = (filter: string, change: Partial<RunsQuestion> = {}): RunsQuestion => ({
  filter,
  showDeleted: false,
  sort: [],
  ...change,
});

function queriesOver(runs: Run[], scope: Scope = { experimentIds: ['1'] }, pageSize = 10) {
  const server = new Server(runs);
  const queries = new RunsQueries({
    scope,
    store: async () => server,
    dialect: () => ({ generation: 3, files: false }),
    pageSize: () => pageSize,
    cachedRun: () => undefined,
  });
  return { server, queries };
}

async function allIds(queries: RunsQueries, asked: RunsQuestion, all = false) {
  let page = await queries.query(asked, signal);
  const ids = page.batch.runs.map(({ runId }) => runId);
  while (page.more) {
    page = await queries.more(page.queryId, all, signal);
    ids.push(...page.batch.runs.map(({ runId }) => runId));
  }
  return ids;
}

const numbers = (ids: readonly string[]) => ids.map((id) => Number.parseInt(id, 16));

describe('a page’s questions for runs', () => {
  it('are asked branch by branch and come in one order', async () => {
    const { queries } = queriesOver(manyRuns(60));
    const ids = await allIds(queries, question("metrics.loss < 5 OR (metrics.loss >= 50 AND params.team = 'a')"));
    assert.deepEqual(numbers(ids), [58, 56, 54, 52, 50, 4, 3, 2, 1, 0]);
  });

  it('begin with a screenful: a server that takes its time over each run is asked for no more', async () => {
    const { queries, server } = queriesOver(manyRuns(150), undefined, 100);
    const first = await queries.query(question(''), signal);
    assert.deepEqual([first.batch.runs.length, first.begun, first.more], [25, true, true]);
    const rest = await queries.more(first.queryId, false, signal);
    assert.deepEqual([rest.batch.runs.length, rest.begun, rest.more], [75, false, true]);
    const last = await queries.more(first.queryId, false, signal);
    assert.deepEqual([last.batch.runs.length, last.more], [50, false]);
    assert.deepEqual(
      server.asked.map(({ maxResults }) => maxResults),
      [25, 75, 100],
    );
  });

  it('are judged here where the server cannot', async () => {
    const { queries, server } = queriesOver(manyRuns(60));
    const ids = await allIds(queries, question('params.lr > 0.09 AND params.lr <= 0.25'));
    const expected = Array.from({ length: 16 }, (_, at) => 25 - at);
    assert.deepEqual(numbers(ids), expected);
    assert.equal((await allIds(queries, question(''), true)).length, 60);
    assert.ok(server.asked.some(({ maxResults }) => maxResults === 1000));
  });

  it('say where the filter goes wrong', async () => {
    const { queries, server } = queriesOver(manyRuns(1));
    await assert.rejects(queries.query(question("metrics.loss < 1 AND params.lr = 'x"), signal), {
      kind: 'invalid',
      message: /closing quote.*\(at character 34: 'x\)/,
    });
    assert.equal(server.asked.length, 0);
  });

  it('are counted only where one search finds exactly what matches', async () => {
    const { queries } = queriesOver(manyRuns(60));
    const count = async (filter: string) =>
      queries.count((await queries.query(question(filter), signal)).queryId, signal);
    assert.equal(await count(''), 60);
    assert.equal(await count('metrics.loss < 47'), 47);
    assert.equal(await count('metrics.loss < 3'), 3);
    assert.equal(await count('metrics.loss < 47 OR metrics.loss > 50'), undefined);
    assert.equal(await count('params.lr < 0.47'), undefined);
  });

  it('find new runs that match, and none that do not', async () => {
    const runs = manyRuns(30);
    const { queries } = queriesOver(runs);
    const { queryId } = await queries.query(question("params.lr < 0.05 OR params.team = 'b'"), signal);
    const hasNew = () => queries.hasNew(queryId, signal);
    assert.equal(await hasNew(), false);
    runs.push(runOf(hex(100), { startTime: 100, params: { lr: '9', team: 'a' } }));
    assert.equal(await hasNew(), false);
    runs.push(runOf(hex(101), { startTime: 101, params: { lr: '9', team: 'b' } }));
    assert.equal(await hasNew(), true);
    assert.equal(await hasNew(), true, 'until the question is asked anew');
  });

  const orders: readonly (readonly Sort[])[] = [
    [],
    [{ column: 'attributes.start_time', descending: true }],
    [{ column: 'metrics.loss', descending: false }],
    [{ column: 'attributes.start_time', descending: false }],
  ];
  for (const sort of orders)
    it(`find the first new run at once, and the next after it, in the order ${orderByOf(sort).join()}`, async () => {
      const runs = manyRuns(130);
      const { queries } = queriesOver(runs, undefined, 100);
      for (let at = 200; at < 203; at++) {
        const { queryId } = await queries.query(question('', { sort }), signal);
        assert.equal(await queries.hasNew(queryId, signal), false);
        runs.push(runOf(hex(at), { startTime: at }));
        assert.equal(await queries.hasNew(queryId, signal), true);
      }
    });

  it('ask for the newest run beside a page in another order, and not in its own', async () => {
    const { queries, server } = queriesOver(manyRuns(130), undefined, 100);
    const sizes = () => server.asked.splice(0).map(({ maxResults }) => maxResults);
    await queries.query(question(''), signal);
    assert.deepEqual(sizes(), [25]);
    await queries.query(question('', { sort: [{ column: 'metrics.loss', descending: true }] }), signal);
    assert.deepEqual(sizes().sort(), [1, 25]);
  });

  it('mark runs that are read again and match no more, and none without a filter', async () => {
    const live = (at: number, value: number): Run =>
      runOf(hex(at), {
        status: 'RUNNING',
        startTime: at,
        metrics: { loss: { key: 'loss', value, timestamp: 0, step: 0 } },
      });
    const runs = [live(1, 0.1), live(2, 0.2)];
    const { queries } = queriesOver(runs);
    const marks = async (queryId: number | undefined) => {
      const mark = queries.markOf(queryId);
      return (await queries.byId([hex(1), hex(2)], signal)).map((run) => mark(run).unmatched ?? false);
    };
    const { queryId } = await queries.query(question('metrics.loss < 0.5'), signal);
    assert.deepEqual(await marks(queryId), [false, false]);
    runs.splice(0, 1, live(1, 0.7));
    assert.deepEqual((await marks(queryId)).sort(), [false, true]);
    assert.deepEqual([await marks(undefined), await marks(queryId + 7)].flat(), [false, false, false, false]);
    runs.splice(1, 1, { ...live(2, 9), lifecycleStage: 'deleted' });
    assert.equal((await marks(queryId)).filter(Boolean).length, 1, 'what is deleted says so itself');
    const all = await queries.query(question(''), signal);
    assert.deepEqual(await marks(all.queryId), [false, false]);
    assert.deepEqual(await marks(queryId), [false, false], 'another question was asked since');
  });

  it('do not say of a run that the server found that it matches no more', async () => {
    // MLflow 2 takes NaN for 0.
    const odd = runOf(hex(1), {
      status: 'RUNNING',
      metrics: { loss: { key: 'loss', value: Number.NaN, timestamp: 0, step: 0 } },
    });
    const { queries, server } = queriesOver([odd]);
    server.searchRuns = async () => ({ items: [odd] });
    const { queryId, batch } = await queries.query(question('metrics.loss < 0.5'), signal);
    assert.equal(batch.runs.length, 1);
    assert.deepEqual(queries.markOf(queryId)(odd), {});
  });

  it('find runs that begin to match while they go on, or as they end, and are on no page', async () => {
    const live = (at: number, value: number, change: Partial<Run> = {}): Run =>
      runOf(hex(at), {
        status: 'RUNNING',
        startTime: at,
        metrics: { acc: { key: 'acc', value, timestamp: 0, step: 0 } },
        ...change,
      });
    const runs = [live(1, 0.95), live(2, 0.1), live(3, 0.2), ...manyRuns(1)];
    const { queries, server } = queriesOver(runs);
    const { queryId } = await queries.query(question('metrics.acc > 0.9'), signal);
    const begun = () => queries.begunToMatch(queryId, signal);
    assert.deepEqual([await begun(), await queries.hasNew(queryId, signal)], [0, false]);
    runs.splice(1, 1, live(2, 0.91));
    assert.deepEqual([await begun(), await begun()], [1, 1]);
    runs.splice(2, 1, live(3, 0.99, { status: 'FINISHED', endTime: 9 }));
    assert.equal(await begun(), 2);
    runs.splice(1, 1, live(2, 0.5));
    assert.equal(await begun(), 1, 'one matches no more');
    server.fails = true;
    await assert.rejects(begun(), /down/);
    server.fails = false;
    assert.equal(await begun(), 1);
    const again = await queries.query(question('metrics.acc > 0.9'), signal);
    assert.deepEqual(numbers(again.batch.runs.map(({ runId }) => runId)), [3, 1]);
    assert.equal(await queries.begunToMatch(again.queryId, signal), 0);
  });

  it('call no run one that begins to match that may stand on a page that is not read', async () => {
    const runs = Array.from({ length: 60 }, (_, at) => runOf(hex(at), { status: 'RUNNING', startTime: at }));
    const { queries, server } = queriesOver(runs);
    const { queryId } = await queries.query(question("status = 'RUNNING'"), signal);
    for (let look = 0; look < 3; look++) assert.equal(await queries.begunToMatch(queryId, signal), 0);
    const { queryId: plain } = await queries.query(question(''), signal);
    server.asked.length = 0;
    assert.deepEqual([await queries.begunToMatch(plain, signal), server.asked.length], [0, 0]);
  });

  it('say that runs are new where there were none', async () => {
    const runs: Run[] = [];
    const { queries } = queriesOver(runs);
    const { queryId } = await queries.query(question(''), signal);
    assert.equal(await queries.hasNew(queryId, signal), false);
    runs.push(...manyRuns(1));
    assert.equal(await queries.hasNew(queryId, signal), true);
  });

  it('bring parents that do not match, once', async () => {
    const parent = runOf(hex(900), { startTime: 0, params: { lr: '7' } });
    const children = manyRuns(25).map((run) => ({ ...run, tags: { [TagKey.parentRunId]: parent.runId } }));
    const { queries } = queriesOver([...children, parent]);
    const first = await queries.query(question('params.lr < 1'), signal);
    assert.deepEqual(
      first.batch.runs.filter(({ unmatched }) => unmatched).map(({ runId }) => runId),
      [parent.runId],
    );
    const second = await queries.more(first.queryId, false, signal);
    assert.ok(!second.batch.runs.some(({ unmatched }) => unmatched));
  });

  it('bring parents that match before their place, marked so, and in their place once more', async () => {
    const parent = runOf(hex(900), { startTime: -1 });
    const deleted = runOf(hex(901), { startTime: -2, lifecycleStage: 'deleted' });
    const children = manyRuns(130).map((run, at) => ({
      ...run,
      tags: { [TagKey.parentRunId]: at % 2 === 0 ? parent.runId : deleted.runId },
    }));
    const { queries } = queriesOver([...children, parent, deleted], undefined, 100);
    const marks = ({ batch }: RunsPage) =>
      batch.runs.flatMap(({ runId, early, unmatched }) =>
        [parent.runId, deleted.runId].includes(runId) ? [[runId, early, unmatched]] : [],
      );
    const first = await queries.query(question(''), signal);
    assert.deepEqual(marks(first).sort(), [
      [parent.runId, true, undefined],
      [deleted.runId, undefined, true],
    ]);
    assert.deepEqual(marks(await queries.more(first.queryId, true, signal)), [[parent.runId, undefined, undefined]]);
    const filtered = await queries.query(question('metrics.loss >= 0'), signal);
    assert.ok(marks(filtered).every(([, early, unmatched]) => early === undefined && unmatched === true));
  });

  it('look through deleted runs alone where only these can match', async () => {
    const gone = runOf(hex(500), { startTime: 1, lifecycleStage: 'deleted' });
    const { queries, server } = queriesOver([...manyRuns(30), gone]);
    const asked = question("lifecycle_stage = 'deleted' AND start_time > 0", { showDeleted: true });
    assert.deepEqual(numbers(await allIds(queries, asked)), [500]);
    assert.deepEqual([...new Set(server.asked.map(({ viewType }) => viewType))], ['DELETED_ONLY']);
    await allIds(queries, { ...asked, filter: "lifecycle_stage = 'deleted' OR start_time > 0" });
    assert.equal(server.asked.at(-1)?.viewType, 'ALL');
  });

  it('look through those stages that a filter names, and deleted ones else where these are shown', async () => {
    const gone = runOf(hex(500), { startTime: 1, lifecycleStage: 'deleted', tags: { a: 'x' } });
    const { queries, server } = queriesOver([...manyRuns(3), gone]);
    const asks = async (filter: string, viewType: string, found: readonly number[]) => {
      server.asked.length = 0;
      assert.deepEqual(numbers(await allIds(queries, question(filter))), found, filter);
      assert.deepEqual([...new Set(server.asked.map((asked) => asked.viewType))], [viewType], filter);
    };
    await asks('lifecycle_stage = deleted', 'DELETED_ONLY', [500]);
    await asks('NOT lifecycle_stage = active AND tags.a = x', 'DELETED_ONLY', [500]);
    await asks('lifecycle_stage NOT IN (active)', 'DELETED_ONLY', [500]);
    await asks('lifecycle_stage LIKE "del%" OR params.lr = 0.02', 'ALL', [2, 500]);
    await asks('lifecycle_stage IN (active, deleted)', 'ALL', [2, 1, 500, 0]);
    await asks('lifecycle_stage = active AND start_time > 0', 'ACTIVE_ONLY', [2, 1]);
    await asks('start_time >= 1', 'ACTIVE_ONLY', [2, 1]);
  });

  it('lose nothing when the server fails in between', async () => {
    const { queries, server } = queriesOver(manyRuns(25));
    const first = await queries.query(question(''), signal);
    server.fails = true;
    await assert.rejects(queries.more(first.queryId, false, signal), /down/);
    server.fails = false;
    const gone = new AbortController();
    gone.abort();
    await assert.rejects(queries.more(first.queryId, false, gone.signal));
    const second = await queries.more(first.queryId, false, signal);
    assert.deepEqual(numbers(second.batch.runs.map(({ runId }) => runId)), [14, 13, 12, 11, 10, 9, 8, 7, 6, 5]);
  });

  it('are about chosen runs alone, whatever became of these', async () => {
    const { queries, server } = queriesOver(manyRuns(9), { runIds: [hex(3), hex(5), "no'id", hex(7)] });
    assert.deepEqual(numbers(await allIds(queries, question('metrics.loss > 3'))), [7, 5]);
    assert.equal(server.asked.at(-1)?.viewType, 'ALL');
    const { queries: none } = queriesOver(manyRuns(9), { runIds: ["x'y"] });
    assert.deepEqual(await allIds(none, question('')), []);
  });

  it('know when runs ended', async () => {
    const runs = [...manyRuns(2), runOf(hex(5), { status: 'RUNNING', startTime: 9 })];
    const { queries } = queriesOver(runs);
    await queries.query(question(''), signal);
    assert.deepEqual(
      [hex(0), hex(1), hex(5)].map((id) => queries.endOf(id)),
      [0, 1, undefined],
    );
  });
});

describe('the order asked of a server', () => {
  it('is settled by the start time', () => {
    const sort = [{ column: 'metrics.a b', descending: true }];
    assert.deepEqual(orderByOf(sort), ['metrics.`a b` DESC', 'attributes.start_time DESC']);
    assert.deepEqual(orderByOf([{ column: 'attributes.start_time', descending: false }]), [
      'attributes.start_time ASC',
    ]);
  });
});
