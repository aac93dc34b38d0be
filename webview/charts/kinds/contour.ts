import type { Plugin } from 'chart.js';
import { contours } from 'd3-contour';
import { filledGrid } from '../../../src/shared/charts/filledGrid';
import type { HeatMap } from '../../../src/shared/charts/heatmap';
import type { ChartColors } from '../../controls/theme';

const levels = 7;

/** Lines of equal value over the cells, between which values are interpolated. */
export function contourLines(data: HeatMap, colors: ChartColors): Plugin<'matrix'> {
  const [columns, rows] = [data.x.labels.length, data.y.labels.length];
  const grid = filledGrid(data);
  const lines = grid ? contours().size([columns, rows]).thresholds(levels)([...grid]) : [];
  const isRim: OnRim = ([column = 0, row = 0]) => column <= 0 || row <= 0 || column >= columns || row >= rows;
  return {
    id: 'contourLines',
    afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
      const { x, y } = scales;
      if (!x || !y) return;
      ctx.save();
      ctx.beginPath();
      ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
      ctx.clip();
      ctx.strokeStyle = colors.foreground;
      ctx.lineWidth = 1;
      ctx.beginPath();
      for (const { coordinates } of lines)
        for (const polygon of coordinates) for (const ring of polygon) trace(ctx, ring, isRim, x, y);
      ctx.stroke();
      ctx.restore();
    },
  };
}

type Axis = { getPixelForValue(value: number): number };

type OnRim = (point: readonly number[]) => boolean;

/** d3 puts cell 0 at 0.5. Along the rim of the grid a ring is closed, which is no line of equal value. */
function trace(ctx: CanvasRenderingContext2D, ring: readonly number[][], isRim: OnRim, x: Axis, y: Axis): void {
  for (const [at, point] of ring.entries()) {
    const [column = 0, row = 0] = point;
    const [px, py] = [x.getPixelForValue(column - 0.5), y.getPixelForValue(row - 0.5)];
    const before = ring[at - 1];
    if (!before || (isRim(before) && isRim(point))) ctx.moveTo(px, py);
    else ctx.lineTo(px, py);
  }
}
