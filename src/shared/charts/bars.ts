import { aggregate } from '../stats/aggregate';
import type { ChartTable } from './chartTable';
import { type ColumnData, runs as runsText } from './columnData';
import { groupRows } from './groups';
import { type ChartedRuns, runName } from './runRows';
import { leftOutNote, type ValueSettings, valueByGroup } from './valueByGroup';

export interface Bar {
  readonly label: string;
  /** The run's value, or the mean of the group. */
  readonly value: number;
  /** Ends of the error bar; absent for a run, and for a group of one with standard deviation. */
  readonly low?: number;
  readonly high?: number;
  /** Rows of the table that it stands for, with their values. */
  readonly rows: readonly number[];
  readonly values: readonly number[];
}

export interface Bars {
  readonly bars: readonly Bar[];
  readonly value: ColumnData;
  readonly group?: ColumnData;
  readonly notes: readonly string[];
}

export interface BarSettings extends ValueSettings {
  readonly errorBars?: 'none' | 'std' | 'range' | undefined;
}

/** More bars than this are no longer bars. */
export const mostBars = 200;

/** One bar a run in the rows' order, or one a group. Undefined when the value names no column. */
export function barsOf(runs: ChartedRuns, settings: BarSettings): Bars | undefined {
  const columns = valueByGroup(runs, settings);
  if (!columns) return undefined;
  const { table, rows } = runs;
  const { value, group, notes, usable } = columns;
  if (!group) {
    const all = rows.flatMap((row, at): Bar[] => {
      const found = value.values[at] ?? Number.NaN;
      return usable(at) ? [{ label: runName(table, row), value: found, rows: [row], values: [found] }] : [];
    });
    const left = all.length - mostBars;
    const more = left > 0 ? [`first ${mostBars} of ${runsText(all.length)}; group them to see all`] : [];
    return { bars: all.slice(0, mostBars), value, notes: [...more, ...notes] };
  }
  const { groups, leftOut } = groupRows(group, mostBars);
  const bars = groups.flatMap(({ label, at }): Bar[] => {
    const inside = at.filter(usable);
    const numbers = inside.map((place) => value.values[place] ?? Number.NaN);
    if (numbers.length === 0) return [];
    const members = inside.map((place) => rows[place] ?? 0);
    return [{ label, rows: members, values: numbers, ...groupBar(numbers, settings.errorBars) }];
  });
  return { bars, value, group, notes: [...leftOutNote(leftOut), ...notes] };
}

/** Mean; standard deviation of a sample (n − 1), or least to largest. */
function groupBar(numbers: readonly number[], kind: BarSettings['errorBars']): Pick<Bar, 'value' | 'low' | 'high'> {
  const { mean, std, min, max } = aggregate(numbers);
  if (kind === 'range') return { value: mean, low: min, high: max };
  if (kind === 'none' || Number.isNaN(std)) return { value: mean };
  return { value: mean, low: mean - std, high: mean + std };
}

export function barsTable({ bars, value, group }: Bars): ChartTable {
  if (!group) return { columns: ['Run', value.label], rows: bars.map((bar) => [bar.label, bar.value]) };
  return {
    columns: [group.label, `mean ${value.label}`, 'low', 'high', 'runs'],
    rows: bars.map((bar) => [bar.label, bar.value, bar.low, bar.high, bar.rows.length]),
  };
}
