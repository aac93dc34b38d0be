import {
  Chart,
  type ChartDataset,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  type Plugin,
  PointElement,
  type Scale,
} from 'chart.js';
import type { XAxis } from '../../src/shared/series/axis';
import { yBounds } from '../../src/shared/series/bounds';
import { decimate } from '../../src/shared/series/decimate';
import { shortNumber } from '../../src/shared/series/format';
import { logTicks } from '../../src/shared/series/ticks';
import { type ChartColors, mixed } from '../controls/theme';
import { xTick } from './xText';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

export interface PlotCurve {
  readonly runId: string;
  readonly color: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Drawn strong, with the raw line faint behind it. */
  readonly smooth?: Float64Array;
}

export interface Plot {
  readonly curves: readonly PlotCurve[];
  readonly interval: { readonly min: number; readonly max: number };
  readonly axis: XAxis;
  readonly logY: boolean;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Gap {
  readonly x: number;
  readonly value: number;
  readonly color: string;
}

/** Few enough to be told apart as dots. */
const dotted = 12;

/** One chart.js line chart that draws plots; all interaction is left to the card around it. */
export class LineChart {
  private readonly chart: Chart<'line', Point[]>;
  private gaps: Gap[] = [];
  private axis: XAxis = 'step';

  constructor(
    canvas: HTMLCanvasElement,
    private readonly onLayout: () => void,
  ) {
    this.chart = new Chart<'line', Point[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 8, right: 10 } },
        onResize: () => queueMicrotask(this.onLayout),
      },
      plugins: [this.gapMarkers()],
    });
  }

  draw(plot: Plot, colors: ChartColors): void {
    this.axis = plot.axis;
    this.gaps = [];
    const buckets = Math.max(100, Math.ceil(this.chart.chartArea?.width || this.chart.width || 400));
    const lines = plot.curves.flatMap((curve) => this.linesOf(curve, plot, buckets, colors));
    this.chart.data.datasets = [
      ...lines.filter(({ order }) => order === 1),
      ...lines.filter(({ order }) => order === 0),
    ];
    const bounds = yBounds(drawnValues(lines, plot.interval), plot.logY);
    this.chart.options.scales = {
      x: { type: 'linear', ...this.xOptions(plot, colors) },
      y: { type: plot.logY ? 'logarithmic' : 'linear', ...yOptions(colors, plot.logY), ...bounds },
    };
    this.chart.update('none');
  }

  /** The part of the canvas inside the axes, in CSS pixels. */
  get area(): { left: number; right: number; top: number; bottom: number } {
    return this.chart.chartArea;
  }

  xAt(pixel: number): number {
    return this.chart.scales.x?.getValueForPixel(pixel) ?? Number.NaN;
  }

  pixelAt(x: number): number {
    return this.chart.scales.x?.getPixelForValue(x) ?? Number.NaN;
  }

  destroy(): void {
    this.chart.destroy();
  }

  private linesOf(curve: PlotCurve, plot: Plot, buckets: number, colors: ChartColors): ChartDataset<'line', Point[]>[] {
    const color = colors.run(curve.color);
    const raw = this.line(curve.x, curve.y, plot, buckets, color);
    if (!curve.smooth) return [{ ...raw, order: 0 }];
    const pale = mixed(color, colors.highContrast ? 45 : 28);
    const faint = { ...raw, borderColor: pale, backgroundColor: pale, borderWidth: 1, order: 1 };
    return [faint, { ...this.line(curve.x, curve.smooth, plot, buckets, color), order: 0 }];
  }

  private line(
    x: Float64Array,
    y: Float64Array,
    plot: Plot,
    buckets: number,
    color: string,
  ): ChartDataset<'line', Point[]> {
    const kept = decimate(x, y, plot.interval, buckets);
    const data: Point[] = [];
    for (const index of kept) {
      const value = y[index] ?? Number.NaN;
      const at = x[index] ?? 0;
      if (!Number.isFinite(value)) this.gaps.push({ x: at, value, color });
      const drawable = Number.isFinite(value) && !(plot.logY && value <= 0);
      data.push({ x: at, y: drawable ? value : Number.NaN });
    }
    return {
      data,
      borderColor: color,
      backgroundColor: color,
      borderWidth: 1.6,
      borderJoinStyle: 'round',
      pointRadius: radii(data),
      pointBorderWidth: 0,
      clip: 4,
    };
  }

  private xOptions(plot: Plot, colors: ChartColors): object {
    const { min, max } = plot.interval;
    const single = min === max;
    return {
      min: single ? min - 1 : min,
      max: single ? max + 1 : max,
      border: { color: colors.border },
      grid: { display: false },
      ticks: {
        color: colors.muted,
        font: { family: colors.font, size: colors.fontSize },
        maxRotation: 0,
        autoSkipPadding: 18,
        maxTicksLimit: 7,
        includeBounds: false,
        ...(this.axis === 'step' ? { precision: 0 } : {}),
        callback: (value: string | number) => xTick(Number(value), this.axis, max - min),
      },
    };
  }

  /** × where a value is NaN, ▲ and ▼ where it is infinite, at the edge of the chart. */
  private gapMarkers(): Plugin<'line'> {
    return {
      id: 'gapMarkers',
      afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
        const drawn = new Set<string>();
        ctx.save();
        ctx.font = `bold 10px ${getComputedStyle(document.body).fontFamily}`;
        ctx.textAlign = 'center';
        for (const { x, value, color } of this.gaps) {
          const pixel = Math.round(scales.x?.getPixelForValue(x) ?? Number.NaN);
          const glyph = Number.isNaN(value) ? '×' : value > 0 ? '▲' : '▼';
          const mark = `${glyph} ${Math.round(pixel / 6)} ${color}`;
          if (pixel < chartArea.left || pixel > chartArea.right || drawn.has(mark)) continue;
          drawn.add(mark);
          ctx.fillStyle = color;
          ctx.fillText(glyph, pixel, glyph === '▲' ? chartArea.top + 8 : chartArea.bottom - 3);
        }
        ctx.restore();
      },
    };
  }
}

function yOptions(colors: ChartColors, logY: boolean): object {
  return {
    ...(logY ? { afterBuildTicks: useLogTicks } : {}),
    border: { display: false },
    grid: { color: colors.grid, drawTicks: false },
    ticks: {
      color: colors.muted,
      font: { family: colors.font, size: colors.fontSize },
      padding: 6,
      maxTicksLimit: 6,
      includeBounds: false,
      callback: (value: string | number) => shortNumber(Number(Number(value).toPrecision(10))),
    },
  };
}

/** Those of chart.js begin at the axis' odd bounds. */
function useLogTicks(scale: Scale): void {
  scale.ticks = logTicks(scale.min, scale.max).map((value) => ({ value }));
}

/** Points that only lead out of the picture do not count. */
function* drawnValues(lines: readonly ChartDataset<'line', Point[]>[], interval: Plot['interval']): Iterable<number> {
  for (const { data } of lines) for (const { x, y } of data) if (x >= interval.min && x <= interval.max) yield y;
}

/**
 * Dots for points that no line would show, and for all points when there are few. One number where no point is
 * alone: a list makes chart.js work out every point's options by itself.
 */
function radii(data: readonly Point[]): number | number[] {
  if (data.length <= dotted) return 2.5;
  const isGap = (at: number) => !Number.isFinite(data[at]?.y ?? Number.NaN);
  const isAlone = (_: Point, at: number) => isGap(at - 1) && isGap(at + 1);
  return data.some(isAlone) ? data.map((point, at) => (isAlone(point, at) ? 2.5 : 0)) : 0;
}
