import assert from 'node:assert/strict';
import { KnownRuns } from '../../../src/experiments/knownRuns';
import { parentOf, type RunRow } from '../../../src/experiments/nesting';
import { RunList } from '../../../src/experiments/runList';
import { allRuns, type RunQuery } from '../../../src/experiments/runQuery';
import type { RunSearch } from '../../../src/mlflow/trackingStore';
import { type Run, TagKey } from '../../../src/shared/domain';
import { unlessAborted } from '../../../src/shared/unlessAborted';
import { runOf } from '../../support/runOf';

const id = (at: number) => at.toString(16).padStart(32, '0');
const at = (number: number, change: Partial<Run> = {}) => runOf(id(number), { startTime: number, ...change });
const under = (parent: string) => ({ tags: { [TagKey.parentRunId]: parent } });

/** A server that keeps to MLflow's rules, as far as a list asks it. */
function setUp(runs: Run[], query: RunQuery = allRuns, pageSize = 3) {
  const asked: RunSearch[] = [];
  const gates: (() => void)[] = [];
  const control = { held: false };
  const searchRuns = async (search: RunSearch) => {
    asked.push(search);
    if (control.held) await new Promise<void>((open) => gates.push(open));
    const named = /IN \((.*)\)/.exec(search.filter ?? '')?.[1]?.split(',');
    if (named?.[0] === '') throw new Error('empty list');
    const mine = runs
      .filter(({ experimentId }) => search.experimentIds.includes(experimentId))
      .filter(({ runId }) => !named || named.includes(`'${runId}'`))
      .filter(({ lifecycleStage }) => search.viewType === 'ALL' || lifecycleStage === 'active')
      .sort((a, b) =>
        search.orderBy?.[0]?.startsWith('metrics')
          ? (a.metrics.loss?.value ?? 9) - (b.metrics.loss?.value ?? 9)
          : b.startTime - a.startTime,
      );
    const from = search.pageToken ? JSON.parse(Buffer.from(search.pageToken, 'base64').toString()).offset : 0;
    const to = from + (search.maxResults ?? 100);
    const token = Buffer.from(JSON.stringify({ offset: to })).toString('base64');
    // The wire makes new objects every time.
    const items = structuredClone(mine.slice(from, to));
    return { items, ...(to < mine.length ? { nextPageToken: token } : {}) };
  };
  let changes = 0;
  const known = new KnownRuns(() => changes++);
  const services = { store: async () => ({ searchRuns }), pageSize: () => pageSize, runs: known, onChange: () => {} };
  const list = new RunList('1', query, services);
  const release = () => {
    control.held = false;
    for (const open of gates.splice(0)) open();
  };
  return {
    list,
    known,
    runs,
    asked,
    release,
    hold: () => Object.assign(control, { held: true }),
    changes: () => changes,
  };
}

const names = (rows: readonly RunRow[]): unknown[] =>
  rows.map(({ run, children }) => (children.length > 0 ? [run.startTime, ...names(children)] : run.startTime));
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('a list of runs', () => {
  it('keeps the object of a run that is read again unchanged, and gives a new one when it changed', async () => {
    const { list, known, runs, changes } = setUp([at(1, { metrics: { loss: metric(Number.NaN) } }), at(2)]);
    await list.get();
    const [before, other] = [known.get(id(1)), known.get(id(2))];
    const told = changes();
    list.markStale();
    await list.get();
    assert.equal(known.get(id(1)), before);
    assert.equal(changes(), told, 'nothing changed');
    runs[0] = at(1, { metrics: { loss: metric(1) } });
    list.markStale();
    await list.get();
    assert.notEqual(known.get(id(1)), before);
    assert.equal(known.get(id(2)), other);
    assert.equal(changes(), told + 1, 'and who shows the run is told');
    known.renew();
    list.markStale();
    await list.get();
    assert.notEqual(known.get(id(2)), other, 'asked for everything anew');
  });

  it('lets parents that no server can have, and parents in other experiments, be', async () => {
    const foreign = at(9, { experimentId: '2' });
    const { list, known } = setUp([at(1, under('not an id')), at(2, under(foreign.runId)), at(3), foreign]);
    known.keep([foreign]);
    assert.deepEqual(names((await list.get()).rows), [3, 2, 1]);
  });

  it('reads a parent that does not match anew with the rest, and refreshes it while it is running', async () => {
    const runs = [at(1, { status: 'RUNNING' }), ...[2, 3, 4].map((number) => at(number, under(id(1))))];
    const { list } = setUp(runs);
    assert.deepEqual(names((await list.get()).rows), [[1, 4, 3, 2]]);
    assert.deepEqual(list.runningIds, [id(1)]);
    runs[0] = at(1, { status: 'FINISHED' });
    list.markStale();
    await list.get();
    assert.deepEqual(list.runningIds, []);
  });

  it('asks for the next page once however often it is told to, and for the one after a reload', async () => {
    const { list, asked, hold, release } = setUp(
      [1, 2, 3, 4, 5, 6, 7].map((number) => at(number)),
      allRuns,
      2,
    );
    await list.get();
    await settle();
    const before = asked.length;
    await Promise.all([list.loadMore(), list.loadMore()]);
    assert.equal(asked.length, before + 1);
    assert.equal(list.listing.loaded, 4);
    hold();
    list.markStale();
    const both = [list.get(), list.loadMore()];
    await settle();
    release();
    await Promise.all(both);
    assert.equal(list.listing.loaded, 6, 'the reload has 4, and then come the next 2');
    assert.equal((await list.get()).loaded, 6);
  });

  it('keeps the number of runs while it counts again', async () => {
    const { list } = setUp([1, 2, 3, 4, 5].map((number) => at(number)));
    await list.get();
    await settle();
    assert.equal(list.listing.total, 5);
    list.markStale();
    assert.equal((await list.get()).total, 5);
  });

  it('notices a new run whatever the sort and the clocks, once', async () => {
    const inTheFuture = Date.now() + 3_600_000;
    for (const sort of [allRuns.sort, { by: 'metric', key: 'loss', descending: false } as const]) {
      const runs = [1, 2, 3, 4, 5].map((number) => at(number, { metrics: { loss: metric(number) } }));
      const { list } = setUp(runs, { ...allRuns, sort });
      await list.get();
      assert.equal(await list.hasNewRuns(), false);
      for (const startTime of [inTheFuture, inTheFuture + 1]) {
        runs.push(at(startTime));
        assert.equal(await list.hasNewRuns(), true);
        list.markStale();
        await list.get();
        assert.equal(await list.hasNewRuns(), false, 'it was loaded, or is beyond what was');
      }
      runs.push(at(0.5, { startTime: 6 }));
      assert.equal(await list.hasNewRuns(), false, 'an older one is not the newest');
      runs.splice(0, runs.length, ...runs.filter(({ startTime }) => startTime < inTheFuture));
      list.markStale();
      await list.get();
      assert.equal(await list.hasNewRuns(), false);
    }
  });

  it('keeps a child under its parent in every row', async () => {
    const { list } = setUp([at(1, under(id(2))), at(2, under(id(1))), at(3, under(id(3)))]);
    const { rows } = await list.get();
    const all = (inside: readonly RunRow[]): RunRow[] => inside.flatMap((row) => [row, ...all(row.children)]);
    assert.equal(all(rows).length, 3);
    for (const row of rows) for (const child of row.children) assert.equal(parentOf(child.run), row.run.runId);
  });
});

describe('work that somebody else may wait for too', () => {
  it('ends at once for who gives up, and goes on for the others', async () => {
    let answer: (text: string) => void = () => assert.fail('not asked');
    const work = new Promise<string>((resolve) => {
      answer = resolve;
    });
    const giving = new AbortController();
    const given = unlessAborted(work, giving.signal);
    giving.abort();
    await assert.rejects(given, { name: 'AbortError' });
    const waiting = unlessAborted(work, new AbortController().signal);
    answer('done');
    assert.equal(await waiting, 'done');
  });
});

function metric(value: number) {
  return { key: 'loss', value, timestamp: 1, step: 1 };
}
