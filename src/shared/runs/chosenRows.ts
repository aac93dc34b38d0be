import type { Chosen, RunsView } from '../view/runsView';
import type { RunTable } from './runTable';

/** Rows that are charted and compared: those chosen one by one, or the first that match; hidden ones are left out. */
export function chosenRows(
  table: RunTable,
  matching: readonly number[],
  { chosen, hiddenRuns }: Pick<RunsView, 'chosen' | 'hiddenRuns'>,
): readonly number[] {
  const hidden = new Set(hiddenRuns);
  if ('runIds' in chosen) {
    const rows = chosen.runIds.flatMap((runId) => table.rowOf(runId) ?? []);
    return rows.filter((row) => !hidden.has(table.head(row).runId));
  }
  const rows: number[] = [];
  for (const row of matching) {
    if (rows.length >= chosen.first) break;
    if (!hidden.has(table.head(row).runId)) rows.push(row);
  }
  return rows;
}

/** What is left of those that were chosen one by one, hidden ones too; of the first ones those that are shown. */
export function withoutRun(chosen: Chosen, shown: readonly string[], runId: string): Chosen {
  const of = 'runIds' in chosen ? chosen : { runIds: shown };
  return { ...of, runIds: of.runIds.filter((id) => id !== runId) };
}

/** Ids of runs that a view shows by their names. */
export const namedRuns = ({ chosen, pinnedRuns }: Pick<RunsView, 'chosen' | 'pinnedRuns'>): readonly string[] => [
  ...new Set([...('runIds' in chosen ? chosen.runIds : []), ...pinnedRuns]),
];
