import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Connections } from '../../src/connections/connection';
import type { ServerSession } from '../../src/connections/serverSession';
import { ProjectCommands } from '../../src/projects/projectCommands';
import { QuickLaunch } from '../../src/projects/quickLaunch';
import { LaunchMemory } from '../../src/projects/tasks/launchMemory';
import { ProjectTasks } from '../../src/projects/tasks/projectTasks';
import { ProjectsStore } from '../../src/projects/view/projectsStore';
import { memento } from '../support/memento';
import { type MlflowServer, mlflowPython, startMlflowServer } from '../support/mlflowServer';
import { until } from '../support/processTree';
import {
  CommandTable,
  configure,
  connectionsOf,
  newSession,
  runsOver,
  Script,
  workspaceFolder,
} from './connectionsHarness';
import { generations } from './generations';
import { at, closeAll, replace, root, text, write } from './mlprojectHarness';

const [version = '3.17.2'] = generations;

describe(`launching from the editor with MLflow ${version}`, () => {
  let server: MlflowServer;
  let session: ServerSession;
  let connections: Connections;
  let store: ProjectsStore;
  let tasks: ProjectTasks;
  let table: CommandTable;
  const revealed: string[] = [];
  const reported: string[] = [];

  before(async function () {
    this.timeout(180_000);
    write(
      'MLproject',
      text
        .replace(/python_env.*\n/, '')
        .replace("'{rate}' {fil}", '{rate} {file}')
        .replace('flaot', 'float'),
    );
    write('data.txt', '');
    write('scripts/write.py', 'import json, sys\njson.dump(sys.argv[1:], open("scripts/out.json", "w"))\n');
    write('write.py', 'import json, sys\njson.dump(sys.argv[1:], open("out.json", "w"))\n');
    fs.writeFileSync(path.join(workspaceFolder(), 'alone.sh'), 'printf %s "$2" > alone.txt\n');
    server = await startMlflowServer(version);
    await configure('trackingUri', server.uri);
    await configure('python.path', mlflowPython(version));
    ({ session } = newSession());
    connections = connectionsOf(session);
    store = new ProjectsStore();
    table = new CommandTable(session.platform);
    Object.assign(table.platform.commands, {
      report: (action: string, error: unknown) => void reported.push(`${action}: ${error}`),
    });
    tasks = new ProjectTasks(
      { platform: table.platform, connections, runs: runsOver(connections, [], revealed) },
      store,
    );
    const memory = new LaunchMemory(memento({}));
    new ProjectCommands(store, tasks, connections, memory).register(table.platform);
    new QuickLaunch(tasks, connections, memory).register(table.platform.commands);
  });

  after(async () => {
    tasks?.dispose();
    store?.dispose();
    session?.dispose();
    await configure('trackingUri', undefined);
    await configure('python.path', undefined);
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await server?.dispose();
    await closeAll();
    for (const name of ['alone.sh', 'alone.txt']) fs.rmSync(path.join(workspaceFolder(), name), { force: true });
    fs.rmSync(root(), { recursive: true, force: true });
  });

  /** Runs a command and waits for the notification of the run's end. */
  const launch = async (answer: string, ended: RegExp, id: string, argument: unknown) => {
    const answers: Readonly<Record<string, string>> = { input: answer, pick: 'Default' };
    const script = new Script(({ kind }) => answers[kind]);
    try {
      await table.run(id, argument);
      await until(
        () => script.shown.some(({ message }) => ended.test(message)) || reported.length > 0,
        () => JSON.stringify(script.shown),
        40_000,
      );
      assert.deepEqual(reported, []);
      return script;
    } finally {
      script.restore();
    }
  };
  const lastRun = async () => {
    const questions = (await connections.require()).store;
    return questions.getRun(revealed.at(-1) ?? '');
  };

  it('a lens runs an entry point with its defaults, as the file stands in the editor', async () => {
    const document = await vscode.workspace.openTextDocument(at('MLproject'));
    const lenses: vscode.CodeLens[] = await vscode.commands.executeCommand(
      'vscode.executeCodeLensProvider',
      document.uri,
      10,
    );
    assert.deepEqual(
      lenses.map(({ command, range }) => [range.start.line, command?.title, command?.command]),
      [
        [2, 'Run', 'flowdeck.projects.runWithDefaults'],
        [2, 'Run with parameters…', 'flowdeck.projects.runEntryPoint'],
        [2, 'Runs', 'flowdeck.source.runsOfEntryPoint'],
        [7, 'Run', 'flowdeck.projects.runWithDefaults'],
        [7, 'Run with parameters…', 'flowdeck.projects.runEntryPoint'],
        [7, 'Runs', 'flowdeck.source.runsOfEntryPoint'],
      ],
    );
    await replace(document, 'default: 0.5', 'default: 0.75');
    const [lens] = lenses;
    assert.ok(lens?.command);
    const script = await launch('', /^main \(language\) finished/, lens.command.command, lens.command.arguments?.[0]);
    assert.deepEqual(script.texts('input'), []);
    assert.equal(document.isDirty, false);
    assert.deepEqual(JSON.parse(fs.readFileSync(at('out.json').fsPath, 'utf8')), [
      '0.75',
      path.join(root(), 'data.txt'),
    ]);
    assert.deepEqual({ ...(await lastRun()).params }, { rate: '0.75', file: 'data.txt' });
  });

  it('a lens with parameters asks for them', async () => {
    const argument = { file: at('MLproject').toString(), entryPoint: 'needy' };
    const script = new Script(() => undefined);
    await table.run('flowdeck.projects.runEntryPoint', argument);
    script.restore();
    assert.deepEqual(
      script.shown.map(({ kind, title, message }) => [kind, title, message]),
      [['input', 'Run needy', 'float']],
    );
  });

  it('refuses an argument that names no entry point of an MLproject file', async () => {
    const run = (argument: unknown) => table.run('flowdeck.projects.runWithDefaults', argument);
    await assert.rejects(run({ file: at('MLproject').toString(), entryPoint: 'nobody' }), /no entry point nobody/);
    await assert.rejects(run({ file: at('write.py').toString(), entryPoint: 'main' }), /no MLproject file/);
    await assert.rejects(
      run({ file: 'file:///etc/MLproject', entryPoint: 'main' }),
      /no MLproject file of an open folder/,
    );
  });

  it('a script runs as an entry point of the project above it, with options', async () => {
    const answer = `--rate 0.1 --text "$(touch x) 'it"`;
    const script = await launch(
      answer,
      /^scripts\/write\.py \(language\) finished/,
      'flowdeck.projects.runFile',
      at('scripts', 'write.py'),
    );
    assert.deepEqual(
      script.shown.filter(({ kind }) => kind === 'input' || kind === 'pick').map(({ title, step }) => [title, step]),
      [
        ['Run scripts/write.py', '1/2'],
        ['Run scripts/write.py', '2/2'],
      ],
    );
    const given = JSON.parse(fs.readFileSync(at('scripts', 'out.json').fsPath, 'utf8'));
    assert.deepEqual(given, ['--rate', '0.1', '--text', "$(touch x) 'it"]);
    const { params, tags } = await lastRun();
    assert.deepEqual({ ...params }, { rate: '0.1', text: "$(touch x) 'it" });
    assert.equal(tags['mlflow.project.entryPoint'], 'scripts/write.py');
  });

  it('a script runs where there is no MLproject at all', async () => {
    const own = path.join(workspaceFolder(), 'MLproject');
    const kept = fs.existsSync(own) ? fs.readFileSync(own) : undefined;
    fs.rmSync(own, { force: true });
    try {
      const file = vscode.Uri.file(path.join(workspaceFolder(), 'alone.sh'));
      await launch('--text hello', /^alone\.sh finished/, 'flowdeck.projects.runFile', file);
      assert.equal(fs.readFileSync(path.join(workspaceFolder(), 'alone.txt'), 'utf8'), 'hello');
    } finally {
      if (kept) fs.writeFileSync(own, kept);
    }
  });

  it('a script of R is handed to Rscript, as MLflow calls it', async () => {
    const programs = path.join(root(), 'bin');
    const given = at('r.txt').fsPath;
    write('fit.R', '');
    write('bin/Rscript', `#!/bin/sh\nprintf '%s\\n' "$@" > '${given}'\n`);
    fs.chmodSync(path.join(programs, 'Rscript'), 0o755);
    const kept = process.env.PATH;
    process.env.PATH = `${programs}${path.delimiter}${kept}`;
    try {
      await launch('--rate 0.1', /^fit\.R \(language\) finished/, 'flowdeck.projects.runFile', at('fit.R'));
    } finally {
      process.env.PATH = kept;
    }
    const words = fs.readFileSync(given, 'utf8').trim().split('\n');
    assert.deepEqual(words, ['-e', "mlflow::mlflow_source('fit.R')", '--args', '--rate', '0.1']);
    await assert.rejects(
      table.run('flowdeck.projects.runFile', write('it $(id).R', '')),
      /runs \.py, \.sh and \.R files, not it/,
    );
  });

  it('says what no script is', async () => {
    const run = (argument: unknown) => table.run('flowdeck.projects.runFile', argument);
    await assert.rejects(run(at('data.txt')), /runs \.py, \.sh and \.R files, not data\.txt/);
    await assert.rejects(run(vscode.Uri.file('/etc/x.py')), /No file of an open folder/);
  });
});
