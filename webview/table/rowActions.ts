import type { RunCommandName } from '../../src/shared/protocol/runs';
import { RemoteError } from '../../src/shared/rpc';
import { cellReader } from '../../src/shared/runs/cellReader';
import { type Column, columnId } from '../../src/shared/runs/column';
import { csvLine, exportedName, exportedText, markdownTable, tsvLine } from '../../src/shared/runs/exportText';
import { historyKeys } from '../../src/shared/runs/historyCells';
import { serverSort } from '../../src/shared/runs/serverSort';
import { mostChosen, type Tab } from '../../src/shared/view/runsView';
import type { Session } from '../runs/session';
import { exportRows, readHistories, unreadCount } from './exportLoaded';

/** Histories that are read before a copy, for some seconds at most. */
const mostReadToCopy = 200;
/** More would be a document, not a clipboard. */
const mostCopied = 10_000;

export type CopyForm = 'tsv' | 'csv' | 'markdown' | 'names' | 'ids';

/** What can be done with runs of the table, one or many. `announce` says what cannot be seen. */
export class RowActions {
  constructor(
    private readonly session: Session,
    /** As they stand in the table. */
    private readonly columns: () => readonly Column[],
    readonly announce: (text: string) => void,
  ) {}

  pin(runIds: readonly string[], pin: boolean): void {
    const { pinnedRuns } = this.session.view;
    this.session.update({ pinnedRuns: changed(pinnedRuns, runIds, pin) });
  }

  hide(runIds: readonly string[], hide: boolean): void {
    const { hiddenRuns } = this.session.view;
    this.session.update({ hiddenRuns: changed(hiddenRuns, runIds, hide) });
  }

  /** These alone are charted and compared, on a tab that shows them, hidden ones too. */
  choose(runIds: readonly string[], tab: Tab): void {
    const chosen = runIds.slice(0, mostChosen);
    const { hiddenRuns, charts } = this.session.view;
    this.session.update({
      chosen: { runIds: chosen },
      tab,
      hiddenRuns: changed(hiddenRuns, chosen, false),
      charts: { ...charts, hiddenRuns: changed(charts.hiddenRuns, chosen, false) },
    });
    if (chosen.length < runIds.length)
      this.announce(`The first ${mostChosen} of ${runIds.length} are chosen: more cannot be charted at once.`);
  }

  reveal(runId: string): void {
    // The host says what went wrong.
    this.session.rpc.call('reveal', { runId }).catch(() => undefined);
  }

  /** The command asks, reports and offers Undo by itself. */
  async run(command: RunCommandName, runIds: readonly string[]): Promise<void> {
    await this.attempt('', () => this.session.rpc.call('runCommand', { command, runIds }));
  }

  copy(runIds: readonly string[], form: CopyForm): Promise<void> {
    return this.attempt('Nothing was copied. ', async () => {
      const rows = this.rowsOf(runIds).slice(0, mostCopied);
      const unread = form === 'names' || form === 'ids' ? 0 : await this.readFew(rows);
      const text = this.textOf(rows, form);
      await this.session.rpc.call('copy', { text });
      const some = rows.length < runIds.length ? ` of ${runIds.length}; export has no such limit` : '';
      const left = unread > 0 ? ` Without ${unread} histories that are not read; export reads them.` : '';
      this.announce(`Copied ${rows.length === 1 ? '1 run' : `${rows.length} runs`}${some}.${left}`);
    });
  }

  /** Histories that the copied columns are computed from, where few are missing. @returns how many are still missing */
  private async readFew(rows: readonly number[]): Promise<number> {
    const { session } = this;
    const keys = historyKeys(this.columns());
    const unread = () => unreadCount(session.table, rows, keys);
    if (unread() === 0 || unread() > mostReadToCopy) return unread();
    try {
      await readHistories(session, rows, keys, { waitFor: (ask) => ask(new AbortController().signal) });
    } catch (error) {
      // What is known is copied all the same; how much is not is said.
      if (!(error instanceof RemoteError)) throw error;
    }
    return unread();
  }

  exportRuns(runIds: readonly string[]): Promise<void> {
    return this.export(this.rowsOf(runIds));
  }

  /** What is loaded, as it is sorted. */
  exportLoaded(): Promise<void> {
    return this.export(this.session.sorted.rows);
  }

  private export(rows: readonly number[]): Promise<void> {
    return this.attempt('Nothing was exported. ', () => exportRows(this.session, rows, this.columns()));
  }

  exportAll(): Promise<void> {
    const { view, loader, rpc } = this.session;
    const { filter, showDeleted, table, better } = view;
    const expected = loader.total ?? (loader.more ? undefined : loader.order.length);
    return this.attempt('Nothing was exported. ', () =>
      rpc.call('exportAll', {
        question: { filter, showDeleted, sort: serverSort(table.sort) },
        columns: this.columns().map(columnId),
        better,
        ...(expected === undefined ? {} : { expected }),
      }),
    );
  }

  /** Says what went wrong, after what that means; what was taken back is known. */
  private async attempt(meaning: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      if (error.kind !== 'cancelled') this.announce(`${meaning}${error.message}`);
    }
  }

  private rowsOf(runIds: readonly string[]): readonly number[] {
    return runIds.flatMap((runId) => this.session.table.rowOf(runId) ?? []);
  }

  private textOf(rows: readonly number[], form: CopyForm): string {
    const { table, view } = this.session;
    if (form === 'names') return rows.map((row) => table.head(row).name || table.head(row).runId).join('\n');
    if (form === 'ids') return rows.map((row) => table.head(row).runId).join('\n');
    const columns = this.columns();
    const readers = columns.map((column) => cellReader(table, column, view.better));
    const lines = rows.map((row) => readers.map((read) => read(row)));
    if (form === 'markdown') return markdownTable(columns, lines);
    // What is pasted into a spreadsheet must not run there; a CSV in the clipboard is for programs and editors.
    const options = { guarded: form === 'tsv' };
    const line = form === 'tsv' ? tsvLine : csvLine;
    const texts = lines.map((cells) => columns.map((column, at) => exportedText(cells[at], column, options)));
    return [columns.map(exportedName), ...texts].map(line).join('');
  }
}

const changed = (ids: readonly string[], which: readonly string[], on: boolean): readonly string[] => {
  const others = ids.filter((id) => !which.includes(id));
  return on ? [...others, ...which] : others;
};
