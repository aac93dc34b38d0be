import assert from 'node:assert/strict';
import fc from 'fast-check';
import { globPattern } from '../../../src/shared/globPattern';

const matches = (glob: string, ...paths: string[]) => paths.filter(globPattern(glob));

describe('a glob', () => {
  it('is about names without a slash, about paths with one', () => {
    assert.deepEqual(matches('*.py', 'a.py', 'b/c.py', 'c.pyc'), ['a.py', 'b/c.py']);
    assert.deepEqual(matches('src/*.py', 'src/a.py', 'src/b/c.py', 'x/src/a.py'), ['src/a.py']);
    assert.deepEqual(matches('src/**', 'src/a.py', 'src/b/c.py', 'srcs/a'), ['src/a.py', 'src/b/c.py']);
    assert.deepEqual(matches('**/conf/*.yaml', 'conf/a.yaml', 'x/y/conf/b.yaml', 'xconf/a.yaml'), [
      'conf/a.yaml',
      'x/y/conf/b.yaml',
    ]);
    assert.deepEqual(matches('/a?.{py,ya[m]l}', 'ab.py', 'ab.yaml', 'a/.py', 'ab.txt'), ['ab.py', 'ab.yaml']);
    assert.deepEqual(matches('[!a]x', 'ax', 'bx', '/x'), ['bx']);
    assert.deepEqual(matches('a,b+(c).py', 'a,b+(c).py'), ['a,b+(c).py']);
  });

  it('says when a brace is not closed', () => {
    assert.throws(() => globPattern('{a,b'), SyntaxError);
    assert.throws(() => globPattern('a}'), SyntaxError);
  });

  it('of a name without signs is that name', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[^*?{}[\]/]+$/u), (name) => {
        if (name.trim() !== name || name.startsWith('.')) return;
        assert.ok(globPattern(name)(name), name);
        assert.ok(!globPattern(name)(`${name}x`));
      }),
    );
  });
});
