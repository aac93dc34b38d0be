import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import { type Located, locateFile } from '../../../src/git/locate';
import { commandFile, entryPointCommand, isProjectFile } from '../../../src/source/projectCommand';

const one = (file: string): Located => ({ kind: 'one', file });

describe('the file of a commit that a recorded path means', () => {
  const files = ['train.py', 'a/train.py', 'b/train.py', 'b/c/fit.py', 'd/c/fit.py', 'only/here.py'];
  const root = path.resolve('/home/ada/work tree/p');
  const table: readonly (readonly [string, Located])[] = [
    ['train.py', one('train.py')],
    ['./train.py', one('train.py')],
    ['a/train.py', one('a/train.py')],
    ['here.py', one('only/here.py')],
    ['../only/here.py', one('only/here.py')],
    ['fit.py', { kind: 'several', files: ['b/c/fit.py', 'd/c/fit.py'] }],
    ['c/fit.py', { kind: 'several', files: ['b/c/fit.py', 'd/c/fit.py'] }],
    ['/home/bob/p/b/c/fit.py', one('b/c/fit.py')],
    ['/home/bob/p/train.py', one('train.py')],
    ['C:/p/only/here.py', one('only/here.py')],
    [`${root}/b/train.py`, one('b/train.py')],
    [`${root}/x/train.py`, { kind: 'none' }],
    ['nowhere.py', { kind: 'none' }],
    ['..', { kind: 'none' }],
    ['', { kind: 'none' }],
  ];
  for (const [recorded, expected] of table)
    it(JSON.stringify(recorded), () => assert.deepEqual(locateFile(files, recorded, [root]), expected));

  it('is always one of the files, whatever was recorded', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string(), (names, recorded) => {
        const located = locateFile(names, recorded, []);
        if (located.kind === 'one') assert.ok(names.includes(located.file));
        if (located.kind === 'several') assert.ok(located.files.every((name) => names.includes(name)));
      }),
    );
  });
});

describe('the file that an entry point runs', () => {
  const files = new Set(['train.py', 'src/fit.py', 'pkg/mod.py', 'pkg/app/__main__.py', 'run.sh', 'data.csv']);
  const table: readonly (readonly [string, string | undefined])[] = [
    ['python train.py --alpha {alpha}', 'train.py'],
    ['python ./train.py', 'train.py'],
    ['python "src/fit.py" > log.txt', 'src/fit.py'],
    ['python -m pkg.mod {x}', 'pkg/mod.py'],
    ['python -m pkg.app', 'pkg/app/__main__.py'],
    ['bash run.sh && python train.py', 'run.sh'],
    ['python missing.py', undefined],
    ['echo $(id)', undefined],
    ['', undefined],
  ];
  for (const [command, expected] of table)
    it(JSON.stringify(command), () => assert.equal(commandFile(command, files), expected));

  it('is named in the MLproject', async () => {
    const text = 'name: x\nentry_points:\n  main:\n    command: "python train.py"\n  odd: 3\n';
    assert.equal(await entryPointCommand(text, 'main'), 'python train.py');
    for (const entry of ['odd', 'missing', '__proto__', ''])
      assert.equal(await entryPointCommand(text, entry), undefined);
    for (const broken of ['', 'a: [', '- 1', '"just text"', '&a [*a]', 'entry_points: 5'])
      assert.equal(await entryPointCommand(broken, 'main'), undefined, broken);
    assert.deepEqual(['a/MLproject', 'mlproject', 'a/MLprojectx', 'xMLproject'].map(isProjectFile), [
      true,
      true,
      false,
      false,
    ]);
  });
});
