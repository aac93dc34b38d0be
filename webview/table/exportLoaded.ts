import { chunks } from '../../src/shared/chunks';
import { RemoteError } from '../../src/shared/rpc';
import type { Column } from '../../src/shared/runs/column';
import { ExportWriter } from '../../src/shared/runs/exportWriter';
import type { Session } from '../runs/session';

/** Rows of one piece: some hundred milliseconds of work, after each of which the page lives on. */
const rowsAtOnce = 500;

/** Writes rows of the page to a file the person chooses, piece by piece; the next is made when one is written. */
export async function exportRows(session: Session, rows: readonly number[], columns: readonly Column[]): Promise<void> {
  const { rpc, table } = session;
  const { exportId, format } = await rpc.call('beginExport', { runs: rows.length });
  if (exportId === undefined || format === undefined) return;
  const writer = new ExportWriter(format, { columns, better: session.view.better });
  const write = async (text: string, runs: number) =>
    !(await rpc.call('exportChunk', { exportId, text, runs })).cancelled;
  try {
    if (!(await write(writer.head(), 0))) return;
    for (const piece of chunks(rows, rowsAtOnce)) if (!(await write(writer.rows(table, piece), piece.length))) return;
    if (await write(writer.tail(), 0)) await rpc.call('endExport', { exportId });
  } catch (error) {
    // The host drops what a page that failed had begun, and tells of its own failures.
    if (!(error instanceof RemoteError)) throw error;
  }
}
