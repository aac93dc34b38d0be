import type { ColumnId } from '../runs/column';
import { count } from '../series/format';
import { type ColumnData, columnData, columnNotes, notPositive, runs as runsText, usableOn } from './columnData';
import type { ChartedRuns } from './runRows';

/** What charts of one value by group are asked for. */
export interface ValueSettings {
  readonly value: ColumnId;
  readonly groupBy?: ColumnId | undefined;
  readonly logY?: boolean | undefined;
}

export interface ValueByGroup {
  readonly value: ColumnData;
  readonly group: ColumnData | undefined;
  readonly notes: readonly string[];
  /** Whether the run at a place has a value that its axis can show. */
  usable(at: number): boolean;
}

/** The columns of a value and its group. Undefined when the value names no column. */
export function valueByGroup(runs: ChartedRuns, { value: id, groupBy, logY }: ValueSettings): ValueByGroup | undefined {
  const value = columnData(runs, id);
  if (!value) return undefined;
  const group = groupBy === undefined ? undefined : columnData(runs, groupBy);
  return {
    value,
    group,
    notes: [...columnNotes([value, group]), ...(logY ? notPositive(value) : [])],
    usable: (at) => usableOn(value.values[at], logY === true),
  };
}

export const leftOutNote = ({ groups, rows }: { readonly groups: number; readonly rows: number }) =>
  groups > 0 ? [`${count(groups)} smaller groups (${runsText(rows)}) not shown`] : [];
