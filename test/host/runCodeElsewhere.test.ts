import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { checkOut } from '../../src/source/checkOut';
import { compareWithWorkingTree } from '../../src/source/compareWithWorkingTree';
import { openOnRemote } from '../../src/source/openOnRemote';
import { removeWorktree } from '../../src/source/removeWorktree';
import { showCommit } from '../../src/source/showCommit';
import { git, write } from '../live/gitFixture';
import { generations } from './generations';
import { at, CodeScene, picking, train } from './runCodeHarness';
import { type Asked, key } from './sourceHarness';

for (const version of generations)
  describe(`the code of a run elsewhere, against MLflow ${version}`, function () {
    this.timeout(180_000);
    const scene = new CodeScene(version, `code-else-${version}`);

    it('opens the page of the commit or of the file, without the credentials of the tag', async () => {
      scene.hold('vscode.open');
      scene.person.answer = picking('train.py at');
      await openOnRemote(scene.harness, [await scene.run(at(scene.ids.first))]);
      assert.deepEqual(scene.watch.run.at(-1)?.args, [`https://github.com/ada/code/blob/${scene.ids.first}/train.py`]);
      await openOnRemote(scene.harness, [await scene.run(at(scene.ids.first.slice(0, 10).toUpperCase()))]);
      assert.deepEqual(
        scene.watch.run.at(-1)?.args,
        [`https://github.com/ada/code/blob/${scene.ids.first}/train.py`],
        'an abbreviated id is completed',
      );
      const gone = 'e'.repeat(40);
      await openOnRemote(scene.harness, [await scene.run(at(gone))]);
      assert.deepEqual(scene.watch.run.at(-1)?.args, [`https://github.com/ada/code/commit/${gone}`]);
      scene.person.answer = () => undefined;
      await openOnRemote(scene.harness, [
        await scene.run({ ...at(gone), [key('repoURL')]: 'https://u:s3cret@git.example.org/a' }),
      ]);
      assert.match(scene.person.asked.at(-1)?.message ?? '', /does not know the web pages of git\.example\.org\./);
      assert.doesNotMatch(JSON.stringify([scene.watch.run, scene.person.asked]), /s3cret/);
    });

    it('checks the commit out beside, with its patch, opens it, and takes it away on request', async () => {
      const patch = scene.patchOf(() => write(scene.folder, 'train.py', train('patched')));
      const runId = await scene.run({ ...at(scene.ids.first), [key('diff')]: patch.replaceAll('second', 'first') });
      const made = path.join(scene.outside, `${scene.name}-${scene.ids.first.slice(0, 7)}`);
      scene.person.answer = (asked) =>
        asked.kind === 'folder' ? scene.outside : asked.choices.find((c) => c === 'Open in New Window');
      await checkOut(scene.harness, [runId]);
      assert.equal(fs.readFileSync(path.join(made, 'train.py'), 'utf8'), train('patched'));
      assert.equal(git(made, 'rev-parse', 'HEAD'), scene.ids.first);
      const opened = scene.watch.run.findLast(({ command }) => command === 'vscode.openFolder')?.args ?? [];
      assert.ok(opened[0] instanceof vscode.Uri);
      assert.deepEqual([opened[0].fsPath, opened[1]], [made, { forceNewWindow: true }]);
      assert.equal(git(scene.folder, 'status', '--porcelain'), '');

      scene.person.answer = picking(path.basename(made));
      await removeWorktree(scene.harness);
      assert.match(scene.person.asked.at(-1)?.detail ?? '', /changes that are in no commit, which are lost: train\.py/);
      assert.ok(fs.existsSync(made));
      scene.person.answer = (asked) => (asked.modal ? 'Remove Worktree' : picking(path.basename(made))(asked));
      await removeWorktree(scene.harness);
      assert.ok(!fs.existsSync(made));
      assert.equal(git(scene.folder, 'worktree', 'list').split('\n').length, 1);
      await removeWorktree(scene.harness);
      assert.match(scene.person.asked.at(-1)?.message ?? '', /has a worktree that Flowdeck made/);
    });

    it('takes a worktree away that it made over a link, and one whose folder was deleted by hand off the list', async () => {
      const link = path.join(path.dirname(scene.outside), `link-${scene.name}`);
      fs.symlinkSync(scene.outside, link, 'junction');
      try {
        const runId = await scene.run(at(scene.ids.first));
        const made = `${scene.name}-${scene.ids.first.slice(0, 7)}`;
        const worktrees = () => git(scene.folder, 'worktree', 'list').split('\n').length;
        const removing = (asked: Asked) => (asked.modal ? 'Remove Worktree' : picking(made)(asked));
        for (const isDeleted of [false, true]) {
          scene.person.answer = (asked) => (asked.kind === 'folder' ? link : undefined);
          await checkOut(scene.harness, [runId]);
          assert.equal(worktrees(), 2);
          if (isDeleted) fs.rmSync(path.join(scene.outside, made), { recursive: true });
          scene.person.answer = removing;
          await removeWorktree(scene.harness);
          const { message } = scene.person.asked.at(-1) ?? { message: '' };
          assert.match(message, isDeleted ? /^The folder .* is gone already/ : /^Remove the folder /);
          assert.deepEqual([worktrees(), fs.existsSync(path.join(scene.outside, made))], [1, false]);
        }
        await removeWorktree(scene.harness);
        assert.match(scene.person.asked.at(-1)?.message ?? '', /has a worktree that Flowdeck made/);
      } finally {
        fs.unlinkSync(link);
      }
    });

    it('refuses hostile tags: nothing is executed, nothing is read as an option', async () => {
      const before = fs.readdirSync(scene.folder).sort();
      const hostile = [
        '--output=pwned',
        '$(touch pwned)',
        `${scene.ids.first}; touch pwned`,
        '`touch pwned`',
        '--upload-pack=touch pwned',
      ];
      for (const text of hostile) {
        const tags = {
          [key('commit')]: text,
          [key('branch')]: text,
          [key('repoURL')]: text,
          'mlflow.source.name': text,
        };
        for (const act of [compareWithWorkingTree, showCommit, checkOut, openOnRemote])
          await act(scene.harness, [await scene.run(tags)]);
        const missing = { ...tags, [key('commit')]: 'd'.repeat(40) };
        for (const act of [compareWithWorkingTree, openOnRemote]) await act(scene.harness, [await scene.run(missing)]);
      }
      assert.deepEqual(fs.readdirSync(scene.folder).sort(), before);
      assert.ok(!fs.existsSync(path.resolve('pwned')));
    });
  });
