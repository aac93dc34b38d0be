import type { ColumnId } from '../../src/shared/runs/column';
import { firstDirection, moveColumn, nextSort, stepColumn } from '../../src/shared/runs/columns/editColumns';
import { nameColumn } from '../../src/shared/runs/columns/shownColumns';
import type { Session } from '../runs/session';
import { fittingWidth } from './fittingWidth';
import type { GridColumn } from './gridModel';
import type { RunsGrid } from './runsGrid';

const narrowest = 48;
const widest = 1_200;

/** What is done to columns at their heads. */
export class HeadActions {
  constructor(
    private readonly session: Session,
    private readonly grid: RunsGrid,
  ) {}

  column(col: number): GridColumn | undefined {
    const column = this.grid.model.columns[col];
    return column?.part === 'lead' ? undefined : column;
  }

  /** A click or Enter on a head; `add` keeps the columns sorted before. */
  sort(col: number, add: boolean): void {
    const column = this.column(col);
    if (!column) return;
    const { view } = this.session;
    const first = firstDirection(column.id, view.better);
    this.session.updateTable({ sort: nextSort(view.table.sort, column.id, add, first) });
  }

  widen(col: number, by: number): void {
    const column = this.column(col);
    if (column) this.setWidth(column, column.width + by);
  }

  fit(col: number): void {
    const column = this.column(col);
    if (column) this.setWidth(column, fittingWidth(this.session, this.grid, column));
  }

  /** While it is dragged a width is shown only, and kept when the pointer lets go; without one it is as it was. */
  drag(column: GridColumn, width: number | undefined): void {
    const { dragged } = this.grid.model;
    if (width === undefined) dragged.delete(column.id);
    else dragged.set(column.id, clamped(width));
    this.grid.model.refresh();
    this.grid.repaint();
  }

  setWidth(column: GridColumn, width: number): void {
    this.grid.model.dragged.delete(column.id);
    const { widths } = this.session.view.table;
    this.session.updateTable({ widths: { ...widths, [column.id]: clamped(width) } });
  }

  step(col: number, by: -1 | 1): void {
    const column = this.column(col);
    if (!column) return;
    const { model } = this.grid;
    this.session.updateTable(stepColumn(model.state, model.shown.columns, column.id, by));
  }

  /** Puts a column before the one at `before`, or last. */
  move(column: GridColumn, before: ColumnId | undefined): void {
    if (column.id !== nameColumn) this.session.updateTable(moveColumn(this.grid.model.state, column.id, before));
  }
}

const clamped = (width: number) => Math.round(Math.min(widest, Math.max(narrowest, width)));
