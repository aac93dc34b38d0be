const steps = [1, 2, 5];
/** Decades from tick to tick. */
const strides = [1, 2, 3, 5, 10, 20, 50, 100];

/** Ticks of a logarithmic axis that people read easily: whole decades when there are many, else 1-2-5, else even ones. */
export function logTicks(min: number, max: number): number[] {
  // The quotient of the largest and the least doubles is none.
  const decades = Math.log10(max) - Math.log10(min);
  if (!(decades > 0) || min <= 0 || !Number.isFinite(decades)) return [];
  const low = Math.floor(Math.log10(min));
  const high = Math.ceil(Math.log10(max));
  if (decades > 1.2) {
    const rough = Math.ceil((high - low) / 6);
    const stride = strides.findLast((size) => size <= rough) ?? 1;
    const factors = decades > 3 ? [1] : steps;
    const all: number[] = [];
    for (let power = Math.ceil(low / stride) * stride; power <= high; power += stride)
      for (const factor of factors) all.push(Number(`${factor}e${power}`));
    return all.filter((tick) => tick >= min && tick <= max);
  }
  return evenTicks(min, max);
}

function evenTicks(min: number, max: number): number[] {
  const rough = (max - min) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (steps.find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(min / step);
  const ticks: number[] = [];
  for (let at = first; at * step <= max && ticks.length < 20; at++) ticks.push(Number((at * step).toPrecision(12)));
  return ticks;
}
