import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { describeFailure } from '../../src/platform/failure';
import { gitUri } from '../../src/platform/gitUri';
import { openAtCommit } from '../../src/source/openAtCommit';
import { tagRuns } from '../../src/source/tagRuns';
import { commit, git, write } from '../live/gitFixture';
import { generations } from './generations';
import { activeDiff, key, until } from './sourceHarness';
import { SourceScene } from './sourceScene';

/** MLflow 3 prints links to the run before what is asked for. */
const lastLine = (output: string) => output.trim().split('\n').at(-1) ?? '';

for (const version of generations)
  describe(`source, against MLflow ${version}`, function () {
    this.timeout(180_000);
    const scene = new SourceScene(version, `source-${version}`);
    const { folder, upstream, ids, answering, run, tagsOf } = scene;

    describe('in Restricted Mode', () => {
      const trust = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted');
      before(() => Object.defineProperty(vscode.workspace, 'isTrusted', { get: () => false, configurable: true }));
      after(() => {
        if (trust) Object.defineProperty(vscode.workspace, 'isTrusted', trust);
      });

      it('runs no git and offers to manage trust', async () => {
        const runId = await run({ [key('commit')]: ids.first });
        for (const act of [tagRuns, openAtCommit]) {
          scene.harness.repositories.forget();
          const refused: unknown = await act(scene.harness, [runId]).catch((error: unknown) => error);
          const { message, buttons } = describeFailure('tag the run', refused);
          assert.match(message, /only in folders you trust.*Trust the workspace first/, act.name);
          assert.deepEqual(buttons, [{ title: 'Manage Workspace Trust', command: 'workbench.trust.manage' }]);
        }
        assert.deepEqual((await scene.harness.repositories.find()).repositories, []);
        assert.equal((await tagsOf(runId))[key('commit')], ids.first);
      });
    });

    describe('opening', () => {
      it('shows the file at its commit beside the working copy', async () => {
        write(folder, 'train.py', 'print("working")\n');
        const runId = await run({ [key('commit')]: ids.first, [key('repoURL')]: pathToFileURL(upstream).href });
        await openAtCommit(scene.harness, [runId]);
        const diff = await activeDiff();
        assert.equal(diff.left, 'print("first")\n');
        assert.equal(diff.right, 'print("working")\n');
        assert.equal(diff.label, `train.py (${ids.first.slice(0, 7)} ↔ Working Tree)`);
        assert.equal((await vscode.workspace.openTextDocument(diff.leftUri)).languageId, 'python');
        await assert.rejects(async () => vscode.workspace.fs.writeFile(diff.leftUri, new Uint8Array()));
      });

      it('shows only the old one of a file that no longer exists', async () => {
        await openAtCommit(scene.harness, [await run({ [key('commit')]: ids.first, 'mlflow.source.name': 'gone.py' })]);
        const label = await until('the file', () => {
          const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
          return tab?.input instanceof vscode.TabInputText ? tab.label : undefined;
        });
        assert.match(label, /gone\.py/);
        assert.equal(vscode.window.activeTextEditor?.document.getText(), 'print("gone")\n');
      });

      it('says that the commit is missing, fetches it and opens it', async () => {
        const runId = await run({ [key('commit')]: ids.unfetched, [key('repoURL')]: pathToFileURL(upstream).href });
        await openAtCommit(scene.harness, [runId]);
        const offer = scene.person.asked.at(-1);
        assert.match(offer?.message ?? '', new RegExp(`${ids.unfetched.slice(0, 7)} of run .* is in none of`));
        assert.deepEqual(offer?.choices, ['Fetch', 'Open Working File']);
        scene.person.answer = answering(({ choices }) => choices.find((choice) => choice === 'Fetch'));
        await openAtCommit(scene.harness, [runId]);
        assert.equal((await activeDiff()).left, 'print("upstream")\n');
      });

      it('says that the remote does not have it either', async () => {
        scene.person.answer = answering(({ choices }) => choices.find((choice) => choice === 'Fetch'));
        const tags = { [key('commit')]: 'e'.repeat(40), [key('repoURL')]: pathToFileURL(upstream).href };
        await assert.rejects(openAtCommit(scene.harness, [await run(tags)]), /does not have commit/);
      });

      it('names the repository the run was made in when it is not open', async () => {
        const tags = { [key('commit')]: 'd'.repeat(40), [key('repoURL')]: 'https://u:s3cret@example.org/far/away.git' };
        await openAtCommit(scene.harness, [await run(tags)]);
        assert.match(
          scene.person.asked.at(-1)?.message ?? '',
          /made in https:\/\/example\.org\/far\/away\.git, which is not open/,
        );
        assert.ok(scene.person.asked.at(-1)?.choices.includes('Clone Repository…'));
      });

      it('offers to tag a run without a commit, and refuses what is no commit id', async () => {
        await openAtCommit(scene.harness, [await run()]);
        assert.deepEqual(scene.person.asked.at(-1)?.choices, ['Tag with Current Commit']);
        await openAtCommit(scene.harness, [await run({ [key('commit')]: '--output=pwned' })]);
        assert.match(scene.person.asked.at(-1)?.message ?? '', /holds no commit id: --output=pwned/);
        assert.ok(!fs.existsSync(path.join(folder, 'pwned')));
      });

      it('finds what MLflow itself recorded of a script and of a project', async () => {
        git(folder, 'checkout', '-q', '-b', 'recorded');
        const script = 'import mlflow\nwith mlflow.start_run() as run: pass\n';
        const at = commit(folder, 'A script and a project', {
          'steps/script.py': script,
          'proj/MLproject': 'name: p\nentry_points:\n  fit:\n    command: "python go.py"\n',
          'proj/go.py': script,
        });
        const runScript = [
          'import os, runpy, sys',
          'os.chdir(sys.argv[1])',
          "sys.argv = ['script.py']",
          "print(runpy.run_path('script.py', run_name='__main__')['run'].info.run_id)",
        ];
        const runProject = [
          'import sys, mlflow',
          "print(mlflow.projects.run(sys.argv[1], entry_point='fit', env_manager='local').run_id)",
        ];
        const scriptRun = lastLine(await scene.server.python(runScript.join('\n'), path.join(folder, 'steps')));
        const projectRun = lastLine(await scene.server.python(runProject.join('\n'), path.join(folder, 'proj')));
        assert.equal((await tagsOf(scriptRun))[key('commit')], at);
        await openAtCommit(scene.harness, [scriptRun]);
        assert.equal((await activeDiff()).left, script);
        assert.equal((await activeDiff()).leftUri.fsPath, path.join(folder, 'steps/script.py'));
        await vscode.commands.executeCommand('workbench.action.closeAllEditors');
        await openAtCommit(scene.harness, [projectRun]);
        assert.equal((await activeDiff()).leftUri.fsPath, path.join(folder, 'proj/go.py'));
      });

      it('lets the person choose when the file is not in the commit', async () => {
        const runId = await run({ [key('commit')]: ids.first, 'mlflow.source.name': 'elsewhere.py' });
        scene.person.answer = answering(({ kind, choices }) =>
          kind === 'pick' ? choices.find((c) => c === 'train.py') : undefined,
        );
        await openAtCommit(scene.harness, [runId]);
        assert.match(scene.person.asked.at(-1)?.message ?? '', /elsewhere\.py is not in commit/);
        assert.deepEqual([...(scene.person.asked.at(-1)?.choices ?? [])].sort(), ['gone.py', 'train.py']);
        assert.equal((await activeDiff()).left, 'print("first")\n');
      });

      it('reads nothing outside the open repositories', async () => {
        const read = async (root: string, id: string, file: string) =>
          vscode.workspace.fs.readFile(gitUri({ repository: { root }, tree: id }, file));
        assert.equal(Buffer.from(await read(folder, ids.first, 'train.py')).toString(), 'print("first")\n');
        await assert.rejects(read(upstream, ids.first, 'train.py'), /not among the open folders/);
        await assert.rejects(read(folder, '--output=x', 'train.py'));
        await assert.rejects(read(folder, ids.first, 'nope.py'));
        await assert.rejects(read(folder, ids.first, '../train.py'));
      });
    });
  });
