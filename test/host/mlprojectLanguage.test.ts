import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Connections } from '../../src/connections/connection';
import type { ServerSession } from '../../src/connections/serverSession';
import { LaunchMemory } from '../../src/projects/launchMemory';
import { ProjectCommands } from '../../src/projects/projectCommands';
import { ProjectsStore } from '../../src/projects/projectsStore';
import { ProjectTasks } from '../../src/projects/projectTasks';
import { QuickLaunch } from '../../src/projects/quickLaunch';
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

const root = () => path.join(workspaceFolder(), 'language');
const at = (...names: string[]) => vscode.Uri.file(path.join(root(), ...names));

const text = `name: language
python_env: missing.yaml
entry_points:
  main:
    parameters:
      rate: {type: flaot, default: 0.5}
      file: {type: path, default: data.txt}
    command: "python write.py '{rate}' {fil}" # a comment
  needy:
    parameters: {must: float}
    command: |
      python write.py {must}
`;

function write(name: string, content: string): vscode.Uri {
  const file = at(name);
  fs.mkdirSync(path.dirname(file.fsPath), { recursive: true });
  fs.writeFileSync(file.fsPath, content);
  return file;
}

/** Each time another one: an editor goes on knowing a file that it had open. */
let opened = 0;
const open = async (content = text, name = 'MLproject', folder = `open${++opened}`) => {
  return { folder, document: await vscode.workspace.openTextDocument(write(`${folder}/${name}`, content)) };
};
/** A folder that was there when the editor began to watch: it never gets into one that comes with its parent. */
const watched = '../grids';

const codes = (uri: vscode.Uri) =>
  vscode.languages
    .getDiagnostics(uri)
    .map(({ code }) => String(code))
    .sort();
const has = (uri: vscode.Uri, expected: readonly string[]) =>
  until(
    () => JSON.stringify(codes(uri)) === JSON.stringify(expected),
    () => `${JSON.stringify(codes(uri))}, not ${JSON.stringify(expected)}`,
  );
const all = [
  'defaultNoFile',
  'environmentMissing',
  'parameterUnused',
  'placeholderQuoted',
  'placeholderUnknown',
  'typeUnknown',
];

async function replace(document: vscode.TextDocument, from: string, to: string): Promise<void> {
  const start = document.getText().indexOf(from);
  assert.ok(start >= 0, from);
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + from.length));
  edit.replace(document.uri, range, to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** Behind the text, which stands in the document once. */
const behind = (document: vscode.TextDocument, needle: string) => {
  const start = document.getText().indexOf(needle);
  assert.ok(start >= 0, needle);
  return document.positionAt(start + needle.length);
};

const closeAll = () => vscode.commands.executeCommand('workbench.action.closeAllEditors');

describe('MLproject files in the editor', () => {
  after(async () => {
    // Whatever failed: an editor with changes would ask before it closes.
    for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    }
    await closeAll();
    for (const name of ['MLproject', 'mlproject', 'missing.yaml', 'data.txt'])
      fs.rmSync(at(watched, name).fsPath, { force: true });
    fs.rmSync(root(), { recursive: true, force: true });
  });

  it('are a language, in any letter case', async () => {
    for (const name of ['MLproject', 'mlproject']) {
      const { document } = await open(text, name);
      assert.equal(document.languageId, 'mlproject', name);
    }
  });

  it('have their problems listed while they are open and wrong', async () => {
    const { document, folder } = await open(text, 'MLproject', watched);
    await vscode.window.showTextDocument(document);
    await has(document.uri, all);
    const found = vscode.languages.getDiagnostics(document.uri);
    const unknown = found.find(({ code }) => code === 'placeholderUnknown');
    assert.equal(unknown && document.getText(unknown.range), 'fil');
    assert.equal(unknown?.severity, vscode.DiagnosticSeverity.Error);
    assert.match(unknown?.message ?? '', /No parameter is named fil.*Is it file\?/);
    await replace(document, '{fil}', '{file}');
    await replace(document, 'flaot', 'float');
    await replace(document, "'{rate}'", '{rate}');
    await has(document.uri, ['defaultNoFile', 'environmentMissing']);
    write(`${folder}/missing.yaml`, 'python: "3.11"\n');
    await has(document.uri, ['defaultNoFile']);
    write(`${folder}/data.txt`, '');
    await replace(document, 'data.txt', './data.txt');
    await has(document.uri, []);
    await replace(document, 'name: language', 'name: [');
    await has(document.uri, ['syntax']);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await has(document.uri, []);
    for (const name of ['missing.yaml', 'data.txt']) fs.rmSync(at(watched, name).fsPath);
  });

  it('lose their problems when they are closed or deleted', async () => {
    const { document } = await open(text, 'mlproject', watched);
    await vscode.window.showTextDocument(document);
    await has(document.uri, all);
    await closeAll();
    await has(document.uri, []);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(document.uri));
    await has(document.uri, all);
    fs.rmSync(document.uri.fsPath);
    await has(document.uri, []);
    await closeAll();
  });

  it('are checked before they are saved anywhere', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'mlproject', content: text });
    await vscode.window.showTextDocument(document);
    await has(
      document.uri,
      all.filter((code) => code !== 'environmentMissing' && code !== 'defaultNoFile'),
    );
    const lenses: vscode.CodeLens[] = await vscode.commands.executeCommand(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    assert.deepEqual(lenses, []);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await has(document.uri, []);
  });

  it('are completed', async () => {
    const { document, folder } = await open(text.replace('{fil}', '{ra'));
    const labels = async (needle: string) => {
      const { items }: vscode.CompletionList = await vscode.commands.executeCommand(
        'vscode.executeCompletionItemProvider',
        document.uri,
        behind(document, needle),
      );
      return items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    assert.deepEqual(await labels(' {ra'), ['rate', 'file']);
    assert.deepEqual((await labels('{type: ')).slice(0, 4), ['string', 'float', 'path', 'uri']);
    write(`${folder}/data.txt`, '');
    assert.ok((await labels('default: dat')).includes('data.txt'));
    await replace(document, 'name: language', '');
    assert.ok(!(await labels('')).includes('python_env'));
  });

  it('tell of what stands under the pointer, and lead to it', async () => {
    const { document, folder } = await open(
      text.replace('{fil}', '{file}').replace('write.py', './write.py').replace("'{rate}'", '{rate}'),
    );
    write(`${folder}/write.py`, '');
    write(`${folder}/missing.yaml`, '');
    const ask = async <T>(command: string, needle: string): Promise<T> =>
      vscode.commands.executeCommand(command, document.uri, behind(document, needle));
    const hover = async (needle: string) => {
      const hovers = await ask<vscode.Hover[]>('vscode.executeHoverProvider', needle);
      return hovers
        .flatMap(({ contents }) => contents.map((part) => (typeof part === 'string' ? part : part.value)))
        .join('\n');
    };
    assert.match(await hover('  ma'), /With its defaults, main runs:[\s\S]*python \.\/write\.py 0\.5 data\.txt/);
    assert.match(await hover('  nee'), /once must is given[\s\S]*python write\.py <must>/);
    assert.match(await hover('{fi'), /file: path = data\.txt/);
    assert.match(await hover('entry_po'), /What can be run/);
    const definition = async (needle: string) => {
      const [location] = await ask<vscode.Location[]>('vscode.executeDefinitionProvider', needle);
      return location && [vscode.workspace.asRelativePath(location.uri), location.range.start.line];
    };
    assert.deepEqual(await definition('{fi'), [`language/${folder}/MLproject`, 6]);
    assert.deepEqual(await definition('./wri'), [`language/${folder}/write.py`, 0]);
    assert.deepEqual(await definition('python_env: mis'), [`language/${folder}/missing.yaml`, 0]);
    const symbols: vscode.DocumentSymbol[] = await vscode.commands.executeCommand(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.deepEqual(
      symbols.map(({ name, children }) => [name, children.map((child) => child.name)]),
      [
        ['main', ['rate', 'file']],
        ['needy', ['must']],
      ],
    );
  });

  it('have their parameters renamed everywhere, or the reason said', async () => {
    const { document } = await open(text.replace('{fil}', '{file} {file}'));
    const rename = (name: string): Thenable<vscode.WorkspaceEdit> =>
      vscode.commands.executeCommand(
        'vscode.executeDocumentRenameProvider',
        document.uri,
        behind(document, "' {fi"),
        name,
      );
    assert.ok(await vscode.workspace.applyEdit(await rename('input')));
    assert.match(document.getText(), /input: \{type: path[\s\S]*'\{rate\}' \{input\} \{input\}/);
    await assert.rejects(
      async () =>
        vscode.commands.executeCommand(
          'vscode.executeDocumentRenameProvider',
          document.uri,
          behind(document, '{inp'),
          'rate',
        ),
      /already/,
    );
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('are repaired by what a bulb offers', async () => {
    const { document } = await open();
    await vscode.window.showTextDocument(document);
    await until(
      () => codes(document.uri).includes('placeholderUnknown'),
      () => JSON.stringify(codes(document.uri)),
    );
    const offered = async (needle: string): Promise<vscode.CodeAction[]> => {
      const place = behind(document, needle);
      return vscode.commands.executeCommand(
        'vscode.executeCodeActionProvider',
        document.uri,
        new vscode.Range(place, place),
        'quickfix',
      );
    };
    const titles = (await offered('{fi')).map(({ title }) => title);
    assert.deepEqual(titles.slice(0, 2), ['Change to file', 'Declare the parameter fil']);
    const action = (await offered("'{ra")).find(({ title }) => title === 'Take away the quotes around rate');
    assert.ok(action?.edit && (await vscode.workspace.applyEdit(action.edit)));
    assert.match(document.getText(), /write\.py \{rate\} \{fil\}/);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});

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
    const state = new Map<string, unknown>();
    const memory = new LaunchMemory({
      get: (key: string) => state.get(key),
      update: async (key: string, value: unknown) => void state.set(key, value),
    });
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
    const script = new Script(({ kind }) => (kind === 'input' ? answer : undefined));
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
    await launch(
      answer,
      /^scripts\/write\.py \(language\) finished/,
      'flowdeck.projects.runFile',
      at('scripts', 'write.py'),
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

  it('says what no script is', async () => {
    const run = (argument: unknown) => table.run('flowdeck.projects.runFile', argument);
    await assert.rejects(run(at('data.txt')), /runs \.py and \.sh files, not data\.txt/);
    await assert.rejects(run(vscode.Uri.file('/etc/x.py')), /No file of an open folder/);
  });
});
