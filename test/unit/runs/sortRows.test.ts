import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareTexts } from '../../../src/shared/runs/sortRows';

describe('the order of texts', () => {
  it('has numbers by their size', () => {
    const texts = ['run-10', 'run-9', 'run-9a', 'run', 'Run-1', '1', '01', '10', ''];
    assert.deepEqual(texts.toSorted(compareTexts), ['', '01', '1', '10', 'Run-1', 'run', 'run-9', 'run-9a', 'run-10']);
  });

  it('is an order', () => {
    const text = fc.string({ unit: fc.constantFrom('0', '1', '9', 'a', 'B', '-'), maxLength: 6 });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        assert.equal(Math.sign(compareTexts(a, b)), -Math.sign(compareTexts(b, a)) + 0);
        assert.equal(compareTexts(a, b) === 0, a === b);
        if (compareTexts(a, b) < 0 && compareTexts(b, c) < 0) assert.ok(compareTexts(a, c) < 0, `${a} ${b} ${c}`);
      }),
      { numRuns: 3000 },
    );
  });
});
