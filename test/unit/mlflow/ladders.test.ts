import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRestTrackingStore } from '../../../src/mlflow/rest/restTrackingStore';
import type { TrackingStore } from '../../../src/mlflow/trackingStore';

const rows = (runId: string, count: number) =>
  Array.from({ length: count }, (_, step) => ({ key: 'k', value: step, timestamp: step, step, run_id: runId }));

/** Servers in between the two that the live tests have: some calls are missing there. */
describe('sampled histories', () => {
  let server: http.Server;
  let store: TrackingStore;
  let answers: Record<string, (query: URLSearchParams) => unknown>;
  let asked: string[];

  beforeEach(async () => {
    asked = [];
    answers = { '/version': () => '2.9.0', 'experiments/search': () => ({}) };
    server = http.createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://h');
      const name = url.pathname.replace(/^\/ajax-api\/[23]\.0\/mlflow\//, '');
      if (name.startsWith('metrics/')) asked.push(`${name.slice(8)} ${url.searchParams.size}`);
      assert.ok((request.url ?? '').length < 4_000, 'gunicorn takes lines of 4,094 bytes');
      const answer = answers[name]?.(url.searchParams);
      if (answer === undefined) response.writeHead(404, { 'content-type': 'text/html' }).end('<!doctype html>');
      else response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const limits = { headersTimeoutMs: 2_000, retries: 0, maxResponseBytes: 50_000_000, userAgent: 'flowdeck-test' };
    store = createRestTrackingStore({ ...limits, baseUrl: `http://127.0.0.1:${port}` });
  });

  afterEach(() => {
    store.dispose();
    server.close();
  });

  it('come from full histories where nothing else is served', async () => {
    answers['metrics/get-history'] = (query) => ({ metrics: rows(query.get('run_id') ?? '', 30) });
    const span = { startStep: 10, endStep: 19 };
    const series = await store.sampledHistory({ runIds: ['a', 'b'], key: 'k', maxPoints: 5, ...span });
    assert.deepEqual(
      series.map(({ runId, steps, sampled }) => [runId, [...steps], sampled]),
      ['a', 'b'].map((runId) => [runId, [10, 12, 15, 17, 19], true]),
    );
    assert.deepEqual(asked, ['get-history-bulk 4', 'get-history 2', 'get-history 2']);
  });

  it('are asked run by run on MLflow 2 where all together are more than one answer holds', async () => {
    answers['metrics/get-history-bulk'] = () => ({ metrics: rows('a', 25_000) });
    answers['metrics/get-history-bulk-interval'] = (query) => ({ metrics: rows(query.get('run_ids') ?? '', 7) });
    const series = await store.sampledHistory({ runIds: ['a', 'b'], key: 'k', maxPoints: 10 });
    assert.deepEqual(
      series.map(({ runId, steps, sampled }) => [runId, steps.length, sampled]),
      [
        ['a', 7, false],
        ['b', 7, false],
      ],
    );
  });

  it('of one run from a step on are asked for alone, not read whole again', async () => {
    answers['metrics/get-history-bulk'] = () => ({ metrics: rows('a', 20_000) });
    answers['metrics/get-history-bulk-interval'] = (query) => ({ metrics: rows(query.get('run_ids') ?? '', 2) });
    const span = { startStep: 9, endStep: 99 };
    const [series] = await store.sampledHistory({ runIds: ['a'], key: 'k', maxPoints: 10, ...span });
    assert.deepEqual([series?.steps.length, asked], [2, ['get-history-bulk-interval 5']]);
  });

  it('are asked for 80 runs at a time, in the order wanted', async () => {
    answers['/version'] = () => '3.1.0';
    answers['metrics/get-history-bulk-interval'] = (query) => ({
      metrics: query.getAll('run_ids').flatMap((runId) => rows(runId, 1)),
    });
    const runIds = Array.from({ length: 170 }, (_, at) => at.toString(16).padStart(32, '0'));
    const series = await store.sampledHistory({ runIds, key: 'k', maxPoints: 10 });
    assert.deepEqual(
      series.map(({ runId, steps }) => [runId, steps.length]),
      runIds.map((runId) => [runId, 1]),
    );
    assert.equal(asked.length, 3);
  });
});
