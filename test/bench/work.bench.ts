// What the page computes at sizes that hurt, in plain Node and in processor time, which is the same on a machine that is
// busy elsewhere. The judging is done by scripts/bench/verdict.mjs.
import { writeFileSync } from 'node:fs';
import { packRuns } from '../../src/panels/runs/packRuns';
import { parallelOf } from '../../src/shared/charts/parallel';
import { comparedRuns } from '../../src/shared/compare/runColumns';
import { tableRows } from '../../src/shared/compare/tableRows';
import { type Run, TagKey } from '../../src/shared/domain';
import { chooserLines } from '../../src/shared/runs/columns/chooserTree';
import { shownColumns } from '../../src/shared/runs/columns/shownColumns';
import { buildRows } from '../../src/shared/runs/rowModel';
import { RunTable } from '../../src/shared/runs/runTable';
import { sortLoaded } from '../../src/shared/runs/sortLoaded';
import { bucketsOf } from '../../src/shared/series/buckets';
import { packSeries } from '../../src/shared/series/packing';
import { smooth } from '../../src/shared/series/smoothing';
import { initialRunsView } from '../../src/shared/view/runsView';
import { runOf } from '../support/runOf';
import { cpuTime } from './cpuTime';

const metrics = (values: Iterable<readonly [string, number]>) =>
  Object.fromEntries([...values].map(([key, value]) => [key, { key, value, timestamp: 0, step: 0 }]));
const listOf = <T>(length: number, item: (at: number) => T): T[] => Array.from({ length }, (_, at) => item(at));

async function tableOf(runs: readonly Run[]): Promise<{ readonly table: RunTable; readonly order: readonly number[] }> {
  const table = new RunTable();
  return { table, order: table.add(await packRuns(runs)) };
}

type Work = Readonly<Record<string, () => void>>;

/** A hundred thousand runs by a param and a metric, by a metric and their names; beside it, the platform's own sort. */
async function sorting(): Promise<Work> {
  const runs = listOf(100_000, (at) =>
    runOf(`r${at}`, {
      metrics: metrics([['loss', Math.sin(at)]]),
      params: { lr: String((at * 7919) % 50) },
      name: `sweep-${(at * 7919) % 100_000}`,
      tags: at % 5 === 0 ? {} : { [TagKey.parentRunId]: `r${at - (at % 5)}` },
    }),
  );
  const { table, order } = await tableOf(runs);
  const columns = ['params.lr', 'metrics[step].loss', 'attributes.run_name'];
  const sort = columns.map((column) => ({ column, descending: false }));
  const view = { pinnedRuns: [], better: {}, table: { ...initialRunsView.table, sort } };
  const natural = new Intl.Collator(undefined, { numeric: true });
  const names = runs.map(({ name }) => name);
  const loaded = { order, more: false, orderedBy: [] };
  const sortAndNest = () => {
    const sorted = sortLoaded(table, loaded, sort, view.better);
    buildRows(table, { order: sorted.order, parents: [], early: [] }, view);
  };
  return {
    sort: sortAndNest,
    sortPeer: () => void names.toSorted(natural.compare),
  };
}

/** A million points to a thousand pixels, and into what is posted; beside it, one look at each, and JSON. */
function points(): Work {
  const x = Float64Array.from({ length: 1_000_000 }, (_, at) => at);
  const y = x.map(Math.sin);
  const steps = x.map((at) => at - (at % 97) * 3);
  const timestamps = x.map((at) => 1_700_000_000_000 + at * 40 + (at % 7));
  const block = { runId: 'a', steps, timestamps, values: y, sampled: false };
  return {
    buckets: () => void bucketsOf(x, y, { min: 0, max: 1e6 }, 1000),
    pack: () => void packSeries(block),
    packPeer: () => void JSON.stringify({ ...block, steps: [...steps], timestamps: [...timestamps], values: [...y] }),
  };
}

function smoothing(): Work {
  const x = Float64Array.from({ length: 300_000 }, (_, at) => at);
  return { smooth: () => void smooth(x, x, 'gaussian', 30_000), smoothPeer: () => void smooth(x, x, 'gaussian', 3) };
}

/** What is done with 12,000 metric keys. */
async function manyKeys(): Promise<Work> {
  const keys = listOf(12_000, (at) => `group ${at % 50}/part ${at % 7}/metric ${at}`);
  const wide = await tableOf(
    listOf(40, (run) => runOf(`r${run}`, { metrics: metrics(keys.map((key, at) => [key, at % 2 ? 1 : run])) })),
  );
  const long = await tableOf(
    listOf(20_000, (at) =>
      runOf(`r${at}`, {
        metrics: metrics([
          ['common', at],
          [keys[at % 12_000] ?? '', at],
        ]),
      }),
    ),
  );
  const ids = long.table.metricKeys.map((key) => `metrics.${key}`);
  const view = { better: {}, table: { ...initialRunsView.table, hideEmpty: true, hideConstant: true } };
  const chooser = { shown: [], search: 'metric', toggled: new Set<string>(), systemTags: false };
  return {
    compare: () => {
      wide.table.touch();
      const runs = comparedRuns(wide.table, wide.order, {});
      void tableRows(runs, { experiments: {}, stat: 'last', better: {} }).metrics;
    },
    columns: () => void shownColumns(long.table, ids, { shown: long.order, chosen: [] }, view),
    chooser: () => void chooserLines({ params: [], metrics: keys, tags: [] }, chooser),
  };
}

async function axes(): Promise<Work> {
  const names = listOf(8, (key) => `m${key}`);
  const runs = listOf(10_000, (at) =>
    runOf(`r${at}`, { metrics: metrics(names.map((name, key) => [name, (at * (key + 7)) % 101])) }),
  );
  const { table, order } = await tableOf(runs);
  const columns = names.map((name) => `metrics.${name}`);
  return { parallel: () => void parallelOf({ table, rows: order }, { columns }) };
}

async function main(): Promise<void> {
  const repetitions = Number(process.env.FLOWDECK_REPETITIONS ?? 3);
  const samples: Record<string, number[]> = {};
  for (const prepare of [sorting, points, smoothing, manyKeys, axes])
    for (const [name, work] of Object.entries(await prepare()))
      samples[name] = listOf(repetitions, () => cpuTime(work, 3));
  for (const [name, values] of Object.entries(samples)) console.log(name, values.map((ms) => ms.toFixed(1)).join(' '));
  if (process.env.FLOWDECK_RESULT)
    writeFileSync(process.env.FLOWDECK_RESULT, JSON.stringify({ work: { samples, problems: [] } }));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
