/** The page's own, where this runs. */
declare const window: { postMessage(message: unknown): void };

/** How many runs the page is told of. */
export interface FakeRuns {
  readonly runs: number;
  /** Different metric keys over all runs. */
  readonly metricKeys: number;
  /** Metrics that every run has, and that few runs have. */
  readonly commonMetrics: number;
  readonly rareMetrics: number;
  readonly params: number;
  readonly pageSize: number;
  /** A method whose answers wait for `window.letGo(number)`, which lets that many go; without one, all from then on. */
  readonly held?: string;
}

/**
 * The host's end of the runs page, for a browser without VS Code: run inside the page before its scripts, so it may use
 * nothing from outside. Values depend on the run's number alone.
 */
export function fakeHost(given: FakeRuns): void {
  type Request = { readonly rpc: string; readonly id: number; readonly method: string; readonly params: Asked };
  type Asked = { readonly runIds?: readonly string[]; readonly all?: boolean; readonly text?: string };
  const start = 1_790_000_000_000;
  let next = 0;

  const metricsOf = (run: number): number[] => {
    const keys: number[] = [];
    for (let key = 0; key < given.commonMetrics; key++) keys.push(key);
    const rest = given.metricKeys - given.commonMetrics;
    for (let at = 0; at < given.rareMetrics && rest > 0; at++)
      keys.push(given.commonMetrics + ((run * given.rareMetrics + at) % rest));
    return keys;
  };
  const batchOf = (numbers: readonly number[]) => {
    const count = numbers.length;
    const metrics = numbers.map(metricsOf);
    const keyOf = Uint32Array.from(metrics.flat());
    const texts = Array.from({ length: 50 }, (_, at) => `value ${at}`);
    const paramCount = count * given.params;
    return {
      runs: numbers.map((run) => ({
        runId: run.toString(16).padStart(32, '0'),
        experimentId: '1',
        name: `run ${run}`,
        status: run % 17 === 3 ? 'FAILED' : run % 23 === 1 ? 'RUNNING' : 'FINISHED',
        userId: 'ada',
        source: 'train.py',
        commit: (0xabc0000 + (run % 900)).toString(16).repeat(6).slice(0, 40),
      })),
      startTimes: Float64Array.from(numbers, (run) => start - run * 60_000),
      endTimes: Float64Array.from(numbers, (run) => start - run * 60_000 + 55_000),
      metrics: {
        keys: Array.from({ length: given.metricKeys }, (_, at) => `group ${at % 20}/metric ${at}`),
        counts: Uint32Array.from(metrics, (keys) => keys.length),
        keyOf,
        values: Float64Array.from(keyOf, (key, at) => Math.sin((numbers[0] ?? 0) + at * 7 + key)),
        steps: new Float64Array(keyOf.length).fill(100),
        times: new Float64Array(keyOf.length).fill(start),
      },
      params: {
        keys: Array.from({ length: given.params }, (_, at) => `param ${at}`),
        texts,
        counts: new Uint32Array(count).fill(given.params),
        keyOf: Uint32Array.from({ length: paramCount }, (_, at) => at % given.params),
        textOf: Uint32Array.from({ length: paramCount }, (_, at) => ((numbers[0] ?? 0) + at * 13) % texts.length),
      },
      tags: {
        keys: [],
        texts: [],
        counts: new Uint32Array(count),
        keyOf: new Uint32Array(),
        textOf: new Uint32Array(),
      },
    };
  };
  const pageOf = (count: number) => {
    const from = next;
    next = Math.min(given.runs, from + count);
    const batch = batchOf(Array.from({ length: next - from }, (_, at) => from + at));
    return { queryId: 1, batch, more: next < given.runs, begun: false };
  };
  const answers: Record<string, (params: Asked) => unknown> = {
    open: () => ({
      serverUri: 'http://127.0.0.1:5000',
      title: 'fake',
      scope: { experimentIds: ['1'] },
      experiments: { 1: 'fake' },
      readOnly: false,
      generation: 3,
      contact: { ok: true, at: Date.now() },
      refreshSeconds: 0,
      pageSize: given.pageSize,
      pointBudget: 2500,
    }),
    queryRuns: () => {
      next = 0;
      return pageOf(given.pageSize);
    },
    moreRuns: ({ all }) => pageOf(all ? 5_000 : given.pageSize),
    countRuns: () => ({ total: given.runs }),
    hasNewRuns: () => false,
    begunToMatch: () => 0,
    runsById: ({ runIds = [] }) =>
      batchOf(runIds.map((id) => Number.parseInt(id, 16)).filter((run) => run < given.runs)),
    reportLinks: ({ runIds = [] }) => runIds.map((id) => ({ run: `http://127.0.0.1:5000/#/${id}` })),
    /** Stands in `window.copied`. */
    copy: ({ text }) => void Object.assign(window, { copied: text }),
    runColors: ({ runIds = [] }) => runIds.map((id) => (Number.parseInt(id.slice(-3), 16) % 12) + 1),
    /** Of each run 101 points at the steps 0 … 100. */
    series: ({ runIds = [] }) => ({
      series: runIds.map((runId) => ({
        runId,
        sampled: false,
        values: Float64Array.from({ length: 101 }, (_, step) => Math.sin(step / 9 + Number.parseInt(runId, 16))),
        steps: { kind: 'stride', first: 0, stride: 1 },
        timestamps: { kind: 'stride', first: start, stride: 1_000 },
      })),
    }),
    count: ({ runIds = [] }) => runIds.map((runId) => ({ runId, points: 101, exact: true })),
    metricExtremes: ({ runIds = [] }) => {
      const of = (value: number) => new Float64Array(runIds.length).fill(value);
      const min = Float64Array.from(runIds, (id) => ((Number.parseInt(id.slice(-6), 16) * 37) % 101) / 100);
      return { min, max: of(2), minSteps: of(3), maxSteps: of(7) };
    },
  };
  const asked: string[] = [];
  let held = given.held;
  const waiting: Request[] = [];
  const reply = ({ id, method, params }: Request) =>
    window.postMessage({ rpc: 'reply', id, result: answers[method]?.(params) ?? null });
  Object.assign(window, {
    /** Methods, in the order they were asked. */
    asked,
    letGo: (number?: number) => {
      if (number === undefined) held = undefined;
      const gone = waiting.splice(0, number ?? waiting.length);
      for (const request of gone) reply(request);
      return gone.length;
    },
    acquireVsCodeApi: () => ({
      postMessage: (message: Request) => {
        if (message.rpc !== 'request') return;
        asked.push(message.method);
        if (message.method === held) waiting.push(message);
        else setTimeout(() => reply(message), 2);
      },
      getState: () => undefined,
      setState: () => undefined,
    }),
  });
}
