import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { isCancelled } from '../../src/mlflow/mlflowError';
import type { Commands } from '../../src/platform/commands';
import { HeadGroup } from '../../src/source/runsOf/headGroup';
import { RunsOfCommands } from '../../src/source/runsOf/runsOfCommands';
import { commit, git, makeRepository, write } from '../live/gitFixture';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { generations } from './generations';
import { type Harness, Person, sourceHarness, until, workspaceFolder } from './sourceHarness';

type Handler = (...args: readonly unknown[]) => unknown;
const key = (name: string) => `mlflow.source.git.${name}`;

for (const version of generations)
  describe(`runs of code, against MLflow ${version}`, function () {
    this.timeout(180_000);
    const name = `runs-of-${version}`;
    const folder = path.join(workspaceFolder(), name);
    const handlers = new Map<string, Handler>();
    const opened: { scope: { experimentIds?: string[]; runIds?: string[] }; filter?: string; title: string }[] = [];
    const realExecute = vscode.commands.executeCommand;
    let server: MlflowServer;
    let harness: Harness;
    let person: Person;
    let group: HeadGroup;
    let experimentId = '';
    let first = '';
    let head = '';
    const runIds: Record<string, string> = {};

    before(async () => {
      server = await startMlflowServer(version);
      harness = await sourceHarness(server.uri);
      makeRepository(folder);
      first = commit(folder, 'First', {
        'old.py': 'a\nb\nc\n',
        'proj/MLproject': 'name: p\nentry_points:\n  fit:\n    command: "x"\n',
      });
      git(folder, 'mv', 'old.py', 'train.py');
      commit(folder, 'Rename', {});
      git(folder, 'checkout', '-q', '-b', 'feature');
      head = commit(folder, 'On the branch', { 'other.py': 'x' });
      experimentId = await harness.store.createExperiment('code');
      const make = async (label: string, tags: Record<string, string>) => {
        runIds[label] = (await harness.store.createRun({ experimentId, name: label, tags })).runId;
      };
      await make('first', { [key('commit')]: first });
      await make('head', { [key('commit')]: head, [key('branch')]: 'feature' });
      await make('rebased', { [key('commit')]: 'f'.repeat(40), [key('branch')]: 'feature' });
      await make('by name', { 'mlflow.source.name': `/elsewhere/${'train.py'}` });
      const project = { 'mlflow.source.type': 'PROJECT', 'mlflow.project.entryPoint': 'fit' };
      await make('project', { ...project, 'mlflow.source.name': `${pathToFileURL(folder).href}#proj` });
      await make('other project', { ...project, 'mlflow.source.name': 'file:///elsewhere#proj' });
      group = new HeadGroup(harness);
      const commands: Commands = {
        register: (id, _action, handler) => void handlers.set(id, handler),
        registerLater: () => undefined,
        report: (_action, error) => assert.fail(String(error)),
      };
      new RunsOfCommands(harness, group).register(commands);
    });
    after(async () => {
      group?.dispose();
      harness?.dispose();
      await server?.dispose();
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    });
    beforeEach(() => {
      person = new Person();
      opened.length = 0;
      harness.repositories.forget();
      Object.assign(vscode.commands, {
        executeCommand: async (id: string, ...args: unknown[]) => {
          if (id === 'flowdeck.runs.openTable') opened.push(args[0] as (typeof opened)[number]);
          else await realExecute(id, ...args);
        },
      });
    });
    afterEach(() => {
      Object.assign(vscode.commands, { executeCommand: realExecute });
      person.restore();
    });

    const run = (id: string, ...args: unknown[]) => Promise.resolve(handlers.get(`flowdeck.source.${id}`)?.(...args));
    const choosing = (label: RegExp) => (asked: { choices: readonly string[] }) =>
      asked.choices.find((choice) => choice.includes(`$(repo) ${name} `)) ?? asked.choices.find((c) => label.test(c));
    /** What the table would show: its filter judged by the server. */
    const namesShown = async (): Promise<string[]> => {
      const [panel] = opened;
      assert.ok(panel);
      const { items } = await harness.store.searchRuns({ experimentIds: [experimentId] });
      if (panel.scope.runIds)
        return items
          .filter(({ runId }) => panel.scope.runIds?.includes(runId))
          .map((r) => r.name)
          .sort();
      const { parseFilter } = await import('../../src/shared/filter/parse');
      const { evaluateFilter, rowOfRun } = await import('../../src/shared/filter/evaluate');
      const parsed = parseFilter(panel.filter ?? '', Date.now());
      assert.ok(parsed.ok);
      assert.deepEqual(panel.scope.experimentIds, [experimentId]);
      return items
        .filter((item) => evaluateFilter(parsed.filter, rowOfRun(item)))
        .map((item) => item.name)
        .sort();
    };

    it('opens the runs of a commit given by its id or by a run, and says when there are none', async () => {
      await run('runsOfCommit', first);
      assert.deepEqual(await namesShown(), ['first']);
      assert.equal(opened[0]?.filter, `tags.mlflow.source.git.commit = '${first}'`);
      opened.length = 0;
      await run('runsOfCommit', { kind: 'run', runId: runIds.head });
      assert.deepEqual(await namesShown(), ['head']);
      opened.length = 0;
      await run('runsOfCommit', 'e'.repeat(40));
      assert.equal(opened.length, 0);
      assert.match(person.asked.at(-1)?.message ?? '', /No run is tagged with commit eeeeeee/);
    });

    it('shows what is checked out: its row, its runs, and follows a checkout', async () => {
      const text = await group.describe();
      assert.equal(text?.label, 'At HEAD');
      assert.match(text?.tooltip ?? '', new RegExp(`${name}: feature ${head.slice(0, 7)} On the branch`));
      const { runs } = await group.runs();
      assert.deepEqual(
        runs.map((item) => item.name),
        ['head'],
      );
      await run('runsAtHead');
      assert.deepEqual(await namesShown(), ['head']);
      let told = false;
      const listening = group.onDidChange(() => {
        told = true;
      });
      // VS Code begins to watch a little after it was asked to: what is checked out before goes unseen until the next look.
      await until('word of the checkout', async () => {
        git(folder, 'checkout', '-q', 'feature');
        git(folder, 'checkout', '-q', '--detach', first);
        for (const end = Date.now() + 5_000; !told && Date.now() < end; )
          await new Promise((resolve) => setTimeout(resolve, 50));
        return told || undefined;
      });
      listening.dispose();
      await until('the new head', async () =>
        (await group.describe())?.tooltip.includes(`${name}: detached ${first.slice(0, 7)} First`) ? true : undefined,
      );
      git(folder, 'checkout', '-q', 'feature');
    });

    it('opens the runs of a branch, of what came since main, and of a range that is typed', async () => {
      person.answer = choosing(/\$\(git-branch\) feature/);
      await run('runsOfBranch');
      // The one whose commit was rebased away still says the branch.
      assert.deepEqual(await namesShown(), ['first', 'head', 'rebased']);
      opened.length = 0;
      person.answer = choosing(/Since main/);
      await run('runsOfBranch');
      assert.deepEqual(await namesShown(), ['head']);
      opened.length = 0;
      const realInput = vscode.window.showInputBox;
      const said: string[] = [];
      Object.assign(vscode.window, {
        showInputBox: async ({ validateInput }: vscode.InputBoxOptions) => {
          for (const text of ['nothing..main', '--all..x', `${first}..feature`])
            said.push(String((await validateInput?.(text)) ?? 'ok'));
          return `${first}..feature`;
        },
      });
      try {
        person.answer = choosing(/A range/);
        await run('runsOfBranch');
      } finally {
        Object.assign(vscode.window, { showInputBox: realInput });
      }
      assert.match(said.join('\n'), /There is no commit "nothing"[^\n]*\nThere is no commit "--all"[^\n]*\nok/);
      assert.deepEqual(await namesShown(), ['head']);
    });

    it('opens the runs of a file: of the commits that changed it, over its renames, and those that name it', async () => {
      await run('runsOfFile', vscode.Uri.file(path.join(folder, 'train.py')));
      assert.deepEqual(await namesShown(), ['by name', 'first']);
      assert.equal(opened[0]?.title, 'Runs of train.py');
    });

    it('opens those of the file in front, be it a notebook with a cell of it in front, and says where there is none', async () => {
      const lab = path.join(folder, 'lab.ipynb');
      const cell = { cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source: ['1'] };
      write(folder, 'lab.ipynb', JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
      const tags = { 'mlflow.source.name': '/elsewhere/lab.ipynb', 'mlflow.source.type': 'NOTEBOOK' };
      await harness.store.createRun({ experimentId, name: 'in the lab', tags });
      try {
        await vscode.window.showTextDocument(vscode.Uri.file(path.join(folder, 'train.py')));
        await run('runsOfFile');
        assert.deepEqual(await namesShown(), ['by name', 'first']);
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
      assert.equal(person.asked.at(-1)?.message, 'Open a file of a repository first.');
    });

    it('says which commits of a long history were not looked at, and looks under a progress with Cancel', async () => {
      const line = (at: number) =>
        `commit refs/heads/long\ncommitter Ada <ada@example.org> ${1_500_000_000 + at} +0000\ndata 1\nx\n`;
      const input = Array.from({ length: 10_001 }, (_, at) => line(at)).join('');
      execFileSync('git', ['fast-import', '--quiet'], { cwd: folder, input });
      const { withProgress } = vscode.window;
      const titles: string[] = [];
      let cancelled = false;
      const stopped = new vscode.CancellationTokenSource();
      stopped.cancel();
      Object.assign(vscode.window, {
        withProgress: (options: vscode.ProgressOptions, task: Parameters<typeof withProgress>[1]) => {
          titles.push(`${options.title} ${options.cancellable}`);
          return withProgress.call(vscode.window, options, (report, token) =>
            task(report, cancelled ? stopped.token : token),
          );
        },
      });
      person.answer = choosing(/\$\(git-branch\) long$/);
      try {
        await run('runsOfBranch');
        assert.deepEqual(titles, ['Looking up: Runs of long true']);
        assert.equal(
          person.asked.at(-1)?.message,
          'No run is tagged with any of the 10,000 commits of long. Older commits than the newest 10,000 were not looked at.',
        );
        const newest = git(folder, 'rev-parse', 'long');
        await harness.store.createRun({ experimentId, name: 'newest', tags: { [key('commit')]: newest } });
        await run('runsOfBranch');
        assert.deepEqual(await namesShown(), ['newest']);
        assert.match(person.asked.at(-1)?.message ?? '', /^Older commits than the newest 10,000 were not looked at/);
        cancelled = true;
        const error: unknown = await run('runsOfBranch').catch((refused: unknown) => refused);
        assert.ok(isCancelled(error), String(error));
        assert.equal(opened.length, 1);
      } finally {
        stopped.dispose();
        Object.assign(vscode.window, { withProgress });
        git(folder, 'branch', '-q', '-D', 'long');
      }
    });

    it('looks the runs up where there are more commits than a filter holds', async () => {
      for (let at = 0; at < 35; at++) {
        write(folder, 'train.py', `a\nb\nc\n${at}`);
        git(folder, 'commit', '-q', '-am', `Step ${at}`);
      }
      opened.length = 0;
      await run('runsOfFile', vscode.Uri.file(path.join(folder, 'train.py')));
      assert.deepEqual(Object.keys(opened[0]?.scope ?? {}), ['runIds']);
      assert.deepEqual(await namesShown(), ['by name', 'first']);
      git(folder, 'reset', '-q', '--hard', head);
    });

    it('opens the runs of an entry point of this project, not of its namesake', async () => {
      const file = vscode.Uri.file(path.join(folder, 'proj', 'MLproject'));
      await run('runsOfEntryPoint', { kind: 'entryPoint', found: { file }, entryPoint: { name: 'fit' } });
      assert.deepEqual(await namesShown(), ['project']);
      opened.length = 0;
      await vscode.window.showTextDocument(file);
      person.answer = choosing(/^fit$/);
      await run('runsOfEntryPoint');
      assert.deepEqual(await namesShown(), ['project']);
      await realExecute('workbench.action.closeAllEditors');
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
        const printed = await server.python(script, experimentId, commitOfModel);
        await run('runsOfCommit', { runId: printed.trim().split('\n').at(-1) });
        assert.deepEqual([opened[0]?.title, await namesShown()], ['Runs of ddddddd', ['by its model']]);
      });
  });
