import { upperBound } from '../../src/shared/series/axis';
import { type Buckets, bucketsOf } from '../../src/shared/series/buckets';
import { type Pyramid, pyramidOf } from '../../src/shared/series/pyramid';
import type { RunCurve } from '../../src/shared/series/runCurves';
import type { Interval } from '../../src/shared/viewState';
import type { DrawnCurve } from './drawnCurve';

interface Shown {
  readonly curves: readonly RunCurve[];
  readonly interval: Interval;
  readonly logX: boolean;
}

/** Longer curves are worth a pyramid: it takes as long to make as to draw once. */
const pyramidFrom = 4_000;

/** What is drawn of curves in so many pixels. One row is kept per curve: the same question costs nothing. */
export class CurveBuckets {
  private readonly rows = new WeakMap<Float64Array, { readonly of: string; readonly buckets: Buckets }>();

  of({ curves, interval, logX }: Shown, pixels: number, colorOf: (color: number) => string): readonly DrawnCurve[] {
    const shown = logX ? loggedInterval(interval) : interval;
    const colors = new Map<number, string>();
    return curves.map(({ runId, x, y, color, dash, smooth, band }) => {
      const name = colors.get(color) ?? colorOf(color);
      colors.set(color, name);
      const made = (values: Float64Array) => this.bucket(x, values, shown, logX, pixels);
      return {
        runId,
        color: name,
        dash,
        raw: made(y),
        ...(smooth ? { smooth: made(smooth) } : {}),
        ...(band ? { band: { low: made(band.low), high: made(band.high) } } : {}),
      };
    });
  }

  private bucket(x: Float64Array, y: Float64Array, shown: Interval, logX: boolean, pixels: number): Buckets {
    const of = `${shown.min} ${shown.max} ${logX} ${pixels}`;
    const known = this.rows.get(y);
    if (known?.of === of) return known.buckets;
    const [places, values] = logX ? logged(x, y) : [x, y];
    const buckets = bucketsOf(places, values, shown, pixels, pyramid(values));
    this.rows.set(y, { of, buckets });
    return buckets;
  }
}

const pyramids = new WeakMap<Float64Array, Pyramid>();

function pyramid(y: Float64Array): Pyramid | undefined {
  if (y.length < pyramidFrom) return undefined;
  const made = pyramids.get(y) ?? pyramidOf(y);
  pyramids.set(y, made);
  return made;
}

const loggedArrays = new WeakMap<Float64Array, readonly [Float64Array, Float64Array]>();

/** Points with x > 0, at the decadic logarithm of x. */
function logged(x: Float64Array, y: Float64Array): readonly [Float64Array, Float64Array] {
  const known = loggedArrays.get(y);
  if (known) return known;
  const from = upperBound(x, 0);
  const made = [x.subarray(from).map(Math.log10), y.subarray(from)] as const;
  loggedArrays.set(y, made);
  return made;
}

export const loggedInterval = ({ min, max }: Interval): Interval => ({ min: Math.log10(min), max: Math.log10(max) });
