/**
 * Exponential moving average, corrected for its start at zero (Kingma & Ba 2015, section 3), as TensorBoard does it.
 * NaN and ±Infinity stay where they are and do not enter the average.
 * @param weight 0 (nothing) … below 1 (very smooth)
 */
export function ema(values: Float64Array, weight: number): Float64Array {
  const smoothed = new Float64Array(values.length);
  let sum = 0;
  let correction = 1;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      smoothed[at] = value;
      continue;
    }
    sum = sum * weight + (1 - weight) * value;
    // Below, 1 − correction is 1; going on would end in denormal numbers, which are slow.
    if (correction > 1e-18) correction *= weight;
    smoothed[at] = sum / (1 - correction);
  }
  return smoothed;
}
