import assert from 'node:assert/strict';
import path from 'node:path';
import { outermostFirst } from '../../../src/source/runsOf/outermostFirst';

describe('the repositories whose heads are asked for first', () => {
  const at = (place: string) => path.resolve('/code', place);
  const ordered = (places: readonly string[], ...folders: readonly string[]) =>
    outermostFirst(
      places.map((place) => ({ root: at(place) })),
      folders.map(at),
    ).map(({ root }) => path.relative(at('.'), root).split(path.sep).join('/'));

  it('are those of the open folders, whatever the number of submodules in them', () => {
    const submodules = Array.from({ length: 40 }, (_, at) => `main/libs/${at}`);
    assert.deepEqual(ordered([...submodules, 'main'], 'main'), ['main', ...submodules]);
    assert.deepEqual(ordered([...submodules, 'main'], 'main/src'), ['main', ...submodules]);
    assert.deepEqual(ordered(['main/a', 'main/b', 'other', 'main'], 'main/b', 'main'), [
      'main/b',
      'main',
      'other',
      'main/a',
    ]);
  });

  it('are the outermost where the open folder is none, in their order', () => {
    assert.deepEqual(ordered(['one/lib/deep', 'two/lib', 'one/lib', 'two', 'one'], '.'), [
      'two',
      'one',
      'two/lib',
      'one/lib',
      'one/lib/deep',
    ]);
  });
});
