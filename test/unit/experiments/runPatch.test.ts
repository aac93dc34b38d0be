import assert from 'node:assert/strict';
import { patchOfRun } from '../../../src/experiments/run/runPatch';
import { GitError } from '../../../src/git/gitError';
import { TagKey } from '../../../src/shared/domain';

const signal = new AbortController().signal;
const asked = (bytes: Uint8Array, path = 'flowdeck/uncommitted.patch') =>
  patchOfRun(
    {
      downloadArtifact: async () => ({
        totalBytes: bytes.length,
        body: (async function* () {
          yield bytes;
        })(),
      }),
    } as unknown as Parameters<typeof patchOfRun>[0],
    { runId: 'r', tags: { [TagKey.gitPatch]: path } },
    signal,
  );

describe('the patch of a run', () => {
  it('has the very bytes that were stored, whatever their encoding', async () => {
    const bytes = Buffer.from('diff --git a/caf\xe9 b/caf\xe9\n+\xe9\n', 'latin1');
    assert.deepEqual(await asked(bytes), bytes);
    assert.deepEqual(await asked(bytes, 'flowdeck/uncommitted-0123456789ab.patch'), bytes);
  });

  it('is none where nothing is in it, and refused where it names no patch that was stored with a run', async () => {
    assert.equal(await asked(Buffer.from(' \n')), undefined);
    for (const strange of [
      '../../secret',
      'flowdeck/../model/MLmodel',
      'flowdeck',
      'flowdeck/',
      'flowdeck/deeper/x.patch',
      'flowdeck\\x.patch',
      'model/x.patch',
      '/flowdeck/x.patch',
      'flowdeck/x\n.patch',
    ])
      await assert.rejects(asked(Buffer.from('x'), strange), GitError, strange);
    const text = { runId: 'r', tags: { [TagKey.gitDiff]: 'diff é\n' } };
    assert.equal((await patchOfRun({ downloadArtifact: assert.fail }, text, signal))?.toString(), 'diff é\n');
    assert.equal(await patchOfRun({ downloadArtifact: assert.fail }, { runId: 'r', tags: {} }, signal), undefined);
  });
});
