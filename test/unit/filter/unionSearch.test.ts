import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { compareRuns, compareTexts } from '../../../src/mlflow/runOrder';
import type { RunSearch } from '../../../src/mlflow/trackingStore';
import { type UnionPages, type UnionSearch, unionSearch } from '../../../src/mlflow/unionSearch';
import type { Metric, Run } from '../../../src/shared/domain';
import { evaluateFilter, rowOfRun } from '../../../src/shared/filter/evaluate';
import { parseFilter } from '../../../src/shared/filter/parse';
import { runOf } from '../../support/runOf';

const metric = (value: number): Metric => ({ key: 'a', value, timestamp: 0, step: 0 });
const idsOf = (runs: readonly Run[]) => runs.map((run) => run.runId);

/** A server with these runs, in the order of `compare`; it notes how many questions it had at once. */
function serverOf(runs: readonly Run[], compare: (a: Run, b: Run) => number) {
  const sorted = runs.toSorted(compare);
  const server = {
    asked: 0,
    open: 0,
    mostOpen: 0,
    failing: false,
    async searchRuns({ filter = '', maxResults = 100, pageToken = '0' }: RunSearch) {
      server.asked++;
      server.mostOpen = Math.max(server.mostOpen, ++server.open);
      await turn();
      server.open--;
      if (server.failing) throw new Error('down');
      const judged = parseFilter(filter, 0);
      assert.ok(judged.ok);
      const found = sorted.filter((run) => evaluateFilter(judged.filter, rowOfRun(run)));
      const end = Number(pageToken) + maxResults;
      // MLflow 2 gives a token when the last page is exactly full.
      const more = end <= found.length ? { nextPageToken: String(end) } : {};
      return { items: found.slice(Number(pageToken), end), ...more };
    },
  };
  return server;
}

async function everyPage(pages: UnionPages): Promise<Run[]> {
  const runs: Run[] = [];
  for (let count = 0; count < 2000; count++) {
    const page = await pages.next();
    runs.push(...page.runs);
    if (page.done) return runs;
  }
  throw new Error('no end');
}

const base = { experimentIds: ['1'], viewType: 'ACTIVE_ONLY' } as const;
const search = (change: Partial<UnionSearch>): UnionSearch => ({
  ...base,
  filters: [''],
  orderBy: [],
  pageSize: 3,
  compare: compareRuns([]),
  ...change,
});

const someRuns = fc
  .array(
    fc.record({
      start: fc.nat({ max: 3 }),
      a: fc.option(fc.constantFrom(1, 2, 2.5, Number.NaN, Number.POSITIVE_INFINITY), { nil: undefined }),
      p: fc.constantFrom('x', 'y', 'z'),
    }),
    { maxLength: 30 },
  )
  .map((made) =>
    made.map(({ start, a, p }, at) =>
      runOf(`r${(at * 7919) % 1000}`, {
        startTime: start,
        metrics: a === undefined ? {} : { a: metric(a) },
        params: { p },
      }),
    ),
  );
const orders = fc.constantFrom(
  [],
  ['metrics.`a` DESC'],
  ['metrics.a'],
  ['params.`p` DESC', 'metrics.a ASC'],
  ['start_time asc'],
);
const branches = fc.subarray([
  'params.p = x',
  'metrics.a >= 2',
  'params.p != y',
  "params.p IN ('x', 'z')",
  'start_time > 1',
  '',
]);

describe('a search in several branches', () => {
  it('gives each run once, in the order of the server, whatever the size of pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        someRuns,
        orders,
        branches,
        fc.integer({ min: 1, max: 12 }),
        async (runs, orderBy, filters, pageSize) => {
          const compare = compareRuns(orderBy);
          const server = serverOf(runs, compare);
          const found = await everyPage(unionSearch(server, search({ filters, orderBy, pageSize, compare })));
          const wanted = runs.filter((run) =>
            filters.some((filter) => {
              const judged = parseFilter(filter, 0);
              return judged.ok && evaluateFilter(judged.filter, rowOfRun(run));
            }),
          );
          assert.deepEqual(idsOf(found), idsOf(wanted.toSorted(compare)));
          assert.ok(server.mostOpen <= 4, `${server.mostOpen} at once`);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('fills pages, and says at once when there is nothing more', async () => {
    const runs = Array.from({ length: 7 }, (_, at) => runOf(`r${at}`, { params: { p: at < 4 ? 'x' : 'y' } }));
    const pages = unionSearch(serverOf(runs, compareRuns([])), search({ filters: ['params.p = x', 'params.p != z'] }));
    const sizes = [await pages.next(), await pages.next(), await pages.next()].map((page) => [
      page.runs.length,
      page.done,
    ]);
    assert.deepEqual(sizes, [
      [3, false],
      [3, false],
      [1, true],
    ]);
    assert.deepEqual(await unionSearch(serverOf(runs, compareRuns([])), search({ filters: [] })).next(), {
      runs: [],
      done: true,
    });
  });

  it('is plain paging with one branch, in whatever order the server has', async () => {
    const runs = ['c', 'a', 'b', 'd'].map((id) => runOf(id));
    const server = serverOf(runs, () => 0);
    assert.deepEqual(idsOf(await everyPage(unionSearch(server, search({ pageSize: 4 })))), ['c', 'a', 'b', 'd']);
    assert.equal(server.asked, 2);
  });

  it('loses nothing when the server sorts otherwise', async () => {
    const runs = Array.from({ length: 40 }, (_, at) =>
      runOf(`r${(at * 17) % 41}`, { params: { p: at % 3 ? 'x' : 'y' } }),
    );
    const server = serverOf(runs, () => 0);
    const found = await everyPage(unionSearch(server, search({ filters: ['params.p = x', 'params.p = y'] })));
    assert.deepEqual(idsOf(found).sort(), idsOf(runs).sort());
  });

  it('comes back for air when little is kept, and asks for more at once', async () => {
    const runs = Array.from({ length: 5000 }, (_, at) => runOf(`r${String(at).padStart(4, '0')}`));
    const server = serverOf(runs, compareRuns([]));
    const pages = unionSearch(server, search({ pageSize: 10, keep: (run) => run.runId === 'r4999' }));
    assert.deepEqual(await pages.next(), { runs: [], done: false });
    assert.equal(server.asked, 10);
    assert.deepEqual(idsOf(await everyPage(pages)), ['r4999']);
    assert.ok(server.asked < 25, `${server.asked} questions`);
  });

  it('goes on after a failure where it was', async () => {
    const runs = Array.from({ length: 12 }, (_, at) => runOf(`r${10 + at}`, { params: { p: at % 2 ? 'x' : 'y' } }));
    const server = serverOf(runs, compareRuns([]));
    const pages = unionSearch(server, search({ pageSize: 5, filters: ['params.p = x', 'params.p = y'] }));
    const first = await pages.next();
    server.failing = true;
    await assert.rejects(pages.next(), /down/);
    server.failing = false;
    assert.deepEqual(idsOf([...first.runs, ...(await everyPage(pages))]), idsOf(runs));
  });
});

describe('the order of servers', () => {
  const sorted = (orderBy: string[], ...runs: Run[]) => idsOf(runs.toSorted(compareRuns(orderBy)));
  const withMetric = (id: string, value: number) => runOf(id, { metrics: { a: metric(value) } });

  it('has numbers, then NaN, then what is missing, in both directions', () => {
    const runs = [
      runOf('none'),
      withMetric('nan', Number.NaN),
      withMetric('one', 1),
      withMetric('inf', Number.POSITIVE_INFINITY),
    ];
    assert.deepEqual(sorted(['metrics.a ASC'], ...runs), ['one', 'inf', 'nan', 'none']);
    assert.deepEqual(sorted(['metrics.`a` desc'], ...runs), ['inf', 'one', 'nan', 'none']);
  });

  it('settles ties by the newest, then by id, unless the start is asked for', () => {
    const runs = [runOf('b', { startTime: 1 }), runOf('a', { startTime: 1 }), runOf('c', { startTime: 2 })];
    assert.deepEqual(sorted([], ...runs), ['c', 'a', 'b']);
    assert.deepEqual(sorted(['attributes.start_time ASC'], ...runs), ['a', 'b', 'c']);
    assert.deepEqual(sorted(['params.`x` DESC'], ...runs), ['c', 'a', 'b']);
  });

  it('has texts by code point', () => {
    assert.ok(compareTexts('\uffee', '😀') < 0 && '\uffee' > '😀');
    const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) =>
        assert.equal(Math.sign(compareTexts(a, b)), byBytes(a, b)),
      ),
    );
  });
});
