/** A power of two to multiply values by, without loss, so that sums of them stay finite; nearly always 1. */
export function overflowScale(values: Float64Array): number {
  for (const value of values) if (Math.abs(value) > 1e290 && Number.isFinite(value)) return 2 ** -64;
  return 1;
}
