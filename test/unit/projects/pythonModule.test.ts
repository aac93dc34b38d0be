import assert from 'node:assert/strict';
import { moduleOf } from '../../../src/projects/command/pythonModule';

const files = [
  'train.py',
  'pkg/__init__.py',
  'pkg/train.py',
  'pkg/net.py',
  'pkg/deep/__init__.py',
  'pkg/deep/train.py',
  'src/lab/__init__.py',
  'src/lab/run.py',
  'bare/run.py',
  'bare/my-tool/run.py',
];
const of = (file: string, text: string, byName = false) => moduleOf(file, text, files, byName);

describe('a script that stands in a package', () => {
  it('is a module where it imports relatively, in the folder that holds the package', () => {
    assert.deepEqual(of('pkg/train.py', 'from . import net\n'), { folder: '', module: 'pkg.train' });
    assert.deepEqual(of('pkg/deep/train.py', 'from .net import x'), { folder: '', module: 'pkg.deep.train' });
    assert.deepEqual(of('src/lab/run.py', 'if x:\n  from .net import (\n a, b)\n', true), {
      folder: 'src',
      module: 'lab.run',
    });
    // Without an __init__.py the dots alone say how far it reaches.
    assert.deepEqual(of('bare/run.py', 'from .a import b'), { folder: '', module: 'bare.run' });
  });

  it('is one where it imports from its own package by name, unless it was started as a file or imports what stands beside it', () => {
    assert.deepEqual(of('pkg/train.py', 'import pkg.net'), { folder: '', module: 'pkg.train' });
    assert.equal(of('pkg/train.py', 'import pkg.net', true), undefined);
    assert.equal(of('pkg/train.py', 'import pkg.net\nimport net'), undefined);
  });

  it('is a file otherwise', () => {
    for (const [file, text] of [
      ['train.py', 'from . import x'],
      ['pkg/train.py', 'import net\n"""\nfrom . import x\n"""\n# from . import y\n'],
      ['bare/run.py', 'from ..a import b'],
      ['bare/my-tool/run.py', 'from . import a'],
      ['pkg/run.sh', 'from . import a'],
    ] as const)
      assert.equal(of(file, text), undefined, `${file} ${text}`);
  });
});
