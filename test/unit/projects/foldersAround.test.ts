import assert from 'node:assert/strict';
import path from 'node:path';
import { foldersAround } from '../../../src/projects/launch/foldersAround';

describe('the open folder that a project of a repository belongs to', () => {
  const root = path.resolve('/work/repo');
  const around = (folders: readonly string[], inside = '') =>
    foldersAround(
      folders.map((folder) => ({ folder: path.resolve(folder) })),
      root,
      inside,
    ).map(({ folder }) => folder);

  it('is the innermost that holds it, in whatever order they are open', () => {
    assert.deepEqual(around(['/work/api', '/work/repo']), [root]);
    assert.deepEqual(around(['/work', '/work/repo', '/work/repo/ml'], 'ml/deep'), [path.resolve('/work/repo/ml')]);
    assert.deepEqual(around(['/work/repo', '/work/repo/ml'], 'mlops'), [root]);
    assert.deepEqual(around(['/work', '/other']), [path.resolve('/work')]);
  });

  it('may be any of its repository where none holds it, and no other', () => {
    const inside = ['/work/repo/api', '/work/repo/web'].map((folder) => path.resolve(folder));
    assert.deepEqual(around([...inside, '/work/repository'], 'ml'), inside);
    assert.deepEqual(around(['/other'], 'ml'), []);
  });
});
