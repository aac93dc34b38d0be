import type { HeatMap } from './heatmap';

/**
 * The values of a heat map on its whole grid, row by row. Cells without runs get the mean of all others, weighted by the
 * inverse square of their distance in cells (Shepard 1968): contours need a value everywhere. Undefined when there are
 * too few cells for lines to mean anything.
 */
export function filledGrid({ x, y, cells }: Pick<HeatMap, 'x' | 'y' | 'cells'>): Float64Array | undefined {
  const [columns, rows] = [x.labels.length, y.labels.length];
  if (columns < 3 || rows < 3 || cells.length < 6) return undefined;
  const grid = new Float64Array(columns * rows).fill(Number.NaN);
  for (const cell of cells) grid[cell.y * columns + cell.x] = cell.value;
  return grid.map((value, at) => {
    if (!Number.isNaN(value)) return value;
    const [column, row] = [at % columns, Math.floor(at / columns)];
    let [sum, weights] = [0, 0];
    for (const cell of cells) {
      const weight = 1 / ((cell.x - column) ** 2 + (cell.y - row) ** 2);
      sum += weight * cell.value;
      weights += weight;
    }
    return sum / weights;
  });
}
