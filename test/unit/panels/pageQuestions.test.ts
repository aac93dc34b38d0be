import assert from 'node:assert/strict';
import { runsParams, seriesParams } from '../../../src/panels/pageParams';
import { SeriesData, type SeriesStore } from '../../../src/panels/seriesData';
import type { MetricSeries } from '../../../src/shared/domain';

const series = (runId: string, length: number, sampled = false): MetricSeries => ({
  runId,
  key: 'loss',
  steps: new Float64Array(length),
  timestamps: new Float64Array(length),
  values: new Float64Array(length),
  sampled,
});

function data(budget = 1000) {
  const asked: string[] = [];
  const store: SeriesStore = {
    metricHistoryPage: async (runId) => ({
      series: series(runId, 7),
      ...(runId === 'b' ? { nextPageToken: 'more' } : {}),
    }),
    sampledHistory: async ({ runIds, maxPoints, startStep, endStep }) => {
      asked.push(`${runIds} ${maxPoints} ${startStep ?? ''} ${endStep ?? ''}`.trim());
      return runIds.map((runId) => series(runId, 3, true));
    },
    newPoints: async ({ runId, key, step, known }) => {
      asked.push(`${runId} ${key} ${step} ${known?.points ?? ''}`.trim());
      return series(runId, 3);
    },
  };
  const points = new SeriesData(
    async () => store,
    () => budget,
  );
  return { points, asked };
}

describe('points for a page', () => {
  it('come within what the setting allows and the page wants, or as many as an interval gives', async () => {
    const { points, asked } = data(500);
    await points.series({ key: 'loss', runIds: ['a'] });
    await points.series({ key: 'loss', runIds: ['a'], maxPoints: 300 });
    await points.series({ key: 'loss', runIds: ['a'], maxPoints: 9_000 });
    await points.series({ key: 'loss', runIds: ['a'], startStep: 3, endStep: 9 });
    assert.deepEqual(asked, ['a 500', 'a 300', 'a 500', 'a 2499 3 9']);
  });

  it('come whole up to what the setting allows, however many that are', async () => {
    const { points, asked } = data(20_000);
    await points.series({ key: 'loss', runIds: ['a'], maxPoints: 20_000, expectedPoints: 12_000 });
    await points.series({ key: 'loss', runIds: ['a'], maxPoints: 300 });
    await points.series({ key: 'loss', runIds: ['a'] });
    assert.deepEqual(asked, ['a 20000', 'a 300', 'a 20000']);
  });

  it('come page by page when every one is wanted', async () => {
    const { points } = data();
    const first = await points.history({ key: 'loss', runId: 'b' });
    assert.deepEqual([first.block.values.length, first.block.sampled, first.nextPageToken], [7, false, 'more']);
    const last = await points.history({ key: 'loss', runId: 'a', pageToken: 'more' });
    assert.deepEqual([last.block.values.length, 'nextPageToken' in last], [7, false]);
  });

  it('are those from a step on, run by run: what is logged without a step is all at one', async () => {
    const { points, asked } = data();
    const known = { points: 7, again: 2, last: { step: 4, timestamp: 9, value: 'NaN' } };
    const answer = await points.newPoints('loss', [
      { runId: 'b', step: 4 },
      { runId: 'c', step: 5, known },
    ]);
    assert.deepEqual(asked, ['b loss 4', 'c loss 5 7']);
    assert.deepEqual(
      answer.series.map(({ runId }) => runId),
      ['b', 'c'],
    );
  });

  it('are counted, and it is said when there are more', async () => {
    const { points } = data();
    assert.deepEqual(await points.count('loss', ['a', 'b']), [
      { runId: 'a', points: 7, exact: true },
      { runId: 'b', points: 7, exact: false },
    ]);
  });
});

describe('what a page may say', () => {
  it('is read field by field', () => {
    assert.deepEqual(seriesParams.series({ key: 'a', runIds: ['r'], startStep: 1.5, endStep: 9, more: 1 }), {
      key: 'a',
      runIds: ['r'],
      startStep: 1,
      endStep: 9,
    });
    const last = { runId: 'r', step: 1 };
    assert.deepEqual(seriesParams.newPoints({ key: 'a', after: [last] }), { key: 'a', after: [last] });
    const known = { points: 7, again: 2, last: { step: 1, timestamp: 9, value: 'NaN' } };
    const counted = { ...last, known };
    assert.deepEqual(seriesParams.newPoints({ key: 'a', after: [counted] }), { key: 'a', after: [counted] });
    const edit = { runId: 'r', before: 'x', field: 'tag', key: 'team', value: null };
    assert.deepEqual(runsParams.editRun({ ...edit, more: 1 }), edit);
    const runIds = Array.from({ length: 5_000 }, (_, at) => `r${at}`);
    assert.deepEqual(runsParams.runCommand({ command: 'delete', runIds }), { command: 'delete', runIds });
    assert.throws(() => runsParams.runsById({ runIds }));
  });

  it('is refused when it is something else', () => {
    const wrong: (() => unknown)[] = [
      () => seriesParams.series(undefined),
      () => seriesParams.series({ key: '', runIds: [] }),
      () => seriesParams.series({ key: 'x'.repeat(3000), runIds: [] }),
      () => seriesParams.series({ key: 'a', runIds: ['r'], startStep: 1 }),
      () => seriesParams.series({ key: 'a', runIds: 'r' }),
      () => seriesParams.newPoints({ key: 'a', after: [{ runId: 'r', step: Number.NaN }] }),
      () => seriesParams.newPoints({ key: 'a', after: [{ runId: 'r', step: 1, known: { points: 7, again: 1 } }] }),
      () => seriesParams.count({ key: 'a', runIds: Array.from({ length: 1001 }, () => 'r') }),
      () => runsParams.runIdOnly([]),
      () => runsParams.queryRuns({ filter: 1, sort: [] }),
      () => runsParams.queryRuns({ filter: '', sort: [{ column: 1 }] }),
      () => runsParams.runCommand({ command: 'workbench.action.quit', runIds: ['r'] }),
      () => runsParams.editRun({ runId: 'r', before: '', field: 'status', value: 'x' }),
      () => runsParams.editRun({ runId: 'r', field: 'name', value: 'x' }),
    ];
    for (const decode of wrong) assert.throws(decode, /sent something else/);
  });
});
