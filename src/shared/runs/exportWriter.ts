import type { ExportFormat } from '../protocol/rows';
import type { RunsView } from '../view/runsView';
import { cellReader } from './cellReader';
import type { Column } from './column';
import { type ExportedRun, exportedRows, withExtremes } from './exportedRun';
import { csvLine, exportedName, exportedText } from './exportText';
import { historyKeys } from './historyCells';
import type { RunTable } from './runTable';

export interface ExportTable {
  readonly columns: readonly Column[];
  readonly better: RunsView['better'];
}

const runIdColumn: Column = { kind: 'attribute', key: 'run_id' };

/**
 * Turns runs into the text of a file, batch by batch: `head`, then every batch, then `tail`. A CSV has the columns given,
 * and the run's id before them; JSON is an array of whole runs.
 */
export class ExportWriter {
  private readonly columns: readonly Column[];
  private started = false;

  constructor(
    private readonly format: ExportFormat,
    private readonly table: ExportTable,
  ) {
    const others = table.columns.filter(({ kind, key }) => kind !== 'attribute' || key !== 'run_id');
    this.columns = [runIdColumn, ...others];
  }

  head(): string {
    if (this.format === 'json') return '[';
    const line = csvLine(this.columns.map((column) => exportedText(exportedName(column), column, this.options)));
    // Excel takes a file for UTF-8 only when it begins with this mark.
    return this.options.guarded ? `\ufeff${line}` : line;
  }

  /** `whole` gives the runs of a JSON where more is known of them than the table has. */
  rows(table: RunTable, rows: readonly number[], whole?: readonly ExportedRun[]): string {
    if (this.format === 'json') return this.json(whole ?? this.wholeRows(table, rows));
    const readers = this.columns.map((column) => ({ column, read: cellReader(table, column, this.table.better) }));
    const line = (row: number) =>
      csvLine(readers.map(({ column, read }) => exportedText(read(row), column, this.options)));
    return rows.map(line).join('');
  }

  tail(): string {
    return this.format === 'json' ? '\n]\n' : '';
  }

  private wholeRows(table: RunTable, rows: readonly number[]): readonly ExportedRun[] {
    const keys = historyKeys(this.columns);
    return exportedRows(table, rows).map((run, at) => withExtremes(run, table, rows[at] ?? -1, keys));
  }

  private json(runs: readonly ExportedRun[]): string {
    const texts = runs.map((run) => {
      const comma = this.started ? ',' : '';
      this.started = true;
      return `${comma}\n${JSON.stringify(run)}`;
    });
    return texts.join('');
  }

  private get options() {
    return { guarded: this.format === 'csvGuarded' };
  }
}
