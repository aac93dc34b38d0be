import type { ChartRow } from '../../../src/shared/charts/chartTable';
import { chunks } from '../../../src/shared/chunks';
import type { ChartsRun, SeriesBlock } from '../../../src/shared/protocol/series';
import { isoInstant } from '../../../src/shared/runs/exportText';
import { evaluateExpression } from '../../../src/shared/series/evaluateExpression';
import { metricsOf } from '../../../src/shared/series/expression';
import type { CardData } from '../cardData';
import { loadHistories } from '../fullHistory';
import type { Session } from '../session';
import type { AllPoints, PointRows } from './exportable';

/** Runs whose points are in the page at a time: as many as are read at once. */
const runsAtOnce = 3;
/** Rows of one piece: some megabytes of text. */
const rowsAtOnce = 20_000;

type Source = Pick<CardData, 'metric' | 'parsed' | 'title'>;
type Points = Pick<Session, 'rpc' | 'queue' | 'shownRuns'> & { readonly runs: Pick<Session['runs'], 'table'> };

/**
 * One row a run and step, of a line chart: every point that the server has, in the order it was logged; of an expression
 * every step that all its metrics have.
 */
export function linePoints(session: Points, { metric, parsed, title }: Source): AllPoints {
  const { rpc, queue, shownRuns } = session;
  const { table } = session.runs;
  const expression = parsed?.ok ? parsed.expression : undefined;
  const keys = expression ? metricsOf(expression) : metric === undefined ? [] : [metric];
  const hasAll = (row: number) => keys.length > 0 && keys.every((key) => table.metric(key)?.last.has(row));
  const wanted = shownRuns.filter(({ runId }) => hasAll(table.rowOf(runId) ?? -1));
  const services = { rpc, queue, table, mostPoints: () => Number.MAX_SAFE_INTEGER };
  const read = async (runs: readonly ChartsRun[], signal: AbortSignal) => {
    const byKey = new Map(keys.map((key) => [key, new Map<string, SeriesBlock>()]));
    const load = ([key, blocks]: readonly [string, Map<string, SeriesBlock>]) =>
      loadHistories(key, runs, services, signal, {
        progress: () => undefined,
        take: (block) => blocks.set(block.runId, block),
      });
    await Promise.all([...byKey].map(load));
    const curveOf = (runId: string) => {
      const blocks = new Map<string, SeriesBlock>();
      for (const [key, of] of byKey) {
        const block = of.get(runId);
        if (block) blocks.set(key, block);
      }
      return expression ? evaluateExpression(expression, blocks).series : [...blocks.values()][0];
    };
    return rowsOf(runs, curveOf);
  };
  return {
    columns: ['Run', 'Run ID', 'Step', 'Time', metric ?? title],
    runs: wanted.length,
    reads: chunks(wanted, runsAtOnce).map((runs) => (signal) => read(runs, signal)),
  };
}

function* rowsOf(
  runs: readonly ChartsRun[],
  curveOf: (runId: string) => SeriesBlock | undefined,
): Generator<PointRows> {
  for (const { runId, name } of runs) {
    const curve = curveOf(runId);
    const count = curve?.steps.length ?? 0;
    for (let from = 0; curve && from < count; from += rowsAtOnce) {
      const rows: ChartRow[] = [];
      for (let at = from; at < Math.min(count, from + rowsAtOnce); at++)
        rows.push([name, runId, curve.steps[at], isoInstant(curve.timestamps[at]), curve.values[at]]);
      yield { rows, runs: 0 };
    }
    yield { rows: [], runs: 1 };
  }
}
