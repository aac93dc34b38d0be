import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { until } from '../support/processTree';
import { configure, workspaceFolder } from './connectionsHarness';

const folder = () => path.join(workspaceFolder(), 'tasked');
const mlproject = `entry_points:
  main:
    parameters:
      rate: {type: float, default: 0.5}
      text: {type: string, default: 'say "x" for $5}'}
      must: path
    command: "python x.py {rate} {text} {must}"
  other:
    command: "python y.py"
`;

describe('names in tasks.json', () => {
  let server: MlflowServer;
  const file = () => path.join(workspaceFolder(), '.vscode', 'tasks.json');

  before(async function () {
    this.timeout(180_000);
    server = await startMlflowServer('3.17.2');
    await server.python('import mlflow; mlflow.create_experiment("from the server")');
    await configure('trackingUri', server.uri);
    fs.mkdirSync(folder(), { recursive: true });
    fs.writeFileSync(path.join(folder(), 'MLproject'), mlproject);
    await vscode.commands.executeCommand('flowdeck.projects.refresh');
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await configure('trackingUri', undefined);
    fs.rmSync(folder(), { recursive: true, force: true });
    fs.rmSync(file(), { force: true });
    await server?.dispose();
  });

  /** A task with this in it, `|` where the cursor stands, in the editor. */
  const show = async (inside: string) => {
    const text = `{ // of a person\n  "version": "2.0.0",\n  "tasks": [{ "type": "flowdeck", ${inside} }]\n}\n`;
    fs.mkdirSync(path.dirname(file()), { recursive: true });
    if (!fs.existsSync(file())) fs.writeFileSync(file(), '{}');
    const document = await vscode.workspace.openTextDocument(file());
    const editor = await vscode.window.showTextDocument(document);
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    await editor.edit((edit) => edit.replace(whole, text.replace('|', '')));
    return { document, editor, position: document.positionAt(text.indexOf('|')) };
  };
  const offered = async (inside: string) => {
    const { document, position } = await show(inside);
    const { items }: vscode.CompletionList = await vscode.commands.executeCommand(
      'vscode.executeCompletionItemProvider',
      document.uri,
      position,
    );
    // VS Code's own suggestions from the schema come with them.
    return items.filter(({ sortText }) => sortText?.startsWith('0'));
  };
  const nameOf = ({ label }: vscode.CompletionItem) => (typeof label === 'string' ? label : label.label);
  const labels = async (inside: string) => (await offered(inside)).map(nameOf).sort();

  it('are completed: projects, entry points and experiments', async () => {
    await until(
      async () => (await labels('"project": "|"')).includes('tasked'),
      () => 'the folder is not offered',
    );
    assert.deepEqual(await labels('"project": "tasked", "entryPoint": "|"'), ['main', 'other']);
    assert.deepEqual(await labels('"project": "./tasked/", "entryPoint": |'), ['main', 'other']);
    assert.ok((await labels('"experiment": "|"')).includes('from the server'));
  });

  it('are completed: scripts, which MLflow runs beside what is declared and where nothing is', async () => {
    const scripts = ['x.py', 'deep/y.sh', 'R/z.R', 'notes.md', '__init__.py', '.venv/bin/no.py'];
    for (const name of scripts) {
      fs.mkdirSync(path.dirname(path.join(folder(), name)), { recursive: true });
      fs.writeFileSync(path.join(folder(), name), '');
    }
    try {
      const found = ['R/z.R', 'deep/y.sh', 'x.py'];
      const beside = await offered('"project": "tasked", "entryPoint": "|"');
      assert.deepEqual(beside.map(nameOf).sort(), [...found, 'main', 'other'].sort());
      const sorted = beside.toSorted((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1)).map(nameOf);
      assert.deepEqual(sorted, ['main', 'other', ...found]);
      const x = beside.find((item) => nameOf(item) === 'x.py');
      assert.deepEqual([x?.detail, x?.insertText, x?.kind], ['python x.py', '"x.py"', vscode.CompletionItemKind.File]);
      assert.deepEqual(await labels('"project": "tasked/deep", "entryPoint": "|"'), ['y.sh']);
      assert.ok((await labels('"entryPoint": "|"')).includes('tasked/x.py'), 'of the open folder');
      for (const place of ['"project": "../up"', '"project": "none"', '"folder": "nosuch"'])
        assert.deepEqual(await labels(`${place}, "entryPoint": "|"`), [], place);
    } finally {
      for (const name of ['x.py', 'deep', 'R', 'notes.md', '__init__.py', '.venv'])
        fs.rmSync(path.join(folder(), name), { recursive: true, force: true });
    }
  });

  it('are completed: parameters that the task does not give yet, with their defaults', async () => {
    const task = '"project": "tasked", "entryPoint": "main"';
    assert.deepEqual(await labels(`${task}, "parameters": { "must": "x", "|" }`), ['rate', 'text']);
    assert.deepEqual(await labels(`${task}, "sweep": { "values": { "|" } }`), ['must', 'rate', 'text']);
    assert.deepEqual(await labels(`${task}, "parameters": { "rate": "|" }`), ['0.5']);
    const text = (await offered(`${task}, "parameters": { "|" }`)).find((item) => nameOf(item) === 'text');
    const { editor, position } = await show(`${task}, "parameters": { "|" }`);
    assert.ok(text?.insertText instanceof vscode.SnippetString && text.range instanceof vscode.Range);
    await editor.insertSnippet(text.insertText, text.range);
    assert.match(editor.document.lineAt(position.line).text, /"parameters": \{ "text": "say \\"x\\" for \$5\}" \}/);
  });

  it('bring their folder where the task names none, so that what is written runs', async () => {
    const [main] = (await offered('"entryPoint": "|"')).filter(({ detail }) => detail === 'tasked');
    const { editor } = await show('"entryPoint": "|"');
    assert.ok(main?.insertText instanceof vscode.SnippetString && main.range instanceof vscode.Range);
    await editor.insertSnippet(main.insertText, main.range);
    assert.match(editor.document.getText(), /"entryPoint": "main",\s+"project": "tasked"/);
    await editor.document.save();
    const ofFolder = async () =>
      (await vscode.tasks.fetchTasks({ type: 'flowdeck' })).filter(({ definition }) => definition.project === 'tasked');
    await until(
      async () => (await ofFolder()).some(({ source }) => source === 'Workspace'),
      () => 'the written task is not listed',
    );
    assert.ok(
      (await ofFolder()).some(({ name }) => name === 'other (tasked)'),
      'entry points are tasks of themselves',
    );
  });

  it('are left to VS Code in tasks of other types', async () => {
    const { document } = await show('"entryPoint": ""');
    const text = document.getText().replace('"flowdeck"', '"shell"');
    const at = document.positionAt(text.indexOf('"entryPoint": "') + '"entryPoint": "'.length);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
    assert.ok(await vscode.workspace.applyEdit(edit));
    const { items }: vscode.CompletionList = await vscode.commands.executeCommand(
      'vscode.executeCompletionItemProvider',
      document.uri,
      at,
    );
    assert.deepEqual(
      items.filter(({ sortText }) => sortText?.startsWith('0')),
      [],
    );
  });
});

describe('a script that mentions MLflow', () => {
  const lensOf = async (name: string, text: string) => {
    const file = path.join(workspaceFolder(), name);
    fs.writeFileSync(file, text);
    try {
      const { uri } = await vscode.workspace.openTextDocument(file);
      const lenses: vscode.CodeLens[] = await vscode.commands.executeCommand('vscode.executeCodeLensProvider', uri, 9);
      return lenses
        .filter(({ command }) => command?.command === 'flowdeck.projects.runFile')
        .map(({ range, command }) => [range.start.line, command?.title, String(command?.arguments?.[0])]);
    } finally {
      fs.rmSync(file);
    }
  };
  const uriOf = (name: string) => vscode.Uri.file(path.join(workspaceFolder(), name)).toString();

  it('is run from the line where it begins, unless the setting is off', async () => {
    const program = 'import mlflow\n\nif __name__ == "__main__":\n    mlflow.log_metric("a", 1)\n';
    assert.deepEqual(await lensOf('lens.py', program), [[2, 'Run with MLflow…', uriOf('lens.py')]]);
    assert.deepEqual(await lensOf('lens.sh', 'mlflow --version\n'), [[0, 'Run with MLflow…', uriOf('lens.sh')]]);
    assert.deepEqual(await lensOf('plain.py', 'if __name__ == "__main__":\n    print(1)\n'), []);
    await configure('projects.codeLens', false);
    try {
      assert.deepEqual(await lensOf('off.py', program), []);
    } finally {
      await configure('projects.codeLens', undefined);
    }
  });
});
