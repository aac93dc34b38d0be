import { cellText } from '../../src/shared/runs/cellText';
import { columnValue, isComputed } from '../../src/shared/runs/columns/columnValue';
import { linePlace, type ViewRow } from '../../src/shared/runs/rowModel';
import { type CellValue, isLive } from '../../src/shared/runs/runTable';
import { count } from '../../src/shared/series/format';
import type { Session } from '../runs/session';
import { GridCell } from './gridCell';
import type { GridColumn } from './gridModel';
import type { PaintContext } from './paintContext';

/** A cell of text: params, metrics, tags and most attributes. */
export class ValueCell extends GridCell {
  private text = '';
  private look = '';
  private readonly node = document.createTextNode('');

  constructor() {
    super('cell');
    this.element.append(this.node);
  }

  paint(row: number, col: number, column: GridColumn, line: ViewRow, context: PaintContext, active: boolean): void {
    this.setPlace(row, col, column, active, column.pinned ? 0 : context.shift);
    const { text, look } = contentOf(column, line, context);
    if (text !== this.text) {
      this.text = text;
      this.node.data = text;
      this.forgetTitle();
    }
    if (look === this.look) return;
    this.look = look;
    this.element.classList.toggle('number', look.includes('number'));
    this.element.classList.toggle('aggregate', look.includes('aggregate'));
    this.element.classList.toggle('pending', look.includes('pending'));
    this.element.classList.toggle('mono', look.includes('mono'));
  }
}

function contentOf(column: GridColumn, line: ViewRow, context: PaintContext): { text: string; look: string } {
  const { model, now, session } = context;
  const look = column.numeric ? 'number' : column.column.key === 'commit' ? 'mono' : '';
  const digits = model.digitsOf(column);
  if (line.kind === 'group')
    return { text: aggregateText(column, line.id, line.runs, context), look: `${look} aggregate` };
  const value = shownValue(session, column, line.row, now);
  if (value !== undefined) return { text: cellText(value, column.column, now, digits), look };
  if (isComputed(column.column) && context.isPending(column, line.row)) return { text: '…', look: `${look} pending` };
  if (line.children === 0 || !column.numeric) return { text: '', look };
  const under = model.descendants(session.table.head(line.row).runId, line.group);
  return { text: aggregateText(column, linePlace(session.table, line), under, context), look: `${look} aggregate` };
}

function aggregateText(
  column: GridColumn,
  key: string,
  rows: readonly number[],
  { model, now, session }: PaintContext,
): string {
  const value = model.aggregate(column, key, rows);
  if (session.view.table.aggregate === 'count') return value ? count(value) : '';
  return cellText(value, column.column, now, model.digitsOf(column));
}

/** The value as a person reads it: experiments by name, a duration that still grows. */
export function shownValue(session: Session, { column }: GridColumn, row: number, now: number): CellValue {
  const value = columnValue(session.table, column, row, session.view.better);
  if (column.kind !== 'attribute') return value;
  if (column.key === 'experiment_id') return session.snapshot?.experiments[String(value)] ?? value;
  if (column.key !== 'duration' || value !== undefined) return value;
  const start = session.table.startTime(row);
  return start !== undefined && isLive(session.table.head(row).status) ? Math.max(0, now - start) : undefined;
}
