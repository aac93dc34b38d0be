import { chunks } from '../../src/shared/chunks';
import type { Column } from '../../src/shared/runs/column';
import { isComputed } from '../../src/shared/runs/columns/columnValue';
import { ExportWriter } from '../../src/shared/runs/exportWriter';
import { historyKeys, putExtremes, unreadRows } from '../../src/shared/runs/historyCells';
import type { RunTable } from '../../src/shared/runs/runTable';
import type { Session } from '../runs/session';

/** Rows of one piece: some hundred milliseconds of work, after each of which the page lives on. */
const rowsAtOnce = 500;
/** Runs whose histories are read with one question; each takes the server a while. */
const historiesAtOnce = 20;

/** @returns whether more is wanted */
type Write = (text: string, runs: number) => Promise<boolean>;

/**
 * Writes rows of the page to a file the person chooses, piece by piece; the next is made when one is written. What is
 * computed from histories nobody looked at yet is read first. The host tells of its own failures, and drops what a page
 * that failed had begun.
 * @throws RemoteError when a history cannot be read
 */
export async function exportRows(session: Session, rows: readonly number[], columns: readonly Column[]): Promise<void> {
  const { rpc, table } = session;
  const keys = historyKeys(columns);
  const histories = unreadCount(table, rows, keys);
  const begun = await rpc.call('beginExport', { runs: rows.length, histories });
  if (begun.exportId === undefined) return;
  const { exportId, format } = begun;
  const wanted = columns.filter((column) => begun.histories || !isComputed(column));
  const writer = new ExportWriter(format, { columns: wanted, better: session.view.better });
  const write: Write = async (text, runs) => !(await rpc.call('exportChunk', { exportId, text, runs })).cancelled;
  if (!(await write(writer.head(), 0))) return;
  for (const piece of chunks(rows, rowsAtOnce)) {
    if (begun.histories && !(await readHistories(session, piece, keys, write))) return;
    if (!(await write(writer.rows(table, piece), piece.length))) return;
  }
  if (await write(writer.tail(), 0)) await rpc.call('endExport', { exportId });
}

export const unreadCount = (table: RunTable, rows: readonly number[], keys: readonly string[]): number =>
  keys.reduce((sum, key) => sum + unreadRows(table, rows, key).length, 0);

/** Nothing is written between them, but that the page lives: the host waits for no page that is silent for long. */
export async function readHistories(
  { rpc, table }: Session,
  rows: readonly number[],
  keys: readonly string[],
  write: Write,
): Promise<boolean> {
  for (const key of keys)
    for (const part of chunks(unreadRows(table, rows, key), historiesAtOnce)) {
      const runIds = part.map((row) => table.head(row).runId);
      putExtremes(table, key, runIds, await rpc.call('metricExtremes', { key, runIds }));
      if (!(await write('', 0))) return false;
    }
  return true;
}
