import assert from 'node:assert/strict';
import { initialRunsView } from '../../../src/shared/view/runsView';
import { decodeViewState, type ViewState } from '../../../src/shared/viewState';
import { CardData, type ChartSource } from '../../../webview/charts/cardData';
import { Session } from '../../../webview/charts/session';
import type { Session as RunsSession } from '../../../webview/runs/session';
import { serverOver, settled, viewer } from '../charts/storeOver';

const runIds = ['a'];

/** Charts of a run with so many points, without a page around them. */
function chartsOver(points: number, groupsOf: Readonly<Record<string, string>> = {}) {
  const lengths = Object.fromEntries([...runIds, ...Object.keys(groupsOf)].map((runId) => [runId, points]));
  const { rpc, table, asked } = serverOver(lengths);
  const ids = Object.keys(lengths);
  const rows: readonly number[] = ids.map((_, row) => row);
  const heads = {
    version: 1,
    metricKeys: ['loss'],
    head: (row: number) => ({ runId: ids[row], name: ids[row], status: 'FINISHED' }),
    startTime: () => 0,
    param: () => ({ get: (row: number) => groupsOf[ids[row] ?? ''] }),
  };
  const runs = {
    rpc,
    table: Object.assign(table, heads),
    loader: { edition: 1, isAbsent: () => false },
    snapshot: { contact: { ok: true }, refreshSeconds: 10, pointBudget: 1_000 },
    view: initialRunsView,
    colors: { edition: 0, of: () => 1, want: async () => undefined },
    sorted: { rows },
    chosen: rows,
    update({ charts }: { charts: ViewState }) {
      runs.view = { ...runs.view, charts };
    },
    keepQuietly: (change: { charts: ViewState }) => runs.update(change),
  };
  const session = new Session(runs as unknown as RunsSession);
  const reorder = (order: readonly number[]) => {
    runs.sorted = { rows: order };
    runs.chosen = order;
  };
  return { session, asked, reorder, card: (source: ChartSource) => cardOf(session, source) };
}

/** A chart on screen: every change is drawn, and drawing asks for what it lacks. */
function cardOf(session: Session, source: ChartSource) {
  let redrawn = 0;
  const draw = async () => {
    if (redrawn++ > 100) return;
    data.update(true);
    await data.askForDetail();
  };
  const data: CardData = new CardData(session, source, viewer(1_000), () => queueMicrotask(() => void draw()));
  const inside = (min: number, max: number) =>
    data.curves[0]?.x.filter((step) => step >= min && step <= max).length ?? 0;
  return { data, draw, inside, redrawn: () => redrawn };
}

describe('the points of a chart that is zoomed', () => {
  it('are a sample again, which it says and asks about, where they are moved out of what came whole', async () => {
    const { session, asked, card } = chartsOver(12_000);
    const { data, draw, inside } = card({ key: 'loss' });
    await draw();
    await settled(asked);
    assert.match(data.badge, /of about 12,000 points/);
    session.zoom.set({ min: 1_000, max: 2_000 });
    await draw();
    await settled(asked);
    assert.deepEqual([inside(1_000, 2_000), data.badge], [1_001, '']);
    const before = asked.length;
    session.zoom.set({ min: 5_000, max: 6_000 });
    data.update(true);
    assert.match(data.badge, /of about 12,000 points/);
    await draw();
    await settled(asked);
    assert.equal(asked.length, before + 1);
    assert.deepEqual([inside(5_000, 6_000), data.badge], [1_001, '']);
    session.zoom.set({ min: 4_000, max: 7_000 });
    await draw();
    await settled(asked);
    assert.deepEqual([inside(4_000, 7_000), data.badge], [3_001, '']);
    const all = asked.length;
    session.zoom.set({ min: 4_500, max: 4_600 });
    await draw();
    session.zoom.set({ min: 1_200, max: 1_900 });
    await draw();
    await settled(asked);
    assert.deepEqual([inside(1_200, 1_900), data.badge, asked.length], [701, '', all]);
  });

  for (const [whole, width, points] of [
    ['whole', 1_000, 100_000],
    ['samples', 40_000, 1_000_000],
  ] as const)
    it(`are each chart's own where charts of a metric show different intervals that come as ${whole}`, async () => {
      const { session, asked, card } = chartsOver(points);
      const [first, second] = [card({ key: 'loss' }), card({ key: 'line', metric: 'loss' })];
      session.updateCard('loss', { xMin: 10_000, xMax: 10_000 + width });
      session.updateCard('line', { xMin: 50_000, xMax: 50_000 + width });
      await Promise.all([first.draw(), second.draw()]);
      await settled(asked);
      await settled(asked);
      const counts = [first.inside(10_000, 10_000 + width), second.inside(50_000, 50_000 + width)];
      if (whole === 'whole') assert.deepEqual([...counts, first.data.badge, second.data.badge], [1_001, 1_001, '', '']);
      else {
        assert.ok(Math.min(...counts) > 1_000, String(counts));
        for (const { data } of [first, second]) assert.match(data.badge, /of about 1,000,000 points/);
      }
      // Of an interval nothing is asked twice.
      const details = asked.slice(1);
      assert.deepEqual([new Set(details).size, details.length <= 4], [details.length, true], details.join('\n'));
      const drawn = first.redrawn() + second.redrawn();
      await settled(asked);
      assert.equal(first.redrawn() + second.redrawn(), drawn);
    });

  it('are not asked for again after a failure, however often it is drawn', async () => {
    const { session, asked, card } = chartsOver(12_000);
    const { data, draw } = card({ key: 'loss' });
    await draw();
    session.zoom.set({ min: 1_000, max: 2_000 });
    const { rpc } = session;
    const call = rpc.call.bind(rpc);
    let failed = 0;
    rpc.call = async () => {
      failed++;
      throw new Error('no');
    };
    await draw();
    await draw();
    await settled(asked);
    assert.deepEqual([failed, data.error?.message], [1, 'Error: no']);
    rpc.call = call;
    data.retry();
    await settled(asked);
    await draw();
    await settled(asked);
    assert.deepEqual([data.badge, data.error], ['', undefined]);
  });
});

describe('what is drawn of a chart', () => {
  it('keeps the colours of groups when rows are sorted, hidden and shown again, and in the view that is kept', async () => {
    const { session, asked, reorder, card } = chartsOver(100, { b: '1', c: '2' });
    const { data, draw } = card({ key: 'loss' });
    const colors = async () => {
      await draw();
      await settled(asked);
      return Object.fromEntries(data.curves.map(({ name, color }) => [name, color]));
    };
    session.updateCard('loss', { groupBy: ['params.lr'] });
    const before = await colors();
    assert.deepEqual(before, { 'no lr (1)': 1, 'lr 1 (1)': 2, 'lr 2 (1)': 3 });
    reorder([2, 1, 0]);
    assert.deepEqual(await colors(), before);
    reorder([1]);
    assert.deepEqual(await colors(), { 'lr 1 (1)': 2 });
    reorder([0, 2, 1]);
    assert.deepEqual(await colors(), before);
    assert.deepEqual(decodeViewState(JSON.parse(JSON.stringify(session.view))).groupPlaces, session.view.groupPlaces);
  });

  it('is worked out anew only where something changed', async () => {
    const { session, asked, card } = chartsOver(100, { b: '1', c: '2' });
    const cards = [card({ key: 'loss' }), card({ key: 'one', metric: 'loss' }), card({ key: 'two', metric: 'loss' })];
    session.updateCard('one', { groupBy: ['params.lr'] });
    session.updateCard('two', { groupBy: ['params.optimizer'] });
    for (const { draw } of cards) await draw();
    await settled(asked);
    const before = cards.map(({ data }) => data.curves);
    assert.deepEqual(
      before.map(({ length }) => length),
      [3, 3, 3],
    );
    for (const { draw } of cards) await draw();
    for (const [at, { data }] of cards.entries()) assert.equal(data.curves, before[at]);
    session.updateCard('loss', { logY: true });
    for (const { draw } of cards) await draw();
    assert.notEqual(cards[0]?.data.curves, before[0]);
  });
});
