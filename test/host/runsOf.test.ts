import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { git, makeRepository, write } from '../live/gitFixture';
import { generations } from './generations';
import { RunsOfScene } from './runsOfScene';
import { until, workspaceFolder } from './sourceHarness';

for (const version of generations)
  describe(`runs of code, against MLflow ${version}`, function () {
    this.timeout(180_000);
    const scene = new RunsOfScene(version, `runs-of-${version}`);
    const { name, folder, ids, runIds, opened, realExecute, run, choosing, namesShown } = scene;

    it('opens the runs of a commit given by its id or by a run, and says when there are none', async () => {
      await run('runsOfCommit', ids.first);
      assert.deepEqual(await namesShown(), ['first']);
      assert.equal(opened[0]?.filter, `tags.mlflow.source.git.commit = '${ids.first}'`);
      opened.length = 0;
      await run('runsOfCommit', { kind: 'run', runId: runIds.head });
      assert.deepEqual(await namesShown(), ['head']);
      opened.length = 0;
      await run('runsOfCommit', 'e'.repeat(40));
      assert.equal(opened.length, 0);
      assert.match(scene.person.asked.at(-1)?.message ?? '', /No run is tagged with commit eeeeeee/);
    });

    it('shows what is checked out: its row, its runs, and follows a checkout', async () => {
      const text = await scene.group.describe();
      assert.equal(text?.label, 'At HEAD');
      assert.match(text?.tooltip ?? '', new RegExp(`${name}: feature ${ids.head.slice(0, 7)} On the branch`));
      const { runs } = await scene.group.runs();
      assert.deepEqual(
        runs.map((item) => item.name),
        ['head'],
      );
      await run('runsAtHead');
      assert.deepEqual(await namesShown(), ['head']);
      let told = false;
      const listening = scene.group.onDidChange(() => {
        told = true;
      });
      // VS Code begins to watch a little after it was asked to: what is checked out before goes unseen until the next look.
      await until('word of the checkout', async () => {
        git(folder, 'checkout', '-q', 'feature');
        git(folder, 'checkout', '-q', '--detach', ids.first);
        for (const end = Date.now() + 5_000; !told && Date.now() < end; )
          await new Promise((resolve) => setTimeout(resolve, 50));
        return told || undefined;
      });
      listening.dispose();
      await until('the new head', async () =>
        (await scene.group.describe())?.tooltip.includes(`${name}: detached ${ids.first.slice(0, 7)} First`)
          ? true
          : undefined,
      );
      git(folder, 'checkout', '-q', 'feature');
    });

    it('opens the runs of a branch, of what came since main, and of a range that is typed', async () => {
      scene.person.answer = choosing(/\$\(git-branch\) feature/);
      await run('runsOfBranch');
      // The one whose commit was rebased away still says the branch; those of other repositories do as well.
      assert.deepEqual(await namesShown(), ['cloned', 'first', 'head', 'rebased']);
      assert.doesNotMatch(opened[0]?.filter ?? '', /s3cret/);
      opened.length = 0;
      scene.person.answer = choosing(/Since main/);
      await run('runsOfBranch');
      assert.deepEqual(await namesShown(), ['head']);
      opened.length = 0;
      const realInput = vscode.window.showInputBox;
      const said: string[] = [];
      Object.assign(vscode.window, {
        showInputBox: async ({ validateInput }: vscode.InputBoxOptions) => {
          for (const text of ['nothing..main', '--all..x', `${ids.first}..feature`])
            said.push(String((await validateInput?.(text)) ?? 'ok'));
          return `${ids.first}..feature`;
        },
      });
      try {
        scene.person.answer = choosing(/A range/);
        await run('runsOfBranch');
      } finally {
        Object.assign(vscode.window, { showInputBox: realInput });
      }
      assert.match(said.join('\n'), /There is no commit "nothing"[^\n]*\nThere is no commit "--all"[^\n]*\nok/);
      assert.deepEqual(await namesShown(), ['head']);
    });

    it('opens the runs of a file: of the commits that changed it, over its renames, and those that name it', async () => {
      await run('runsOfFile', vscode.Uri.file(path.join(folder, 'train.py')));
      assert.deepEqual(await namesShown(), ['by name', 'cloned', 'first']);
      assert.equal(opened[0]?.title, 'Runs of train.py');
    });

    it('opens those of a file that was run in its own folder, and none of a file with a longer path', async () => {
      const sources = {
        'in its folder': 'fit.py',
        'of its namesake': 'baselines/train.py',
        'of its namesake elsewhere': '/elsewhere/baselines/train.py',
      };
      const { store } = scene.harness;
      const experimentId = await store.createExperiment('names');
      for (const [label, source] of Object.entries(sources))
        await store.createRun({ experimentId, name: label, tags: { 'mlflow.source.name': source } });
      write(folder, 'src/fit.py', '1\n');
      write(folder, 'baselines/train.py', '1\n');
      const before = git(folder, 'rev-parse', 'HEAD');
      try {
        git(folder, 'add', 'src', 'baselines');
        git(folder, 'commit', '-q', '-m', 'Namesakes');
        const shown: (readonly string[])[] = [];
        for (const file of ['train.py', 'src/fit.py', 'baselines/train.py']) {
          opened.length = 0;
          await run('runsOfFile', vscode.Uri.file(path.join(folder, file)));
          shown.push(await namesShown());
        }
        assert.deepEqual(shown, [
          ['by name', 'cloned', 'first'],
          ['in its folder'],
          ['of its namesake', 'of its namesake elsewhere'],
        ]);
      } finally {
        git(folder, 'reset', '-q', '--hard', before);
        await store.deleteExperiment(experimentId);
      }
    });

    it('opens those of the file in front, be it a notebook with a cell of it in front, and says where there is none', async () => {
      const lab = path.join(folder, 'lab.ipynb');
      const cell = { cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source: ['1'] };
      write(folder, 'lab.ipynb', JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
      const tags = { 'mlflow.source.name': '/elsewhere/lab.ipynb', 'mlflow.source.type': 'NOTEBOOK' };
      await scene.harness.store.createRun({ experimentId: scene.experimentId, name: 'in the lab', tags });
      try {
        await vscode.window.showTextDocument(vscode.Uri.file(path.join(folder, 'train.py')));
        await run('runsOfFile');
        assert.deepEqual(await namesShown(), ['by name', 'cloned', 'first']);
        await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(vscode.Uri.file(lab)));
        for (const command of ['notebook.cell.quitEdit', 'notebook.cell.edit']) {
          await realExecute(command);
          opened.length = 0;
          await run('runsOfFile');
          assert.deepEqual([await namesShown(), opened[0]?.title], [['in the lab'], 'Runs of lab.ipynb'], command);
        }
      } finally {
        await realExecute('workbench.action.closeAllEditors');
        fs.rmSync(lab, { force: true });
      }
      await run('runsOfFile');
      assert.equal(scene.person.asked.at(-1)?.message, 'Open a file of a repository first.');
    });

    it('says that a file is in no open repository, or that nothing was committed yet, and still finds what names it', async () => {
      const outside = path.join(path.dirname(workspaceFolder()), 'outside.py');
      await run('runsOfFile', vscode.Uri.file(outside));
      assert.match(scene.person.asked.at(-1)?.message ?? '', /^outside\.py is in none of the open repositories/);
      git(folder, 'symbolic-ref', 'HEAD', 'refs/heads/unborn');
      try {
        await run('runsOfFile', vscode.Uri.file(path.join(folder, 'train.py')));
        assert.deepEqual(await namesShown(), ['by name', 'cloned']);
        // Other branches have commits all the same.
        opened.length = 0;
        scene.person.answer = choosing(/\$\(git-branch\) feature/);
        await run('runsOfBranch');
        assert.deepEqual(await namesShown(), ['cloned', 'first', 'head', 'rebased']);
      } finally {
        git(folder, 'symbolic-ref', 'HEAD', 'refs/heads/feature');
      }
      const empty = makeRepository(path.join(workspaceFolder(), `${name}-empty`));
      scene.harness.repositories.forget();
      try {
        scene.person.answer = ({ choices }) => choices.find((choice) => choice.includes(`$(repo) ${name}-empty `));
        for (const command of ['runsOfBranch', 'runsOfCommit']) {
          await run(command);
          assert.equal(
            scene.person.asked.at(-1)?.message,
            `What is checked out in ${name}-empty has no commits yet. Commit first.`,
          );
        }
      } finally {
        fs.rmSync(empty, { recursive: true, force: true, maxRetries: 3 });
      }
    });

    it('opens the runs of an entry point of this project, not of its namesake', async () => {
      const file = vscode.Uri.file(path.join(folder, 'proj', 'MLproject'));
      await run('runsOfEntryPoint', { kind: 'entryPoint', found: { file }, entryPoint: { name: 'fit' } });
      assert.deepEqual(await namesShown(), ['project', 'project beside']);
      opened.length = 0;
      await vscode.window.showTextDocument(file);
      scene.person.answer = choosing(/^fit$/);
      await run('runsOfEntryPoint');
      assert.deepEqual(await namesShown(), ['project', 'project beside']);
      await realExecute('workbench.action.closeAllEditors');
    });

    it('looks for the runs of a commit in all experiments, however many runs the newest has', async () => {
      const swept = '1'.repeat(40);
      const script = `
import sys, mlflow
client = mlflow.MlflowClient()
small, sweep, third = [client.create_experiment(name) for name in ('small', 'sweep', 'third')]
tags = {'mlflow.source.git.commit': sys.argv[1]}
for at in range(10): client.create_run(small, run_name=f'small {at}', start_time=1_000 + at, tags=tags)
for at in range(201): client.create_run(sweep, run_name=f'sweep {at}', start_time=2_000 + at, tags=tags)
print(third)
`;
      const third = (await scene.server.python(script, swept)).trim().split('\n').at(-1) ?? '';
      await run('runsOfCommit', swept);
      const shown = await namesShown();
      assert.equal(shown.filter((label) => label.startsWith('small')).length, 10);
      assert.equal(shown.length, 211);
      // One that comes later, in an experiment that had none.
      await scene.harness.store.createRun({
        experimentId: third,
        name: 'later',
        tags: { 'mlflow.source.git.commit': swept },
      });
      assert.ok((await namesShown()).includes('later'));
    });

    // MLflow 2 has no logged models.
    if (version.startsWith('3'))
      it('takes the commit of a run from a model that it logged', async () => {
        const commitOfModel = 'd'.repeat(40);
        const script = `
import sys, mlflow
from mlflow.entities import LoggedModelOutput
client = mlflow.MlflowClient()
run_id = client.create_run(sys.argv[1], run_name='by its model').info.run_id
model = client.create_logged_model(sys.argv[1], name='m', source_run_id=run_id, tags={'mlflow.git.commit': sys.argv[2]})
client.log_outputs(run_id, [LoggedModelOutput(model.model_id, 0)])
print(run_id)
`;
        const printed = await scene.server.python(script, scene.experimentId, commitOfModel);
        await run('runsOfCommit', { runId: printed.trim().split('\n').at(-1) });
        assert.deepEqual([opened[0]?.title, await namesShown()], ['Runs of ddddddd', ['by its model']]);
      });
  });
