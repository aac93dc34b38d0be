import type { MetricExtremes } from '../protocol/runs';
import type { Column } from './column';
import { isComputed } from './columns/columnValue';
import type { RunTable } from './runTable';

/** Metrics whose histories columns are computed from. */
export const historyKeys = (columns: readonly Column[]): readonly string[] => [
  ...new Set(columns.filter(isComputed).map(({ key }) => key)),
];

/** Rows that have logged the metric and whose history is not read. */
export function unreadRows(table: RunTable, rows: readonly number[], key: string): readonly number[] {
  const [known, logged] = [table.stat('min', key), table.metric(key)?.last];
  return logged ? rows.filter((row) => logged.has(row) && !known.has(row)) : [];
}

/** Puts what was read into the table; rows that have gone since are left out. */
export function putExtremes(
  table: RunTable,
  key: string,
  runIds: readonly string[],
  { min, max, minSteps, maxSteps }: MetricExtremes,
): void {
  const stats = { min, max, minStep: minSteps, maxStep: maxSteps };
  for (const [at, runId] of runIds.entries()) {
    const row = table.rowOf(runId);
    if (row === undefined) continue;
    for (const [stat, values] of Object.entries(stats))
      table.stat(stat as keyof typeof stats, key).set(row, values[at] ?? Number.NaN);
  }
  table.touch();
}
