import assert from 'node:assert/strict';
import { run, settled, storeOver, viewer } from './storeOver';

const chart = viewer(300);
const isWhole = (store: ReturnType<typeof storeOver>['store'], startStep: number, endStep: number) =>
  store.isWhole(chart, 'a', { startStep, endStep });

describe('the points of a metric that is looked at closely', () => {
  it('that are new are drawn in an interval that was looked at closely before them', async () => {
    const lengths = { a: 4_001, b: 9_000 };
    const { store, asked } = storeOver(lengths);
    const runs = [run('a', 'RUNNING'), run('b', 'RUNNING')];
    store.viewers.add(chart);
    await store.sync(runs);
    await store.loadDetail(chart, { startStep: 3_000, endStep: 7_999 });
    const zoomed = (runId: string) =>
      store
        .blocks(chart)
        .get(runId)
        ?.steps.filter((step) => step >= 3_000) ?? [];
    assert.deepEqual([zoomed('a').length, zoomed('a').at(-1)], [1_001, 4_000]);
    lengths.a = 4_600;
    await store.loadNew(runs);
    assert.deepEqual([zoomed('a').length, zoomed('a').at(-1)], [1_600, 4_599]);
    assert.ok(isWhole(store, 3_000, 7_999));
    const before = asked.length;
    await store.loadDetail(chart, { startStep: 3_000, endStep: 7_999 });
    assert.equal(asked.length, before);
    const inside = () => zoomed('a').filter((step) => step <= 7_999).length;
    // Of so many only a sample comes; and when the run is over its curve is asked for anew.
    lengths.a = 9_000;
    await store.loadNew(runs);
    assert.ok(inside() < 5_000 && !isWhole(store, 3_000, 7_999));
    await store.loadDetail(chart, { startStep: 3_000, endStep: 7_999 });
    assert.equal(inside(), 5_000);
    await store.sync([run('a'), run('b', 'RUNNING')]);
    assert.ok(inside() < 5_000);
    await store.loadDetail(chart, { startStep: 3_000, endStep: 7_999 });
    assert.equal(inside(), 5_000);
  });

  it('of an interval take the place of the sample there, in as few questions as bring all of them', async () => {
    const { store, asked } = storeOver({ a: 100_000 });
    store.viewers.add(chart);
    await store.sync([run('a')]);
    await store.loadDetail(chart, { startStep: 1_000, endStep: 5_999 });
    assert.deepEqual(asked.slice(1), ['series a 1000', 'series a 2667', 'series a 4334']);
    const zoomed = store.blocks(chart).get('a');
    assert.equal(zoomed?.steps.filter((step) => step >= 1_000 && step <= 5_999).length, 5_000);
    assert.deepEqual([isWhole(store, 1_000, 5_999), isWhole(store, 999, 5_999)], [true, false]);
    assert.equal(store.blocks().get('a')?.sampled, true);
    await store.loadDetail(chart, { startStep: 2_000, endStep: 3_000 });
    assert.equal(asked.length, 4);
  });

  it('of an interval all come of a run that logs every hundredth step too, in pieces by what it has there', async () => {
    const { store, asked } = storeOver({ a: 4_000 }, undefined, { every: 100 });
    store.viewers.add(chart);
    await store.sync([run('a')]);
    await settled(asked);
    assert.deepEqual(asked, ['series a 300', 'count a 2499']);
    await store.loadDetail(chart, { startStep: 40_000, endStep: 399_900 });
    assert.deepEqual(asked.slice(2), ['series a 40000', 'series a 219951']);
    const zoomed = store.blocks(chart).get('a');
    assert.equal(zoomed?.steps.filter((step) => step >= 40_000).length, 3_600);
    assert.ok(isWhole(store, 40_000, 399_900));
    await store.loadDetail(chart, { startStep: 100_000, endStep: 199_900 });
    assert.equal(asked.length, 4);
  });

  it('of an interval come for runs that are charted later, too', async () => {
    const { store, asked } = storeOver({ a: 9_000, b: 9_000 });
    store.viewers.add(chart);
    await store.sync([run('a')]);
    await store.loadDetail(chart, { startStep: 1_000, endStep: 2_000 });
    await store.sync([run('a'), run('b')]);
    const before = asked.length;
    await store.loadDetail(chart, { startStep: 1_000, endStep: 2_000 });
    assert.equal(asked.length, before + 1);
    const inside = store
      .blocks(chart)
      .get('b')
      ?.steps.filter((step) => step >= 1_000 && step <= 2_000);
    assert.equal(inside?.length, 1_001);
    await store.loadDetail(chart, { startStep: 1_000, endStep: 2_000 });
    assert.equal(asked.length, before + 1);
  });

  it('are not taken for all of them where so many came meanwhile that a sample was drawn of these', async () => {
    const lengths = { a: 9_000 };
    const { store, asked } = storeOver(lengths);
    const runs = [run('a', 'RUNNING')];
    store.viewers.add(chart);
    await store.sync(runs);
    await settled(asked);
    const end = { startStep: 8_000, endStep: 8_999 };
    const loading = store.loadDetail(chart, end);
    lengths.a = 20_000;
    await store.loadNew(runs);
    await loading;
    assert.ok((store.blocks().get('a')?.steps.at(-1) ?? 0) > 19_000);
    assert.ok(!isWhole(store, 8_000, 19_999));
    await store.loadDetail(chart, end);
    assert.deepEqual([isWhole(store, 8_000, 8_999), isWhole(store, 8_000, 9_000)], [true, false]);
  });
});
