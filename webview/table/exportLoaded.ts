import { chunks } from '../../src/shared/chunks';
import type { Column } from '../../src/shared/runs/column';
import { isComputed } from '../../src/shared/runs/columns/columnValue';
import { ExportWriter } from '../../src/shared/runs/exportWriter';
import { historyKeys, readExtremes, unreadRows } from '../../src/shared/runs/historyCells';
import type { RunTable } from '../../src/shared/runs/runTable';
import { HostFile } from '../runs/hostFile';
import type { Session } from '../runs/session';

/** Rows of one piece: some hundred milliseconds of work, after each of which the page lives on. */
const rowsAtOnce = 500;
/** Runs whose histories are read with one question; each takes the server a while. */
const historiesAtOnce = 20;

/** What a question about histories is asked with, and how long one waits for its answer. */
type Patience = Pick<HostFile, 'waitFor'>;

/**
 * Writes rows of the page to a file the person chooses, piece by piece. What is computed from histories nobody looked at
 * yet is read first.
 * @throws RemoteError when it cannot be begun
 */
export async function exportRows(session: Session, rows: readonly number[], columns: readonly Column[]): Promise<void> {
  const { rpc, table } = session;
  const keys = historyKeys(columns);
  const begun = await rpc.call('beginExport', { runs: rows.length, histories: unreadCount(table, rows, keys) });
  if (begun.exportId === undefined) return;
  const { exportId, format, histories } = begun;
  const wanted = columns.filter((column) => histories || !isComputed(column));
  const writer = new ExportWriter(format, { columns: wanted, better: session.view.better });
  await HostFile.fill(rpc, exportId, async (file) => {
    if (!(await file.write(writer.head(), 0))) return false;
    for (const piece of chunks(rows, rowsAtOnce)) {
      if (histories && !(await readHistories(session, piece, keys, file))) return false;
      if (!(await file.write(writer.rows(table, piece), piece.length))) return false;
    }
    return await file.write(writer.tail(), 0);
  });
}

export const unreadCount = (table: RunTable, rows: readonly number[], keys: readonly string[]): number =>
  keys.reduce((sum, key) => sum + unreadRows(table, rows, key).length, 0);

/** @returns whether all are read: not where no more is wanted. @throws RemoteError */
export async function readHistories(
  { rpc, table }: Session,
  rows: readonly number[],
  keys: readonly string[],
  patience: Patience,
): Promise<boolean> {
  for (const key of keys)
    for (const part of chunks(unreadRows(table, rows, key), historiesAtOnce)) {
      const runIds = part.map((row) => table.head(row).runId);
      const isRead = await readExtremes(table, key, runIds, (ids) =>
        patience.waitFor((signal) => rpc.call('metricExtremes', { key, runIds: ids }, signal)),
      );
      if (!isRead) return false;
    }
  return true;
}
