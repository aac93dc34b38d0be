import assert from 'node:assert/strict';
import { parseChanges } from '../../../src/git/changedFiles';
import { parseCommitDetails } from '../../../src/git/commitDetails';
import { patchOrders, submodulePart } from '../../../src/git/patchOrders';
import { parseWorktrees } from '../../../src/git/workingTrees';

const section = (name: string, text: string) => `diff --git a/${name} b/${name}\n${text}\n`;

describe('the parts of a patch', () => {
  it('are in one order when their names rise', () => {
    const patch = section('a.py', '1') + section('b b/c.py', '2') + section('é.py', '3');
    assert.deepEqual(patchOrders(patch.trimEnd()), [patch]);
  });

  it('are turned round at the seam of two halves', () => {
    const unstaged = section('b.py', 'late') + section('c.py', 'late');
    const staged = section('a.py', 'early') + section('b.py', 'early');
    assert.deepEqual(patchOrders(unstaged + staged), [unstaged + staged, staged + unstaged]);
    const renamed = 'diff --git a/old.py b/b.py\nrename from old.py\nrename to b.py\n';
    assert.deepEqual(patchOrders(section('b.py', 'late') + renamed)[1], renamed + section('b.py', 'late'));
  });

  it('that set commits of submodules are told from texts that look like them', () => {
    const ids = ['a'.repeat(40), 'b'.repeat(40)];
    const hunk = `@@ -1 +1 @@\n-Subproject commit ${ids[0]}\n+Subproject commit ${ids[1]}`;
    const moved = section('vendor', `index aaa..bbb 160000\n--- a/vendor\n+++ b/vendor\n${hunk}-dirty`);
    const added = section('lib', `new file mode 160000\nindex 000..bbb\n--- /dev/null\n+++ b/lib\n${hunk}`);
    const text = section(
      'notes.txt',
      `index aaa..bbb 100644\n--- a/notes.txt\n+++ b/notes.txt\n${hunk}\n index a..b 160000`,
    );
    assert.equal(submodulePart(`${text}${added}${section('a.py', '1')}${moved}`.trimEnd()), added + moved);
    assert.equal(submodulePart(text), '');
  });
});

describe('what git says of changes', () => {
  it('is passed over where it is not understood', () => {
    assert.deepEqual(parseChanges(''), []);
    assert.deepEqual(parseChanges('nonsense\0:1 2 3\0\0'), []);
    const id = '1'.repeat(40);
    assert.deepEqual(parseChanges(`:100644 100644 ${id} ${id} T\0link\0`), [{ kind: 'modified', path: 'link' }]);
  });
});

describe('a commit object', () => {
  it('is read in its own encoding, with signatures of any shape', () => {
    const head =
      'tree 1\nparent aaaa\nparent bbbb\nauthor Jos\u00e9 <j@x> 1700000000 +0100\ncommitter  <> 5 -0000\nencoding ISO-8859-1\n';
    const details = parseCommitDetails(Buffer.from(`${head}\nS\u00fcbject\n\nbody\n`, 'latin1'));
    assert.deepEqual(details, {
      parents: ['aaaa', 'bbbb'],
      author: { name: 'José', email: 'j@x', time: 1_700_000_000_000 },
      committer: { name: '', email: '', time: 5000 },
      message: 'Sübject\n\nbody',
    });
    assert.equal(parseCommitDetails(Buffer.from('encoding no-such\n\nx')).message, 'x');
    assert.equal(parseCommitDetails(Buffer.from('')).author.name, '');
  });
});

describe('the list of worktrees', () => {
  it('keeps spaces in names', () => {
    const output =
      'worktree /a b\nHEAD 12\nbranch refs/heads/x/y\n\nworktree /bare\nbare\n\nworktree /c\nHEAD 34\ndetached\nlocked\n\n';
    assert.deepEqual(parseWorktrees(output), [
      { folder: '/a b', commit: '12', branch: 'x/y' },
      { folder: '/bare' },
      { folder: '/c', commit: '34' },
    ]);
  });
});
