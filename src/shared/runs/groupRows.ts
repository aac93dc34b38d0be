import type { RunsView, TableView } from '../view/runsView';
import { aggregateOf } from './aggregateOf';
import { cellReader, numberOfText } from './cellReader';
import { type Column, columnId, parseColumnId } from './column';
import { GroupPlaces } from './groupPlaces';
import type { CellValue, RunTable } from './runTable';
import { compareTexts } from './sortRows';

/** Rows with equal values in the columns grouped by. */
export interface Group {
  /** `group:…`: the columns and values above it and its own. */
  readonly id: string;
  readonly values: readonly CellValue[];
  /** In the order they were given in. */
  readonly runs: readonly number[];
  /** Of the next column; empty in the last. */
  readonly groups: readonly Group[];
}

export type Grouping = Pick<RunsView, 'better'> & {
  readonly table: Pick<TableView, 'groupBy' | 'sort' | 'aggregate'>;
};

/** The columns that rows are grouped by; what nobody knows, or stands twice, is left out. */
export function groupColumns(ids: readonly string[]): readonly Column[] {
  return [...new Set(ids)].flatMap((id) => parseColumnId(id) ?? []);
}

/**
 * Rows under their values, level by level. Groups stand in the order of the first sort: by value where that is the
 * column grouped by, else by what the aggregate says of its numbers; by value where it says nothing. Those that have a
 * place keep it.
 */
export function groupRows(
  table: RunTable,
  rows: readonly number[],
  view: Grouping,
  places = new GroupPlaces(),
): readonly Group[] {
  const columns = groupColumns(view.table.groupBy);
  return level({ table, view, places }, rows, columns, { ids: [], values: [] });
}

interface Making {
  readonly table: RunTable;
  readonly view: Grouping;
  readonly places: GroupPlaces;
}

interface Above {
  readonly ids: readonly string[];
  readonly values: readonly CellValue[];
}

function level(
  making: Making,
  rows: readonly number[],
  [column, ...rest]: readonly Column[],
  above: Above,
): readonly Group[] {
  if (!column) return [];
  const { table, view, places } = making;
  const read = cellReader(table, column, view.better);
  const members = new Map<CellValue, number[]>();
  for (const row of rows) {
    const value = read(row);
    const group = members.get(value);
    if (group) group.push(row);
    else members.set(value, [row]);
  }
  const groups = Array.from(members, ([value, runs]): Group => {
    const ids = [...above.ids, columnId(column), textOf(value)];
    const values = [...above.values, value];
    return {
      id: `group:${JSON.stringify(ids)}`,
      values,
      runs,
      groups: level(making, runs, rest, { ids, values }),
    };
  });
  return places.keep(inOrder(table, groups, column, view));
}

/** Different for a number and the text of it, for nothing and the empty text. */
const textOf = (value: CellValue) => (value === undefined ? '' : `${typeof value === 'number' ? '#' : '='}${value}`);

function inOrder(table: RunTable, groups: readonly Group[], column: Column, view: Grouping): readonly Group[] {
  const [sort] = view.table.sort;
  const ownValue = ({ values }: Group) => values.at(-1);
  const sorted = sort && parseColumnId(sort.column);
  if (!sorted || columnId(sorted) === columnId(column)) {
    const sign = sorted && sort.descending ? -1 : 1;
    return groups.toSorted((a, b) => compareValues(ownValue(a), ownValue(b), sign));
  }
  const sign = sort.descending ? -1 : 1;
  const numbers = new Map(
    groups.map((group) => [group, aggregateOf(table, sorted, group.runs, view.table.aggregate, view.better)]),
  );
  return groups.toSorted(
    (a, b) => compareValues(numbers.get(a), numbers.get(b), sign) || compareValues(ownValue(a), ownValue(b), 1),
  );
}

/** Numbers, then texts, then NaN, then nothing; only the first two turn with the direction. */
function compareValues(a: CellValue, b: CellValue, sign: 1 | -1): number {
  const [left, right] = [ordered(a), ordered(b)];
  if (left.place !== right.place) return left.place - right.place;
  if (left.place > 1) return 0;
  if (left.value !== right.value) return left.value < right.value ? -sign : sign;
  return typeof a === 'string' && typeof b === 'string' ? sign * compareTexts(a, b) : 0;
}

function ordered(value: CellValue): { readonly place: number; readonly value: number } {
  if (value === undefined) return { place: 3, value: 0 };
  const number = typeof value === 'number' ? value : numberOfText(value);
  if (number === undefined) return { place: 1, value: 0 };
  return Number.isNaN(number) ? { place: 2, value: 0 } : { place: 0, value: number };
}
