import * as vscode from 'vscode';
import type { RunQuestions } from '../../mlflow/trackingStore';
import { unionSearch } from '../../mlflow/unionSearch';
import { withProgress } from '../../platform/cancellation';
import type { ExportFormat, ExportQuestion } from '../../shared/protocol/rows';
import type { Column } from '../../shared/runs/column';
import { parseColumnId } from '../../shared/runs/column';
import { isComputed } from '../../shared/runs/columns/columnValue';
import { exportedRun } from '../../shared/runs/exportedRun';
import { ExportWriter } from '../../shared/runs/exportWriter';
import { RunTable } from '../../shared/runs/runTable';
import { ExportFile } from './exportFile';
import type { ExportTarget } from './exportTarget';
import type { FilteredSearch } from './filteredSearch';
import { packRuns } from './packRuns';

/** Runs that are read and written at a time. */
const pageSize = 1_000;

type Report = (runs: number) => void;

export interface WriteAll {
  readonly store: Pick<RunQuestions, 'searchRuns'>;
  readonly search: FilteredSearch;
  readonly columns: readonly Column[];
  readonly format: ExportFormat;
}

/** Page after page from the server into the file: never more than one in memory. @returns how many runs it wrote */
export async function writeAll(file: ExportFile, all: WriteAll, signal: AbortSignal, report: Report): Promise<number> {
  const { store, search, columns, format } = all;
  const writer = new ExportWriter(format, { columns, better: {} });
  const pages = unionSearch(store, { ...search.union, pageSize });
  let written = 0;
  await file.write(writer.head());
  for (let done = false; !done; ) {
    const page = await pages.next(signal);
    signal.throwIfAborted();
    const table = new RunTable();
    const rows = table.add(await packRuns(page.runs));
    await file.write(writer.rows(table, rows, format === 'json' ? page.runs.map(exportedRun) : undefined));
    written += page.runs.length;
    report(written);
    done = page.done;
  }
  await file.write(writer.tail());
  return written;
}

/** All runs of a question into the file a person chose, with progress and Cancel. Undefined when cancelled. */
export async function exportAll(
  { columns: ids, expected }: ExportQuestion,
  { uri, format }: ExportTarget,
  search: FilteredSearch,
  store: Pick<RunQuestions, 'searchRuns'>,
): Promise<void> {
  const columns = ids.flatMap((id) => parseColumnId(id) ?? []);
  // Least, largest and best come from histories, which are read for rows that somebody looks at.
  const stored = columns.filter((column) => !isComputed(column));
  const written = await withProgress(vscode.l10n.t('Exporting runs'), (signal, report) =>
    intoFile(uri, (file) =>
      writeAll(file, { store, search, columns: stored, format }, signal, (runs) =>
        report(progressText(runs, expected)),
      ),
    ),
  );
  const left = format === 'json' ? 0 : columns.length - stored.length;
  announce(uri, written, left);
}

/** @returns what `write` does; the file is there when it did, and not touched when it failed */
export async function intoFile<T>(uri: vscode.Uri, write: (file: ExportFile) => Promise<T>): Promise<T> {
  const file = await ExportFile.create(uri);
  try {
    const result = await write(file);
    await file.finish();
    return result;
  } catch (error) {
    await file.discard();
    throw error;
  }
}

const number = (value: number) => value.toLocaleString(vscode.env.language);

export const progressText = (runs: number, expected: number | undefined): string =>
  expected === undefined || expected < runs
    ? vscode.l10n.t('{0} runs', number(runs))
    : vscode.l10n.t('{0} of {1} runs', number(runs), number(expected));

/** Says where the file is, with a button that opens it. Not to be awaited. */
export function announce(uri: vscode.Uri, runs: number, columnsLeftOut: number): void {
  const open = vscode.l10n.t('Open');
  const done = vscode.l10n.t('Exported {0} runs to {1}.', number(runs), vscode.workspace.asRelativePath(uri));
  const note = vscode.l10n.t('Left out: columns that are computed from histories ({0}).', columnsLeftOut);
  void vscode.window.showInformationMessage(columnsLeftOut > 0 ? `${done} ${note}` : done, open).then((chosen) => {
    if (chosen === open) void vscode.commands.executeCommand('vscode.open', uri);
  });
}
