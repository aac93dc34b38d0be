import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { GitRepository } from '../../src/git/gitRepository';
import { gitUri } from '../../src/platform/gitUri';
import { checkOut } from '../../src/source/checkOut';
import { compareWithWorkingTree } from '../../src/source/compareWithWorkingTree';
import { diffRuns } from '../../src/source/diffRuns';
import { openAtCommit } from '../../src/source/openAtCommit';
import { openOnRemote } from '../../src/source/openOnRemote';
import { showCommit } from '../../src/source/showCommit';
import { allowFileSubmodules, commit, git, makeRepository, write } from '../live/gitFixture';
import { generations } from './generations';
import { at, CodeScene, picking, text, train } from './runCodeHarness';
import { walkThrough } from './runCodeWalk';
import { activeDiff, key, until, workspaceFolder } from './sourceHarness';

/** What git's places have in common does not depend on the server. */
const [version] = generations;

describe('from a run to its code, wherever git keeps it', function () {
  this.timeout(180_000);
  allowFileSubmodules();
  if (version === undefined) return;
  const scene = new CodeScene(version, 'places');
  const made: string[] = [];

  /** A folder in the open one that goes away after the test. */
  const place = (name: string): string => {
    const folder = path.join(workspaceFolder(), `places-${name}`);
    made.push(folder);
    return folder;
  };
  afterEach(() => {
    for (const folder of made.splice(0)) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    fs.rmSync(path.join(scene.folder, '.git', 'worktrees'), { recursive: true, force: true });
  });

  const walk = walkThrough(scene);
  const named = (root: string, commitId: string, more: Record<string, string> = {}) =>
    scene.run({ ...at(commitId), 'mlflow.source.name': path.join(root, 'train.py'), ...more });

  it('takes the worktree that the run names, and its own remote page', async () => {
    const root = place('tree');
    git(scene.folder, 'worktree', 'add', '-q', '-b', 'topic', root, scene.ids.first);
    write(root, 'train.py', 'topic\n');
    const then = git(scene.folder, 'show', `${scene.ids.second}:train.py`);
    await walk(await named(root, scene.ids.second), await named(root, scene.ids.first), root, `${then}\n`, 'topic\n');
    scene.hold('vscode.open');
    scene.person.answer = picking('Commit ');
    await openOnRemote(scene.harness, [await named(root, scene.ids.second)]);
    assert.deepEqual(scene.watch.run.at(-1)?.args, [`https://github.com/ada/code/commit/${scene.ids.second}`]);
    git(scene.folder, 'worktree', 'remove', '--force', root);
    git(scene.folder, 'branch', '-q', '-D', 'topic');
  });

  it('reads a repository that was made since the folders were looked through last', async () => {
    const at = (root: string, tree: string) => text(gitUri({ repository: { root }, tree }, 'train.py'));
    await at(scene.folder, scene.ids.second);
    const root = makeRepository(place('late'));
    const first = commit(root, 'First', { 'train.py': 'late\n' });
    assert.equal(await at(root, first), 'late\n');
  });

  it('works on a detached head, with the remote it has', async () => {
    const root = makeRepository(place('detached'));
    git(root, 'remote', 'add', 'upstream', 'git@gitlab.com:ada/detached.git');
    const first = commit(root, 'First', { 'train.py': '1\n' });
    const second = commit(root, 'Second', { 'train.py': '2\n' });
    git(root, 'checkout', '-q', '--detach', first);
    await walk(await named(root, second), await named(root, first), root, '2\n', '1\n');
    scene.hold('vscode.open');
    scene.person.answer = picking('Commit ');
    const { state } = GitRepository.prototype;
    GitRepository.prototype.state = () => Promise.reject(new Error('the working tree does not matter'));
    try {
      await openOnRemote(scene.harness, [await named(root, second, { [key('repoURL')]: '' })]);
      assert.deepEqual(scene.watch.run.at(-1)?.args, [`https://gitlab.com/ada/detached/-/commit/${second}`]);
      git(root, 'remote', 'set-url', 'upstream', 'gl:ada/detached');
      git(root, 'config', 'url.https://u:s3cret@gitlab.com/.insteadOf', 'gl:');
      await openOnRemote(scene.harness, [await named(root, first, { [key('repoURL')]: 'gl:ada/detached' })]);
      assert.deepEqual(scene.watch.run.at(-1)?.args, [`https://gitlab.com/ada/detached/-/commit/${first}`]);
    } finally {
      GitRepository.prototype.state = state;
    }
    assert.equal(git(root, 'rev-parse', 'HEAD'), first);
  });

  const shown = (part: string) =>
    until(part, () => {
      const document = vscode.window.activeTextEditor?.document;
      return document?.uri.scheme === 'flowdeck-source' && document.getText().includes(part)
        ? document.getText()
        : undefined;
    });

  it('reads a merge as any other commit, with what it brought against its first parent', async () => {
    write(scene.folder, 'train.py', 'now\n');
    const [runId, other] = [await named(scene.folder, scene.ids.merge), await named(scene.folder, scene.ids.first)];
    await walk(runId, other, scene.folder, train('second'), 'now\n');
    await showCommit(scene.harness, [runId]);
    const text = await shown(scene.ids.merge);
    assert.match(text, /^Merge of +[0-9a-f]{40} [0-9a-f]{40}$/m);
    assert.match(text, /, against the first parent\n {2}A {2}side\.py +\+1 −0$/m);
  });

  it('says that a commit is not here in a repository without any, and reads one beside a branch without any', async () => {
    const root = makeRepository(place('unborn'));
    write(root, 'train.py', 'now\n');
    const lost = await named(root, 'f'.repeat(40));
    for (const command of [openAtCommit, compareWithWorkingTree, showCommit, checkOut]) {
      await command(scene.harness, [lost]);
      assert.match(scene.person.asked.at(-1)?.message ?? '', /^Commit fffffff of run .* is (not in|in none of) the /);
    }
    const first = commit(root, 'First', { 'train.py': '1\n' });
    const second = commit(root, 'Second', { 'train.py': '2\n' });
    git(root, 'checkout', '-q', '--orphan', 'unborn');
    write(root, 'train.py', 'now\n');
    await walk(await named(root, first), await named(root, second), root, '1\n', 'now\n');
  });

  it('finds its way in a history of 100,000 commits', async () => {
    const root = makeRepository(place('long'));
    const stream = path.join(scene.outside, 'stream');
    const commits = Array.from({ length: 100_000 }, (_, at) => {
      const [message, content] = [`Change ${at}`, `value = ${at}\n`];
      const file = at === 0 ? 'train.py' : `src/part${at % 10}.py`;
      const when = `Ada <ada@example.org> ${1_500_000_000 + at * 60} +0000`;
      return `commit refs/heads/main\ncommitter ${when}\ndata ${message.length}\n${message}\nM 100644 inline ${file}\ndata ${content.length}\n${content}\n`;
    });
    fs.writeFileSync(stream, commits.join(''));
    // The window goes on meanwhile.
    const importing = spawn('git', ['fast-import', '--quiet'], {
      cwd: root,
      stdio: [fs.openSync(stream, 'r'), 'ignore', 'inherit'],
    });
    assert.deepEqual(await once(importing, 'close'), [0, null]);
    git(root, 'reset', '-q', '--hard');
    const oldest = git(root, 'rev-list', '--max-parents=0', 'HEAD');
    const newest = commit(root, 'Newest', { 'train.py': '2\n' });
    write(root, 'train.py', 'now\n');
    await walk(await named(root, oldest), await named(root, newest), root, 'value = 0\n', 'now\n');
  });

  it('says of a file in Git LFS that what is shown is its pointer, once', async () => {
    const root = makeRepository(place('lfs'));
    const pointer = (size: number) =>
      `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d'.repeat(32)}\nsize ${size}\n`;
    const first = commit(root, 'First', { 'train.py': '1\n', 'weights.bin': pointer(12_000_000) });
    const said = () => scene.person.asked.map(({ message }) => message).filter((message) => /Git LFS/.test(message));
    const read = (id: string, file: string) => text(gitUri({ repository: { root }, tree: id }, file));
    assert.equal(await read(first, 'train.py'), '1\n');
    for (const _ of [1, 2]) assert.equal(await read(first, 'weights.bin'), pointer(12_000_000), 'bytes are bytes');
    await until('the note', () => said()[0]);
    assert.match(said()[0] ?? '', /^weights\.bin \(1[12](\.\d)? M[i]?B\) is kept in Git LFS: .* is a pointer\.$/);
    const second = commit(root, 'Second', { 'a.bin': pointer(1), 'b.bin': pointer(2) });
    for (const file of ['weights.bin', 'a.bin', 'b.bin']) await read(second, file);
    await until('the other note', () => said()[1]);
    assert.match(said()[1] ?? '', /^2 files, a\.bin among them, are kept in Git LFS: /);
    assert.equal(said().length, 2);
  });

  it('fetches what a shallow clone lacks, once, and leaves it shallow', async () => {
    const origin = makeRepository(path.join(scene.outside, 'shallow-origin'));
    const deep = commit(origin, 'Deep', { 'train.py': '1\n' });
    commit(origin, 'Middle', { 'train.py': '2\n' });
    const top = commit(origin, 'Top', { 'train.py': '3\n' });
    const root = place('shallow');
    const url = pathToFileURL(origin).href;
    git(workspaceFolder(), 'clone', '-q', '--depth=1', url, path.basename(root));
    const of = (id: string) => named(root, id, { [key('repoURL')]: url });
    const runId = await of(deep);
    scene.person.answer = ({ choices }) => choices.find((choice) => choice === 'Fetch');
    await compareWithWorkingTree(scene.harness, [runId]);
    assert.match(scene.person.asked[0]?.message ?? '', /^Commit .* open repositories\.$/);
    await walk(runId, await of(top), root, '1\n', '3\n');
    assert.equal(git(root, 'rev-parse', '--is-shallow-repository'), 'true');
  });

  it('fetches the branch that a run names and no other where it has an abbreviated commit', async () => {
    const origin = makeRepository(path.join(scene.outside, 'branches-origin'));
    commit(origin, 'First', { 'train.py': '1\n' });
    const root = place('branches');
    const url = pathToFileURL(origin).href;
    git(workspaceFolder(), 'clone', '-q', url, path.basename(root));
    for (const branch of ['topic', 'other']) git(origin, 'branch', branch);
    git(origin, 'checkout', '-q', 'topic');
    const wanted = commit(origin, 'On the topic', { 'train.py': '2\n' });
    git(origin, 'checkout', '-q', 'main');
    scene.person.answer = ({ choices }) => choices.find((choice) => choice === 'Fetch');
    const tags = { [key('repoURL')]: url, [key('branch')]: 'topic' };
    await compareWithWorkingTree(scene.harness, [await named(root, wanted.slice(0, 10), tags)]);
    assert.equal(await text(scene.fileNamed('train.py')?.left), '2\n');
    const refs = git(root, 'for-each-ref', '--format=%(refname:lstrip=3)', 'refs/remotes/origin');
    assert.deepEqual(refs.split('\n').sort(), ['HEAD', 'main', 'topic']);
  });

  it('takes a submodule for the repository of its runs, and goes into it for those of the one around', async () => {
    const library = makeRepository(path.join(scene.outside, 'library'));
    const before = commit(library, 'Library', { 'train.py': '1\n' });
    const after = commit(library, 'Later', { 'train.py': '2\n' });
    const root = makeRepository(place('super'));
    commit(root, 'Main', { 'main.py': 'x\n' });
    git(root, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', library, 'vendor');
    const vendor = path.join(root, 'vendor');
    git(vendor, 'checkout', '-q', before);
    const pinned = commit(root, 'Vendor', {});
    git(vendor, 'checkout', '-q', after);
    const moved = commit(root, 'Bump', { 'train.py': 'main\n' });
    await walk(await named(vendor, before), await named(vendor, after), vendor, '1\n', '2\n');

    const { harness, watch, person } = scene;
    const around = await named(root, pinned);
    person.answer = picking('All Files');
    await diffRuns(harness, [around, await named(root, moved)]);
    const inside = watch.changes().files.find(({ left }) => left?.fsPath === path.join(vendor, 'train.py'));
    assert.deepEqual([await text(inside?.left), await text(inside?.right)], ['1\n', '2\n']);
    write(vendor, 'train.py', 'edited\n');
    await compareWithWorkingTree(harness, [await named(root, moved)]);
    const edited = watch.changes().files.map(({ left, right }) => [left?.fsPath, right?.fsPath]);
    assert.deepEqual(edited, [[path.join(vendor, 'train.py'), path.join(vendor, 'train.py')]]);

    person.answer = (asked) => (asked.kind === 'folder' ? scene.outside : undefined);
    await checkOut(harness, [around]);
    const [tree] = fs.readdirSync(scene.outside).filter((name) => name.startsWith('places-super-'));
    assert.ok(tree);
    assert.equal(fs.readFileSync(path.join(scene.outside, tree, 'vendor', 'train.py'), 'utf8'), '1\n');
    fs.rmSync(library, { recursive: true, force: true });
    await checkOut(harness, [await named(root, moved)]);
    assert.match(
      person.asked.at(-1)?.message ?? '',
      /opened in a new window\. Its submodules could not be checked out: ./,
    );
  });

  it('goes into a submodule of a submodule, and checks it out', async () => {
    const submodule = (into: string, of: string, name: string) =>
      git(into, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', of, name);
    const deep = makeRepository(path.join(scene.outside, 'deep'));
    const earlier = commit(deep, 'Deep', { 'train.py': '1\n' });
    const later = commit(deep, 'Deeper', { 'train.py': '2\n' });
    const middle = makeRepository(path.join(scene.outside, 'middle'));
    commit(middle, 'Middle', { 'middle.py': 'x\n' });
    submodule(middle, deep, 'deep');
    git(path.join(middle, 'deep'), 'checkout', '-q', earlier);
    const first = commit(middle, 'Pins', {});
    git(path.join(middle, 'deep'), 'checkout', '-q', later);
    const second = commit(middle, 'Bumps', {});
    const root = makeRepository(place('outer'));
    commit(root, 'Outer', { 'main.py': 'x\n' });
    submodule(root, middle, 'vendor');
    const vendor = path.join(root, 'vendor');
    git(vendor, 'checkout', '-q', first);
    const pinned = commit(root, 'Vendor', {});
    git(vendor, 'checkout', '-q', second);
    git(vendor, '-c', 'protocol.file.allow=always', 'submodule', 'update', '-q', '--init');
    const moved = commit(root, 'Bump', {});
    const inside = path.join(vendor, 'deep', 'train.py');

    const { harness, watch, person } = scene;
    person.answer = picking('All Files');
    await diffRuns(harness, [await named(root, pinned), await named(root, moved, {})]);
    const shown = watch.changes().files.filter(({ left }) => left?.fsPath === inside);
    assert.deepEqual([await text(shown[0]?.left), await text(shown[0]?.right)], ['1\n', '2\n']);
    write(vendor, 'deep/train.py', 'edited\n');
    await compareWithWorkingTree(harness, [await named(root, pinned)]);
    const edited = watch.changes().files.find(({ right }) => right?.fsPath === inside);
    assert.equal(await text(edited?.left), '1\n');

    const before = new Set(fs.readdirSync(scene.outside));
    person.answer = (asked) => (asked.kind === 'folder' ? scene.outside : undefined);
    await checkOut(harness, [await named(root, pinned)]);
    const tree = fs.readdirSync(scene.outside).find((name) => !before.has(name));
    assert.ok(tree, JSON.stringify(person.asked.at(-1)));
    assert.equal(fs.readFileSync(path.join(scene.outside, tree, 'vendor', 'deep', 'train.py'), 'utf8'), '1\n');
  });

  it('tells two clones of one repository apart by the path, then by the remote that the run names', async () => {
    const origin = makeRepository(path.join(scene.outside, 'twins'));
    const first = commit(origin, 'First', { 'train.py': '1\n' });
    const [one, two] = [place('one'), place('two')];
    for (const root of [one, two]) git(workspaceFolder(), 'clone', '-q', origin, path.basename(root));
    git(two, 'remote', 'set-url', 'origin', 'git@github.com:bob/twins.git');
    for (const root of [one, two]) write(root, 'train.py', 'now\n');
    const second = commit(two, 'Second', { 'train.py': '2\n' });
    await walk(await named(two, first), await named(two, second), two, '1\n', '2\n');
    const byRemote = await named('', first, { [key('repoURL')]: 'https://github.com/bob/twins' });
    await openAtCommit(scene.harness, [byRemote]);
    assert.equal((await activeDiff()).leftUri.fsPath, path.join(two, 'train.py'));
    await openAtCommit(scene.harness, [await named(one, first)]);
    await until('the other clone', async () =>
      (await activeDiff()).leftUri.fsPath === path.join(one, 'train.py') ? true : undefined,
    );
  });
});
