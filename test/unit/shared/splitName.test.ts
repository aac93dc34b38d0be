import assert from 'node:assert/strict';
import fc from 'fast-check';
import { splitName } from '../../../src/shared/splitName';

const parts = (name: string) => Object.values(splitName(name));

describe('a long name in two', () => {
  it('keeps its last word, or its last signs where that is long', () => {
    assert.deepEqual(parts('val/accuracy_top5'), ['val/accuracy', '_top5']);
    assert.deepEqual(parts('gradients/layer.12.norm'), ['gradients/layer.12', '.norm']);
    assert.deepEqual(parts('validation/perplexityoftokens'), ['validation/perplexityof', 'tokens']);
    assert.deepEqual(parts('learningratewarmup'), ['learningrate', 'warmup']);
  });

  it('leaves short names whole', () => {
    assert.deepEqual(parts('val/accuracy'), ['val/accuracy', '']);
    assert.deepEqual(parts(''), ['', '']);
  });

  it('loses nothing, and takes no sign apart', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (name) => {
        const { start, end } = splitName(name);
        assert.equal(start + end, name);
        assert.ok([...start, ...end].join('') === name);
      }),
    );
  });
});
