import type { ColumnId } from '../runs/column';
import type { XAxis } from '../series/axis';
import type { BandKind } from '../series/groupBand';
import { isRecord, texts } from './decode';

/** What x is; `metric` is another metric of the same run. */
export type LineAxis = XAxis | 'metric';
/** Ways to smooth, all driven by one slider (see `smoothedBy`). */
export const smoothings = ['ema', 'mean', 'gaussian'] as const;
export type Smoothing = (typeof smoothings)[number];
/** What the band around the mean of a group may be. */
export const bands = ['range', 'deviation', 'error'] as const satisfies readonly BandKind[];

/** How lines are drawn: for all charts, and where a chart says otherwise for that one. */
export interface LineSettings {
  readonly axis: LineAxis;
  /** The metric on x; '' where x is no metric. */
  readonly xMetric: string;
  readonly logX: boolean;
  readonly logY: boolean;
  /** 0 … 0.99: the weight of a moving average; the other ways to smooth are as smooth. */
  readonly smoothing: number;
  readonly smoothingMethod: Smoothing;
  /** y leaves out what lies far from everything else, and says how many points that are. */
  readonly clipOutliers: boolean;
  /** y fits what is in the zoomed interval; else it stays while x moves. */
  readonly fitY: boolean;
  /** Runs with equal values in these columns are one line, their mean. */
  readonly groupBy: readonly ColumnId[];
  readonly band: BandKind;
}

/** Columns of the grid that a card takes: one, two, or all. */
export const cardSizes = ['small', 'wide', 'large'] as const;
export type CardSize = (typeof cardSizes)[number];

export interface Interval {
  readonly min: number;
  readonly max: number;
}

/** What one chart has of its own. */
export interface CardSettings extends Partial<LineSettings> {
  /** What it is zoomed to, where its axis is no other chart's. */
  readonly zoom?: Interval;
  readonly xMin?: number;
  readonly xMax?: number;
  readonly yMin?: number;
  readonly yMax?: number;
  readonly size?: CardSize;
  /** px */
  readonly height?: number;
}

export const initialLines: LineSettings = {
  axis: 'step',
  xMetric: '',
  logX: false,
  logY: false,
  smoothing: 0,
  smoothingMethod: 'ema',
  clipOutliers: false,
  fitY: false,
  groupBy: [],
  band: 'range',
};

export const cardHeights = { least: 180, most: 1_600 };
const mostCharts = 2_000;

/** Takes what fits and the beginning's value for what does not. */
export function decodeLines(raw: Record<string, unknown>): LineSettings {
  const lines = { ...initialLines, ...decodeSome(raw) };
  return lines.axis === 'metric' && lines.xMetric === '' ? { ...lines, axis: 'step' } : lines;
}

/** Only what is there and fits. */
function decodeSome(raw: Record<string, unknown>): Partial<LineSettings> {
  const axis = oneOf(raw.axis, ['step', 'relative', 'wall', 'metric'] as const);
  const method = oneOf(raw.smoothingMethod, smoothings);
  const band = oneOf(raw.band, bands);
  return {
    ...(axis ? { axis } : {}),
    ...(typeof raw.xMetric === 'string' ? { xMetric: raw.xMetric } : {}),
    ...(isNumber(raw.smoothing) ? { smoothing: Math.min(0.99, Math.max(0, raw.smoothing)) } : {}),
    ...(method ? { smoothingMethod: method } : {}),
    ...(band ? { band } : {}),
    ...(Array.isArray(raw.groupBy) ? { groupBy: texts(raw.groupBy) } : {}),
    ...flag(raw, 'logX'),
    ...flag(raw, 'logY'),
    ...flag(raw, 'clipOutliers'),
    ...flag(raw, 'fitY'),
  };
}

export function decodeCards(raw: unknown): Readonly<Record<string, CardSettings>> {
  if (!isRecord(raw)) return {};
  const entries = Object.entries(raw).slice(0, mostCharts);
  return Object.fromEntries(entries.flatMap(([key, card]) => (isRecord(card) ? [[key, decodeCard(card)]] : [])));
}

export function decodeCard(raw: Record<string, unknown>): CardSettings {
  const size = oneOf(raw.size, cardSizes);
  const { least, most } = cardHeights;
  return {
    ...decodeSome(raw),
    ...decodeZoom(raw),
    ...limits(raw, 'xMin', 'xMax'),
    ...limits(raw, 'yMin', 'yMax'),
    ...(size ? { size } : {}),
    ...(isNumber(raw.height) ? { height: Math.min(most, Math.max(least, raw.height)) } : {}),
  };
}

export function decodeZoom({ zoom }: Record<string, unknown>): { readonly zoom?: Interval } {
  if (!isRecord(zoom) || !isNumber(zoom.min) || !isNumber(zoom.max) || zoom.min >= zoom.max) return {};
  return { zoom: { min: zoom.min, max: zoom.max } };
}

/** Either end may be missing; an interval that is none is forgotten. */
function limits<Low extends 'xMin' | 'yMin', High extends 'xMax' | 'yMax'>(
  raw: Record<string, unknown>,
  low: Low,
  high: High,
): Partial<Record<Low | High, number>> {
  const [min, max] = [raw[low], raw[high]];
  if (isNumber(min) && isNumber(max) && min >= max) return {};
  return { ...(isNumber(min) ? { [low]: min } : {}), ...(isNumber(max) ? { [high]: max } : {}) } as Partial<
    Record<Low | High, number>
  >;
}

function flag<Name extends 'logX' | 'logY' | 'clipOutliers' | 'fitY'>(
  raw: Record<string, unknown>,
  name: Name,
): Partial<Record<Name, boolean>> {
  const value = raw[name];
  return typeof value === 'boolean' ? ({ [name]: value } as Record<Name, boolean>) : {};
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const oneOf = <T extends string>(value: unknown, known: readonly T[]): T | undefined =>
  known.find((name) => name === value);
