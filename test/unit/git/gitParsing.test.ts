import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseCommitBatch } from '../../../src/git/commitBatch';
import { requireCommitId } from '../../../src/git/commitId';
import { isBranchName } from '../../../src/git/fetchAttempts';
import { GitError, gitFailure } from '../../../src/git/gitError';
import { parseStatus } from '../../../src/git/repositoryState';
import { isCommitId, sameCommit } from '../../../src/shared/commitId';

describe('a commit id', () => {
  it('is hex and nothing else, so that none can be an option', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^-{1,2}[a-f0-9]{5,40}$/)), (text) => {
        if (/^[0-9a-f]{7,64}$/i.test(text.trim())) return;
        assert.throws(() => requireCommitId(text), GitError);
      }),
    );
    assert.equal(requireCommitId(' ABCDEF1 '), 'abcdef1');
    assert.equal(isCommitId('abcdef'), false);
  });

  it('is the same as its abbreviation', () => {
    assert.equal(sameCommit('abcdef1', 'ABCDEF1234'), true);
    assert.equal(sameCommit('abcdef1', 'abcdef2'), false);
    assert.equal(sameCommit('', 'abcdef1'), false);
    assert.equal(sameCommit('custom', 'custom'), true);
  });
});

describe('the status of a repository', () => {
  const oid = '1'.repeat(40);

  it('keeps spaces, renames and conflicts apart', () => {
    const entries = [
      `# branch.oid ${oid}`,
      '# branch.head feature/a b',
      '# branch.upstream origin/feature',
      '# branch.ab +1 -0',
      `1 M. N... 100644 100644 100644 ${oid} ${oid} a b.py`,
      `1 .M N... 100644 100644 100644 ${oid} ${oid} c.py`,
      `2 RM N... 100644 100644 100644 ${oid} ${oid} R100 new name.py`,
      '1 .. looks like an entry.py',
      `u UU N... 100644 100644 100644 100644 ${oid} ${oid} ${oid} both.py`,
      '? new file.py',
      '! ignored.py',
      '',
    ];
    assert.deepEqual(parseStatus(entries.join('\0')), {
      commit: oid,
      branch: 'feature/a b',
      upstream: 'origin/feature',
      changes: {
        staged: 2,
        unstaged: 2,
        conflicted: 1,
        untracked: 1,
        submodules: [],
        examples: ['a b.py', 'c.py', 'new name.py', 'both.py', 'new file.py'],
      },
    });
  });

  it('survives any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseStatus(text)));
  });
});

describe('a batch of commits', () => {
  it('is read by its byte lengths, not by what messages look like', () => {
    const id = 'a'.repeat(40);
    const body = (message: string) =>
      Buffer.from(`tree ${id}\nauthor Zoë <z@x> 1700000000 +0100\ncommitter Z <z@x> 1700000001 +0100\n\n${message}`);
    const entry = (message: string) => {
      const bytes = body(message);
      return Buffer.concat([Buffer.from(`${id} commit ${bytes.length}\n`), bytes, Buffer.from('\n')]);
    };
    const output = Buffer.concat([
      entry(`Ünï\n\n${id} commit 3\n`),
      Buffer.from(`${'b'.repeat(40)}^{commit} missing\n`),
      entry('Last'),
    ]);
    assert.deepEqual(
      parseCommitBatch(output).map((commit) => commit && [commit.subject, commit.author, commit.time]),
      [['Ünï', 'Zoë', 1_700_000_001_000], undefined, ['Last', 'Zoë', 1_700_000_001_000]],
    );
  });

  it('ends on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parseCommitBatch(Buffer.from(bytes))));
  });
});

describe('what git says when it fails', () => {
  const table: readonly (readonly [string, GitError['kind']])[] = [
    ['fatal: not a git repository (or any of the parent directories): .git', 'notRepository'],
    ["fatal: detected dubious ownership in repository at '/x'", 'unsafeRepository'],
    ["fatal: unable to access 'https://u:p@h/x/': Could not resolve host: h", 'network'],
    ['fatal: Authentication failed for https://h/x', 'auth'],
    ["fatal: could not read Username for 'https://h': terminal prompts disabled", 'auth'],
    ["fatal: unable to access 'https://h/x/': The requested URL returned error: 403", 'auth'],
    ['git@github.com: Permission denied (publickey).', 'auth'],
    ['remote: Permission to ada/x.git denied to bob.', 'auth'],
    // No sign-in helps with these.
    ['error: patch failed: train.py:401\nerror: train.py: patch does not apply', 'failed'],
    ['error: unable to create file train.py: Permission denied', 'failed'],
    ['fatal: bad tree 4034a1b2', 'failed'],
    ['fatal: remote error: upload-pack: not our ref eeee', 'notFound'],
    ["fatal: couldn't find remote ref refs/heads/x", 'notFound'],
    ['Error: spawn git ENOENT', 'notInstalled'],
    ['', 'failed'],
  ];
  for (const [stderr, kind] of table)
    it(`${kind}: ${stderr}`, () => {
      const error = gitFailure(128, stderr);
      assert.equal(error.kind, kind);
      assert.doesNotMatch(error.message, /u:p|^fatal/);
      assert.notEqual(error.message, '');
    });
});

describe('a branch name from a server', () => {
  it('is used only when it has no meaning of its own in a refspec', () => {
    for (const name of ['main', 'feature/x-1', 'ünï', 'a$(b)']) assert.equal(isBranchName(name), true, name);
    const bad = [
      '',
      '-x',
      '--upload-pack=x',
      'a:b',
      'a..b',
      'a b',
      '+a*',
      '/a',
      'a/',
      'a.lock',
      'a\nb',
      'a@{1}',
      '../x',
    ];
    for (const name of bad) assert.equal(isBranchName(name), false, name);
  });
});
