import assert from 'node:assert/strict';
import fc from 'fast-check';
import { importedFiles, importRoots, moduleFiles, pythonImports } from '../../../src/shared/pythonImports';

const imports = (...lines: string[]) => [...pythonImports(lines.join('\n'))].sort();

describe('the imports of a Python file', () => {
  it('are found in every form', () => {
    assert.deepEqual(imports('import os, data.load as load', 'if x: import late', '    import inside'), [
      'data.load',
      'inside',
      'late',
      'os',
    ]);
    assert.deepEqual(imports('from a.b import c as d, e'), ['a.b', 'a.b.c', 'a.b.e']);
    assert.deepEqual(imports('from a import (  # why', '  b,', '  c as d,', ')', 'from e import *'), [
      'a',
      'a.b',
      'a.c',
      'e',
    ]);
    assert.deepEqual(imports('from . import x', 'from ..pkg import y', 'from .z import *'), [
      '.',
      '..pkg',
      '..pkg.y',
      '.x',
      '.z',
    ]);
    assert.deepEqual(imports('from a import b, \\', '  c; import d'), ['a', 'a.b', 'a.c', 'd']);
    assert.deepEqual(imports('m = importlib.import_module("steps.fit")'), ['steps.fit']);
    assert.deepEqual(imports('try: import größe', 'except ImportError: pass'), ['größe']);
  });

  it('are not in strings, comments or other words', () => {
    assert.deepEqual(
      imports(
        '"""',
        'import not_this',
        '"""',
        'x = \'import nor_this\'; y = "\\"import nor"',
        '# import neither',
        "'''from a import b''' ",
        'imported = 1',
        'from_x = 2',
        'r = f"""',
        'import no',
      ),
      [],
    );
  });

  it('are read from any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => void pythonImports(text)));
    const start = Date.now();
    pythonImports(`${'('.repeat(20_000)}${'"'.repeat(20_000)}${'import a,'.repeat(20_000)}`);
    assert.ok(Date.now() - start < 2_000);
  });
});

describe('the files behind imports', () => {
  const files = new Set([
    'jobs/train.py',
    'jobs/helpers.py',
    'src/model/__init__.py',
    'src/model/net.py',
    'src/model/deep/layer.py',
    'shared/io.py',
    'unused.py',
    'jobs/os.txt',
  ]);
  const roots = importRoots('jobs/train.py');
  const found = (name: string, importer = 'jobs/train.py') => moduleFiles(name, importer, roots, files);

  it('are beside the entry file, at the root or in src', () => {
    assert.deepEqual(roots, ['jobs', 'jobs/src', '', 'src']);
    assert.deepEqual(found('helpers'), ['jobs/helpers.py']);
    assert.deepEqual(found('shared.io'), ['shared/io.py']);
    assert.deepEqual(found('model.net'), ['src/model/net.py', 'src/model/__init__.py']);
    assert.deepEqual(found('model'), ['src/model/__init__.py']);
    assert.deepEqual(found('numpy'), []);
    assert.deepEqual(found('os'), []);
  });

  it('are relative to the package of the file', () => {
    assert.deepEqual(found('.net', 'src/model/deep/layer.py'), []);
    assert.deepEqual(found('..net', 'src/model/deep/layer.py'), ['src/model/net.py']);
    assert.deepEqual(found('..', 'src/model/deep/layer.py'), ['src/model/__init__.py']);
    assert.deepEqual(found('.....net', 'src/model/deep/layer.py'), []);
  });

  it('are followed from file to file, each read once, in circles too', async () => {
    const texts: Record<string, string> = {
      'jobs/train.py': 'import helpers\nfrom model import net',
      'jobs/helpers.py': 'import train\nfrom shared.io import read',
      'src/model/net.py': 'from .deep.layer import Layer',
    };
    const asked: string[][] = [];
    const reached = await importedFiles('jobs/train.py', files, async (names) => {
      asked.push([...names].sort());
      return new Map(names.map((name) => [name, texts[name] ?? '']));
    });
    assert.deepEqual(
      [...reached].sort(),
      [...files].filter((file) => file !== 'unused.py' && file !== 'jobs/os.txt').sort(),
    );
    assert.equal(asked.length, 3);
    assert.equal(asked.flat().length, new Set(asked.flat()).size);
    assert.deepEqual([...(await importedFiles('run.sh', files, async () => new Map()))], ['run.sh']);
  });
});
