import { mostDrawn } from '../../../src/shared/charts/runRows';
import type { Session } from '../../runs/session';

/** Rows that a chart draws: the chosen ones, or all that match; hidden runs in neither. */
export function chartRows(session: Session, runs: 'all' | 'chosen'): readonly number[] {
  if (runs === 'chosen') return session.chosen;
  const { table, sorted, view } = session;
  const hidden = new Set(view.hiddenRuns);
  const rows = hidden.size === 0 ? sorted.rows : sorted.rows.filter((row) => !hidden.has(table.head(row).runId));
  return rows.slice(0, mostDrawn);
}

/** Ids in one question. */
const mostIds = 1_000;

/** Asks for colours, part by part where there are many. */
export function wantColors({ colors, table }: Session, rows: readonly number[]): void {
  const missing = rows.map((row) => table.head(row).runId).filter((runId) => colors.of(runId) === 0);
  for (let at = 0; at < missing.length; at += mostIds) void colors.want(missing.slice(at, at + mostIds));
}
