import type { ColumnId } from '../runs/column';
import { type Boxplot, boxplotOf } from '../stats/boxplot';
import { leftOutNote, usableOn } from './bars';
import type { ChartTable } from './chartTable';
import { type ColumnData, columnData, columnNotes, notPositive } from './columnData';
import { groupRows } from './groups';
import type { ChartedRuns } from './runRows';

export interface Box extends Boxplot {
  readonly label: string;
  /** Rows of the table, with their values. */
  readonly rows: readonly number[];
  readonly values: readonly number[];
}

export interface Boxes {
  readonly boxes: readonly Box[];
  readonly value: ColumnData;
  readonly group?: ColumnData;
  readonly notes: readonly string[];
}

export interface BoxSettings {
  readonly value: ColumnId;
  readonly groupBy?: ColumnId | undefined;
  readonly logY?: boolean | undefined;
}

const mostBoxes = 60;

/** One box a group; without a group one of all runs. Undefined when the value names no column. */
export function boxesOf({ table, rows }: ChartedRuns, { value: id, groupBy, logY }: BoxSettings): Boxes | undefined {
  const value = columnData(table, id, rows);
  if (!value) return undefined;
  const group = groupBy === undefined ? undefined : columnData(table, groupBy, rows);
  const { groups, leftOut } = group
    ? groupRows(group, mostBoxes)
    : { groups: [{ label: 'All runs', at: rows.map((_, at) => at) }], leftOut: { groups: 0, rows: 0 } };
  const boxes = groups.flatMap(({ label, at }): Box[] => {
    const inside = at.filter((place) => usableOn(value.values[place], logY === true));
    const values = inside.map((place) => value.values[place] ?? Number.NaN);
    const box = boxplotOf(values);
    return box ? [{ ...box, label, values, rows: inside.map((place) => rows[place] ?? 0) }] : [];
  });
  const notes = [...leftOutNote(leftOut), ...columnNotes([value, group]), ...(logY ? notPositive(value) : [])];
  return { boxes, value, ...(group ? { group } : {}), notes };
}

export function boxesTable({ boxes, value, group }: Boxes): ChartTable {
  return {
    columns: [group?.label ?? value.label, 'lower whisker', 'q1', 'median', 'q3', 'upper whisker', 'outliers', 'runs'],
    rows: boxes.map((box) => [
      box.label,
      box.whiskerLow,
      box.q1,
      box.median,
      box.q3,
      box.whiskerHigh,
      box.outliers.length,
      box.count,
    ]),
  };
}
