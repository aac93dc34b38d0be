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

/** Stands in for the list that a person types into. */
class PickDouble {
  items: readonly vscode.QuickPickItem[] = [];
  activeItems: readonly vscode.QuickPickItem[] = [];
  selectedItems: readonly vscode.QuickPickItem[] = [];
  busy = false;
  private readonly typed = new vscode.EventEmitter<string>();
  private readonly accepted = new vscode.EventEmitter<void>();
  private readonly others = new vscode.EventEmitter<never>();
  readonly onDidChangeValue = this.typed.event;
  readonly onDidAccept = this.accepted.event;
  readonly onDidChangeActive = this.others.event;
  readonly onDidHide = this.others.event;
  readonly onDidTriggerButton = this.others.event;
  show(): void {}
  dispose(): void {}

  type(text: string): void {
    this.typed.fire(text);
  }

  accept(item: vscode.QuickPickItem | undefined): void {
    assert.ok(item);
    this.selectedItems = [item];
    this.accepted.fire();
  }
}

for (const version of generations)
  describe(`runs of code, against MLflow ${version}`, function () {
    this.timeout(180_000);
    const name = `runs-of-${version}`;
    const folder = path.join(workspaceFolder(), name);
    /** Another repository with the same branches and files. */
    const other = path.join(workspaceFolder(), `${name}-other`);
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
    let make: (label: string, tags: Record<string, string>) => Promise<void>;

    before(async () => {
      server = await startMlflowServer(version);
      harness = await sourceHarness(server.uri);
      makeRepository(folder);
      git(folder, 'remote', 'add', 'origin', 'git@example.org:ada/code.git');
      makeRepository(other);
      const foreign = commit(other, 'Foreign', { 'train.py': 'x' });
      git(other, 'checkout', '-q', '-b', 'feature');
      commit(other, 'Foreign head', { 'train.py': 'y' });
      first = commit(folder, 'First', {
        'old.py': 'a\nb\nc\n',
        'proj/MLproject': 'name: p\nentry_points:\n  fit:\n    command: "x"\n',
      });
      git(folder, 'mv', 'old.py', 'train.py');
      commit(folder, 'Rename', {});
      git(folder, 'checkout', '-q', '-b', 'feature');
      head = commit(folder, 'On the branch', { 'other.py': 'x' });
      experimentId = await harness.store.createExperiment('code');
      make = async (label, tags) => {
        runIds[label] = (await harness.store.createRun({ experimentId, name: label, tags })).runId;
      };
      await make('first', { [key('commit')]: first });
      await make('head', { [key('commit')]: head, [key('branch')]: 'feature' });
      await make('rebased', { [key('commit')]: 'f'.repeat(40), [key('branch')]: 'feature' });
      await make('by name', { 'mlflow.source.name': `/elsewhere/${'train.py'}` });
      // Of other repositories: one that is not open, as it says itself, and one that is, by its commit.
      const namesake = { [key('branch')]: 'feature', 'mlflow.source.name': '/elsewhere/train.py' };
      await make('named', {
        ...namesake,
        [key('repoURL')]: 'https://example.org/bob/other',
        [key('commit')]: 'b'.repeat(40),
      });
      await make('foreign', { ...namesake, [key('commit')]: foreign });
      await make('beside', { 'mlflow.source.name': path.join(other, 'train.py') });
      const cloned = { ...namesake, [key('repoURL')]: 'https://ci:s3cret@example.org/ada/code' };
      await make('cloned', { ...cloned, [key('commit')]: 'c'.repeat(40) });
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
      for (const made of [folder, other]) fs.rmSync(made, { recursive: true, force: true, maxRetries: 3 });
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
      // The one whose commit was rebased away still says the branch; those of other repositories do as well.
      assert.deepEqual(await namesShown(), ['cloned', 'first', 'head', 'rebased']);
      assert.doesNotMatch(opened[0]?.filter ?? '', /s3cret/);
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
      assert.deepEqual(await namesShown(), ['by name', 'cloned', 'first']);
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
      assert.equal(person.asked.at(-1)?.message, 'Open a file of a repository first.');
    });

    it('says that a file is in no open repository, or that nothing was committed yet, and still finds what names it', async () => {
      const outside = path.join(path.dirname(workspaceFolder()), 'outside.py');
      await run('runsOfFile', vscode.Uri.file(outside));
      assert.match(person.asked.at(-1)?.message ?? '', /^outside\.py is in none of the open repositories/);
      git(folder, 'symbolic-ref', 'HEAD', 'refs/heads/unborn');
      try {
        await run('runsOfFile', vscode.Uri.file(path.join(folder, 'train.py')));
        assert.deepEqual(await namesShown(), ['by name', 'cloned']);
        // Other branches have commits all the same.
        opened.length = 0;
        person.answer = choosing(/\$\(git-branch\) feature/);
        await run('runsOfBranch');
        assert.deepEqual(await namesShown(), ['cloned', 'first', 'head', 'rebased']);
      } finally {
        git(folder, 'symbolic-ref', 'HEAD', 'refs/heads/feature');
      }
      const empty = makeRepository(path.join(workspaceFolder(), `${name}-empty`));
      harness.repositories.forget();
      try {
        person.answer = ({ choices }) => choices.find((choice) => choice.includes(`$(repo) ${name}-empty `));
        for (const command of ['runsOfBranch', 'runsOfCommit']) {
          await run(command);
          assert.equal(
            person.asked.at(-1)?.message,
            `What is checked out in ${name}-empty has no commits yet. Commit first.`,
          );
        }
      } finally {
        fs.rmSync(empty, { recursive: true, force: true, maxRetries: 3 });
      }
    });

    it('offers older commits in the picker, and whichever a branch or an id names that is typed', async () => {
      const line = (at: number) =>
        `commit refs/heads/long\ncommitter Ada <ada@example.org> ${1_500_000_000 + at} +0000\ndata ${`${at}`.length + 5}\nStep ${at}\n`;
      execFileSync('git', ['fast-import', '--quiet'], {
        cwd: folder,
        input: Array.from({ length: 1_001 }, (_, at) => line(at)).join(''),
      });
      git(folder, 'symbolic-ref', 'HEAD', 'refs/heads/long');
      const { createQuickPick } = vscode.window;
      const pick = new PickDouble();
      Object.assign(vscode.window, { createQuickPick: () => pick });
      person.answer = choosing(/never/);
      try {
        const picking = run('runsOfCommit');
        await until('the list', () => (pick.items.length > 0 ? true : undefined));
        assert.equal(pick.items.length, 1_001);
        const older = pick.items.at(-1);
        assert.match(`${older?.label} ${older?.description}`, /Show Older Commits the newest 1,000 are listed/);
        pick.accept(older);
        await until('the oldest', () => (pick.items.at(-1)?.label.endsWith('Step 0') ? true : undefined));
        assert.deepEqual([pick.items.length, pick.activeItems[0]?.label.endsWith('Step 0')], [1_001, true]);
        for (const typed of ['feature', head.slice(0, 9)]) {
          pick.type(typed);
          await until(`what ${typed} names`, () =>
            /On the branch$/.test(pick.items[0]?.label ?? '') ? true : undefined,
          );
          assert.equal(pick.items[0]?.alwaysShow, true);
          await until('its runs', () => (/^1 run /.test(pick.items[0]?.description ?? '') ? true : undefined));
          pick.type('nothing of this name');
          await until('the list alone', () => (pick.items.length === 1_001 ? true : undefined));
        }
        pick.type('feature');
        await until('the branch', () => (pick.items.length === 1_002 ? true : undefined));
        pick.accept(pick.items[0]);
        await picking;
        assert.deepEqual(await namesShown(), ['head']);
      } finally {
        Object.assign(vscode.window, { createQuickPick });
        git(folder, 'symbolic-ref', 'HEAD', 'refs/heads/feature');
        git(folder, 'branch', '-q', '-D', 'long');
      }
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
        assert.deepEqual(Object.keys(opened[0]?.scope ?? {}), ['experimentIds']);
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

    it('asks by the commits that have runs where there are more of them than a server can be asked for', async () => {
      for (let at = 0; at < 35; at++) {
        write(folder, 'train.py', `a\nb\nc\n${at}`);
        git(folder, 'commit', '-q', '-am', `Step ${at}`);
      }
      try {
        await run('runsOfFile', vscode.Uri.file(path.join(folder, 'train.py')));
        assert.deepEqual(Object.keys(opened[0]?.scope ?? {}), ['experimentIds']);
        assert.deepEqual(await namesShown(), ['by name', 'cloned', 'first']);
        // A run that comes later is shown as well: of a commit that had runs, and of the newest.
        const later = { first, step: git(folder, 'rev-parse', 'HEAD') };
        for (const [label, id] of Object.entries(later)) await make(`later ${label}`, { [key('commit')]: id });
        assert.deepEqual(await namesShown(), ['by name', 'cloned', 'first', 'later first', 'later step']);
      } finally {
        git(folder, 'reset', '-q', '--hard', head);
      }
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
