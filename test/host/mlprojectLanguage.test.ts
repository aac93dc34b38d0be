import assert from 'node:assert/strict';
import fs from 'node:fs';
import * as vscode from 'vscode';
import { until } from '../support/processTree';
import { at, behind, closeAll, replace, root, text, write } from './mlprojectHarness';

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
