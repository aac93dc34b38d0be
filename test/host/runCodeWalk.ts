import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { checkOut } from '../../src/source/checkOut';
import { compareWithWorkingTree } from '../../src/source/compareWithWorkingTree';
import { diffRuns } from '../../src/source/diffRuns';
import { openAtCommit } from '../../src/source/openAtCommit';
import { removeWorktreeAt } from '../../src/source/removeWorktree';
import { showCommit } from '../../src/source/showCommit';
import { opened } from '../live/gitFixture';
import { type CodeScene, picking, text } from './runCodeHarness';
import { activeDiff, key, until } from './sourceHarness';

/**
 * Walks through all commands for a run whose `train.py` is at `root`, where it says `now`, and said `then` at the commit
 * that the run names.
 */
export const walkThrough = (scene: CodeScene) =>
  async function walk(runId: string, other: string, root: string, then: string, now: string): Promise<void> {
    const { harness, watch } = scene;
    await openAtCommit(harness, [runId]);
    const diff = await activeDiff();
    assert.deepEqual([diff.left, diff.right], [then, now], 'open at commit');
    assert.equal(diff.leftUri.fsPath, path.join(root, 'train.py'));
    await compareWithWorkingTree(harness, [runId]);
    const compared = watch.changes().files.find(({ name }) => name === 'train.py');
    assert.deepEqual([await text(compared?.left), compared?.right?.fsPath], [then, path.join(root, 'train.py')]);
    await showCommit(harness, [runId]);
    const { commit: id = '' } = { commit: (await harness.store.getRun(runId)).tags[key('commit')] };
    await until('the commit', () => {
      const document = vscode.window.activeTextEditor?.document;
      return document?.uri.scheme === 'flowdeck-source' && document.getText().includes(id) ? true : undefined;
    });
    scene.person.answer = picking('All Files');
    await diffRuns(harness, [runId, other]);
    assert.ok(
      watch.changes().files.some(({ name }) => name === 'train.py'),
      'diff of two runs',
    );
    await checksOut(scene, runId, root, then);
  };

async function checksOut(scene: CodeScene, runId: string, root: string, then: string): Promise<void> {
  const { harness, person, outside } = scene;
  const before = new Set(fs.readdirSync(outside));
  person.answer = (asked) => (asked.kind === 'folder' ? outside : undefined);
  await checkOut(harness, [runId]);
  const [folder] = fs.readdirSync(outside).filter((name) => !before.has(name));
  assert.ok(folder, JSON.stringify(person.asked.at(-1)));
  const tree = path.join(outside, folder);
  assert.equal(fs.readFileSync(path.join(tree, 'train.py'), 'utf8'), then, 'checked out');
  person.answer = ({ modal }) => (modal ? 'Remove Worktree' : undefined);
  await removeWorktreeAt(harness, await opened(root), tree);
  assert.ok(!fs.existsSync(tree), 'taken away again');
}
