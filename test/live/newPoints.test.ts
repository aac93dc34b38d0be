import assert from 'node:assert/strict';
import { createRestTrackingStore } from '../../src/mlflow/rest/restTrackingStore';
import type { TrackingStore } from '../../src/mlflow/trackingStore';
import { packRuns } from '../../src/panels/runs/packRuns';
import { SeriesData } from '../../src/panels/seriesData';
import type { MetricSeries } from '../../src/shared/domain';
import type { ChartsRun } from '../../src/shared/protocol/series';
import { RunTable } from '../../src/shared/runs/runTable';
import { MetricStore } from '../../webview/charts/metricStore';
import { QuestionQueue } from '../../webview/charts/questionQueue';
import type { SeriesRpc } from '../../webview/charts/seriesRpc';
import { type MlflowServer, type MlflowVersion, startMlflowServer } from '../support/mlflowServer';

const limits = { headersTimeoutMs: 60_000, retries: 1, maxResponseBytes: 50_000_000, userAgent: 'flowdeck-test' };

/** ms */
const start = 1_700_000_000_000;

const run = (runId: string): ChartsRun => ({ runId, name: '', status: 'RUNNING', startTime: 0, color: 1, dash: 0 });

for (const version of ['3.17.2', '2.15.1'] satisfies MlflowVersion[])
  describe(`a chart of a run that goes on, on ${version}`, function () {
    this.timeout(240_000);
    let server: MlflowServer;
    let tracking: TrackingStore;
    let runId = '';
    /** Rows that the server gave. */
    let read = 0;
    let stored = 0;

    before(async () => {
      server = await startMlflowServer(version);
      tracking = createRestTrackingStore({ ...limits, baseUrl: server.uri });
      const experimentId = await tracking.createExperiment('many at one step');
      ({ runId } = await tracking.createRun({ experimentId, name: 'live' }));
    });

    after(async () => {
      tracking?.dispose();
      await server?.dispose();
    });

    const seen = <T extends MetricSeries>(series: T): T => {
      read += series.steps.length;
      return series;
    };

    /** The page's own store over the host's own answers; only the window between them is left out. */
    function chartOf(key: string, stepOf: (at: number) => number, listed?: RunTable): MetricStore {
      const counting: Pick<TrackingStore, 'metricHistoryPage' | 'newPoints' | 'sampledHistory'> = {
        metricHistoryPage: async (...asked) => {
          const page = await tracking.metricHistoryPage(...asked);
          seen(page.series);
          return page;
        },
        newPoints: async (...asked) => seen(await tracking.newPoints(...asked)),
        sampledHistory: async (...asked) => (await tracking.sampledHistory(...asked)).map(seen),
      };
      const data = new SeriesData(
        async () => counting,
        () => 2_499,
      );
      const call = (method: string, question: never) =>
        method === 'newPoints'
          ? data.newPoints(key, (question as { after: [] }).after)
          : data[method as 'series' | 'history'](question);
      const cells = (get: () => number) => ({ get, has: () => true });
      const metric = { steps: cells(() => stepOf(stored - 1)), last: cells(() => 1 / stored) };
      const table = { rowOf: () => 0, metric: () => metric, metricTime: () => start + stored - 1 };
      const chart = new MetricStore(key, {
        rpc: { call } as unknown as SeriesRpc,
        queue: new QuestionQueue(3, 5),
        table: listed ?? (table as unknown as RunTable),
        mostPoints: () => 2_499,
      });
      chart.viewers.add({ priority: () => 0, budget: () => 2_499 });
      return chart;
    }

    async function logged(key: string, to: number, way: 'own' | 'one'): Promise<void> {
      const point = (at: number) => ({ key, value: 1 / (at + 1), timestamp: start + at, step: way === 'own' ? at : 0 });
      await tracking.logBatch(runId, { metrics: Array.from({ length: to - stored }, (_, at) => point(stored + at)) });
      stored = to;
    }

    /** Each of the points once: how many are drawn, and the first that is another. */
    function drawn(chart: MetricStore, also: readonly number[] = []) {
      const values = [...(chart.blocks().get(runId)?.values ?? [])].sort((a, b) => b - a);
      const all = [...also, ...Array.from({ length: stored }, (_, at) => 1 / (at + 1))];
      return [values.length, values.findIndex((value, at) => value !== all[at]), chart.hasSampled];
    }

    for (const way of ['one', 'own'] as const)
      it(`has every point of thousands that come at ${way === 'one' ? 'one step' : 'steps of their own'}`, async () => {
        const key = `loss/${way}`;
        stored = 0;
        const chart = chartOf(key, (at) => (way === 'one' ? 0 : at));
        await logged(key, 900, way);
        await chart.sync([run(runId)]);
        assert.deepEqual(drawn(chart), [900, -1, false]);
        for (const to of [2_600, 7_000, 7_001, ...(way === 'one' ? [27_000] : [])]) {
          const before = stored;
          await logged(key, to, way);
          read = 0;
          await chart.loadNew([run(runId)]);
          assert.deepEqual(drawn(chart), [to, -1, false]);
          // MLflow 2 cannot leave out what is known at the step.
          if (version === '3.17.2') assert.ok(read <= to - before + 1, `${read} rows for ${to - before}`);
          read = 0;
          await chart.loadNew([run(runId)]);
          assert.equal(read, 0);
        }
      });

    it('has those of the same value that come without a step, as the list of runs tells of them', async () => {
      const key = 'constant';
      const table = new RunTable();
      const list = async () => table.add(await packRuns([await tracking.getRun(runId)]));
      const log = (at: number) => tracking.logMetric(runId, { key, value: 1, timestamp: start + at, step: 0 });
      const chart = chartOf(key, () => 0, table);
      const times = () => [...(chart.blocks().get(runId)?.timestamps ?? [])].map((time) => time - start);
      await log(0);
      await list();
      await chart.sync([run(runId)]);
      for (let at = 1; at <= 3; at++) {
        await log(at);
        await list();
        await chart.loadNew([run(runId)]);
        assert.deepEqual(times(), [0, 1, 2, 3].slice(0, at + 1));
        read = 0;
        await chart.loadNew([run(runId)]);
        assert.equal(read, 0);
      }
    });

    for (const length of [60, 1_500])
      it(`has those of a run of ${length} points that begins again at a checkpoint, before it passes its last step`, async () => {
        const key = `resumed/${length}`;
        const table = new RunTable();
        const log = async (from: number, to: number, time: number) => {
          const point = (at: number) => ({ key, value: time + at, timestamp: start + time + at, step: at });
          await tracking.logBatch(runId, { metrics: Array.from({ length: to - from }, (_, at) => point(from + at)) });
          await table.add(await packRuns([await tracking.getRun(runId)]));
        };
        const chart = chartOf(key, () => 0, table);
        const stepsAfter = async (looks: number) => {
          read = 0;
          for (let times = 0; times < looks; times++) await chart.loadNew([run(runId)]);
          // Where all came at once they are in the order of their steps.
          const first = new Set(Array.from({ length }, (_, at) => at));
          const steps = chart.blocks().get(runId)?.steps ?? new Float64Array();
          return [...steps].filter((step) => !first.delete(step)).sort((a, b) => a - b);
        };
        const isCheap = (rows: number) =>
          version === '3.17.2' && length > 100 && assert.ok(read <= rows, `${read} rows`);
        await log(0, length, 0);
        await chart.sync([run(runId)]);
        await log(20, 23, 10_000);
        assert.deepEqual(await stepsAfter(4), [20, 21, 22]);
        isCheap(4);
        await log(23, 25, 10_000);
        assert.deepEqual(await stepsAfter(1), [20, 21, 22, 23, 24]);
        isCheap(3);
        await log(length - 1, length + 2, 10_000);
        assert.deepEqual(await stepsAfter(1), [20, 21, 22, 23, 24, length - 1, length, length + 1]);
      });

    it('has those that were logged late too, between points that are known', async () => {
      const key = 'late';
      stored = 0;
      const chart = chartOf(key, () => 0);
      await logged(key, 3_000, 'one');
      await chart.sync([run(runId)]);
      await chart.loadAll([run(runId)]);
      await tracking.logMetric(runId, { key, value: 7, timestamp: start + 500, step: 0 });
      await logged(key, 3_001, 'one');
      await chart.loadNew([run(runId)]);
      assert.deepEqual(drawn(chart, [7]), [3_002, -1, false]);
      const times = chart.blocks().get(runId)?.timestamps ?? new Float64Array();
      assert.ok(times.every((time, at) => at === 0 || time >= (times[at - 1] ?? 0)));
    });
  });
