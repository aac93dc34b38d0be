import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { findRepositories, repositoryOf } from '../../src/git/findRepositories';
import { GitError } from '../../src/git/gitError';
import { relativePath } from '../../src/git/relativePath';
import { isDirty } from '../../src/git/repositoryState';
import { commit, git, makeRepository, opened, rejectsWith, temporaryFolder, write } from './gitFixture';

describe('git, on real repositories', function () {
  this.timeout(180_000);
  const base = temporaryFolder();
  const at = (name: string) => path.join(base, name);

  describe('state', () => {
    it('knows a repository without commits', async () => {
      const folder = makeRepository(at('empty'));
      const state = await (await opened(folder)).state();
      assert.deepEqual(state, {
        branch: 'main',
        changes: { staged: 0, unstaged: 0, conflicted: 0, untracked: 0, submodules: [], examples: [] },
      });
    });

    it('counts staged, unstaged and untracked files, with names git would quote', async () => {
      const folder = makeRepository(at('dirty'));
      const head = commit(folder, 'First', { 'a.py': '1', 'b c.py': '2', 'd.py': 'a longer file\nthat moves\n' });
      const repository = await opened(folder);
      assert.equal(isDirty((await repository.state()).changes), false);
      write(folder, 'a.py', '2');
      git(folder, 'add', 'a.py');
      write(folder, 'b c.py', '3');
      git(folder, 'mv', 'd.py', 'ünï "x".py');
      write(folder, '--output=pwned', '');
      const state = await repository.state();
      assert.equal(state.commit, head);
      assert.equal(state.branch, 'main');
      const { examples, submodules, ...counts } = state.changes;
      assert.deepEqual(counts, { staged: 2, unstaged: 1, conflicted: 0, untracked: 1 });
      assert.deepEqual(submodules, []);
      assert.deepEqual([...examples].sort(), ['--output=pwned', 'a.py', 'b c.py', 'ünï "x".py']);
    });

    it('tells a detached head from a branch and finds the upstream', async () => {
      const origin = makeRepository(at('up'));
      commit(origin, 'First', { 'a.py': '1' });
      git(base, 'clone', '-q', origin, at('down'));
      const repository = await opened(at('down'));
      assert.equal((await repository.state()).upstream, 'origin/main');
      git(at('down'), 'checkout', '-q', '--detach');
      const state = await repository.state();
      assert.equal(state.branch, undefined);
      assert.ok(state.commit);
    });

    it('reports a conflict of a merge', async () => {
      const folder = makeRepository(at('merge'));
      commit(folder, 'First', { 'a.py': '1\n' });
      git(folder, 'checkout', '-q', '-b', 'side');
      commit(folder, 'Side', { 'a.py': '2\n' });
      git(folder, 'checkout', '-q', 'main');
      commit(folder, 'Main', { 'a.py': '3\n' });
      assert.throws(() => git(folder, 'merge', 'side'));
      assert.equal((await (await opened(folder)).state()).changes.conflicted, 1);
    });

    it('takes hostile branch names as they are', async () => {
      const folder = makeRepository(at('branches'));
      const head = commit(folder, 'First', { 'a.py': '1' });
      const name = '$(touch>pwned);"x"';
      git(folder, 'checkout', '-q', '-b', name);
      const state = await (await opened(folder)).state();
      assert.equal(state.branch, name);
      assert.equal(state.commit, head);
      assert.deepEqual(fs.readdirSync(folder).sort(), ['.git', 'a.py']);
    });
  });

  describe('finding', () => {
    it('finds the enclosing repository, nested ones, submodules and worktrees, innermost first', async () => {
      const library = makeRepository(at('library'));
      commit(library, 'Library', { 'lib.py': '1' });
      const main = makeRepository(at('mono'));
      commit(main, 'Main', { 'deep/er/train.py': '1', '.gitignore': 'nested\n' });
      git(main, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', library, 'deep/lib');
      git(main, 'commit', '-q', '-m', 'Add the library');
      git(main, 'worktree', 'add', '-q', at('mono-tree'));
      commit(makeRepository(path.join(main, 'nested')), 'Nested', { 'x.py': '1' });
      const { repositories } = await findRepositories([path.join(main, 'deep'), main, at('mono-tree')]);
      const roots = repositories.map(({ root }) => path.relative(base, root).split(path.sep).join('/'));
      assert.deepEqual(new Set(roots), new Set(['mono/deep/lib', 'mono/nested', 'mono', 'mono-tree']));
      assert.ok(roots.indexOf('mono/deep/lib') < roots.indexOf('mono'));
      const tree = repositories.find(({ root }) => root === at('mono-tree'));
      const whole = repositories.find(({ root }) => root === main);
      assert.equal(tree?.commonDir, whole?.commonDir);
      assert.equal(repositoryOf(repositories, path.join(main, 'deep/lib/lib.py'))?.name, 'lib');
      assert.equal(repositoryOf(repositories, path.join(main, 'deep/er/train.py'))?.name, 'mono');
      assert.equal(repositoryOf(repositories, at('elsewhere.py')), undefined);
    });

    it('finds nothing in a folder without git, and says why a broken one is left out', async () => {
      const folder = at('plain');
      write(folder, 'train.py', '1');
      assert.deepEqual(await findRepositories([folder, at('missing')]), {
        repositories: [],
        refused: [],
        unsearched: [],
      });
      write(folder, 'broken/.git', 'gitdir: /nowhere/at/all\n');
      const { refused } = await findRepositories([folder]);
      assert.equal(refused[0]?.error.kind, 'notRepository');
    });

    it('finds one however deep it lies, and says where there are too many folders to look into', async () => {
      const deep = makeRepository(path.join(at('tree'), 'a/b/c/d/e/f/g'));
      const { repositories, unsearched } = await findRepositories([at('tree')]);
      assert.deepEqual([repositories.map(({ root }) => root), unsearched], [[deep], []]);
      const wide = at('wide');
      for (let count = 0; count < 4_100; count++) fs.mkdirSync(path.join(wide, String(count)), { recursive: true });
      assert.deepEqual((await findRepositories([wide, at('tree')])).unsearched, [wide]);
    });

    it('keeps files named with dots inside', () => {
      assert.equal(relativePath(base, path.join(base, '..x', 'a.py')), '..x/a.py');
      assert.equal(relativePath(base, path.dirname(base)), undefined);
    });
  });

  describe('commits', () => {
    it('are found in one process, missing ones told apart, subjects read', async () => {
      const folder = makeRepository(at('many'));
      const ids = ['One', 'Zwei ünï', 'Three'].map((subject) => commit(folder, subject, { 'a.py': subject }));
      const repository = await opened(folder);
      const absent = 'f'.repeat(40);
      const tree = git(folder, 'rev-parse', 'HEAD^{tree}');
      const found = await repository.commits([...ids, absent, tree, (ids[0] ?? '').slice(0, 8)]);
      assert.deepEqual(
        ids.map((id) => found.get(id)?.subject),
        ['One', 'Zwei ünï', 'Three'],
      );
      assert.equal(found.get((ids[0] ?? '').slice(0, 8))?.id, ids[0]);
      assert.equal(found.has(absent), false);
      assert.equal(found.has(tree), false);
      assert.equal(found.get(ids[1] ?? '')?.author, 'Ada');
      assert.ok(Math.abs((found.get(ids[1] ?? '')?.time ?? 0) - Date.now()) < 3_600_000);
    });

    it('with an id that is an option are refused before git runs', async () => {
      const repository = await opened(at('many'));
      for (const id of ['--output=x', '-p', 'HEAD', 'main', 'abc', `${'a'.repeat(40)}\n--x`, ''])
        await assert.rejects(repository.commit(id), rejectsWith('badArgument'));
    });
  });

  describe('files at a commit', () => {
    const hostile = ['--output=x', 'a:b', '$(touch pwned)', 'sp ace/ünï.py', 'quo\'te".py', '*.py'];

    it('are read byte for byte, whatever their names', async () => {
      const folder = makeRepository(at('files'));
      const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
      const files = Object.fromEntries(hostile.map((name) => [name, `content of ${name}\r\n`]));
      const head = commit(folder, 'Files', {
        ...files,
        'plot.png': bytes,
        '.gitattributes': '* text eol=crlf\n*.png -text\n',
      });
      const repository = await opened(folder);
      assert.deepEqual(new Uint8Array(await repository.readFile(head, 'plot.png')), bytes);
      for (const name of hostile)
        assert.equal((await repository.readFile(head, name)).toString().trimEnd(), `content of ${name}`);
      const listed = await repository.listFiles(head);
      assert.deepEqual(new Set(listed), new Set([...hostile, 'plot.png', '.gitattributes']));
      assert.equal(await repository.fileSize(head, 'plot.png'), 70_000);
      assert.ok(!fs.existsSync(path.join(folder, 'pwned')));
    });

    it('that are not there, or lie outside, are refused', async () => {
      const repository = await opened(at('files'));
      const head = git(at('files'), 'rev-parse', 'HEAD');
      await assert.rejects(repository.readFile(head, 'nope.py'), rejectsWith('notFound'));
      for (const name of ['../x', './a', '/etc/passwd', 'a//b', '', 'a\0b'])
        await assert.rejects(repository.readFile(head, name), rejectsWith('badArgument'));
    });

    it('run no textconv, filter, hook or file-system monitor of the repository', async () => {
      const folder = makeRepository(at('evil'));
      const head = commit(folder, 'Evil', { 'a.py': '1\n', '.gitattributes': '*.py diff=evil filter=evil\n' });
      const later = commit(folder, 'Later', { 'b.py': '1\n' });
      const trap = (name: string) => `touch '${path.join(folder, name)}'; cat`;
      git(folder, 'config', 'diff.evil.textconv', trap('textconv'));
      git(folder, 'config', 'diff.external', trap('external'));
      git(folder, 'config', 'filter.evil.smudge', trap('smudge'));
      git(folder, 'config', 'core.fsmonitor', trap('fsmonitor'));
      const repository = await opened(folder);
      await repository.state();
      await repository.readFile(head, 'a.py');
      await repository.renamed(head, later, 'a.py');
      assert.deepEqual(fs.readdirSync(folder).sort(), ['.git', '.gitattributes', 'a.py', 'b.py']);
    });

    it('are followed over renames, both ways', async () => {
      const folder = makeRepository(at('rename'));
      const body = Array.from({ length: 30 }, (_, line) => `line ${line}`).join('\n');
      const old = commit(folder, 'Old', { 'train.py': body, 'same.py': 'x' });
      git(folder, 'mv', 'train.py', 'fit model.py');
      const now = commit(folder, 'New', { 'fit model.py': `${body}\nmore` });
      const repository = await opened(folder);
      assert.equal(await repository.renamed(old, now, 'train.py'), 'fit model.py');
      assert.equal(await repository.renamed(now, old, 'fit model.py'), 'train.py');
      assert.equal(await repository.renamed(old, now, 'same.py'), undefined);
    });
  });

  describe('fetching', () => {
    const origin = at('origin');
    let first = '';
    let second = '';
    let side = '';
    before(() => {
      makeRepository(origin);
      first = commit(origin, 'First', { 'a.py': '1' });
      second = commit(origin, 'Second', { 'a.py': '2' });
      git(origin, 'branch', 'side');
      git(base, 'clone', '-q', pathToFileURL(origin).href, at('full'));
      git(base, 'clone', '-q', '--depth=1', pathToFileURL(origin).href, at('shallow'));
      git(origin, 'checkout', '-q', 'side');
      side = commit(origin, 'Side', { 'b.py': '3' });
      git(origin, 'checkout', '-q', 'main');
    });

    it('gets the commit a clone does not have, and leaves it complete', async () => {
      const repository = await opened(at('full'));
      assert.equal(await repository.commit(side), undefined);
      assert.equal((await repository.fetchCommit('origin', { commit: side })).subject, 'Side');
      assert.equal((await repository.readFile(side, 'b.py')).toString(), '3');
      assert.equal(git(at('full'), 'rev-parse', '--is-shallow-repository'), 'false');
    });

    it('goes by the branch where the remote hands out no single commits, and leaves the other branches alone', async () => {
      const url = pathToFileURL(origin).href;
      git(base, 'clone', '-q', '--single-branch', '-b', 'main', url, at('old'));
      // The protocol in which a server refuses what is no branch.
      git(at('old'), 'config', 'protocol.version', '0');
      git(origin, 'branch', 'third', 'side');
      git(origin, 'checkout', '-q', 'side');
      const inner = commit(origin, 'Inside the branch', { 'c.py': '1' });
      commit(origin, 'Tip of the branch', { 'c.py': '2' });
      git(origin, 'checkout', '-q', 'main');
      const repository = await opened(at('old'));
      assert.equal(
        (await repository.fetchCommit('origin', { commit: inner, branch: 'side' })).subject,
        'Inside the branch',
      );
      const refs = git(at('old'), 'for-each-ref', '--format=%(refname)', 'refs/remotes/origin');
      assert.deepEqual(
        refs.split('\n').filter((ref) => !ref.endsWith('/HEAD')),
        ['refs/remotes/origin/main', 'refs/remotes/origin/side'],
      );
    });

    it('gets an old commit into a shallow clone', async () => {
      const repository = await opened(at('shallow'));
      assert.equal(await repository.commit(first), undefined);
      assert.ok(await repository.commit(second));
      assert.equal((await repository.fetchCommit('origin', { commit: first })).subject, 'First');
      assert.equal((await repository.readFile(first, 'a.py')).toString(), '1');
    });

    it('gets a newer commit into a shallow clone with what lies between, so that it can be pulled as before', async () => {
      const upstream = makeRepository(at('moving'));
      const steps = (...names: string[]) =>
        names.map((name, nth) => {
          const stamp = `@${1_700_000_000 + Number(name) * 100 + nth} +0000`;
          write(upstream, 'a.py', name);
          git(upstream, 'add', '-A');
          execFileSync('git', ['commit', '-q', '-m', name], {
            cwd: upstream,
            env: { ...process.env, GIT_AUTHOR_DATE: stamp, GIT_COMMITTER_DATE: stamp },
          });
          return git(upstream, 'rev-parse', 'HEAD');
        });
      git(upstream, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
      const [oldest = ''] = steps('1', '2', '3');
      git(base, 'clone', '-q', '--depth=1', pathToFileURL(upstream).href, at('behind'));
      const [, inner = '', tip = ''] = steps('4', '5', '6');
      const repository = await opened(at('behind'));
      // An old one makes a new end of the history, which the next fetch is not to go back to.
      assert.equal((await repository.fetchCommit('origin', { commit: oldest })).subject, '1');
      assert.equal((await repository.fetchCommit('origin', { commit: inner })).subject, '5');
      assert.equal(git(at('behind'), 'rev-list', '--count', inner), '3');
      git(at('behind'), 'pull', '-q', '--ff-only');
      assert.equal(git(at('behind'), 'rev-parse', 'HEAD'), tip);
      assert.equal(git(at('behind'), 'rev-list', '--count', 'HEAD'), '4');
    });

    it('goes by the branch, then by all branches, where only an abbreviation is known', async () => {
      git(base, 'clone', '-q', '--depth=1', pathToFileURL(origin).href, at('shallow2'));
      const repository = await opened(at('shallow2'));
      const stages: string[] = [];
      const progress = (stage: string) => void stages.push(stage);
      const found = await repository.fetchCommit('origin', { commit: first.slice(0, 10), branch: 'side', progress });
      assert.equal(found.id, first);
    });

    it('says plainly what the remote does not have, and leaves a missing remote missing', async () => {
      const repository = await opened(at('full'));
      await assert.rejects(
        repository.fetchCommit('origin', { commit: 'e'.repeat(40), branch: 'gone' }),
        rejectsWith('notFound'),
      );
      await assert.rejects(
        repository.fetchCommit('nobody', { commit: side.replace(/^./, (first) => (first === 'e' ? 'f' : 'e')) }),
        rejectsWith('notFound'),
      );
      await assert.rejects(repository.fetchCommit('--upload-pack=x', { commit: side }), rejectsWith('badArgument'));
    });

    it('ends when it is cancelled', async () => {
      const repository = await opened(at('full'));
      const controller = new AbortController();
      controller.abort();
      await assert.rejects(repository.fetchCommit('origin', { commit: 'd'.repeat(40), signal: controller.signal }), {
        name: 'AbortError',
      });
      const later = new AbortController();
      setTimeout(() => later.abort(), 5);
      await assert.rejects(repository.fetchCommit('origin', { commit: 'd'.repeat(40), signal: later.signal }), {
        name: 'AbortError',
      });
    });

    it('never lets a password of the remote into a message', async () => {
      const folder = makeRepository(at('secret'));
      git(folder, 'remote', 'add', 'origin', 'https://ada:s3cret@127.0.0.1:9/x.git');
      await assert.rejects((await opened(folder)).fetchCommit('origin', { commit: side }), (error: unknown) => {
        assert.ok(error instanceof GitError);
        assert.equal(error.kind, 'network', error.message);
        assert.doesNotMatch(`${error.message}${error.stack}`, /s3cret|ada/);
        return true;
      });
    });
  });

  it('says that git is missing when it is', async () => {
    const folder = makeRepository(at('without-git'));
    const searchPath = process.env.PATH;
    process.env.PATH = base;
    try {
      await assert.rejects(findRepositories([folder]), rejectsWith('notInstalled'));
    } finally {
      process.env.PATH = searchPath;
    }
  });
});
