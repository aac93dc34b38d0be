import type { Buckets } from '../../src/shared/series/buckets';

/** Pixels of a canvas: `x · ax + bx` and `y · ay + by`, where y is its logarithm on a log axis (x is one already). */
export interface Mapping {
  readonly ax: number;
  readonly bx: number;
  readonly ay: number;
  readonly by: number;
  readonly logY: boolean;
  /** Where values lie that a log axis cannot show. */
  readonly floor: number;
}

export interface DrawnCurve {
  readonly runId: string;
  readonly color: string;
  readonly dash: number;
  readonly raw: Buckets;
  /** Strong, with `raw` faint behind it. */
  readonly smooth?: Buckets;
  /** Of a group: least values of the one, greatest of the other. */
  readonly band?: { readonly low: Buckets; readonly high: Buckets };
}
