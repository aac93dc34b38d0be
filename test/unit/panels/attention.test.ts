import assert from 'node:assert/strict';
import { Attention } from '../../../src/panels/attention';

describe('attention to a window', () => {
  it('lasts five minutes beyond its focus, from when that was lost', () => {
    let isFocused = true;
    let now = 1_000;
    const attention = new Attention(
      () => isFocused,
      () => now,
    );
    const focus = (focused: boolean) => {
      isFocused = focused;
      attention.note();
    };
    assert.equal(attention.lasts, true);
    focus(false);
    now += 299_000;
    // A second word of the same changes nothing.
    attention.note();
    assert.equal(attention.lasts, true);
    now += 1_000;
    assert.equal(attention.lasts, false);
    focus(true);
    assert.equal(attention.lasts, true);
    focus(false);
    assert.equal(attention.lasts, true);
  });

  it('is not there for a window that never had the focus', () => {
    assert.equal(new Attention(() => false).lasts, false);
  });
});
