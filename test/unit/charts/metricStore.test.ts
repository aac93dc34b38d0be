import assert from 'node:assert/strict';
import { RemoteError } from '../../../src/shared/rpc';
import { run, settled, storeOver, viewer } from './storeOver';

describe('the points of a metric', () => {
  it('are asked for while a chart looks, as many as it has pixels', async () => {
    const { store, asked } = storeOver({ a: 12_000 });
    await store.sync([run('a')]);
    assert.deepEqual(asked, []);
    store.viewers.add(viewer(318));
    await store.sync([run('a')]);
    await settled(asked);
    assert.deepEqual(asked, ['series a 400', 'count a 2499']);
    assert.equal(store.counts.get('a')?.points, 12_000);
  });

  it('of short curves become complete once they are drawn, those of long ones do not', async () => {
    const { store, asked } = storeOver({ short: 900, long: 30_000 });
    store.viewers.add(viewer(300));
    await store.sync([run('short'), run('long')]);
    await settled(asked);
    assert.deepEqual(asked, ['series short,long 300', 'series short 1000']);
    const blocks = store.blocks();
    assert.deepEqual([blocks.get('short')?.sampled, blocks.get('short')?.values.length], [false, 900]);
    assert.equal(blocks.get('long')?.sampled, true);
  });

  it('of short curves alone are had whole at once, in parts that a server gives', async () => {
    const lengths = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`r${at}`, 900]));
    const { store, asked } = storeOver(lengths);
    store.viewers.add(viewer(300));
    const ids = Object.keys(lengths);
    await store.sync(ids.map((id) => run(id)));
    assert.deepEqual(asked, [`series ${ids.slice(0, 22)} 1000`, `series ${ids.slice(22)} 1000`]);
    assert.equal(store.hasSampled, false);
  });

  it('of short curves become complete although the chart left the screen before they were', async () => {
    const { store, asked } = storeOver({ short: 900, long: 30_000 });
    const chart = viewer(300);
    const runs = [run('short'), run('long')];
    store.viewers.add(chart);
    const first = store.sync(runs);
    store.addEventListener('change', () => store.loaded && store.release(chart));
    await first;
    assert.deepEqual(asked, ['series short,long 300']);
    store.viewers.add(viewer(300));
    await store.sync(runs);
    assert.deepEqual([asked[1], store.blocks().get('short')?.sampled], ['series short 1000', false]);
  });

  it('are had in full where they are joined with those of another metric and are few enough, else sampled', async () => {
    const joining = { ...viewer(Number.MAX_SAFE_INTEGER), joins: () => true };
    const some = storeOver({ a: 12_000, b: 30_000 });
    some.store.viewers.add(joining);
    await some.store.sync([run('a'), run('b')]);
    assert.deepEqual(some.asked.slice(0, 3), ['series a,b 1000', 'history a 2499', 'history b 2499']);
    assert.deepEqual([some.store.stored('a'), some.store.hasSampled], [{ points: 12_000, exact: true }, false]);
    const many = storeOver({ a: 30_000, b: 30_000 });
    many.store.viewers.add(joining);
    await many.store.sync([run('a'), run('b')]);
    await settled(many.asked);
    assert.deepEqual(many.asked, ['series a,b 1000']);
    assert.deepEqual(many.store.stored('a'), { points: 30_000, exact: false });
    await many.store.loadAll([run('a'), run('b')]);
    assert.equal(many.store.hasSampled, false);
  });

  it('that are joined are not read again once a person cancelled that, nor when no chart looks any more', async () => {
    for (const end of ['cancelAll', 'release'] as const) {
      const joining = { ...viewer(500), joins: () => true };
      const { store, asked } = storeOver({ a: 30_000 }, (method) => {
        if (method !== 'history') return;
        if (end === 'release') store.release(joining);
        else store.cancelAll();
      });
      store.viewers.add(joining);
      await store.sync([run('a')]);
      store.viewers.add(joining);
      const pages = () => asked.filter((question) => question.startsWith('history')).length;
      assert.deepEqual([pages(), store.hasSampled, store.progress], [1, true, undefined]);
      await store.sync([run('a')]);
      assert.equal(pages(), end === 'release' ? 2 : 1);
    }
  });

  it('of long runs are asked for in parts at once, so that one chart after the other is complete', async () => {
    const { store, asked } = storeOver({ a: 200_000, b: 200_000, c: 200_000, d: 200_000 });
    store.viewers.add(viewer(300));
    await store.sync(['a', 'b', 'c', 'd'].map((id) => run(id)));
    assert.deepEqual(asked, ['series a,b 300', 'series c,d 300']);
    assert.deepEqual([...store.blocks().keys()].sort(), ['a', 'b', 'c', 'd']);
  });

  it('are asked for again by a much wider chart, not by one a little wider', async () => {
    const { store, asked } = storeOver({ a: 60_000 });
    const chart = { priority: () => 0, width: 300, budget: () => chart.width };
    store.viewers.add(chart);
    for (const width of [300, 380, 900]) {
      chart.width = width;
      await store.sync([run('a')]);
      await settled(asked);
    }
    assert.deepEqual(asked, ['series a 300', 'series a 900']);
  });

  it('of runs that are over are not asked for again; of one that ended since they are', async () => {
    const { store, asked } = storeOver({ a: 50, b: 60 });
    store.viewers.add(viewer(300));
    await store.sync([run('a'), run('b', 'RUNNING')]);
    await store.sync([run('a'), run('b', 'RUNNING')]);
    await store.sync([run('a'), run('b')]);
    await store.sync([run('a'), run('b')]);
    assert.deepEqual(asked, ['series a,b 1000', 'series b 1000']);
  });

  it('that are new are fetched alone, and only where the list of runs knows of some', async () => {
    const lengths = { a: 50, b: 60 };
    const { store, asked } = storeOver(lengths);
    const runs = [run('a', 'RUNNING'), run('b', 'RUNNING')];
    store.viewers.add(viewer(300));
    await store.sync(runs);
    await store.loadNew(runs);
    lengths.b = 63;
    await store.loadNew(runs);
    assert.deepEqual(asked.slice(1), ['newPoints b>59 2499']);
    assert.equal(store.blocks().get('b')?.values.length, 63);
    assert.equal(store.counts.get('b'), undefined);
  });

  it('that are new are asked for behind those that are counted, and the count goes on', async () => {
    const lengths = { a: 50, b: 11_961 };
    const after: unknown[] = [];
    const { store, asked } = storeOver(lengths, (method, params) => method === 'newPoints' && after.push(params.after));
    const runs = [run('a', 'RUNNING'), run('b', 'RUNNING')];
    store.viewers.add(viewer(300));
    await store.sync(runs);
    await settled(asked);
    lengths.a = 53;
    lengths.b = 11_968;
    await store.loadNew(runs);
    const known = (points: number, last: number) => ({
      known: { points, again: 1, last: { step: last, timestamp: last, value: String(last) } },
    });
    const lastOf = (runId: string) => store.blocks().get(runId)?.steps.at(-1) ?? 0;
    assert.equal(store.stored('a').points, 53);
    assert.equal(store.counts.get('b')?.points, 11_968);
    assert.equal(store.counts.get('b')?.exact, true);
    assert.deepEqual([lastOf('a'), lastOf('b')], [52, 11_967]);
    const [asking] = after as [{ runId: string; step: number }[]];
    const [first, second] = asking;
    assert.deepEqual(first, { runId: 'a', step: 49, ...known(50, 49) });
    assert.deepEqual(second, { runId: 'b', step: 11_960, ...known(11_961, 11_960) });
  });

  it('are counted anew where the curve ends elsewhere when it is asked for anew, and are no whole until then', async () => {
    const lengths = { a: 12_000 };
    const meanwhile: unknown[] = [];
    const { store, asked } = storeOver(lengths, (method) => method === 'count' && meanwhile.push(store.stored('a')));
    store.viewers.add(viewer(318));
    const runs = [run('a', 'RUNNING')];
    for (const length of [12_000, 20_000, 20_000]) {
      lengths.a = length;
      store.markStale();
      await store.sync(runs);
      await settled(asked);
      assert.deepEqual(store.stored('a'), { runId: 'a', points: length, exact: true });
    }
    assert.deepEqual(asked, ['series a 400', 'count a 2499', 'series a 400', 'count a 2499', 'series a 400']);
    assert.deepEqual(meanwhile, [
      { points: 12_000, exact: false },
      { points: 20_000, exact: false },
    ]);
  });

  it('of a run that logs every hundredth step are complete once they are drawn, where they are as few as a person allows', async () => {
    const { store, asked } = storeOver({ a: 900 }, undefined, { every: 100 });
    store.viewers.add(viewer(300));
    await store.sync([run('a')]);
    await settled(asked);
    assert.deepEqual(asked, ['series a 300', 'series a 1000']);
    assert.deepEqual([store.hasSampled, store.stored('a')], [false, { points: 900, exact: true }]);
  });

  it('of curves of up to 20,000 points are had whole where a person wants that', async () => {
    const { store, asked } = storeOver({ a: 12_000, b: 30_000 }, undefined, { mostPoints: 20_000 });
    store.viewers.add(viewer(300));
    await store.sync([run('a'), run('b')]);
    await settled(asked);
    assert.deepEqual(asked.slice(0, 2), ['series a,b 300', 'series a 20000']);
    const blocks = store.blocks();
    assert.deepEqual([blocks.get('a')?.values.length, blocks.get('b')?.sampled], [12_000, true]);
  });

  it('all come when a person wants them, page by page, with progress', async () => {
    const { store, asked } = storeOver({ a: 60_000, b: 200 });
    store.viewers.add(viewer(300));
    const runs = [run('a'), run('b')];
    await store.sync(runs);
    const progress: (number | undefined)[] = [];
    store.addEventListener('change', () => progress.push(store.progress?.points));
    await store.loadAll(runs);
    assert.deepEqual(
      asked.filter((text) => text.startsWith('history')),
      ['history a 2499', 'history a 25000', 'history a 50000'],
    );
    assert.deepEqual(progress, [0, 25_000, 50_000, 60_000, 60_000, undefined]);
    const block = store.blocks().get('a');
    assert.deepEqual([block?.values.length, block?.sampled, block?.values[59_999]], [60_000, false, 59_999]);
  });

  it('stay a sample when loading all of them is cancelled', async () => {
    const { store } = storeOver({ a: 60_000 }, (method) => {
      if (method === 'history') store.cancelAll();
    });
    store.viewers.add(viewer(300));
    await store.sync([run('a')]);
    await store.loadAll([run('a')]);
    assert.deepEqual([store.progress, store.error, store.blocks().get('a')?.sampled], [undefined, undefined, true]);
  });

  it('survive a failure, which is not repeated by itself', async () => {
    let fails = false;
    const { store, asked } = storeOver({ a: 50, b: 50 }, () => {
      if (fails) throw new RemoteError({ message: 'gone' });
    });
    store.viewers.add(viewer(300));
    await store.sync([run('a')]);
    fails = true;
    await store.sync([run('a'), run('b')]);
    await store.sync([run('a'), run('b')]);
    assert.deepEqual([store.error?.message, store.blocks().size, asked.length], ['gone', 1, 2]);
    fails = false;
    store.markStale();
    await store.sync([run('a'), run('b')]);
    assert.deepEqual([store.error, store.blocks().size], [undefined, 2]);
  });

  it('are not waited for once no chart looks', async () => {
    const { store, asked } = storeOver({ a: 50 });
    const chart = viewer(300);
    store.viewers.add(chart);
    const asking = store.sync([run('a')]);
    store.release(chart);
    await asking;
    assert.deepEqual([asked, store.loading, store.error], [[], false, undefined]);
  });
});
