import type { ColumnId } from '../runs/column';
import { mostBars } from './bars';
import type { ChartTable } from './chartTable';
import { type ColumnData, columnData, columnNotes, runs as runsText } from './columnData';
import { type ChartedRuns, runName } from './runRows';

export interface Difference {
  readonly row: number;
  readonly label: string;
  readonly value: number;
  /** Value less the baseline's, or percent of its size. */
  readonly difference: number;
}

export interface Differences {
  readonly differences: readonly Difference[];
  readonly value: ColumnData;
  /** The baseline's name and value; undefined when it has none, and then there is nothing to draw. */
  readonly baseline?: { readonly row: number; readonly label: string; readonly value: number };
  readonly notes: readonly string[];
}

export interface DifferenceSettings {
  readonly value: ColumnId;
  readonly relative?: boolean | undefined;
  /** A run's id; without it the first row is the baseline. */
  readonly baseline?: string | undefined;
}

/** Every run but the baseline, less the baseline, in the rows' order. Undefined when the value names no column. */
export function differencesOf(runs: ChartedRuns, settings: DifferenceSettings): Differences | undefined {
  const { table, rows } = runs;
  const base = settings.baseline === undefined ? rows[0] : (table.rowOf(settings.baseline) ?? rows[0]);
  // The baseline may be a run that is not among the rows.
  const all = base === undefined || rows.includes(base) ? rows : [...rows, base];
  const value = columnData({ ...runs, rows: all }, settings.value);
  if (value?.kind !== 'number') return undefined;
  const baseValue = base === undefined ? Number.NaN : (value.values[all.indexOf(base)] ?? Number.NaN);
  if (base === undefined || Number.isNaN(baseValue)) return { differences: [], value, notes: columnNotes([value]) };
  const baseline = { row: base, label: runName(table, base), value: baseValue };
  const cannotDivide = settings.relative === true && baseValue === 0;
  const differences = all.flatMap((row, at): Difference[] => {
    const own = value.values[at] ?? Number.NaN;
    if (row === base || Number.isNaN(own) || cannotDivide) return [];
    const difference = settings.relative ? percentOf(own, baseValue) : own - baseValue;
    return [{ row, label: runName(table, row), value: own, difference }];
  });
  const notes = [
    ...(cannotDivide ? ['the baseline is 0: there is no percent of it'] : []),
    ...(differences.length > mostBars ? [`first ${mostBars} of ${runsText(differences.length)}`] : []),
    ...columnNotes([value]),
  ];
  return { differences: differences.slice(0, mostBars), value, baseline, notes };
}

/** Both ways to measure, whichever is drawn. */
export function differencesTable({ differences, value, baseline }: Differences): ChartTable {
  if (!baseline) return { columns: ['Run', value.label], rows: [] };
  const percent = (own: number) => (baseline.value === 0 ? undefined : percentOf(own, baseline.value));
  return {
    columns: ['Run', value.label, `${value.label} − ${baseline.label}`, `% of ${baseline.label}`],
    rows: [
      [baseline.label, baseline.value, 0, percent(baseline.value)],
      ...differences.map((item) => [item.label, item.value, item.value - baseline.value, percent(item.value)]),
    ],
  };
}

/** The difference in percent of the baseline's size, so that its sign is that of the difference. */
const percentOf = (own: number, base: number) => ((own - base) / Math.abs(base)) * 100;
