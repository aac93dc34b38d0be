import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PackedNumbers } from '../../../src/shared/protocol/packedSeries';
import type { SeriesBlock } from '../../../src/shared/protocol/series';
import { packedBytes, packSeries, unpackSeries } from '../../../src/shared/series/packing';

function block(steps: readonly number[], timestamps: readonly number[] = steps, values = steps): SeriesBlock {
  return {
    runId: 'r',
    steps: Float64Array.from(steps),
    timestamps: Float64Array.from(timestamps),
    values: Float64Array.from(values),
    sampled: true,
  };
}

const bits = (values: Float64Array) => [...new BigUint64Array(values.slice().buffer)];

/** As a page gets it: arrays as they are, everything else as JSON. */
function sent(numbers: PackedNumbers): PackedNumbers {
  if (numbers.kind === 'plain') return numbers;
  if (numbers.kind === 'stride') return JSON.parse(JSON.stringify(numbers));
  return { kind: 'offsets', base: JSON.parse(JSON.stringify(numbers.base)), offsets: numbers.offsets };
}

function assertLossless(series: SeriesBlock): void {
  const packed = packSeries(series);
  const found = unpackSeries({ ...packed, steps: sent(packed.steps), timestamps: sent(packed.timestamps) });
  for (const name of ['steps', 'timestamps', 'values'] as const)
    assert.deepEqual(bits(found[name]), bits(series[name]), name);
  assert.deepEqual([found.runId, found.sampled], [series.runId, series.sampled]);
}

const kinds = (series: SeriesBlock) => {
  const { steps, timestamps } = packSeries(series);
  const of = (numbers: PackedNumbers) => (numbers.kind === 'offsets' ? numbers.offsets.constructor.name : numbers.kind);
  return [of(steps), of(timestamps)];
};

describe('packed series', () => {
  it('come back bit for bit, NaN and -0 included', () => {
    const strange = fc.constantFrom(
      Number.NaN,
      -0,
      0,
      Infinity,
      -Infinity,
      2 ** 31,
      -(2 ** 31),
      2 ** 32,
      2 ** 53,
      5e-324,
      1.5,
    );
    const near = fc.integer({ min: -5, max: 70_000 });
    const far = fc.integer({ min: -(2 ** 33), max: 2 ** 33 });
    const any = fc.oneof(fc.double(), strange);
    const stride = fc
      .tuple(fc.oneof(any, near), fc.oneof(any, near))
      .map(([first, step]) => [0, 1, 2, 3, 4].map((at) => first + at * step));
    const numbers = fc.oneof(
      ...[near, far, any].map((one) => fc.array(one, { maxLength: 12 })),
      stride,
      fc.array(fc.oneof(near, strange), { maxLength: 12 }),
    );
    fc.assert(
      fc.property(numbers, numbers, numbers, (steps, timestamps, values) => {
        const length = Math.min(steps.length, timestamps.length, values.length);
        assertLossless(block(steps.slice(0, length), timestamps.slice(0, length), values.slice(0, length)));
      }),
      { numRuns: 2000 },
    );
  });

  it('need no byte for steps that count, and as few as fit for others', () => {
    const now = 1_700_000_000_000;
    const jitter = (size: number) => [0, 3, 1, size].map((offset) => now + offset);
    assert.deepEqual(kinds(block([0, 1, 2, 3], jitter(1000))), ['stride', 'Uint16Array']);
    assert.deepEqual(kinds(block([100, 90, 80, 70], [now, now, now, now])), ['stride', 'stride']);
    assert.deepEqual(kinds(block([5, 6, 2, 6], jitter(100_000_000))), ['Uint16Array', 'Uint32Array']);
    assert.deepEqual(kinds(block([-70_000, 0, 70_000, 1], jitter(2 ** 32))), ['Uint32Array', 'plain']);
    assert.deepEqual(kinds(block([0, 0.5, 0.75, 9], [now, -0, 0, 0])), ['plain', 'plain']);
    assert.deepEqual(kinds(block([])), ['stride', 'stride']);
  });

  it('of a million points take at most 16 bytes a point', () => {
    const length = 1_000_000;
    // Steps of a run that was resumed many times; times as they are measured.
    const steps = Array.from({ length }, (_, at) => at - (at % 97) * 3);
    const timestamps = steps.map((_, at) => 1_700_000_000_000 + at * 40 + (at % 7));
    const series = block(steps, timestamps);
    const packed = packSeries(series);
    assert.equal(packedBytes(packed), 16 * length);
    assert.deepEqual(unpackSeries(packed), series);
  });

  it('take only their own part of a larger buffer along', () => {
    const all = Float64Array.from({ length: 100 }, (_, at) => Math.sqrt(at));
    const part = all.subarray(10, 20);
    const packed = packSeries({ runId: 'r', steps: part, timestamps: part, values: part, sampled: false });
    assert.equal(packed.values.buffer.byteLength, 80);
    assert.equal(packed.steps.kind === 'plain' && packed.steps.values.buffer.byteLength, 80);
  });
});
