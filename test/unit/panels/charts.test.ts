import assert from 'node:assert/strict';
import { MlflowError } from '../../../src/mlflow/mlflowError';
import { ChartsData, type ChartsStore } from '../../../src/panels/chartsData';
import { decodeParams } from '../../../src/panels/chartsParams';
import type { MetricSeries, Run } from '../../../src/shared/domain';
import { mapLimited } from '../../../src/shared/mapLimited';
import { decodePanelState, decodeViewState, initialView } from '../../../src/shared/viewState';
import { runOf } from '../../support/runOf';

const metric = (step: number) => ({ key: 'loss', value: 1, timestamp: step, step });
const run = (runId: string, change: Partial<Run> = {}) =>
  runOf(runId, { experimentId: '0', metrics: { loss: metric(5) }, ...change });
const series = (runId: string, length: number, sampled = false): MetricSeries => ({
  runId,
  key: 'loss',
  steps: new Float64Array(length),
  timestamps: new Float64Array(length),
  values: new Float64Array(length),
  sampled,
});

function data(known: Record<string, Run>, budget = 1000) {
  const asked: string[] = [];
  const store: ChartsStore = {
    getRun: async (runId) => {
      const found = known[runId];
      if (!found) throw new MlflowError('notFound', 'no such run');
      return found;
    },
    metricHistory: async (runId) => series(runId, 9),
    metricHistoryPage: async (runId) => ({
      series: series(runId, 7),
      ...(runId === 'b' ? { nextPageToken: 'more' } : {}),
    }),
    sampledHistory: async ({ runIds, maxPoints, startStep, endStep }) => {
      asked.push(`${runIds} ${maxPoints} ${startStep ?? ''} ${endStep ?? ''}`.trim());
      return runIds.map((runId) => series(runId, 3, true));
    },
  };
  return {
    charts: new ChartsData(
      ['a', 'b', 'gone'],
      async () => store,
      () => budget,
    ),
    asked,
  };
}

describe('data of a charts panel', () => {
  it('loads runs and knows which are missing', async () => {
    const { charts } = data({ a: run('a'), b: run('b') });
    const { runs, missing } = await charts.loadRuns();
    assert.deepEqual([runs.map(({ runId }) => runId), missing], [['a', 'b'], ['gone']]);
  });

  it('asks only for runs that have the metric, within the budget or the interval', async () => {
    const { charts, asked } = data({ a: run('a'), b: run('b', { metrics: {} }) }, 500);
    await charts.loadRuns();
    await charts.series({ key: 'loss' });
    await charts.series({ key: 'loss', startStep: 3, endStep: 9 });
    assert.deepEqual(asked, ['a 500', 'a 2499 3 9']);
    const { series: whole } = await charts.series({ key: 'loss', full: true });
    assert.deepEqual(
      whole.map((block) => block.values.length),
      [9],
    );
  });

  it('asks for new points only where the run has some', async () => {
    const { charts, asked } = data({ a: run('a'), b: run('b') });
    await charts.loadRuns();
    const last = (runId: string, step: number) => ({ runId, step, timestamp: step });
    await charts.newPoints('loss', [last('a', 5), last('b', 4), last('unknown', 0)]);
    assert.deepEqual(asked, [`b 2499 5 ${Number.MAX_SAFE_INTEGER}`]);
  });

  it('counts points, and says when there are more', async () => {
    const { charts } = data({ a: run('a'), b: run('b') });
    await charts.loadRuns();
    assert.deepEqual(await charts.count('loss', ['a', 'b', 'unknown']), [
      { runId: 'a', points: 7, exact: true },
      { runId: 'b', points: 7, exact: false },
    ]);
  });

  it('polls the runs that may change, and knows whether they did', async () => {
    const known = { a: run('a', { status: 'RUNNING' }), b: run('b') };
    const { charts } = data(known);
    await charts.loadRuns();
    assert.equal(charts.anyRunning, true);
    assert.equal(await charts.loadLiveRuns(), false);
    known.a = run('a', { status: 'FINISHED' });
    assert.equal(await charts.loadLiveRuns(), true);
    assert.equal(charts.anyRunning, false);
    assert.equal(charts.adopt(run('a', { name: 'new' })), true);
    assert.equal(charts.adopt(run('a', { name: 'new' })), false);
  });
});

describe('what the charts page may say', () => {
  it('is read field by field', () => {
    assert.deepEqual(decodeParams.series({ key: 'a', startStep: 1.5, endStep: 9, more: 1 }), {
      key: 'a',
      startStep: 1,
      endStep: 9,
    });
    const last = { runId: 'r', step: 1, timestamp: 2 };
    assert.deepEqual(decodeParams.newPoints({ key: 'a', after: [last] }), { key: 'a', after: [last] });
  });

  it('is refused when it is something else', () => {
    const wrong: (() => unknown)[] = [
      () => decodeParams.series(undefined),
      () => decodeParams.series({ key: '' }),
      () => decodeParams.series({ key: 'x'.repeat(3000) }),
      () => decodeParams.series({ key: 'a', startStep: 1 }),
      () => decodeParams.series({ key: 'a', startStep: 'x', endStep: 1 }),
      () => decodeParams.newPoints({ key: 'a', after: [{ runId: 'r', step: Number.NaN, timestamp: 0 }] }),
      () => decodeParams.count({ key: 'a', runIds: Array.from({ length: 1000 }, () => 'r') }),
      () => decodeParams.reveal([]),
    ];
    for (const decode of wrong) assert.throws(decode, /sent something else/);
  });

  it('leaves a state that can always be shown', () => {
    for (const raw of [undefined, null, 1, 'x', [], {}]) assert.deepEqual(decodeViewState(raw), initialView);
    assert.equal(decodePanelState({ serverUri: 'http://x', runIds: [1] }), undefined);
    const odd = { axis: 'wall', smoothing: 7, zoom: { min: 5, max: 1 }, tables: ['a', 1], scroll: -3 };
    const state = decodePanelState({ serverUri: 'http://x', runIds: ['r'], view: odd });
    assert.deepEqual(state?.view, { ...initialView, axis: 'wall', smoothing: 0.99, tables: ['a'] });
  });
});

describe('limited mapping', () => {
  it('keeps order and limit, and starts nothing after a failure', async () => {
    let running = 0;
    let most = 0;
    const results = await mapLimited([3, 1, 2, 0], 2, async (value) => {
      most = Math.max(most, ++running);
      await new Promise((done) => setTimeout(done, value));
      running--;
      return value * 2;
    });
    assert.deepEqual([results, most], [[6, 2, 4, 0], 2]);
    const started: number[] = [];
    await assert.rejects(
      mapLimited([1, 2, 3, 4], 1, async (value) => {
        started.push(value);
        if (value === 2) throw new Error('no');
      }),
    );
    assert.deepEqual(started, [1, 2]);
    const ended: number[] = [];
    const failing = mapLimited([1, 2, 3], 2, async (value) => {
      if (value === 1) throw new Error('no');
      await new Promise((done) => setTimeout(done, 5));
      ended.push(value);
    });
    await assert.rejects(failing, { message: 'no' });
    assert.deepEqual(ended, [2], 'what had begun has ended when the failure is told');
  });
});
