import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describedPatch, lackingIn } from '../../../src/git/patchHead';

const commit = 'a1b2c3d4'.repeat(5);
const file = `diff --git a/t b/t
index 587be6b..b77b4eb 100644
--- a/t
+++ b/t
@@ -1 +1,2 @@
 x
+y
`;
const submodule = (name: string) => `diff --git a/${name} b/${name}
--- a/${name}
+++ b/${name}
@@ -1 +1 @@
-Subproject commit ${commit}
+Subproject commit ${commit}-dirty
`;
const moved = `diff --git a/vendor b/vendor
index a1b2c3d..4d3c2b1 160000
--- a/vendor
+++ b/vendor
@@ -1 +1 @@
-Subproject commit ${commit}
+Subproject commit ${commit.replaceAll('a', 'b')}-dirty
`;

describe('what a patch says was there beside it', () => {
  const headed = (leftOut: readonly string[], submodules: readonly string[]) =>
    describedPatch(Buffer.from(file), { commit, leftOut, submodules }).toString();

  it('is read back from its beginning, whatever the names', () => {
    const names = fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { maxLength: 8 });
    fc.assert(
      fc.property(names, names, (leftOut, submodules) => {
        const found = lackingIn(headed(leftOut, submodules));
        assert.deepEqual(found, { leftOut, submodules: [...new Set(submodules)] });
      }),
    );
    // Line separators that are none to git.
    assert.deepEqual(lackingIn(headed(['a\u2028b'], ['\u2029'])), { leftOut: ['a\u2028b'], submodules: ['\u2029'] });
    const many = Array.from({ length: 300 }, (_, at) => `data/${at}.csv`);
    assert.deepEqual(lackingIn(headed(many, ['lib'])), { leftOut: many.slice(0, 200), submodules: ['lib'] });
  });

  it('is what git marks in the diff that MLflow stores', () => {
    const stored = [submodule('lib'), file, moved, submodule('lib')].join('\n');
    assert.deepEqual(lackingIn(stored), { leftOut: [], submodules: ['lib', 'vendor'] });
  });

  it('is nothing where only a file speaks of it', () => {
    const spoken = file.replace(
      '+y',
      `+Subproject commit ${commit}-dirty\n+# Untracked files that are not in it:\n+#   "x"`,
    );
    for (const patch of ['', file, spoken, `# Untracked files that are not in it:\n#   no name\n${file}`])
      assert.deepEqual(lackingIn(patch), { leftOut: [], submodules: [] });
  });
});
