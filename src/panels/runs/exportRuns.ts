import * as vscode from 'vscode';
import type { RunQuestions } from '../../mlflow/trackingStore';
import { unionSearch } from '../../mlflow/unionSearch';
import { withProgress } from '../../platform/cancellation';
import { messages } from '../../platform/messages';
import type { ExportFormat, ExportQuestion } from '../../shared/protocol/rows';
import type { Column } from '../../shared/runs/column';
import { parseColumnId } from '../../shared/runs/column';
import { isComputed } from '../../shared/runs/columns/columnValue';
import { exportedRun, withExtremes } from '../../shared/runs/exportedRun';
import { ExportWriter } from '../../shared/runs/exportWriter';
import { historyKeys, readExtremes, unreadRows } from '../../shared/runs/historyCells';
import { RunTable } from '../../shared/runs/runTable';
import type { RunsView } from '../../shared/view/runsView';
import { ExportFile } from './exportFile';
import type { ExportTarget } from './exportTarget';
import type { FilteredSearch } from './filteredSearch';
import type { ExtremesReader, HistoryStore } from './metricExtremes';
import { packRuns } from './packRuns';

/** Runs that are read and written at a time; fewer where their histories are read too. */
const pageSize = 1_000;
const pageWithHistories = 100;

type Report = (runs: number) => void;

export interface WriteAll {
  readonly store: Pick<RunQuestions, 'searchRuns'> & HistoryStore;
  readonly search: FilteredSearch;
  readonly columns: readonly Column[];
  readonly better: RunsView['better'];
  readonly format: ExportFormat;
  readonly extremes: Pick<ExtremesReader, 'read'>;
}

/** Page after page from the server into the file: never more than one in memory. @returns how many runs it wrote */
export async function writeAll(file: ExportFile, all: WriteAll, signal: AbortSignal, report: Report): Promise<number> {
  const { store, search, columns, better, format, extremes } = all;
  const keys = historyKeys(columns);
  const writer = new ExportWriter(format, { columns, better });
  const pages = unionSearch(store, { ...search.union, pageSize: keys.length > 0 ? pageWithHistories : pageSize });
  let written = 0;
  await file.write(writer.head());
  for (let done = false; !done; ) {
    const page = await pages.next(signal);
    signal.throwIfAborted();
    const table = new RunTable();
    const rows = table.add(await packRuns(page.runs));
    for (const key of keys) {
      const runIds = unreadRows(table, rows, key).map((row) => table.head(row).runId);
      await readExtremes(table, key, runIds, (ids) => extremes.read(store, key, ids, signal));
    }
    const whole = () => page.runs.map((run, at) => withExtremes(exportedRun(run), table, rows[at] ?? -1, keys));
    await file.write(writer.rows(table, rows, format === 'json' ? whole() : undefined));
    written += page.runs.length;
    report(written);
    done = page.done;
  }
  await file.write(writer.tail());
  return written;
}

const columnsOf = ({ columns }: Pick<ExportQuestion, 'columns'>) => columns.flatMap((id) => parseColumnId(id) ?? []);

/** Histories that the columns of an export take; undefined where nobody knows how many runs there are. */
export function historiesOf(question: ExportQuestion): number | undefined {
  const keys = historyKeys(columnsOf(question)).length;
  return keys === 0 ? 0 : question.expected && keys * question.expected;
}

export interface ExportAll extends Pick<WriteAll, 'search' | 'store' | 'extremes'> {
  readonly question: ExportQuestion;
  readonly target: ExportTarget;
  /** Whether columns that are computed from histories are wanted. */
  readonly histories: boolean;
}

/** All runs of a question into the file a person chose, with progress and Cancel. */
export async function exportAll({ question, target, histories, ...parts }: ExportAll): Promise<void> {
  const { expected, better } = question;
  const { uri, format } = target;
  const columns = columnsOf(question);
  const wanted = columns.filter((column) => histories || !isComputed(column));
  const written = await withProgress(vscode.l10n.t('Exporting runs'), (signal, report) =>
    intoFile(uri, (file) =>
      writeAll(file, { ...parts, columns: wanted, better, format }, signal, (runs) =>
        report(progressText(runs, expected)),
      ),
    ),
  );
  announce(uri, written, columns.length - wanted.length);
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
  void messages.showInformationMessage(columnsLeftOut > 0 ? `${done} ${note}` : done, open).then((chosen) => {
    if (chosen === open) void vscode.commands.executeCommand('vscode.open', uri);
  });
}
