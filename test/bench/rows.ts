import type { Flowdeck } from './flowdeck';
import type { HostFigures } from './hostMeter';
import { measureBytes, measurePan } from './panAndBytes';
import type { Shown, Wanted, WebUi } from './webUi';

/** Everything that was measured for one group of rows; the judging is done by scripts/bench/verdict.mjs. */
export interface Figures {
  /** Name of a figure → one value per repetition. */
  readonly samples: Record<string, number[]>;
  /** Why something is missing or not what was asked for. */
  readonly problems: string[];
}

export interface Bench {
  readonly flowdeck: Flowdeck;
  readonly webUi: WebUi;
  readonly trackingUri: string;
  readonly repetitions: number;
}

const mostFailures = 2;

type Group = (bench: Bench) => Promise<Figures>;

/** Measured in this order: the last one changes what pages do. */
export const groups: Readonly<Record<string, Group>> = {
  'table-10k': (bench) => race(bench, 'runs-10k', { rows: 'runs-10k' }, (host) => replay(bench, host)),
  'table-wide': (bench) => race(bench, 'wide', { rows: 'wide' }, () => loadAll(bench, 'wide')),
  'charts-10': (bench) =>
    race(bench, 'charts-10', { charts: 5, curves: 10 }, (host, shown) => curvesOf(host, shown, 10)),
  'charts-long': (bench) => race(bench, 'long', { charts: 3, curves: 10 }, (host, shown) => curvesOf(host, shown, 10)),
  'charts-100': (bench) =>
    race(bench, 'charts-100', { charts: 5, curves: 10, runs: 100 }, (host, shown) => curvesOf(host, shown, 100)),
  pan: (bench) => alone(bench, measurePan),
  bytes: (bench) => alone(bench, measureBytes),
};

/** More to measure once Flowdeck has shown it. `host` is what the extension host did until then. */
type After = (host: HostFigures, shown: Shown) => Promise<Partial<Record<string, number>>>;

/**
 * Both, one after the other, several times. When one side fails twice the other goes on.
 * @param after figures of Flowdeck's side beside `first` and `all`
 */
async function race(bench: Bench, experiment: string, wanted: Wanted, after: After): Promise<Figures> {
  const figures: Figures = { samples: {}, problems: [] };
  const { flowdeck, webUi } = bench;
  const sides: Record<string, () => Promise<Partial<Record<string, number>>>> = {
    flowdeck: async () => {
      await flowdeck.ready(wanted);
      const shown = await flowdeck.open(experiment, wanted);
      const more = await after(await flowdeck.meter.read(), shown);
      return { ...named('flowdeck', shown), ...more };
    },
    peer: async () => named('peer', await webUi.warm(experiment, wanted)),
    peerCold: async () => named('peerCold', await webUi.cold(experiment, wanted)),
  };
  /** Failures of a side: the browser's host now and then shows no webview, which is nobody's speed. */
  const failures = new Map<string, number>();
  for (let repetition = 0; repetition < bench.repetitions; repetition++)
    for (const [side, measure] of Object.entries(sides)) {
      while ((failures.get(side) ?? 0) < mostFailures)
        try {
          add(figures.samples, await measure());
          break;
        } catch (error) {
          failures.set(side, (failures.get(side) ?? 0) + 1);
          figures.problems.push(`${side}: ${firstLine(error)}`);
        }
    }
  return figures;
}

async function alone(
  { flowdeck, repetitions }: Bench,
  measure: (flowdeck: Flowdeck) => Promise<Partial<Record<string, number>>>,
): Promise<Figures> {
  const figures: Figures = { samples: {}, problems: [] };
  for (let done = 0; done < repetitions && figures.problems.length < mostFailures; )
    try {
      add(figures.samples, await measure(flowdeck));
      done++;
    } catch (error) {
      figures.problems.push(`flowdeck: ${firstLine(error)}`);
    }
  return figures;
}

function named(side: string, { first, all }: Shown): Record<string, number> {
  return { [`${side}First`]: first, [`${side}All`]: all };
}

function add(samples: Record<string, number[]>, values: Partial<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values))
    if (value !== undefined) samples[name] = [...(samples[name] ?? []), value];
}

const firstLine = (error: unknown) => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

/** The very search that filled the table, asked again by Node and thrown away. */
async function replay({ trackingUri }: Bench, host: HostFigures) {
  const search = host.requests.find(({ path }) => path.endsWith('/runs/search'));
  if (!search) throw new Error('the table was filled without asking for runs');
  const started = performance.now();
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(trackingUri + search.path, { method: 'POST', headers, body: search.body });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`the search of the table asked again: ${answer.status}`);
  return { http: performance.now() - started, searchInHost: search.ended - search.started };
}

/** Lets everything arrive, and asks how long the extension host stood still meanwhile. */
async function loadAll({ flowdeck }: Bench, experiment: string) {
  const bytesOf = ({ requests }: HostFigures) => requests.reduce((sum, { bytes }) => sum + bytes, 0);
  await flowdeck.meter.quiet();
  const all = (await flowdeck.panel(experiment)).frame.getByRole('button', { name: /^Load all/ });
  if ((await all.count()) > 0) await all.click();
  const figures = await flowdeck.meter.quiet();
  return { blocked: figures.blocked, busy: figures.busy, runBytes: bytesOf(figures) };
}

/** What stands between the last byte of the curves and their being drawn. @throws when they are of other runs */
async function curvesOf(host: HostFigures, shown: Shown, wanted: number) {
  const histories = host.requests.filter(({ path }) => path.includes('/metrics/get-history'));
  const asked = histories.flatMap(({ path }) => [...path.matchAll(/run_ids?=([0-9a-f]{32})/g)].map(([, id]) => id));
  const runs = new Set(asked).size;
  if (runs < wanted) throw new Error(`the charts are of ${runs} runs, not of ${wanted}`);
  // What is asked after the last curve was drawn (how many points there are in all) is not waited for.
  const drawn = shown.clicked + shown.all;
  const arrived = Math.max(...histories.map(({ ended }) => ended).filter((ended) => ended <= drawn));
  return { drawnAfterBytes: drawn - arrived, bytesAfterClick: arrived - shown.clicked };
}
