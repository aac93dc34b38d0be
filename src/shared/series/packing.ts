import type { PackedNumbers, PackedSeries } from '../protocol/packedSeries';
import type { SeriesBlock } from '../protocol/series';

/**
 * Packs without loss: what is unpacked equals the series bit for bit, NaN and -0 included. Arrays of `PackedSeries` may be
 * those of the series itself; they are meant to be sent, not written to.
 */
export function packSeries({ runId, sampled, values, steps, timestamps }: SeriesBlock): PackedSeries {
  return { runId, sampled, values: whole(values), steps: packed(steps), timestamps: packed(timestamps) };
}

export function unpackSeries(series: PackedSeries): SeriesBlock {
  const { runId, sampled, values } = series;
  return {
    runId,
    steps: unpacked(series.steps, values.length),
    timestamps: unpacked(series.timestamps, values.length),
    values,
    sampled,
  };
}

/** Bytes of the arrays. */
export function packedBytes({ values, steps, timestamps }: PackedSeries): number {
  return values.byteLength + bytesOf(steps) + bytesOf(timestamps);
}

function bytesOf(numbers: PackedNumbers): number {
  if (numbers.kind === 'stride') return 0;
  return numbers.kind === 'offsets' ? numbers.offsets.byteLength : numbers.values.byteLength;
}

function packed(values: Float64Array): PackedNumbers {
  return asStride(values) ?? asOffsets(values) ?? { kind: 'plain', values: whole(values) };
}

function asStride(values: Float64Array): PackedNumbers | undefined {
  const first = values[0] ?? 0;
  const stride = values.length > 1 ? (values[1] ?? 0) - first : 0;
  if (!isPlainNumber(first) || !isPlainNumber(stride)) return undefined;
  for (let at = 0; at < values.length; at++) if (!isSame(values[at] ?? 0, first + at * stride)) return undefined;
  return { kind: 'stride', first, stride };
}

function asOffsets(values: Float64Array): PackedNumbers | undefined {
  let base = values[0] ?? 0;
  let greatest = base;
  for (const value of values) {
    if (value < base) base = value;
    if (value > greatest) greatest = value;
  }
  if (!Number.isFinite(base) || !(greatest - base < 2 ** 32)) return undefined;
  const offsets = greatest - base < 2 ** 16 ? new Uint16Array(values.length) : new Uint32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    const offset = value - base;
    // Fractions, NaN, -0 (so base is never -0) and what is too large to be counted in ones would not come back.
    if (offset >>> 0 !== offset || !isSame(base + offset, value)) return undefined;
    offsets[at] = offset;
  }
  return { kind: 'offsets', base, offsets };
}

function unpacked(numbers: PackedNumbers, length: number): Float64Array {
  if (numbers.kind === 'plain') return numbers.values;
  const values = new Float64Array(length);
  if (numbers.kind === 'stride') for (let at = 0; at < length; at++) values[at] = numbers.first + at * numbers.stride;
  else for (let at = 0; at < length; at++) values[at] = numbers.base + (numbers.offsets[at] ?? 0);
  return values;
}

/** A part of a larger buffer would be sent with all of it. */
const whole = (values: Float64Array) => (values.byteLength === values.buffer.byteLength ? values : values.slice());

const isPlainNumber = (value: number) => Number.isFinite(value) && !Object.is(value, -0);

/** Equal, and both 0 or both -0. */
const isSame = (a: number, b: number) => a === b && (a !== 0 || 1 / a === 1 / b);
