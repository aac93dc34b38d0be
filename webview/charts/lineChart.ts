import {
  Chart,
  type ChartOptions,
  LinearScale,
  LineController,
  LogarithmicScale,
  type Plugin,
  type Scale,
} from 'chart.js';
import type { Bounds } from '../../src/shared/series/bounds';
import { tickNumber } from '../../src/shared/series/format';
import type { RunCurve } from '../../src/shared/series/runCurves';
import { logTicks } from '../../src/shared/series/ticks';
import type { LineAxis } from '../../src/shared/view/lineSettings';
import type { Interval } from '../../src/shared/viewState';
import type { ChartColors } from '../controls/theme';
import { CurveBuckets, loggedInterval } from './curveBuckets';
import { nearestCurve, paintCurves } from './curvePainter';
import { CurveRaster } from './curveRaster';
import type { DrawnCurve, Mapping } from './drawnCurve';
import { type GapMark, gapMarks, markAt } from './gapMarks';
import { paint, type Surface } from './kinds/surface';
import { xTick } from './xText';

Chart.register(LineController, LinearScale, LogarithmicScale);

export interface Plot {
  readonly curves: readonly RunCurve[];
  readonly interval: Interval;
  readonly axis: LineAxis;
  readonly logX: boolean;
  readonly logY: boolean;
  readonly bounds: Bounds | undefined;
}

type Area = Pick<DOMRect, 'left' | 'right' | 'top' | 'bottom'>;

const layout = { padding: { top: 8, right: 10 } };
/** Pieces of lines that a canvas draws within a frame beside everything else. */
const mostPieces = 5_000;

/**
 * Axes by chart.js, curves by a plug-in of it that reads typed arrays: 100 curves of 400 pixels would be 40,000 point
 * objects a frame, which chart.js needs 60 ms to update. All interaction is left to the card around it.
 */
export class LineChart {
  private readonly chart: Chart<'line', never[]>;
  private readonly buckets = new CurveBuckets();
  private readonly raster = new CurveRaster();
  private drawn: readonly DrawnCurve[] = [];
  private marks: readonly GapMark[] = [];
  private plot: Plot | undefined;
  private colors: ChartColors | undefined;
  private scalesKey = '';
  private scales: NonNullable<ChartOptions<'line'>['scales']> = {};
  private highlighted: string | undefined;

  constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly onLayout: () => void,
  ) {
    this.chart = new Chart<'line', never[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout,
        onResize: () => queueMicrotask(() => this.resized()),
      },
      plugins: [this.painter()],
    });
  }

  /** @param highlighted drawn strong, the others faint; without one all alike */
  draw(plot: Plot, colors: ChartColors, highlighted: string | undefined): void {
    this.plot = plot;
    this.highlighted = plot.curves.some(({ runId }) => runId === highlighted) ? highlighted : undefined;
    this.colors = colors;
    const key = JSON.stringify([
      plot.interval,
      plot.bounds,
      plot.axis,
      plot.logX,
      plot.logY,
      colors.foreground,
      colors.grid,
    ]);
    if (key === this.scalesKey) {
      this.bucket();
      this.chart.draw();
      return;
    }
    this.scalesKey = key;
    this.scales = {
      x: { type: plot.logX ? 'logarithmic' : 'linear', ...xOptions(plot, colors) },
      y: { type: plot.logY ? 'logarithmic' : 'linear', ...yOptions(colors, plot), ...plot.bounds },
    };
    this.chart.options.scales = this.scales;
    // Lays out and draws; the painter makes the buckets once the width is known.
    this.chart.update('none');
  }

  /** The part of the canvas inside the axes, in CSS pixels. */
  get area(): Area {
    return this.chart.chartArea;
  }

  xAt(pixel: number): number {
    return this.chart.scales.x?.getValueForPixel(pixel) ?? Number.NaN;
  }

  pixelAt(x: number): number {
    return this.chart.scales.x?.getPixelForValue(x) ?? Number.NaN;
  }

  get shown(): Interval | undefined {
    return this.plot?.interval;
  }

  /** The run whose mark is at a pixel, or whose curve is nearest to it, if one is within `reach` pixels. */
  runAt(x: number, y: number, reach: number): string | undefined {
    const mapping = this.mapping();
    if (!mapping) return undefined;
    const mark = markAt(this.marks, x, y);
    if (mark) return mark.glyph === '⋮' ? undefined : mark.runId;
    const found = nearestCurve(this.drawn, mapping, { x, y });
    return found && found.distance <= reach ? found.runId : undefined;
  }

  destroy(): void {
    this.chart.destroy();
  }

  /** The same picture somewhere else, always as lines; `dispose` once it was taken from there. */
  drawTo(surface: Surface): { dispose(): void } {
    const copy = paint<'line'>(surface, {
      type: 'line',
      data: { datasets: [] },
      options: { layout, scales: this.scales },
      plugins: [{ id: 'curves', beforeDatasetsDraw: (chart) => this.paintOn(chart as Chart<'line', never[]>, true) }],
    });
    return { dispose: () => copy.destroy() };
  }

  private resized(): void {
    if (!this.chart.ctx) return;
    this.bucket();
    this.chart.draw();
    this.onLayout();
  }

  private bucket(): void {
    const { plot, colors } = this;
    // chart.js calls back while it is made.
    if (!plot || !colors || !this.chart.chartArea) return;
    const { chartArea } = this.chart;
    const pixels = Math.max(50, Math.ceil((chartArea.right - chartArea.left) * this.chart.currentDevicePixelRatio));
    this.drawn = this.buckets.of(plot, pixels, (color) => colors.run(color));
  }

  private mapping(chart = this.chart): Mapping | undefined {
    const { plot } = this;
    if (!plot) return undefined;
    const { x, y } = chart.scales;
    if (!x || !y || !(y.max > y.min)) return undefined;
    const { min, max } = plot.logX ? loggedInterval({ min: x.min, max: x.max }) : x;
    const [low, high] = plot.logY ? [Math.log10(y.min), Math.log10(y.max)] : [y.min, y.max];
    const { left, right, top, bottom } = chart.chartArea;
    const ax = (right - left) / (max - min || 1);
    const ay = (top - bottom) / (high - low);
    return { ax, bx: left - min * ax, ay, by: bottom - low * ay, logY: plot.logY, floor: bottom + 4 };
  }

  private painter(): Plugin<'line'> {
    return {
      id: 'curves',
      afterLayout: () => this.bucket(),
      beforeDatasetsDraw: () => this.paintOn(this.chart, false),
    };
  }

  private paintOn(chart: Chart<'line', never[]>, asLines: boolean): void {
    const mapping = this.mapping(chart);
    if (!mapping) return;
    const { ctx, chartArea } = chart;
    const { left, top, right, bottom } = chartArea;
    const area = { left: left - 3, top: top - 4, right: right + 3, bottom: bottom + 4 };
    this.paint(ctx, mapping, area, asLines);
    const marks = gapMarks(this.drawn, mapping, chartArea);
    if (chart === this.chart) this.marks = marks;
    this.markGaps(ctx, marks);
  }

  private paint(context: CanvasRenderingContext2D, mapping: Mapping, area: Area, asLines: boolean): void {
    const { drawn, highlighted: highlight, colors, chart } = this;
    const look = { width: drawn.length > 30 ? 1.2 : 1.6, highlight, highContrast: colors?.highContrast ?? false };
    const pieces = drawn.reduce((sum, { raw, smooth }) => sum + raw.kind.length * (smooth ? 2 : 1), 0);
    if (pieces > mostPieces && !asLines) {
      this.raster.paint(context, drawn, mapping, look, area, chart.currentDevicePixelRatio);
      return;
    }
    context.save();
    context.beginPath();
    context.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
    context.clip();
    paintCurves(context, drawn, mapping, look);
    context.restore();
  }

  private markGaps(context: CanvasRenderingContext2D, marks: readonly GapMark[]): void {
    const { colors, highlighted } = this;
    context.save();
    context.font = `bold 10px ${colors?.font ?? 'sans-serif'}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (const { runId, color, glyph, x, y } of marks) {
      context.globalAlpha = highlighted === undefined || highlighted === runId || glyph === '⋮' ? 1 : 0.25;
      context.fillStyle = glyph === '⋮' ? (colors?.muted ?? color) : color;
      context.fillText(glyph, x, y);
    }
    context.restore();
  }
}

function xOptions({ interval: { min, max }, axis, logX }: Plot, colors: ChartColors): object {
  const single = min === max;
  const [low, high] = !single ? [min, max] : logX ? [min / 2, min * 2] : [min - 1, max + 1];
  return {
    min: low,
    max: high,
    ...(logX ? { afterBuildTicks: useLogTicks } : {}),
    border: { color: colors.border },
    grid: { display: false },
    ticks: {
      color: colors.muted,
      font: { family: colors.font, size: colors.fontSize },
      maxRotation: 0,
      autoSkipPadding: 18,
      maxTicksLimit: 7,
      includeBounds: false,
      ...(axis === 'step' && !logX ? { precision: 0 } : {}),
      callback: (value: string | number) => xTick(Number(value), axis, max - min),
    },
  };
}

/** An axis without values has no ticks: they would be invented. */
function yOptions(colors: ChartColors, { logY, bounds }: Plot): object {
  const span = bounds ? bounds.max - bounds.min : 0;
  return {
    display: bounds !== undefined,
    ...(logY ? { afterBuildTicks: useLogTicks } : {}),
    border: { display: false },
    grid: { color: colors.grid, drawTicks: false },
    ticks: {
      color: colors.muted,
      font: { family: colors.font, size: colors.fontSize },
      padding: 6,
      maxTicksLimit: 6,
      includeBounds: false,
      callback: (value: string | number) => tickNumber(Number(value), span),
    },
  };
}

/** Those of chart.js begin at the axis' odd bounds. */
function useLogTicks(scale: Scale): void {
  scale.ticks = logTicks(scale.min, scale.max).map((value) => ({ value }));
}
