import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Connections } from '../../src/connections/connection';
import type { ServerSession } from '../../src/connections/serverSession';
import type { Platform } from '../../src/platform/services';
import { LaunchMemory } from '../../src/projects/launchMemory';
import { ProjectCommands } from '../../src/projects/projectCommands';
import { registerProjects } from '../../src/projects/projects';
import { ProjectsStore } from '../../src/projects/projectsStore';
import { type ProjectNode, ProjectsTree } from '../../src/projects/projectsTree';
import { ProjectTasks } from '../../src/projects/projectTasks';
import type { Run } from '../../src/shared/domain';
import { type MlflowServer, mlflowPython, startMlflowServer } from '../support/mlflowServer';
import { processesWith, until, untilGone } from '../support/processTree';
import {
  CommandTable,
  configure,
  connectionsOf,
  newSession,
  pressBack,
  runsOver,
  Script,
  type Shown,
  workspaceFolder,
} from './connectionsHarness';
import { generations } from './generations';

const root = () => path.join(workspaceFolder(), 'launching');
const canary = () => path.join(root(), 'canary');
/** Would run a program wherever a shell reads it, and swallow the rest of the line. */
const evil = () => `"; touch ${canary()} # $(touch ${canary()}) 'it`;

const mlproject = `name: launching
entry_points:
  main:
    parameters:
      text: {type: string, default: nothing}
      rate: {type: float, default: 0.5}
      folder: {type: path, default: .}
    command: "python write.py out.json {text} {rate} {folder}"
  needy:
    parameters: {must: float}
    command: "python write.py needy.json {must}"
  fails:
    command: "python -c 'import sys; sys.exit(3)'"
  forever:
    command: "python forever.py"
`;
const files: Readonly<Record<string, string>> = {
  'launching/MLproject': mlproject,
  'launching/write.py':
    'import json, os, sys\njson.dump({"argv": sys.argv[2:], "cwd": os.getcwd(), "run": os.environ["MLFLOW_RUN_ID"]}, open(sys.argv[1], "w"))\nprint("\\x1b[32mgreen\\x1b[0m", sys.stdout.isatty())\n',
  'launching/forever.py': `import os, signal, subprocess, sys, time
signal.signal(signal.SIGHUP, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import signal, time\\nfor n in (1, 2): signal.signal(n, signal.SIG_IGN)\\ntime.sleep(600)"], start_new_session=True)
open(os.environ["MLFLOW_RUN_ID"], "w").close()
time.sleep(600)
`,
  // A folder that a search for modules would find first.
  'launching/logging.py': 'raise SystemExit("the wrong logging")\n',
  'launching/broken/mlproject': 'entry_points:\n  main:\n    parameters: {a: 5}\n',
  'launching/node_modules/x/MLproject': mlproject,
  'launching/myenv/pyvenv.cfg': '',
  'launching/myenv/lib/MLproject': mlproject,
};

function writeFiles(): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(workspaceFolder(), name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

function memento(values: Readonly<Record<string, unknown>>) {
  const kept = new Map<string, unknown>(Object.entries(values));
  return {
    get: (key: string) => kept.get(key),
    update: async (key: string, value: unknown) => void kept.set(key, value),
  };
}

const idle: Connections = {
  state: { kind: 'none' },
  onDidChange: () => new vscode.Disposable(() => undefined),
  get: async () => undefined,
  require: () => Promise.reject(new Error('no server')),
  requireWritable: () => Promise.reject(new Error('no server')),
};

const label = (item: vscode.TreeItem) => (typeof item.label === 'string' ? item.label : item.label?.label);

describe('the projects of the workspace', () => {
  let store: ProjectsStore;
  let tree: ProjectsTree;

  before(() => {
    writeFiles();
    store = new ProjectsStore();
    tree = new ProjectsTree(store);
  });
  after(() => {
    tree.dispose();
    store.dispose();
    fs.rmSync(root(), { recursive: true, force: true });
  });

  const rows = async (node?: ProjectNode) =>
    (await tree.getChildren(node)).map((child) => ({ child, item: tree.getTreeItem(child) }));
  const rowOf = async (name: string) => (await rows()).find(({ item }) => label(item) === name);

  it('shows each MLproject, its entry points and their parameters; not those of environments', async () => {
    assert.deepEqual(
      (await rows()).map(({ item }) => [label(item), item.contextValue]),
      [
        ['flowdeck-examples', 'project'],
        ['launching', 'project'],
        ['broken', 'projectError'],
      ],
    );
    const launching = await rows((await rowOf('launching'))?.child);
    assert.deepEqual(
      launching.map(({ item }) => label(item)),
      ['main', 'needy', 'fails', 'forever'],
    );
    assert.ok(launching.every(({ item }) => item.contextValue === 'entryPoint'));
    const parameters = await rows(launching[0]?.child);
    assert.deepEqual(
      parameters.map(({ item }) => [label(item), item.description, item.contextValue]),
      [
        ['text', 'string = nothing', 'parameter'],
        ['rate', 'float = 0.5', 'parameter'],
        ['folder', 'path = .', 'parameter'],
      ],
    );
  });

  it('says what is wrong with a broken file and where, and opens it there', async () => {
    const broken = await rowOf('broken');
    assert.equal(
      broken?.item.description,
      'Parameter a must be a type, or a mapping with type and default (line 3, column 18)',
    );
    const table = new CommandTable(newSession().session.platform);
    const tasks = new ProjectTasks(
      { platform: table.platform, connections: idle, runs: runsOver(idle, [], []) },
      store,
    );
    new ProjectCommands(store, tasks, idle, new LaunchMemory(memento({}))).register(table.platform);
    await table.run('flowdeck.projects.openFile', broken?.child);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.fsPath, path.join(root(), 'broken', 'mlproject'));
    assert.deepEqual([editor.selection.start.line, editor.selection.start.character], [2, 17]);
    const launching = await rowOf('launching');
    const [, needy] = await rows(launching?.child);
    const [must] = await rows(needy?.child);
    await table.run('flowdeck.projects.openFile', must?.child);
    assert.equal(vscode.window.activeTextEditor?.selection.start.line, 9);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    tasks.dispose();
  });

  it('follows the files by itself', async () => {
    await tree.getChildren();
    let changes = 0;
    const listening = tree.onDidChangeTreeData(() => changes++);
    // Written more than once: the editor's watcher may still be on its way into the new folder. (It never gets into
    // one that came into being in the same moment as its parent, which is why `broken` will not do.)
    const file = path.join(root(), 'MLproject');
    const write = () => fs.writeFileSync(file, `${mlproject}  added: {command: x} # ${Date.now()}\n`);
    write();
    const writing = setInterval(write, 1_000);
    await until(
      () => changes > 0,
      () => 'the tree did not change',
    ).finally(() => clearInterval(writing));
    const launching = await rows((await rowOf('launching'))?.child);
    assert.equal(launching.length, 5);
    listening.dispose();
  });

  it('lists a task for each entry point', async () => {
    const tasks = new ProjectTasks(
      { platform: newSession().session.platform, connections: idle, runs: runsOver(idle, [], []) },
      store,
    );
    const names = (await tasks.provideTasks()).map(({ name, definition }) => [name, definition.project]);
    assert.ok(names.some(([name, project]) => name === 'main' && project === undefined));
    assert.ok(names.some(([name, project]) => name === 'fails (launching)' && project === 'launching'));
    tasks.dispose();
  });

  it('looks for nothing before it is asked, and leaves no listener', async () => {
    const { workspace, tasks, window } = vscode;
    const real = {
      watcher: workspace.createFileSystemWatcher,
      provider: tasks.registerTaskProvider,
      find: workspace.findFiles,
    };
    const realView = window.createTreeView;
    let searches = 0;
    const open = new Set<string>();
    const counted = <T extends vscode.Disposable>(name: string, made: T): T => {
      open.add(name);
      const dispose = made.dispose.bind(made);
      return Object.assign(made, {
        dispose: () => {
          open.delete(name);
          dispose();
        },
      });
    };
    let provider: vscode.TreeDataProvider<ProjectNode> | undefined;
    let show: (event: vscode.TreeViewVisibilityChangeEvent) => void = () => undefined;
    Object.assign(workspace, {
      createFileSystemWatcher: (glob: string) => counted('watcher', real.watcher.call(workspace, glob)),
      findFiles: (...args: Parameters<typeof real.find>) => {
        searches++;
        return real.find.apply(workspace, args);
      },
    });
    Object.assign(tasks, {
      registerTaskProvider: (type: string, given: vscode.TaskProvider) =>
        counted('provider', real.provider.call(tasks, type, given)),
    });
    // The view itself belongs to the extension that runs beside this test.
    Object.assign(window, {
      createTreeView: (_id: string, options: vscode.TreeViewOptions<ProjectNode>) => {
        provider = options.treeDataProvider;
        const onDidChangeVisibility = (listener: (event: vscode.TreeViewVisibilityChangeEvent) => void) => {
          show = listener;
          return counted('visibility', new vscode.Disposable(() => undefined));
        };
        return counted('view', Object.assign(new vscode.Disposable(() => undefined), { onDidChangeVisibility }));
      },
    });
    try {
      const { platform } = new CommandTable(newSession().session.platform);
      const context = { ...platform.context, workspaceState: memento({}) } as unknown as Platform['context'];
      registerProjects({ ...platform, context }, idle, runsOver(idle, [], []));
      show({ visible: true });
      assert.equal(searches, 0);
      assert.deepEqual([...open].sort(), ['provider', 'view', 'visibility']);
      assert.equal((await provider?.getChildren())?.length, 3);
      assert.deepEqual([searches, open.size], [1, 4]);
      show({ visible: false });
      await provider?.getChildren();
      assert.equal(searches, 1);
      show({ visible: true });
      await provider?.getChildren();
      assert.equal(searches, 2);
      for (const item of context.subscriptions) item.dispose();
      assert.deepEqual([...open], []);
    } finally {
      Object.assign(workspace, { createFileSystemWatcher: real.watcher, findFiles: real.find });
      Object.assign(tasks, { registerTaskProvider: real.provider });
      Object.assign(window, { createTreeView: realView });
    }
  });
});

/** Reads a run back as a person's own script would. */
const readBack = `
import json, sys
from mlflow import MlflowClient
client = MlflowClient()
out = {}
for run_id in sys.argv[1:]:
    run = client.get_run(run_id)
    out[run_id] = {'status': run.info.status, 'params': run.data.params, 'tags': run.data.tags,
        'ended': run.info.end_time is not None, 'experiment': client.get_experiment(run.info.experiment_id).name}
print('runs ' + json.dumps(out))
`;

interface ReadRun {
  readonly status: string;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly ended: boolean;
  readonly experiment: string;
}

for (const version of generations) {
  describe(`launching projects with MLflow ${version}`, () => {
    let server: MlflowServer;
    let session: ServerSession;
    let connections: Connections;
    let store: ProjectsStore;
    let tasks: ProjectTasks;
    let table: CommandTable;
    let lines: string[];
    const revealed: string[] = [];
    const reported: string[] = [];
    const launched: Record<string, string> = {};

    before(async () => {
      writeFiles();
      server = await startMlflowServer(version);
      await configure('trackingUri', server.uri);
      await configure('python.path', mlflowPython(version));
      const made = newSession();
      ({ session, lines } = made);
      connections = connectionsOf(session);
      store = new ProjectsStore();
      table = new CommandTable(session.platform);
      const report = (action: string, error: unknown) => void reported.push(`${action}: ${error}`);
      Object.assign(table.platform.commands, { report });
      tasks = new ProjectTasks(
        { platform: table.platform, connections, runs: runsOver(connections, [], revealed) },
        store,
      );
      const memory = new LaunchMemory(memento({ 'flowdeck.projects.lastExperiment': 'launches' }));
      new ProjectCommands(store, tasks, connections, memory).register(table.platform);
    });

    after(async () => {
      tasks?.dispose();
      store?.dispose();
      session?.dispose();
      await configure('trackingUri', undefined);
      await configure('python.path', undefined);
      for (const terminal of vscode.window.terminals) terminal.dispose();
      await server?.dispose();
      fs.rmSync(root(), { recursive: true, force: true });
      fs.rmSync(path.join(workspaceFolder(), '.vscode', 'tasks.json'), { force: true });
    });

    const rowOf = async (name: string): Promise<ProjectNode> => {
      const found = (await store.get()).find(({ path: folder }) => folder === 'launching');
      const points = found && 'project' in found.content ? found.content.project.entryPoints : [];
      const entryPoint = points.find((point) => point.name === name);
      assert.ok(found && entryPoint);
      return { kind: 'entryPoint', found, entryPoint };
    };
    /** Answers the form, and nothing else; gives what was shown, with the end's notification. */
    const launch = async (name: string, answers: Readonly<Record<string, string>> = {}, button?: string) => {
      const before = revealed.length;
      const buttons = [button];
      const script = new Script(({ kind, message }) =>
        kind === 'input' ? (answers[message] ?? message) : kind === 'pick' ? 'launches' : buttons.shift(),
      );
      await table.run('flowdeck.projects.runEntryPoint', await rowOf(name));
      const problem = () => `${name} was not launched: ${reported} ${lines.slice(-5)}`;
      await until(() => revealed.length > before || reported.length > 0, problem);
      const runId = revealed[before] ?? '';
      launched[name] ??= runId;
      const ended = (pattern: RegExp) =>
        until(
          () => script.shown.some(({ message }) => pattern.test(message)),
          () => `${name} did not end: ${reported} ${JSON.stringify(script.shown)}`,
          40_000,
        ).finally(() => script.restore());
      return { script, runId, ended };
    };
    const run = async (runId: string): Promise<Run> => (await connections.require()).store.getRun(runId);

    it('passes parameters as they are: nothing of them is executed', async () => {
      const { executeCommand } = vscode.commands;
      const executed: unknown[][] = [];
      Object.assign(vscode.commands, {
        executeCommand: async (...args: unknown[]) => void (args[0] === 'setContext' || executed.push(args)),
      });
      const { script, runId, ended } = await launch('main', { nothing: evil(), '0.5': '1e-3' }, 'Open Charts');
      assert.equal((await run(runId)).status, 'RUNNING');
      await ended(/^main \(launching\) finished: run /).finally(() =>
        Object.assign(vscode.commands, { executeCommand }),
      );
      assert.deepEqual(executed, [['flowdeck.charts.open', runId]]);
      const titles = script.shown.filter(({ kind }) => kind === 'input' || kind === 'pick').map(({ title }) => title);
      assert.deepEqual(titles, ['Run main', 'Run main', 'Run main', 'Run main']);
      const answered = script.shown.filter(({ title }) => title === 'Run main').map(({ step, value }) => [step, value]);
      assert.deepEqual(answered, [
        ['1/4', 'nothing'],
        ['2/4', '0.5'],
        ['3/4', '.'],
        ['4/4', ''],
      ]);
      assert.deepEqual(script.shown.at(-1)?.choices, ['Open Charts', 'Show Run']);
      const written = JSON.parse(fs.readFileSync(path.join(root(), 'out.json'), 'utf8'));
      assert.deepEqual(written, { argv: [evil(), '1e-3', root()], cwd: root(), run: runId });
      assert.equal(fs.existsSync(canary()), false);
      assert.equal((await run(runId)).status, 'FINISHED');
    });

    it('remembers the answers, checks them, goes back, and launches nothing when it is left', async () => {
      const before = revealed.length;
      const replies = ['a', pressBack, 'b', '0.25', 'nowhere', undefined];
      const script = new Script(() => replies.shift());
      await table.run('flowdeck.projects.runEntryPoint', await rowOf('main'));
      script.restore();
      assert.deepEqual(
        script.shown.map(({ step, value, validation }) => [step, value, validation]),
        [
          ['1/4', evil(), ''],
          ['2/4', '1e-3', ''],
          ['1/4', 'a', ''],
          ['2/4', '1e-3', ''],
          ['3/4', '.', ''],
          ['3/4', 'nowhere', 'There is no file or folder nowhere.'],
        ],
      );
      const refused = new Script(({ message }) => (message === '0.5' ? 'fast' : message));
      await table.run('flowdeck.projects.runEntryPoint', await rowOf('main'));
      refused.restore();
      assert.equal(refused.shown.length, 2);
      assert.equal(revealed.length, before);
    });

    it('says that an entry point failed, and offers to try again', async () => {
      const again = version === '2.15.1' ? 'Retry' : undefined;
      const before = revealed.length;
      const { script, runId, ended } = await launch('fails', {}, again);
      await ended(/^fails \(launching\) failed with exit code 1: run /);
      const shown: Shown | undefined = script.shown.at(-1);
      assert.deepEqual([shown?.kind, shown?.choices], ['error', ['Show Run', 'Open Charts', 'Retry']]);
      assert.equal((await run(runId)).status, 'FAILED');
      if (!again) return;
      const second = new Script(() => undefined);
      await until(
        () => second.texts('error').length > 0,
        () => 'the second try did not end',
        40_000,
      );
      second.restore();
      const [, repeated = ''] = revealed.slice(before);
      assert.notEqual(repeated, runId);
      assert.equal((await run(repeated)).status, 'FAILED');
    });

    it('ends everything of a task that is terminated, and calls its run killed', async () => {
      const { runId, ended } = await launch('forever');
      await until(
        () => fs.existsSync(path.join(root(), runId)),
        () => 'the program did not start',
        30_000,
      );
      assert.ok(processesWith(runId).length >= 4);
      const task = vscode.tasks.taskExecutions.find((execution) => execution.task.name === 'forever (launching)');
      assert.ok(task);
      assert.ok(!JSON.stringify(task.task.definition).includes(server.uri));
      task.terminate();
      await ended(/^forever \(launching\) was stopped: run /);
      assert.deepEqual(await untilGone(runId, 500), []);
      const { status, endTime } = await run(runId);
      assert.deepEqual([status, endTime !== undefined], ['KILLED', true]);
    });

    if (version === '2.15.1') {
      it('calls a run killed that is interrupted by Ctrl-C in the terminal, whatever MLflow calls it', async () => {
        const { runId, ended } = await launch('forever');
        await until(
          () => fs.existsSync(path.join(root(), runId)),
          () => 'the program did not start',
          30_000,
        );
        // The window has gone over to another store meanwhile.
        session.connector.reconsider(true);
        await connections.require();
        vscode.window.terminals.find(({ name }) => name.includes('forever'))?.sendText('\u0003', false);
        await ended(/^forever \(launching\) was stopped: run /);
        assert.deepEqual(await untilGone(runId, 500), []);
        assert.equal((await run(runId)).status, 'KILLED');
      });

      it('leaves no process and no running run when the window goes', async () => {
        const { script, runId } = await launch('forever');
        await until(
          () => fs.existsSync(path.join(root(), runId)),
          () => 'the program did not start',
          30_000,
        );
        tasks.dispose();
        assert.deepEqual(await untilGone(runId), []);
        // The window of this test goes on living, and would call it failed.
        assert.equal((await run(runId)).status, 'KILLED');
        script.restore();
        tasks = new ProjectTasks(
          { platform: table.platform, connections, runs: runsOver(connections, [], revealed) },
          store,
        );
      });
    }

    it('runs a task of tasks.json in the same way', async () => {
      const folder = path.join(workspaceFolder(), '.vscode');
      fs.mkdirSync(folder, { recursive: true });
      const task = {
        label: 'from the file',
        type: 'flowdeck',
        project: './launching',
        entryPoint: 'needy',
        parameters: { must: 0.25, extra: 'a b' },
        experiment: 'from tasks.json',
        runName: 'named by the file',
      };
      fs.writeFileSync(path.join(folder, 'tasks.json'), JSON.stringify({ version: '2.0.0', tasks: [task] }));
      let found: vscode.Task | undefined;
      await until(
        async () => {
          found = (await vscode.tasks.fetchTasks()).find(({ name }) => name === 'from the file');
          return found !== undefined;
        },
        () => 'the task is not listed',
      );
      assert.ok(found);
      const script = new Script(() => undefined);
      await vscode.tasks.executeTask(found);
      await until(
        () => script.shown.some(({ message }) => /^needy \(launching\) finished: run named by the file/.test(message)),
        () => `the task did not end: ${reported} ${JSON.stringify(script.shown)}`,
        40_000,
      );
      script.restore();
      const { store: questions } = await connections.require();
      const experiment = await questions.getExperimentByName('from tasks.json');
      const { items } = await questions.searchRuns({ experimentIds: [experiment?.experimentId ?? ''] });
      assert.equal(items.length, 1);
      launched.file = items[0]?.runId ?? '';
      const written = JSON.parse(fs.readFileSync(path.join(root(), 'needy.json'), 'utf8'));
      assert.deepEqual(written.argv, ['0.25', '--extra', 'a b']);
    });

    it('creates no run for what cannot be run', async () => {
      const { store: questions } = await connections.require();
      const launches = await questions.getExperimentByName('launches');
      const experimentIds = [launches?.experimentId ?? ''];
      const count = async () => (await questions.searchRuns({ experimentIds, viewType: 'ALL' })).items.length;
      const before = await count();
      const [folder] = vscode.workspace.workspaceFolders ?? [];
      assert.ok(folder);
      const attempt = async (change: object, complaint: RegExp) => {
        reported.length = 0;
        const base = { project: 'launching', experiment: 'launches', parameters: new Map<string, string>() };
        await tasks.run({ ...base, entryPoint: 'main', ...change }, folder);
        await until(
          () => reported.length > 0,
          () => `nothing was said of ${JSON.stringify(change)}`,
        );
        assert.match(reported.join(), complaint);
      };
      await attempt({ entryPoint: 'needy' }, /must has no default/);
      await attempt({ entryPoint: 'nobody' }, /no entry point nobody, only: main, needy, fails, forever/);
      await attempt({ project: 'launching/none' }, /no MLproject file in/);
      await attempt({ parameters: new Map([['folder', 'nowhere']]) }, /no file or folder nowhere/);
      await attempt({ parameters: new Map([['a;b', '1']]) }, /"a;b"/);
      if (version === '2.15.1') await attempt({ environmentManager: 'uv' }, /cannot make uv environments/);
      assert.equal(await count(), before);
      reported.length = 0;
    });

    it('leaves runs as MLflow itself would, for the official client to read', async () => {
      const output = await server.python(readBack, ...Object.values(launched));
      const runs: Record<string, ReadRun> = JSON.parse(/^runs (.*)$/m.exec(output)?.[1] ?? '{}');
      const read = (name: string) => runs[launched[name] ?? ''];
      assert.deepEqual(
        Object.keys(launched).map((name) => [name, read(name)?.status, read(name)?.ended]),
        [
          ['main', 'FINISHED', true],
          ['fails', 'FAILED', true],
          ['forever', 'KILLED', true],
          ['file', 'FINISHED', true],
        ],
      );
      assert.deepEqual(read('main')?.params, { text: evil(), rate: '1e-3', folder: '.' });
      assert.deepEqual(read('file')?.params, { must: '0.25', extra: 'a b' });
      assert.deepEqual([read('main')?.experiment, read('file')?.experiment], ['launches', 'from tasks.json']);
      const tags = read('main')?.tags ?? {};
      assert.equal(tags['mlflow.source.name'], `file://${workspaceFolder()}#launching`);
      assert.equal(tags['mlflow.source.type'], 'PROJECT');
      assert.equal(tags['mlflow.project.entryPoint'], 'main');
      assert.equal(tags['mlflow.project.backend'], 'local');
      assert.match(tags['mlflow.source.git.commit'] ?? '', /^[0-9a-f]{40}$/);
      assert.deepEqual([tags['mlflow.source.git.branch'], tags['mlflow.source.git.dirty']], ['main', 'true']);
    });
  });
}
