import assert from 'node:assert/strict';
import { sizeInLfs } from '../../../src/git/lfsPointer';

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d'.repeat(32)}\nsize 12345\n`;
const size = (text: string) => sizeInLfs(Buffer.from(text));

describe('a pointer of Git LFS', () => {
  it('is known by its form, with what extensions add', () => {
    assert.equal(size(pointer), 12_345);
    assert.equal(size(pointer.replace('oid', `ext-0-foo sha256:${'aa'.repeat(32)}\noid`)), 12_345);
  });

  it('is no file that speaks of one, or is longer', () => {
    for (const text of ['', `# ${pointer}`, pointer.replace('size', 'length'), `${pointer}${' '.repeat(1_024)}`])
      assert.equal(size(text), undefined, text.slice(0, 80));
  });
});
