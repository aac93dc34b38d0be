import assert from 'node:assert/strict';
import fc from 'fast-check';
import { xTick } from '../../../webview/charts/xText';

const ticks = (values: readonly number[], axis: 'step' | 'relative', span: number) =>
  values.map((value) => xTick(value, axis, span));

describe('ticks of the x axis', () => {
  it('are short where they are far apart, and have the digits that tell them apart where they are close', () => {
    assert.deepEqual(ticks([0, 20_000, 1_200_000], 'step', 2_000_000), ['0', '20K', '1.2M']);
    assert.deepEqual(ticks([50_020, 50_040], 'step', 100), ['50,020', '50,040']);
    assert.deepEqual(ticks([50_001, 50_002], 'step', 5), ['50,001', '50,002']);
    assert.deepEqual(ticks([1_234_100, 1_234_200], 'step', 500), ['1,234,100', '1,234,200']);
    assert.deepEqual(ticks([-50_001.5, 0.1 + 0.2, 1.000_02], 'step', 1), ['-50,001.5', '0.3', '1']);
    assert.deepEqual(ticks([1.000_02, 1.000_03], 'step', 0.000_1), ['1.00002', '1.00003']);
  });

  it('tell times in the units that differ', () => {
    assert.deepEqual(ticks([0, 3_600, 7_500], 'relative', 7_500), ['0 s', '1 h', '2 h 5 min']);
    assert.deepEqual(ticks([7_510, 7_520], 'relative', 60), ['2:05:10', '2:05:20']);
    assert.deepEqual(ticks([100_800, 101_100], 'relative', 3_600), ['1 d 4:00', '1 d 4:05']);
    assert.deepEqual(ticks([200.5, 201], 'relative', 4), ['3:20.5', '3:21.0']);
    assert.deepEqual(ticks([-7_510, 59.999_9], 'relative', 60), ['-2:05:10', '1 min']);
  });

  it('are never the same twice', () => {
    const places = fc.record({
      from: fc.integer({ min: 0, max: 10_000_000 }),
      step: fc.constantFrom(1, 2, 5, 10, 20, 50, 100, 1_000, 10_000, 100_000),
    });
    fc.assert(
      fc.property(places, fc.constantFrom('step', 'relative'), ({ from, step }, axis) => {
        const first = Math.ceil(from / step) * step;
        const values = Array.from({ length: 7 }, (_, at) => first + at * step);
        assert.equal(
          new Set(ticks(values, axis as 'step', 7 * step)).size,
          7,
          ticks(values, axis as 'step', 7 * step).join(),
        );
      }),
    );
  });
});
