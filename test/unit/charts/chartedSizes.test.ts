import assert from 'node:assert/strict';
import { chartedSizes } from '../../../webview/charts/chartedSizes';

const texts = (...args: Parameters<typeof chartedSizes>) => chartedSizes(...args).map(({ text }) => text);

describe('how many runs are charted', () => {
  it('is no choice where the table has no more than the fewest', () => {
    assert.deepEqual(chartedSizes(200, 0, false), []);
    assert.deepEqual(chartedSizes(200, 1, false), []);
    assert.deepEqual(chartedSizes(20, 10, false), []);
  });

  it('is all of them at most, where the table is known to end', () => {
    assert.deepEqual(texts(200, 34, false), ['First 10', 'First 20', 'All 34']);
    assert.equal(chartedSizes(200, 34, false).at(-1)?.first, 200);
    assert.equal(chartedSizes(20, 34, false).at(-1)?.first, 50);
    assert.deepEqual(texts(20, 100, false), ['First 10', 'First 20', 'First 50', 'All 100']);
    assert.equal(chartedSizes(20, 100, false).at(-1)?.first, 100);
    assert.deepEqual(texts(20, 5_000, false), ['First 10', 'First 20', 'First 50', 'First 100', 'First 200']);
  });

  it('is any number where more may come, and always has what is chosen', () => {
    assert.deepEqual(texts(30, 8, true), ['First 10', 'First 20', 'First 30', 'First 50', 'First 100', 'First 200']);
    for (const first of [1, 10, 20, 33, 200])
      for (const rows of [11, 50, 100, 300])
        for (const more of [false, true])
          assert.ok(
            chartedSizes(first, rows, more).some((size) => size.first === first),
            `${first} of ${rows}`,
          );
  });
});
