import { type Boxplot, boxplotOf } from '../stats/boxplot';
import type { ChartTable } from './chartTable';
import type { ColumnData } from './columnData';
import { groupRows } from './groups';
import type { ChartedRuns } from './runRows';
import { leftOutNote, type ValueSettings, valueByGroup } from './valueByGroup';

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

const mostBoxes = 60;

/** One box a group; without a group one of all runs. Undefined when the value names no column. */
export function boxesOf(runs: ChartedRuns, settings: ValueSettings): Boxes | undefined {
  const columns = valueByGroup(runs, settings);
  if (!columns) return undefined;
  const { rows } = runs;
  const { value, group, notes, usable } = columns;
  const { groups, leftOut } = group
    ? groupRows(group, mostBoxes)
    : { groups: [{ label: 'All runs', at: rows.map((_, at) => at) }], leftOut: { groups: 0, rows: 0 } };
  const boxes = groups.flatMap(({ label, at }): Box[] => {
    const inside = at.filter(usable);
    const values = inside.map((place) => value.values[place] ?? Number.NaN);
    const box = boxplotOf(values);
    return box ? [{ ...box, label, values, rows: inside.map((place) => rows[place] ?? 0) }] : [];
  });
  return { boxes, value, ...(group ? { group } : {}), notes: [...leftOutNote(leftOut), ...notes] };
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
