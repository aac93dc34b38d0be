import { cellText } from '../../src/shared/runs/cellText';
import type { Session } from '../runs/session';
import type { GridColumn } from './gridModel';
import type { RunsGrid } from './runsGrid';
import { shownValue } from './valueCell';

/** Rows from the top that are measured beside those in sight. */
const measured = 300;
const mostFitted = 600;

let context: CanvasRenderingContext2D | null | undefined;

/** px that show the head and the longest text of a column, of the rows in sight and the first ones. */
export function fittingWidth(session: Session, grid: RunsGrid, column: GridColumn): number {
  context ??= document.createElement('canvas').getContext('2d');
  if (!context) return column.width;
  const { fontSize, fontFamily } = getComputedStyle(grid.element);
  context.font = `${fontSize} ${fontFamily}`;
  const { model } = grid;
  const now = Date.now();
  const digits = model.digitsOf(column);
  let widest = context.measureText(column.title).width + 44;
  for (const line of [...grid.inSight, ...model.rows.slice(0, measured)]) {
    if (line.kind !== 'run') continue;
    const text = cellText(shownValue(session, column, line.row, now), column.column, now, digits);
    const around = column.part === 'name' ? 90 + line.depth * 16 : 22;
    widest = Math.max(widest, context.measureText(text).width + around);
  }
  return Math.min(mostFitted, Math.ceil(widest));
}
