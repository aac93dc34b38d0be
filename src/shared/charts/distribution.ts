import type { ColumnId } from '../runs/column';
import { histogramOf } from '../stats/histogram';
import type { ChartTable } from './chartTable';
import { type ColumnData, columnData, columnNotes, notPositive, usableOn } from './columnData';
import type { ChartedRuns } from './runRows';

export interface Bin {
  /** Contains `from`; the last bin contains `to` as well. */
  readonly from: number;
  readonly to: number;
  readonly rows: readonly number[];
}

export interface Distribution {
  readonly bins: readonly Bin[];
  readonly value: ColumnData;
  readonly notes: readonly string[];
}

export interface DistributionSettings {
  readonly value: ColumnId;
  /** Bins of equal width; without it the Freedman–Diaconis rule says how many. */
  readonly bins?: number | undefined;
  /** Bins of equal width on a log axis. */
  readonly logX?: boolean | undefined;
}

const mostBins = 100;

/** How a column is distributed over runs. Undefined when it names no column, or holds texts. */
export function distributionOf(runs: ChartedRuns, settings: DistributionSettings): Distribution | undefined {
  const value = columnData(runs, settings.value);
  if (!value || value.kind === 'category') return undefined;
  const log = settings.logX === true && value.kind === 'number';
  const places = [...value.values.keys()].filter((at) => usableOn(value.values[at], log));
  const onAxis = places.map((at) => (log ? Math.log10(value.values[at] ?? 1) : (value.values[at] ?? 0)));
  const edges = settings.bins === undefined ? histogramOf(onAxis, mostBins).edges : evenEdges(onAxis, settings.bins);
  const inside: number[][] = Array.from({ length: Math.max(0, edges.length - 1) }, () => []);
  for (const [place, at] of places.entries()) inside[binOf(edges, onAxis[place] ?? 0)]?.push(runs.rows[at] ?? 0);
  const edge = (at: number) => (log ? 10 ** (edges[at] ?? 0) : (edges[at] ?? 0));
  const bins = inside.map((members, at) => ({ from: edge(at), to: edge(at + 1), rows: members }));
  return { bins, value, notes: [...columnNotes([value]), ...(log ? notPositive(value) : [])] };
}

function evenEdges(values: readonly number[], bins: number): Float64Array {
  const only = histogramOf(values, 1).edges;
  const [min, max] = [only[0], only[1]];
  if (min === undefined || max === undefined) return only;
  const edges = Float64Array.from({ length: bins + 1 }, (_, at) => min * (1 - at / bins) + max * (at / bins));
  edges[0] = min;
  edges[bins] = max;
  return edges;
}

/** The last bin whose lower edge is not above the value. */
function binOf(edges: Float64Array, value: number): number {
  let [low, high] = [0, Math.max(0, edges.length - 2)];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((edges[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function distributionTable({ bins, value }: Distribution): ChartTable {
  return {
    columns: [`${value.label} from`, 'to', 'runs'],
    rows: bins.map(({ from, to, rows }) => [from, to, rows.length]),
  };
}
