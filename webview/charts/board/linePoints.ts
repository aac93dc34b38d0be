import type { ChartRow } from '../../../src/shared/charts/chartTable';
import { chunks } from '../../../src/shared/chunks';
import type { ChartsRun, SeriesBlock } from '../../../src/shared/protocol/series';
import { isoInstant } from '../../../src/shared/runs/exportText';
import { evaluateExpression } from '../../../src/shared/series/evaluateExpression';
import { metricsOf } from '../../../src/shared/series/expression';
import { lastPerStep } from '../../../src/shared/series/lastPerStep';
import type { ChartSettings } from '../../../src/shared/view/chartSettings';
import type { CardData } from '../cardData';
import { loadHistories } from '../fullHistory';
import type { Session } from '../session';
import type { AllPoints, PointRows } from './exportable';

/** Runs whose points are in the page at a time: as many as are read at once. */
const runsAtOnce = 3;
/** Rows of one piece: some megabytes of text. */
const rowsAtOnce = 20_000;

type Source = Pick<CardData, 'metric' | 'parsed' | 'title'> & {
  readonly settings: Pick<ChartSettings, 'axis' | 'xMetric'>;
};
type Points = Pick<Session, 'rpc' | 'queue' | 'shownRuns'> & { readonly runs: Pick<Session['runs'], 'table'> };

/**
 * One row a run and step, of a line chart: every point that the server has, in the order it was logged; of an expression
 * every step that all its metrics have. Over another metric with the last value that has at the step; none where it has none.
 */
export function linePoints(session: Points, { metric, parsed, title, settings }: Source): AllPoints {
  const { rpc, queue, shownRuns } = session;
  const { table } = session.runs;
  const expression = parsed?.ok ? parsed.expression : undefined;
  const keys = expression ? metricsOf(expression) : metric === undefined ? [] : [metric];
  const xMetric = settings.axis === 'metric' ? settings.xMetric : undefined;
  const has = ({ runId }: ChartsRun, key: string) => table.metric(key)?.last.has(table.rowOf(runId) ?? -1) === true;
  const wanted = shownRuns.filter((run) => keys.length > 0 && keys.every((key) => has(run, key)));
  const services = { rpc, queue, table, mostPoints: () => Number.MAX_SAFE_INTEGER };
  const read = async (runs: readonly ChartsRun[], signal: AbortSignal) => {
    const asked = new Set([...keys, ...(xMetric === undefined ? [] : [xMetric])]);
    const byKey = new Map([...asked].map((key) => [key, new Map<string, SeriesBlock>()]));
    const load = ([key, blocks]: readonly [string, Map<string, SeriesBlock>]) =>
      loadHistories(
        key,
        runs.filter((run) => has(run, key)),
        services,
        signal,
        {
          progress: () => undefined,
          take: (block) => blocks.set(block.runId, block),
        },
      );
    await Promise.all([...byKey].map(load));
    const curveOf = (runId: string) => {
      const blocks = new Map<string, SeriesBlock>();
      for (const key of keys) {
        const block = byKey.get(key)?.get(runId);
        if (block) blocks.set(key, block);
      }
      return expression ? evaluateExpression(expression, blocks).series : [...blocks.values()][0];
    };
    const ofX = xMetric === undefined ? undefined : byKey.get(xMetric);
    return rowsOf(runs, curveOf, ofX && ((runId) => valueAtStep(ofX.get(runId))));
  };
  return {
    columns: ['Run', 'Run ID', 'Step', 'Time', ...(xMetric === undefined ? [] : [xMetric]), metric ?? title],
    runs: wanted.length,
    reads: chunks(wanted, runsAtOnce).map((runs) => (signal) => read(runs, signal)),
  };
}

function valueAtStep(series: SeriesBlock | undefined): (step: number) => number | undefined {
  if (!series) return () => undefined;
  const { steps, values } = lastPerStep(series);
  const byStep = new Map(Array.from(steps, (step, at) => [step, values[at]]));
  return (step) => byStep.get(step);
}

function* rowsOf(
  runs: readonly ChartsRun[],
  curveOf: (runId: string) => SeriesBlock | undefined,
  xOf?: (runId: string) => (step: number) => number | undefined,
): Generator<PointRows> {
  for (const { runId, name } of runs) {
    const curve = curveOf(runId);
    const count = curve?.steps.length ?? 0;
    const x = xOf?.(runId);
    for (let from = 0; curve && from < count; from += rowsAtOnce) {
      const rows: ChartRow[] = [];
      for (let at = from; at < Math.min(count, from + rowsAtOnce); at++) {
        const step = curve.steps[at] ?? 0;
        const place = x ? [x(step)] : [];
        rows.push([name, runId, step, isoInstant(curve.timestamps[at]), ...place, curve.values[at]]);
      }
      yield { rows, runs: 0 };
    }
    yield { rows: [], runs: 1 };
  }
}
