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

  /** MLflow 2.15.1, mlflow/server/handlers.py: of spans that it samples it counts from the first step of the curve. */
  const intervalOfTwo = (steps: readonly number[]) => (query: URLSearchParams) => {
    const [from, to, most] = ['start_step', 'end_step', 'max_results'].map((name) => Number(query.get(name)));
    const [first, all] = [steps.filter((step) => step < (from ?? 0)).length, steps.filter((step) => step <= (to ?? 0))];
    const count = all.length - first;
    const sampled = Array.from({ length: most ?? 0 }, (_, at) => first + Math.floor((at * count) / (most ?? 1)));
    const chosen = new Set(
      count <= (most ?? 0) ? all.slice(first) : sampled.filter((at) => at < count).map((at) => all[at]),
    );
    chosen.add(all.at(-1));
    return { metrics: rows('a', 60_000).filter(({ step }) => chosen.has(step)) };
  };
  const everyStep = Array.from({ length: 60_000 }, (_, step) => step);

  it('of a long span in the middle of a curve are all over it on MLflow 2, and said to be sampled', async () => {
    answers['metrics/get-history-bulk'] = () => ({ metrics: rows('a', 25_000) });
    answers['metrics/get-history-bulk-interval'] = intervalOfTwo(everyStep);
    const span = { startStep: 30_000, endStep: 50_000 };
    const [series] = await store.sampledHistory({ runIds: ['a'], key: 'k', maxPoints: 2_499, ...span });
    const gaps = series ? [30_000, ...series.steps, 50_000].map((step, at, all) => step - (all[at - 1] ?? step)) : [];
    assert.ok(series?.sampled && Math.max(...gaps) < 50, `gaps of ${Math.max(...gaps)} steps`);
    const short = { startStep: 30_000, endStep: 31_000 };
    const [whole] = await store.sampledHistory({ runIds: ['a'], key: 'k', maxPoints: 2_499, ...short });
    assert.deepEqual([whole?.steps.length, whole?.sampled], [1_001, false]);
  });

  it('from a step on are asked for alone on MLflow 2, and read whole where that would be a sample of it', async () => {
    answers['metrics/get-history-bulk-interval'] = intervalOfTwo(everyStep);
    answers['metrics/get-history'] = () => ({ metrics: rows('a', 60_000) });
    const last = { timestamp: 0, value: '0' };
    const from = (step: number) =>
      store.newPoints({ runId: 'a', key: 'k', step, known: { points: step + 1, again: 1, last: { ...last, step } } });
    const few = await from(59_000);
    assert.deepEqual([few.steps.length, few.sampled, asked], [1_000, false, ['get-history-bulk-interval 5']]);
    const many = await from(40_000);
    assert.deepEqual([many.steps.length, many.sampled], [60_000, false]);
    const unknown = await store.newPoints({ runId: 'a', key: 'k', step: 40_000 });
    assert.deepEqual([unknown.sampled, unknown.steps.length > 500], [true, true]);
  });

  it('from a step on come behind those that are known where MLflow 3 would give these again', async () => {
    answers['/version'] = () => '3.1.0';
    const all = rows('a', 60_000).map((row) => ({ ...row, step: 0 }));
    answers['metrics/get-history'] = (query) => {
      const { offset } = JSON.parse(Buffer.from(query.get('page_token') ?? 'e30=', 'base64').toString());
      const end = (offset ?? 0) + Number(query.get('max_results'));
      const token = { next_page_token: Buffer.from(JSON.stringify({ offset: end })).toString('base64') };
      return { metrics: all.slice(offset, end), ...(end < all.length ? token : {}) };
    };
    answers['metrics/get-history-bulk-interval'] = () => ({ metrics: all.slice(0, 2_500) });
    const known = (points: number) => ({
      points,
      again: points,
      last: { step: 0, timestamp: points - 1, value: String(points - 1) },
    });
    const question = { runId: 'a', key: 'k', step: 0 };
    const behind = await store.newPoints({ ...question, known: known(20_000) });
    assert.deepEqual([behind.steps.length, behind.values[0], behind.sampled], [40_001, 19_999, false]);
    assert.deepEqual(asked, ['get-history 4', 'get-history 4']);
    all.splice(5, 0, { ...all[5], value: 5.5 } as never);
    const anew = await store.newPoints({ ...question, known: known(20_000) });
    assert.deepEqual([anew.steps.length, anew.values[5]], [60_001, 5.5]);
  });

  it('are asked for by all the steps there can be, and whole where the page draws more than a sample has', async () => {
    answers['/version'] = () => '3.1.0';
    const spans: (string | null)[][] = [];
    answers['metrics/get-history-bulk-interval'] = (query) => {
      spans.push(['start_step', 'end_step', 'max_results'].map((name) => query.get(name)));
      return { metrics: rows('a', 2_500) };
    };
    answers['metrics/get-history-bulk'] = () => ({ metrics: rows('a', 4_000) });
    const points = async (maxPoints: number, expectedPoints: number) => {
      const [series] = await store.sampledHistory({ runIds: ['a'], key: 'k', maxPoints, expectedPoints });
      return [series?.steps.length, series?.sampled];
    };
    assert.deepEqual(await points(1_000, 4_000), [1_000, true]);
    assert.deepEqual(spans, [['-9223372036854775808', '9223372036854775807', '1001']]);
    assert.deepEqual(await points(20_000, 4_000), [4_000, false]);
    assert.deepEqual(await points(20_000, 40_000), [2_500, true]);
    assert.deepEqual(asked.slice(1), ['get-history-bulk 3', 'get-history-bulk-interval 5']);
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
