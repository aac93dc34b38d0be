import assert from 'node:assert/strict';
import fc from 'fast-check';
import { naturalCompare } from '../../../src/shared/naturalCompare';

describe('names as people count', () => {
  it('compare numbers by size and letters without regard to case first', () => {
    assert.deepEqual(['l10', 'l2', 'L2', 'l1'].sort(naturalCompare), ['l1', 'l2', 'L2', 'l10']);
    assert.deepEqual(['flat_10', 'flat_9', 'flat_2'].sort(naturalCompare), ['flat_2', 'flat_9', 'flat_10']);
  });

  it('keep a family together, its own name before what it begins', () => {
    const names = ['layer_1_norm/w', 'layer_1/w', 'layer_10/w', 'layer_1', 'layer_2/w', 'layer_1/b', 'layer_1/b/10'];
    assert.deepEqual(names.sort(naturalCompare), [
      'layer_1',
      'layer_1/b',
      'layer_1/b/10',
      'layer_1/w',
      'layer_1_norm/w',
      'layer_2/w',
      'layer_10/w',
    ]);
  });

  it('have one order only, whatever they are', () => {
    const name = fc
      .array(fc.constantFrom('a', 'A', 'ä', '1', '02', '2', '10', '/', '_', ' ', '\u0000', '٣', '𝟙'))
      .map((all) => all.join(''));
    const anyName = fc.oneof(name, fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(anyName, anyName, anyName, (a, b, c) => {
        assert.equal(Math.sign(naturalCompare(a, b)), -Math.sign(naturalCompare(b, a)) + 0);
        assert.equal(naturalCompare(a, b) === 0, a === b);
        const [first = '', second = '', third = ''] = [a, b, c].sort(naturalCompare);
        assert.ok(naturalCompare(first, second) <= 0 && naturalCompare(second, third) <= 0);
        assert.ok(naturalCompare(first, third) <= 0);
      }),
    );
  });
});
