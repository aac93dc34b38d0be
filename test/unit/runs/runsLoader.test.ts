import assert from 'node:assert/strict';
import { RemoteError } from '../../../src/shared/rpc';
import { RunTable } from '../../../src/shared/runs/runTable';
import { initialRunsView, type RunsView } from '../../../src/shared/view/runsView';
import { RunsLoader } from '../../../webview/runs/runsLoader';
import { PagingHost, runsOf } from '../../support/pagingHost';
import { runOf } from '../../support/runOf';

const view: RunsView = { ...initialRunsView };
const sortedBy = (column: string): RunsView => ({
  ...view,
  table: { ...view.table, sort: [{ column, descending: false }] },
});

async function loaded(count: number) {
  const host = new PagingHost(runsOf(count));
  const table = new RunTable();
  const loader = new RunsLoader(host.rpc, table, () => undefined);
  await loader.query(view);
  await loader.loadAll();
  host.asked.length = 0;
  const first = () => table.head(loader.order[0] ?? -1).runId;
  return { host, table, loader, first };
}

describe('the loader of runs', () => {
  it('knows when everything that matches is there', async () => {
    const host = new PagingHost(runsOf(150));
    const loader = new RunsLoader(host.rpc, new RunTable(), () => undefined);
    assert.equal(loader.isComplete(view), false);
    const asking = loader.query(view);
    assert.equal(loader.isComplete(view), false);
    await asking;
    assert.equal(loader.isComplete(view), false);
    await loader.loadAll();
    assert.equal(loader.isComplete(view), true);
    assert.equal(loader.isComplete({ ...view, filter: 'metrics.loss < 1' }), false);
    assert.equal(loader.isComplete({ ...view, showDeleted: true }), false);
  });

  it('reads all of very many runs again when refreshed, says how far, and shows them meanwhile', async () => {
    const { host, loader, first } = await loaded(6_000);
    const seen: (number | undefined)[] = [];
    host.runs.splice(10, 5);
    host.before = () => {
      seen.push(loader.again?.read);
      assert.equal(loader.order.length, 6_000);
    };
    await loader.query(sortedBy('attributes.end_time'));
    assert.equal(loader.order.length, 5_995);
    assert.deepEqual(seen.slice(0, 4), [0, 100, 1_100, 2_100]);
    assert.deepEqual([loader.again, loader.more, first()], [undefined, false, 'run 0']);
    assert.deepEqual(loader.orderedBy, [{ column: 'attributes.end_time', descending: false }]);
  });

  it('keeps what was there when reading again is stopped or fails, and goes on from there', async () => {
    const { host, loader } = await loaded(6_000);
    host.before = () => {
      if (loader.again?.read === 2_100) loader.stop();
    };
    await loader.query(view);
    assert.deepEqual([loader.order.length, loader.again, loader.loadingSince], [6_000, undefined, undefined]);
    assert.equal(loader.isComplete(view), true);
    host.before = () => {
      if (loader.again?.read === 3_100) throw new RemoteError({ message: 'down' });
    };
    await loader.query(view);
    assert.deepEqual([loader.order.length, loader.again, loader.problem?.message], [6_000, undefined, 'down']);
    host.before = () => undefined;
    await loader.poll(() => view);
    await loader.query(view);
    assert.deepEqual([loader.order.length, loader.problem], [6_000, undefined]);
  });

  it('asks for nothing but the new runs where very many are there', async () => {
    const { host, loader, first } = await loaded(6_000);
    const sorted = sortedBy('attributes.run_name');
    await loader.poll(() => sorted);
    assert.deepEqual(host.asked, ['hasNewRuns']);
    host.runs.push(...runsOf(6_120).slice(6_000));
    await loader.poll(() => sorted);
    assert.deepEqual(host.asked.slice(1), ['hasNewRuns', 'queryRuns', 'moreRuns', 'moreRuns']);
    assert.deepEqual([loader.order.length, first(), loader.orderedBy], [6_120, 'run 6119', undefined]);
    assert.equal(loader.isComplete(sorted), true);
  });

  it('says how many there were, where a new order is not read again as far', async () => {
    const host = new PagingHost(runsOf(9_000));
    const loader = new RunsLoader(host.rpc, new RunTable(), () => undefined);
    await loader.query(view);
    host.before = (method) => {
      if (method === 'moreRuns' && loader.order.length >= 7_000) loader.stop();
    };
    await loader.loadAll();
    const before = loader.order.length;
    assert.ok(before >= 7_000 && loader.more, `${before}`);
    host.before = () => undefined;
    await loader.query(sortedBy('attributes.end_time'));
    assert.deepEqual([loader.order.length, loader.cutFrom], [5_100, before]);
    await loader.query(sortedBy('attributes.run_name'));
    assert.deepEqual([loader.order.length, loader.cutFrom], [5_100, before]);
    await loader.loadAll(before);
    assert.deepEqual([loader.order.length, loader.more, loader.all], [before, true, undefined]);
    await loader.query({ ...view, filter: 'x' });
    assert.deepEqual([loader.order.length, loader.cutFrom], [100, undefined]);
  });

  it('asks anew for as many as were there of few', async () => {
    const { host, loader, first } = await loaded(300);
    host.runs.push(...runsOf(301).slice(300));
    await loader.poll(() => view);
    assert.deepEqual([loader.order.length, first()], [301, 'run 300']);
    assert.deepEqual(loader.orderedBy, view.table.sort);
  });

  it('tells how many rows match no more and how many runs begin to, until the question is asked anew', async () => {
    const live = (name: string) => runOf(name, { status: 'RUNNING', startTime: 1 });
    const host = new PagingHost([live('a'), live('b'), ...runsOf(2)]);
    let changes = 0;
    const loader = new RunsLoader(host.rpc, new RunTable(), () => changes++);
    const filtered = { ...view, filter: 'metrics.loss < 1' };
    const told = () => [loader.order.length, loader.unmatched, loader.begunToMatch];
    await loader.query(filtered);
    await loader.poll(() => filtered);
    assert.deepEqual(told(), [4, 0, 0]);
    host.matches = ({ runId }) => runId !== 'b';
    host.begun = 3;
    const before = changes;
    await loader.poll(() => filtered);
    assert.deepEqual(told(), [4, 1, 3]);
    assert.ok(changes > before);
    host.matches = () => true;
    await loader.poll(() => filtered);
    assert.deepEqual(told(), [4, 0, 3]);
    await loader.query(filtered);
    assert.deepEqual(told(), [4, 0, 0]);
    host.asked.length = 0;
    await loader.query(view);
    await loader.poll(() => view);
    assert.ok(!host.asked.includes('begunToMatch'), 'without a filter all match');
  });

  it('reads all runs again that go on, however many are loaded, batch by batch', async () => {
    const live = Array.from({ length: 1_234 }, (_, at) => runOf(`live ${at}`, { status: 'RUNNING', startTime: at }));
    const host = new PagingHost([...runsOf(300), ...live]);
    const table = new RunTable();
    const loader = new RunsLoader(host.rpc, table, () => undefined);
    await loader.query(view);
    await loader.loadAll();
    for (const [at, run] of host.runs.entries()) host.runs[at] = { ...run, name: `${run.name}!` };
    await loader.poll(() => view);
    assert.deepEqual(
      host.ids.map(({ length }) => length),
      [500, 500, 234],
    );
    const names = live.map(({ runId }) => table.head(table.rowOf(runId) ?? -1).name);
    assert.ok(names.every((name) => name.endsWith('!')));
  });

  it('does not forget runs that begin to match where new ones alone are put above very many', async () => {
    const { host, loader } = await loaded(6_000);
    const filtered = { ...view, filter: 'metrics.loss < 1' };
    await loader.query(filtered);
    await loader.loadAll();
    host.begun = 2;
    await loader.poll(() => filtered);
    assert.equal(loader.begunToMatch, 2);
    host.runs.push(...runsOf(6_001).slice(6_000));
    await loader.poll(() => filtered);
    host.begun = 1;
    await loader.poll(() => filtered);
    assert.deepEqual([loader.order.length, loader.begunToMatch], [6_001, 3]);
  });
});
