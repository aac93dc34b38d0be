import type { Plugin } from 'chart.js';
import { contours } from 'd3-contour';
import { filledGrid } from '../../../src/shared/charts/filledGrid';
import type { HeatMap } from '../../../src/shared/charts/heatmap';
import type { ChartColors } from '../../controls/theme';

const levels = 7;

/** Lines of equal value over the cells, between which values are interpolated. */
export function contourLines(data: HeatMap, colors: ChartColors): Plugin<'matrix'> {
  const grid = filledGrid(data);
  const lines = grid ? contours().size([data.x.labels.length, data.y.labels.length]).thresholds(levels)([...grid]) : [];
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
        for (const polygon of coordinates) for (const ring of polygon) trace(ctx, ring, x, y);
      ctx.stroke();
      ctx.restore();
    },
  };
}

type Axis = { getPixelForValue(value: number): number };

/** d3 puts cell 0 at 0.5. Where a ring runs along the edge of the grid it is no line of equal value. */
function trace(ctx: CanvasRenderingContext2D, ring: readonly number[][], x: Axis, y: Axis): void {
  for (const [at, [column = 0, row = 0]] of ring.entries()) {
    const [px, py] = [x.getPixelForValue(column - 0.5), y.getPixelForValue(row - 0.5)];
    if (at === 0) ctx.moveTo(px, py);
    else ctx.lineTo(px, py);
  }
}
