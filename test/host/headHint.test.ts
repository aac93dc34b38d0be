import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { MlflowError } from '../../src/mlflow/mlflowError';
import { HeadGroup } from '../../src/source/runsOf/headGroup';
import { HeadHint } from '../../src/source/runsOf/headHint';
import { commit, git, makeRepository } from '../live/gitFixture';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { generations } from './generations';
import { type Harness, sourceHarness, until, workspaceFolder } from './sourceHarness';

for (const version of generations)
  describe(`the hint at the runs of the head, against MLflow ${version}`, function () {
    this.timeout(120_000);
    const [folder, other] = ['hint', 'hint-other'].map((name) => path.join(workspaceFolder(), `${name}-${version}`));
    const marked = new vscode.EventEmitter<readonly string[]>();
    const connected = new vscode.EventEmitter<void>();
    let server: MlflowServer;
    let harness: Harness;
    let group: HeadGroup;
    let hint: HeadHint;
    let first = '';
    let head = '';
    let asked = 0;
    let isAway = false;
    let refused = 0;
    /** Holds the answers back. */
    let held: Promise<void> | undefined;

    before(async () => {
      if (!folder || !other) throw new Error('no folders');
      server = await startMlflowServer(version);
      harness = await sourceHarness(server.uri);
      makeRepository(folder);
      first = commit(folder, 'First', { 'train.py': 'import mlflow\n' });
      const cell = { cell_type: 'code', execution_count: null, metadata: {}, outputs: [] };
      const cells = ['import mlflow', 'x = 1'].map((source) => ({ ...cell, source: [source] }));
      head = commit(folder, 'Second', {
        'plain.py': 'print(1)\n',
        'lab.ipynb': JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }),
      });
      makeRepository(other);
      commit(other, 'Elsewhere', { 'train.py': 'import mlflow\n', 'plain.py': 'print(1)\n' });
      const { searchRuns } = harness.store;
      Object.assign(harness.store, {
        searchRuns: async (...args: Parameters<typeof searchRuns>) => {
          asked++;
          await held;
          if (!isAway) return searchRuns(...args);
          refused++;
          throw new MlflowError('unreachable', 'The server is away.');
        },
      });
      for (const name of ['one', 'two']) await make(name, head);
      await make('only', first);
      harness.repositories.forget();
      await close();
      group = new HeadGroup(harness);
      begin();
    });
    const begin = () => {
      hint?.dispose();
      const runs = { ...harness.runs, onDidMarkChanged: marked.event };
      const connections = { ...harness.connections, onDidChange: connected.event };
      hint = new HeadHint({ ...harness, runs, connections }, group);
    };
    after(async () => {
      hint?.dispose();
      group?.dispose();
      harness?.dispose();
      await server?.dispose();
      await close();
      for (const made of [folder, other]) fs.rmSync(made ?? '', { recursive: true, force: true, maxRetries: 3 });
    });

    const close = () => vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const make = (name: string, id: string) =>
      harness.store.createRun({ experimentId: '0', name, tags: { 'mlflow.source.git.commit': id } });
    const open = (root: string | undefined, name: string) =>
      vscode.window.showTextDocument(vscode.Uri.file(path.join(root ?? '', name)));
    const shown = () => harness.hints.at(-1)?.text;
    const shows = (text: string | undefined) => until(String(text), () => (shown() === text ? true : undefined));

    it('asks nothing before a file that mentions MLflow is in front', async () => {
      await open(folder, 'plain.py');
      assert.deepEqual([asked, shown()], [0, undefined]);
    });

    it('counts the runs of the commit, says which it is, and offers them', async () => {
      await open(folder, 'train.py');
      await shows('2 runs at HEAD');
      const { detail = '', actions = [] } = harness.hints.at(-1) ?? {};
      assert.match(detail, new RegExp(`main ${head.slice(0, 7)} Second\nThe last one: (one|two) · `));
      assert.deepEqual(actions[0], {
        title: 'Runs of This Commit',
        command: 'flowdeck.source.runsOfCommit',
        arguments: [head],
      });
    });

    it('asks once for a commit, whichever of its files are looked at', async () => {
      const before = asked;
      for (const name of ['plain.py', 'train.py']) {
        const looks = harness.hints.length;
        await open(folder, name);
        await until(`the look at ${name}`, () => (harness.hints.length > looks ? true : undefined));
      }
      assert.deepEqual([asked, shown()], [before, '2 runs at HEAD']);
    });

    it('follows the head, and what this window changes', async () => {
      git(folder ?? '', 'checkout', '-q', '--detach', first);
      await shows('1 run at HEAD');
      assert.match(harness.hints.at(-1)?.detail ?? '', new RegExp(`detached ${first.slice(0, 7)} First`));
      await make('another', first);
      marked.fire([]);
      await shows('2 runs at HEAD');
      git(folder ?? '', 'checkout', '-q', 'main');
      await until('the branch', () => (harness.hints.at(-1)?.detail.includes('main ') ? true : undefined));
    });

    it('says nothing of a commit without runs, nor of another repository than that of the file', async () => {
      await open(other, 'train.py');
      await shows(undefined);
      await open(folder, 'train.py');
      await shows('2 runs at HEAD');
      await open(other, 'plain.py');
      await shows(undefined);
    });

    it('asks again when the server is back: a failure is no answer', async () => {
      await close();
      begin();
      isAway = true;
      await open(folder, 'train.py');
      await until('the refusal', () => refused > 0 || undefined);
      isAway = false;
      await until('the hint', () => {
        connected.fire();
        return shown() === '2 runs at HEAD' || undefined;
      });
    });

    it('comes although another file of the repository is in front by then', async () => {
      await close();
      begin();
      const before = asked;
      let letGo = () => {};
      held = new Promise((resolve) => {
        letGo = resolve;
      });
      try {
        await open(folder, 'train.py');
        await until('the question', () => asked > before || undefined);
        await open(folder, 'plain.py');
      } finally {
        held = undefined;
        letGo();
      }
      await shows('2 runs at HEAD');
    });

    it('comes at a cell of a notebook, whichever of its cells mentions MLflow', async () => {
      await close();
      begin();
      const uri = vscode.Uri.file(path.join(folder ?? '', 'lab.ipynb'));
      const lab = await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(uri));
      lab.selection = new vscode.NotebookRange(1, 2);
      await vscode.commands.executeCommand('notebook.cell.edit');
      await shows('2 runs at HEAD');
      await close();
    });

    it('goes when it is switched off', async () => {
      await open(folder, 'train.py');
      await shows('2 runs at HEAD');
      hint.dispose();
      assert.equal(shown(), undefined);
    });
  });
