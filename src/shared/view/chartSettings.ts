import type { Interval, ViewState } from '../viewState';
import type { CardSettings, LineSettings } from './lineSettings';

/** What holds for one chart: the settings for all, with its own in their place. */
export interface ChartSettings extends LineSettings {
  readonly own: CardSettings;
  /** Charts with the same one look at the same x together: they share zoom and crosshair. */
  readonly axisId: string;
  /** The interval of x that was chosen, by zooming or by its own limits. */
  readonly xMin?: number;
  readonly xMax?: number;
  readonly yMin?: number;
  readonly yMax?: number;
}

export function settingsOf(view: ViewState, key: string): ChartSettings {
  const own = ownSettings(view, key);
  const merged = { ...view, ...own };
  const axis = merged.axis === 'metric' && merged.xMetric === '' ? 'step' : merged.axis;
  const { xMin, xMax, yMin, yMax } = own;
  return {
    axis,
    xMetric: merged.xMetric,
    logX: merged.logX,
    logY: merged.logY,
    smoothing: merged.smoothing,
    smoothingMethod: merged.smoothingMethod,
    clipOutliers: merged.clipOutliers,
    fitY: merged.fitY,
    groupBy: merged.groupBy,
    band: merged.band,
    own,
    axisId: axisIdOf(axis, merged.xMetric),
    ...(xMin === undefined ? {} : { xMin }),
    ...(xMax === undefined ? {} : { xMax }),
    ...(yMin === undefined ? {} : { yMin }),
    ...(yMax === undefined ? {} : { yMax }),
  };
}

export const axisIdOf = (axis: LineSettings['axis'], xMetric: string) =>
  axis === 'metric' ? `metric ${xMetric}` : axis;

/** A metric may be called `constructor`. */
export function ownSettings({ perChart }: Pick<ViewState, 'perChart'>, key: string): CardSettings {
  return (Object.hasOwn(perChart, key) ? perChart[key] : undefined) ?? {};
}

/**
 * The interval of x that a chart shows: what it was zoomed to, else its own limits, else everything there is. On a log
 * axis only positive x count. Undefined when there is nothing to show.
 */
export function shownInterval(
  whole: Interval | undefined,
  zoom: Interval | undefined,
  { xMin, xMax }: Pick<ChartSettings, 'xMin' | 'xMax'>,
  leastPositive: number | undefined,
): Interval | undefined {
  const usable = (value: number | undefined) =>
    leastPositive !== undefined && value !== undefined && value <= 0 ? undefined : value;
  const first = leastPositive ?? whole?.min;
  const min = usable(zoom?.min ?? xMin) ?? first;
  const max = usable(zoom?.max ?? xMax) ?? whole?.max;
  if (min === undefined || max === undefined || !Number.isFinite(min)) return undefined;
  return min <= max ? { min, max } : { min, max: min };
}
