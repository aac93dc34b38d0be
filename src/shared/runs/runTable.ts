import { type RunStatus, TagKey } from '../domain';
import { NumberCells, TextCells } from './cells';
import type { Column } from './column';
import { HistoryMarks, type HistoryPoint } from './historyMarks';
import type { PackedMetrics, PackedTexts, RunBatch, RunHead } from './runBatch';

/** What stands in a cell: a number for metrics and times (ms), NaN included; a text else; undefined where nothing is. */
export type CellValue = number | string | undefined;

export interface MetricColumn {
  readonly last: NumberCells;
  readonly steps: NumberCells;
}

/**
 * All loaded runs, column by column. A row keeps its number; what is read again replaces the row. The order that is
 * shown is nobody's concern here.
 */
export class RunTable {
  private readonly heads: RunHead[] = [];
  private readonly rows = new Map<string, number>();
  private readonly starts = new NumberCells();
  private readonly ends = new NumberCells();
  private readonly metricColumns = new Map<string, MetricColumn>();
  /** ms, by row and key: when runs that go on logged a metric last. */
  private readonly metricTimes = new Map<number, Map<string, number>>();
  private readonly paramColumns = new Map<string, TextCells>();
  private readonly tagColumns = new Map<string, TextCells>();
  /** `min loss` → cells, computed from histories; they stay while a run is read again. */
  private readonly computed = new Map<string, NumberCells>();
  private readonly marks = new Map<string, HistoryMarks>();
  private edition = 0;
  private batches = 0;

  /** Another number after every change. */
  get version(): number {
    return this.edition;
  }

  /** Another number whenever runs came, or came again. */
  get added(): number {
    return this.batches;
  }

  get size(): number {
    return this.heads.length;
  }

  get metricKeys(): readonly string[] {
    return [...this.metricColumns.keys()];
  }

  get paramKeys(): readonly string[] {
    return [...this.paramColumns.keys()];
  }

  get tagKeys(): readonly string[] {
    return [...this.tagColumns.keys()];
  }

  /** @returns the rows of the batch's runs, in its order */
  add(batch: RunBatch): readonly number[] {
    const rows = batch.runs.map((head) => this.place(head));
    for (const [at, row] of rows.entries()) {
      setNumber(this.starts, row, batch.startTimes[at] ?? Number.NaN);
      setNumber(this.ends, row, batch.endTimes[at] ?? Number.NaN);
    }
    this.addMetrics(rows, batch.metrics);
    addTexts(this.paramColumns, rows, batch.params);
    addTexts(this.tagColumns, rows, batch.tags);
    this.edition++;
    this.batches++;
    return rows;
  }

  rowOf(runId: string): number | undefined {
    return this.rows.get(runId);
  }

  /** @throws RangeError for a row that is not there */
  head(row: number): RunHead {
    const head = this.heads[row];
    if (!head) throw new RangeError(`There is no row ${row}.`);
    return head;
  }

  /** ms */
  startTime(row: number): number | undefined {
    return this.starts.get(row);
  }

  /** ms; undefined while running. */
  endTime(row: number): number | undefined {
    return this.ends.get(row);
  }

  metric(key: string): MetricColumn | undefined {
    return this.metricColumns.get(key);
  }

  /** ms; when a run that goes on logged it last. */
  metricTime(key: string, row: number): number | undefined {
    return this.metricTimes.get(row)?.get(key);
  }

  param(key: string): TextCells | undefined {
    return this.paramColumns.get(key);
  }

  tag(key: string): TextCells | undefined {
    return this.tagColumns.get(key);
  }

  /** Cells of a metric's stat that was computed; made empty on the first question. */
  stat(stat: 'min' | 'max' | 'minStep' | 'maxStep', key: string): NumberCells {
    const id = `${stat} ${key}`;
    const cells = this.computed.get(id) ?? new NumberCells();
    this.computed.set(id, cells);
    return cells;
  }

  /** Tells of rows how far the history of a metric goes now, as the list of runs shows it; undefined without one. */
  historyPoints(key: string): (row: number) => HistoryPoint | undefined {
    const { last, steps } = this.metricColumns.get(key) ?? {};
    return (row) => {
      const value = last?.get(row);
      if (value === undefined) return undefined;
      // A run that has ended is read once more, whatever its last point is: others may have come before it.
      return { value, step: steps?.get(row) ?? 0, time: this.metricTime(key, row) ?? this.ends.get(row) ?? -1 };
    };
  }

  /** How far histories went when they were read, for stats that stay in their cells until they are read again. */
  historyMarks(key: string): HistoryMarks {
    return cellsOf(this.marks, key, () => new HistoryMarks());
  }

  /** Whoever wrote into cells says so. */
  touch(): void {
    this.edition++;
  }

  /** A run renamed or ended: everything else of it stays. */
  changeHead(runId: string, change: Partial<RunHead>): void {
    const row = this.rows.get(runId);
    if (row === undefined) return;
    this.heads[row] = { ...this.head(row), ...change };
    this.edition++;
  }

  setTag(runId: string, key: string, value: string | undefined): void {
    const row = this.rows.get(runId);
    if (row === undefined) return;
    if (value === undefined) this.tagColumns.get(key)?.delete(row);
    else cellsOf(this.tagColumns, key, () => new TextCells()).set(row, value);
    this.edition++;
  }

  private place(head: RunHead): number {
    const known = this.rows.get(head.runId);
    if (known === undefined) {
      this.rows.set(head.runId, this.heads.length);
      return this.heads.push(head) - 1;
    }
    this.heads[known] = head;
    this.clear(known);
    return known;
  }

  private clear(row: number): void {
    this.starts.delete(row);
    this.ends.delete(row);
    this.metricTimes.delete(row);
    for (const { last, steps } of this.metricColumns.values()) {
      last.delete(row);
      steps.delete(row);
    }
    for (const cells of this.paramColumns.values()) cells.delete(row);
    for (const cells of this.tagColumns.values()) cells.delete(row);
  }

  private addMetrics(rows: readonly number[], packed: PackedMetrics): void {
    const { keys, counts, keyOf, values, steps, times } = packed;
    const columns = keys.map((key) =>
      cellsOf(this.metricColumns, key, () => ({ last: new NumberCells(), steps: new NumberCells() })),
    );
    let at = 0;
    let timeAt = 0;
    for (const [index, row] of rows.entries()) {
      const own = isLive(this.head(row).status) ? new Map<string, number>() : undefined;
      if (own) this.metricTimes.set(row, own);
      for (const end = at + (counts[index] ?? 0); at < end; at++) {
        const column = columns[keyOf[at] ?? 0];
        column?.last.set(row, values[at] ?? Number.NaN);
        column?.steps.set(row, steps[at] ?? 0);
        own?.set(keys[keyOf[at] ?? 0] ?? '', times[timeAt++] ?? 0);
      }
    }
  }
}

/** The value of any column but `best`, which needs to know what is better (see `bestStat`). */
export function cellValue(table: RunTable, column: Column, row: number): CellValue {
  switch (column.kind) {
    case 'param':
      return table.param(column.key)?.get(row);
    case 'tag':
      return table.tag(column.key)?.get(row);
    case 'metric':
      return metricCell(table, column.key, column.stat, row);
    case 'attribute':
      return attributeCell(table, column.key, row);
  }
}

function metricCell(table: RunTable, key: string, stat: Extract<Column, { kind: 'metric' }>['stat'], row: number) {
  switch (stat) {
    case 'last':
      return table.metric(key)?.last.get(row);
    case 'step':
      return table.metric(key)?.steps.get(row);
    case 'min':
    case 'max':
      return table.stat(stat, key).get(row);
    case 'best':
    case 'bestStep':
      return undefined;
  }
}

function attributeCell(table: RunTable, key: Extract<Column, { kind: 'attribute' }>['key'], row: number): CellValue {
  const head = table.head(row);
  switch (key) {
    case 'run_name':
      return head.name;
    case 'status':
      return head.status;
    case 'start_time':
      return table.startTime(row);
    case 'end_time':
      return table.endTime(row);
    case 'duration': {
      const [start, end] = [table.startTime(row), table.endTime(row)];
      return start === undefined || end === undefined ? undefined : end - start;
    }
    case 'user_id':
      return head.userId;
    case 'experiment_id':
      return head.experimentId;
    case 'run_id':
      return head.runId;
    case 'parent_run_id':
      return head.parentRunId;
    case 'source':
      return head.source;
    case 'commit':
      return head.commit;
    case 'branch':
      return head.branch;
    case 'datasets':
      return head.datasets?.map(({ name, digest }) => `${name} (${digest})`).join(', ');
    case 'models':
      return head.models?.join(', ');
    case 'description':
      return table.tag(TagKey.note)?.get(row);
  }
}

export const isLive = (status: RunStatus) => status === 'RUNNING' || status === 'SCHEDULED';

function addTexts(columns: Map<string, TextCells>, rows: readonly number[], packed: PackedTexts): void {
  const { keys, texts, counts, keyOf, textOf } = packed;
  const cells = keys.map((key) => cellsOf(columns, key, () => new TextCells()));
  let at = 0;
  for (const [index, row] of rows.entries())
    for (const end = at + (counts[index] ?? 0); at < end; at++)
      cells[keyOf[at] ?? 0]?.set(row, texts[textOf[at] ?? 0] ?? '');
}

function cellsOf<T>(columns: Map<string, T>, key: string, make: () => T): T {
  const known = columns.get(key);
  if (known) return known;
  const made = make();
  columns.set(key, made);
  return made;
}

function setNumber(cells: NumberCells, row: number, value: number): void {
  if (Number.isNaN(value)) cells.delete(row);
  else cells.set(row, value);
}
