import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { checkOut } from '../../src/source/checkOut';
import { compareWithWorkingTree } from '../../src/source/compareWithWorkingTree';
import { diffRuns } from '../../src/source/diffRuns';
import { openAtCommit } from '../../src/source/openAtCommit';
import { openOnRemote } from '../../src/source/openOnRemote';
import { showCommit } from '../../src/source/showCommit';
import { tagRuns } from '../../src/source/tagRuns';
import { commit, git, makeRepository, write } from '../live/gitFixture';
import { generations } from './generations';
import { at, CodeScene, picking } from './runCodeHarness';
import { walkThrough } from './runCodeWalk';
import { key, workspaceFolder } from './sourceHarness';

/** What is in a repository does not depend on the server. */
const [version] = generations;
const many = 100_000;

/** A branch `main` of so many commits of `train.py`, made as `git clone` would have brought them. */
function importMany(root: string): void {
  const texts = Array.from({ length: many }, (_, index) => {
    const [message, content] = [`Change ${index}`, `${index}\n`];
    const head = `commit refs/heads/main\ncommitter Ada <ada@example.org> ${1_500_000_000 + index * 60} +0000`;
    return `${head}\ndata ${message.length}\n${message}\nM 100644 inline train.py\ndata ${content.length}\n${content}\n`;
  });
  execFileSync('git', ['fast-import', '--quiet'], { cwd: root, input: texts.join(''), maxBuffer: 1e6 });
  git(root, 'reset', '-q', '--hard');
}

describe('from a run to its code, whatever is in the repository', function () {
  this.timeout(180_000);
  if (version === undefined) return;
  const scene = new CodeScene(version, 'repositories');
  const walk = walkThrough(scene);
  const made: string[] = [];

  /** A repository in the open folder that goes away after the test. */
  const repository = (name: string): string => {
    const folder = path.join(workspaceFolder(), `repositories-${name}`);
    made.push(folder);
    return makeRepository(folder);
  };
  afterEach(() => {
    for (const folder of made.splice(0)) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  const runAt = (root: string, tags: Record<string, string>) =>
    scene.run({ 'mlflow.source.name': path.join(root, 'train.py'), [key('repoURL')]: '', ...tags });
  const tagsOf = async (runId: string) => {
    const { tags } = await scene.harness.store.getRun(runId);
    return [tags[key('commit')], tags[key('branch')], tags[key('repoURL')]];
  };

  it('needs no remote, and says so where one is wanted', async () => {
    const root = repository('alone');
    const first = commit(root, 'First', { 'train.py': '1\n' });
    const second = commit(root, 'Second', { 'train.py': '2\n' });
    const runId = await runAt(root, at(first));
    await walk(runId, await runAt(root, at(second)), root, '1\n', '2\n');
    const { harness, person } = scene;
    await openOnRemote(harness, [runId]);
    assert.match(person.asked.at(-1)?.message ?? '', /^Neither run .* nor an open repository names a remote/);
    const untagged = await runAt(root, {});
    person.answer = picking(path.basename(root));
    await tagRuns(harness, [untagged]);
    assert.deepEqual(await tagsOf(untagged), [second, 'main', undefined]);
  });

  it('finds nothing where nothing was committed yet, and says what to do', async () => {
    const root = repository('empty');
    write(root, 'train.py', '1\n');
    const { harness, person } = scene;
    const runId = await runAt(root, at('ab'.repeat(20)));
    const commands = { openAtCommit, compareWithWorkingTree, showCommit, checkOut };
    for (const [name, command] of Object.entries(commands)) {
      person.asked.length = 0;
      await command(harness, [runId]);
      assert.match(
        person.asked[0]?.message ?? '',
        /^Commit abababa of run .* is in none of the \d+ open/,
        `${name}: ${JSON.stringify(person.asked)}`,
      );
    }
    await diffRuns(harness, [runId, await runAt(root, at('cd'.repeat(20)))]);
    assert.match(person.asked.at(-1)?.message ?? '', /^Commit \S+ of run .* is in none of the \d+ open/, 'diff');
    await openOnRemote(harness, [runId]);
    assert.match(person.asked.at(-1)?.message ?? '', /^Neither run /);
    const untagged = await runAt(root, {});
    person.answer = picking(path.basename(root));
    await tagRuns(harness, [untagged]);
    assert.match(person.asked.at(-1)?.message ?? '', /repositories-empty has no commits yet\. Commit first/);
    assert.deepEqual((await tagsOf(untagged)).slice(0, 2), [undefined, undefined]);
  });

  it(`does the same after ${many.toLocaleString('en')} commits`, async () => {
    const root = repository('long');
    importMany(root);
    const first = git(root, 'rev-list', '--max-parents=0', 'main');
    const late = git(root, 'rev-parse', 'main~10');
    await walk(await runAt(root, at(first)), await runAt(root, at(late)), root, '0\n', `${many - 1}\n`);
    const untagged = await runAt(root, {});
    scene.person.answer = picking(path.basename(root));
    await tagRuns(scene.harness, [untagged]);
    assert.equal((await tagsOf(untagged))[0], git(root, 'rev-parse', 'HEAD'));
  });
});
