import type { MetricExtremes } from '../protocol/runs';
import type { Column } from './column';
import { isComputed } from './columns/columnValue';
import type { RunTable } from './runTable';

/** Metrics whose histories columns are computed from. */
export const historyKeys = (columns: readonly Column[]): readonly string[] => [
  ...new Set(columns.filter(isComputed).map(({ key }) => key)),
];

/** What is known of a run's history: nothing, what it was before the run went on, or all of it. */
export type HistoryState = 'unread' | 'behind' | 'read';

/** Tells of rows that have logged the metric how much of their histories is known; undefined of others. */
export function historyStates(table: RunTable, key: string): (row: number) => HistoryState | undefined {
  const [known, marks, pointOf] = [table.stat('min', key), table.historyMarks(key), table.historyPoints(key)];
  return (row) => {
    const now = pointOf(row);
    if (!now) return undefined;
    if (!known.has(row)) return 'unread';
    return marks.isBehind(row, now) ? 'behind' : 'read';
  };
}

/** Rows that have logged the metric and whose history is not read, or not to its end. */
export function unreadRows(table: RunTable, rows: readonly number[], key: string): readonly number[] {
  const stateOf = historyStates(table, key);
  return rows.filter((row) => {
    const state = stateOf(row);
    return state === 'unread' || state === 'behind';
  });
}

/**
 * Asks for what is computed from histories and puts it into the table; rows that have gone since are left out. A run that
 * goes on meanwhile is behind at once.
 * @returns whether there was an answer
 */
export async function readExtremes(
  table: RunTable,
  key: string,
  runIds: readonly string[],
  ask: (runIds: readonly string[]) => Promise<MetricExtremes | undefined>,
): Promise<boolean> {
  const pointOf = table.historyPoints(key);
  const points = runIds.map((runId) => pointOf(table.rowOf(runId) ?? -1));
  const found = await ask(runIds);
  if (!found) return false;
  const { min, max, minSteps, maxSteps } = found;
  const stats = Object.entries({ min, max, minStep: minSteps, maxStep: maxSteps } as const);
  const marks = table.historyMarks(key);
  for (const [at, runId] of runIds.entries()) {
    const row = table.rowOf(runId);
    if (row === undefined) continue;
    for (const [stat, values] of stats)
      table.stat(stat as 'min' | 'max' | 'minStep' | 'maxStep', key).set(row, values[at] ?? Number.NaN);
    const point = points[at];
    if (point) marks.set(row, point);
  }
  table.touch();
  return true;
}
