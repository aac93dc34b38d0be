import assert from 'node:assert/strict';
import type { Run } from '../../../src/shared/domain';
import { RemoteError } from '../../../src/shared/rpc';
import { RunTable } from '../../../src/shared/runs/runTable';
import { initialRunsView, type RunsView } from '../../../src/shared/view/runsView';
import { RunsLoader } from '../../../webview/runs/runsLoader';
import { becomes } from '../../support/eventually';
import { PagingHost, runsOf } from '../../support/pagingHost';
import { runOf } from '../../support/runOf';

const view: RunsView = { ...initialRunsView };
const first = (count: number): RunsView => ({ ...view, chosen: { first: count } });
const chosen = (...runIds: string[]): RunsView => ({ ...view, chosen: { runIds } });

function begin(count: number, firstPage = 100) {
  const host = new PagingHost(runsOf(count), firstPage);
  const table = new RunTable();
  const loader = new RunsLoader(host.rpc, table, () => undefined);
  const settled = () => becomes(() => loader.isReading, false);
  const has = (...runIds: string[]) => runIds.map((runId) => table.rowOf(runId) !== undefined);
  return { host, table, loader, settled, has };
}

describe('runs that are shown wherever they stand', () => {
  it('are read by their ids where no page brought them', async () => {
    const { host, loader, has } = begin(300);
    await loader.query(chosen('run 299', 'run 50', 'run 51', 'gone'));
    await becomes(() => has('run 299', 'run 50', 'run 51'), [true, true, true]);
    assert.deepEqual(host.ids, [['run 50', 'run 51', 'gone']]);
    assert.deepEqual([loader.isAbsent('gone'), loader.isAbsent('run 50'), loader.order.length], [true, false, 100]);
    loader.want(chosen('run 7'));
    await becomes(() => has('run 7'), [true]);
  });

  it('are not read twice where the first page was only begun and holds them', async () => {
    const { host, loader, settled, has } = begin(300, 25);
    await loader.query(chosen('run 210', 'run 20'));
    await settled();
    await becomes(() => has('run 210', 'run 20'), [true, true]);
    assert.deepEqual(host.ids, [['run 20']]);
  });

  it('are read again with a refresh and, while they are running, with the news', async () => {
    const { host, table, loader } = begin(300);
    const change = (to: Partial<Run>) => host.runs.splice(50, 1, runOf('run 50', { startTime: 50, ...to }));
    change({ status: 'RUNNING' });
    const asked = { ...view, pinnedRuns: ['run 50'] };
    const head = () => table.head(table.rowOf('run 50') ?? -1);
    await loader.query(asked);
    await becomes(() => table.rowOf('run 50') !== undefined, true);
    change({ status: 'RUNNING', name: 'news' });
    await loader.poll(() => asked);
    assert.deepEqual([host.ids.length, head().name], [2, 'news']);
    change({ status: 'FAILED' });
    await loader.query(asked);
    await becomes(() => head().status, 'FAILED');
  });

  it('are as many as are to be charted, over several pages, and again after a refresh', async () => {
    const { loader, settled } = begin(300, 25);
    await loader.query(first(200));
    await settled();
    assert.equal(loader.order.length, 200);
    await loader.query(first(20));
    await loader.query({ ...first(20), filter: 'x' });
    await settled();
    assert.equal(loader.order.length, 100);
    loader.want(first(150));
    await settled();
    assert.equal(loader.order.length, 200);
  });

  it('are not hidden ones: others are charted in their place', async () => {
    const { loader, settled } = begin(300);
    await loader.query({ ...first(100), hiddenRuns: ['run 299', 'run 298'] });
    await settled();
    assert.equal(loader.order.length, 200);
  });
});

describe('pages of runs', () => {
  it('are read one at a time, whoever asks for them meanwhile', async () => {
    const { host, loader, settled } = begin(3_000, 25);
    const release = host.hold('moreRuns');
    await loader.query(view);
    await becomes(() => host.asked.filter((method) => method === 'moreRuns').length, 1);
    void loader.loadMore();
    void loader.loadAll();
    assert.ok(loader.all, 'the progress is shown at once');
    loader.stop();
    assert.equal(loader.all, undefined);
    const all = loader.loadAll();
    release();
    await all;
    await settled();
    assert.deepEqual([loader.order.length, loader.problem, loader.all], [3_000, undefined, undefined]);
  });

  it('end with the one that is on its way when told to', async () => {
    const { host, loader } = begin(5_000);
    await loader.query(view);
    const release = host.hold('moreRuns');
    const all = loader.loadAll();
    loader.stop();
    release();
    await all;
    assert.deepEqual([loader.order.length, loader.isReading], [1_100, false]);
  });

  it('say no more that they cannot be read once they can', async () => {
    const { host, loader } = begin(300);
    await loader.query(view);
    host.before = () => {
      throw new RemoteError({ message: 'no server' });
    };
    await loader.loadMore();
    assert.deepEqual([loader.problem?.message, loader.order.length], ['no server', 100]);
    host.before = () => undefined;
    await loader.loadMore();
    assert.deepEqual([loader.problem, loader.order.length], [undefined, 200]);
  });

  it('of a question before are no hindrance to those of the next', async () => {
    const { host, loader } = begin(3_000);
    await loader.query(view);
    const release = host.hold('moreRuns');
    const before = loader.loadAll();
    await loader.query(view);
    assert.equal(loader.all, undefined);
    const all = loader.loadAll();
    release();
    await before;
    assert.ok(loader.all, 'the progress of those that come');
    await all;
    assert.deepEqual([loader.order.length, loader.problem], [3_000, undefined]);
  });

  it('that are asked for while a question is under way come once it is answered', async () => {
    const { loader, settled } = begin(3_000);
    const asking = loader.query(view);
    void loader.loadAll();
    await asking;
    await settled();
    assert.deepEqual([loader.order.length, loader.problem], [3_000, undefined]);
  });

  it('are read as far as before by a page that comes back, after a first answer that is there at once', async () => {
    const { loader, settled } = begin(9_000, 25);
    const back = (loaded: number): RunsView => ({ ...view, table: { ...view.table, loaded } });
    await loader.query(back(300));
    assert.deepEqual([loader.order.length, loader.isReading, loader.all], [25, true, undefined]);
    await settled();
    assert.equal(loader.order.length, 300);
    const { loader: large, settled: end } = begin(9_000, 25);
    await large.query(back(7_000));
    assert.ok(large.all, 'with progress');
    await end();
    assert.deepEqual([large.order.length, large.cutFrom], [5_025, 7_000]);
    await large.query({ ...back(7_000), filter: 'x' });
    await end();
    assert.equal(large.order.length, 100);
  });

  it('are all read again by a page that had all, those that came while it was away too', async () => {
    const away = (complete: object): RunsView => ({ ...view, table: { ...view.table, loaded: 300, ...complete } });
    for (const [now, complete, expected] of [
      [301, { complete: true }, 301],
      [450, { complete: true }, 450],
      [450, {}, 300],
      [9_000, { complete: true }, 5_000],
    ] as const) {
      const { loader, settled } = begin(now, 25);
      await loader.query(away(complete));
      await settled();
      assert.equal(loader.order.length, expected, `${expected} of ${now}`);
    }
    const { host, loader, settled } = begin(450, 25);
    host.before = () => {
      if (loader.order.length === 300) loader.stop();
    };
    await loader.query(away({ complete: true }));
    await settled();
    assert.deepEqual([loader.order.length, loader.more], [400, true]);
  });

  it('are all read again where all are shown, whatever a page holds', async () => {
    const { host, loader, settled } = begin(1_100);
    await loader.query(view);
    await loader.loadAll();
    assert.equal(loader.order.length, 1_100);
    host.runs.push(...runsOf(1_101).slice(1_100));
    await loader.poll(() => view);
    await settled();
    assert.deepEqual([loader.order.length, loader.more], [1_101, false]);
  });
});

describe('news of runs', () => {
  it('are not asked for with a filter that was changed meanwhile', async () => {
    const { host, loader, settled } = begin(50);
    const changed = { ...view, filter: 'metrics.loss < 0.1' };
    let now = view;
    await loader.query(now);
    host.runs.push(...runsOf(51).slice(50));
    const release = host.hold('hasNewRuns');
    const poll = loader.poll(() => now);
    await becomes(() => host.asked.includes('hasNewRuns'), true);
    now = changed;
    await loader.query(now);
    release();
    await poll;
    await settled();
    assert.deepEqual(host.filters, ['', changed.filter]);
    assert.deepEqual([loader.isComplete(changed), loader.isComplete(view), loader.order.length], [true, false, 51]);
  });

  it('wait for pages that are on their way', async () => {
    const { host, loader } = begin(3_000);
    await loader.query(view);
    host.runs.push(...runsOf(3_001).slice(3_000));
    const release = host.hold('hasNewRuns');
    const poll = loader.poll(() => view);
    await becomes(() => host.asked.includes('hasNewRuns'), true);
    const releasePages = host.hold('moreRuns');
    const all = loader.loadAll();
    release();
    await poll;
    releasePages();
    await all;
    assert.deepEqual([loader.order.length, host.filters.length], [3_000, 1]);
    await loader.poll(() => view);
    assert.equal(host.filters.length, 2);
  });
});
