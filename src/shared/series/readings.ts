import type { LineAxis } from '../view/lineSettings';
import { type Curve, extent, lowerBound, nearest } from './axis';
import { duration, shortNumber } from './format';
import type { RunCurve } from './runCurves';

export interface Reading {
  readonly runId: string;
  readonly name: string;
  readonly color: number;
  readonly dash: number;
  readonly value: number;
  readonly smooth?: number;
  /** Of a group: the band there, and how many runs count. */
  readonly band?: { readonly low: number; readonly high: number; readonly n: number };
  /** Where the point really is. */
  readonly x: number;
}

/** The value of every run nearest to x, largest first, NaN last. A run that had not begun or was over has none. */
export function readingsAt(curves: readonly RunCurve[], x: number): Reading[] {
  const whole = extent(curves);
  const slack = whole ? (whole.max - whole.min) / 50 : 0;
  const rank = (value: number) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value);
  return curves.flatMap((curve) => readingOf(curve, x, slack)).sort((a, b) => rank(b.value) - rank(a.value));
}

function readingOf(curve: RunCurve, x: number, slack: number): Reading[] {
  const at = nearest(curve.x, x);
  const found = curve.x[at];
  const [first = 0, last = 0] = [curve.x[0], curve.x[curve.x.length - 1]];
  if (found === undefined || x < first - slack || x > last + slack) return [];
  const { runId, name, color, dash, band } = curve;
  const smooth = curve.smooth?.[at];
  return [
    {
      runId,
      name,
      color,
      dash,
      x: found,
      value: curve.y[at] ?? Number.NaN,
      ...(smooth === undefined ? {} : { smooth }),
      ...(band ? { band: { low: band.low[at] ?? 0, high: band.high[at] ?? 0, n: band.n[at] ?? 0 } } : {}),
    },
  ];
}

/** The next x with a point, in a direction; the first or last point when there is none yet. */
export function nextX(curves: readonly Curve[], from: number | undefined, direction: 1 | -1): number | undefined {
  const whole = extent(curves);
  if (!whole) return undefined;
  if (from === undefined) return direction > 0 ? whole.min : whole.max;
  let best: number | undefined;
  for (const { x } of curves) {
    let at = lowerBound(x, from);
    if (direction < 0) at--;
    else while (x[at] === from) at++;
    const candidate = x[at];
    if (candidate !== undefined && (best === undefined || (candidate - best) * direction < 0)) best = candidate;
  }
  return best ?? from;
}

/** One sentence for people who do not see the chart. */
export function summaryOf(key: string, curves: readonly RunCurve[], axis: LineAxis, xName: string): string {
  const whole = extent(curves);
  if (!whole) return `${key}: no points`;
  const { min, max } = valuesOf(curves);
  const values = min <= max ? `values from ${shortNumber(min)} to ${shortNumber(max)}` : 'no finite values';
  const noun = curves[0]?.band ? ['group of runs', 'groups of runs'] : ['run', 'runs'];
  return `${key}: ${curves.length} ${curves.length === 1 ? noun[0] : noun[1]}, ${spanText(whole, axis, xName)}, ${values}`;
}

function spanText({ min, max }: { readonly min: number; readonly max: number }, axis: LineAxis, xName: string): string {
  switch (axis) {
    case 'step':
      return `steps ${shortNumber(min)} to ${shortNumber(max)}`;
    case 'metric':
      return `${xName} from ${shortNumber(min)} to ${shortNumber(max)}`;
    case 'relative':
      return duration(max - min);
    case 'wall':
      return duration((max - min) / 1000);
  }
}

function valuesOf(curves: readonly Curve[]): { readonly min: number; readonly max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { y } of curves)
    for (const value of y) {
      if (!Number.isFinite(value)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  return { min, max };
}
