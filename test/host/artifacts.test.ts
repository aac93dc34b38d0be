import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { ArtifactCommands } from '../../src/artifacts/artifactCommands';
import { ArtifactFileSystem } from '../../src/artifacts/artifactFileSystem';
import type { Connection } from '../../src/connections/connection';
import { toUriParts } from '../../src/mlflow/artifactUri';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { CommandTable, configure, connectionsOf, newSession, runsOver, Script } from './connectionsHarness';
import { generations } from './generations';

const fill = `
import mlflow, base64, pathlib
root = pathlib.Path('upload'); (root / 'plots').mkdir(parents=True, exist_ok=True)
(root / 'plots' / 'dot.png').write_bytes(base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='))
(root / 'table.csv').write_text('a,b\\n1,2\\n')
(root / 'note.md').write_text('# Grüße\\n', encoding='utf8')
(root / 'data.json').write_text('{"a": [1, 2]}')
(root / 'empty.log').write_text('')
(root / 'bytes.bin').write_bytes(bytes(range(256)) * 1000)
with mlflow.start_run() as run:
    mlflow.log_artifacts('upload')
    print('run', run.info.run_id)
`;

for (const version of generations) {
  describe(`artifacts of ${version}`, function () {
    this.timeout(180_000);
    let server: MlflowServer;
    let files: ArtifactFileSystem;
    let connection: Connection;
    let runId = '';
    let session: ReturnType<typeof newSession>['session'];
    let provider: vscode.Disposable | undefined;
    let commands: CommandTable;
    let target = '';

    before(async () => {
      server = await startMlflowServer(version);
      runId = /run ([0-9a-f]{32})/.exec(await server.python(fill))?.[1] ?? '';
      await configure('trackingUri', server.uri);
      ({ session } = newSession());
      const found = await session.connector.retry();
      assert.ok(found);
      connection = found;
      const connections = connectionsOf(session);
      files = new ArtifactFileSystem(connections);
      provider = registerOnce(files);
      commands = new CommandTable(session.platform);
      new ArtifactCommands(connections, files, runsOver(connections, [runId], [])).register(commands.platform);
      target = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-target-'));
    });

    after(async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await configure('trackingUri', undefined);
      provider?.dispose();
      fs.rmSync(target, { recursive: true, force: true });
      session?.dispose();
      await server?.dispose();
    });

    const uriOf = (artifact: string) => vscode.Uri.from(toUriParts(connection.uri, { runId, path: artifact }));
    const original = (artifact: string) => fs.readFileSync(path.join(server.folder, 'upload', artifact));

    it('are read back byte by byte, whatever their kind', async () => {
      for (const name of ['plots/dot.png', 'table.csv', 'note.md', 'data.json', 'empty.log', 'bytes.bin']) {
        const uri = uriOf(name);
        assert.deepEqual(Buffer.from(await files.readFile(uri)), original(name), name);
        const { type, size, permissions } = await files.stat(uri);
        assert.deepEqual([type, size], [vscode.FileType.File, original(name).length], name);
        assert.equal(permissions, vscode.FilePermission.Readonly);
      }
    });

    it('stand in their folders', async () => {
      const entries = new Map(await files.readDirectory(uriOf('')));
      assert.equal(entries.get('plots'), vscode.FileType.Directory);
      assert.equal(entries.get('table.csv'), vscode.FileType.File);
      assert.deepEqual(await files.readDirectory(uriOf('plots')), [['dot.png', vscode.FileType.File]]);
    });

    it("open in VS Code's own editors, read-only", async () => {
      const document = await vscode.workspace.openTextDocument(uriOf('note.md'));
      assert.equal(document.getText(), '# Grüße\n');
      assert.equal(document.languageId, 'markdown');
      await vscode.commands.executeCommand('vscode.open', uriOf('plots/dot.png'));
      const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
      assert.ok(input instanceof vscode.TabInputCustom, 'the image viewer');
      await assert.rejects(async () => vscode.workspace.fs.writeFile(uriOf('note.md'), Buffer.from('x')));
    });

    it('open from a row, and from the palette by way of a run and its folders', async () => {
      const activeTab = () => vscode.window.tabGroups.activeTabGroup.activeTab?.label;
      await commands.run('flowdeck.artifacts.open', { runId, path: 'table.csv' });
      assert.equal(activeTab(), 'table.csv');
      const answers = ['plots', 'dot.png'];
      const script = new Script(() => answers.shift());
      // What is no artifact counts as nothing: the person is asked.
      await commands
        .run('flowdeck.artifacts.open', { runId, path: '../../etc/passwd' })
        .finally(() => script.restore());
      assert.deepEqual([answers, activeTab()], [[], 'dot.png']);
    });

    it('have a URI that MLflow takes', async () => {
      await commands.run('flowdeck.artifacts.copyUri', { runId, artifact: { path: 'plots/dot.png', isFolder: false } });
      assert.equal(await vscode.env.clipboard.readText(), `runs:/${runId}/plots/dot.png`);
    });

    it('are downloaded to where the person says, and nothing there is replaced unasked', async () => {
      const { showOpenDialog, showSaveDialog } = vscode.window;
      Object.assign(vscode.window, {
        showOpenDialog: async () => [vscode.Uri.file(target)],
        showSaveDialog: async () => vscode.Uri.file(path.join(target, 'saved.csv')),
      });
      let reply: string | undefined;
      const script = new Script(({ kind }) => (kind === 'warning' ? reply : undefined));
      try {
        await commands.run('flowdeck.artifacts.download', { runId, path: 'table.csv' });
        assert.deepEqual(fs.readFileSync(path.join(target, 'saved.csv')), original('table.csv'));
        await commands.run('flowdeck.artifacts.download', { runId, path: 'plots' });
        const local = path.join(target, 'plots', 'dot.png');
        assert.deepEqual(fs.readFileSync(local), original('plots/dot.png'));
        fs.writeFileSync(local, 'mine');
        await commands.run('flowdeck.artifacts.download', { runId, path: 'plots' });
        assert.equal(fs.readFileSync(local, 'utf8'), 'mine', 'cancelled');
        reply = 'Keep Both';
        await commands.run('flowdeck.artifacts.download', { runId, path: 'plots' });
        assert.equal(fs.readFileSync(local, 'utf8'), 'mine', 'both are kept');
        assert.deepEqual(fs.readFileSync(path.join(target, 'plots 2', 'dot.png')), original('plots/dot.png'));
        reply = 'Replace Files';
        await commands.run('flowdeck.artifacts.download', { runId, path: 'plots' });
        assert.deepEqual(fs.readFileSync(local), original('plots/dot.png'));
      } finally {
        script.restore();
        Object.assign(vscode.window, { showOpenDialog, showSaveDialog });
      }
    });

    it('of more than 50 MB are read into an editor only once the person agreed', async () => {
      const folder = path.join(server.folder, 'artifacts', '0', runId, 'artifacts');
      fs.writeFileSync(path.join(folder, 'big.bin'), 'x');
      fs.truncateSync(path.join(folder, 'big.bin'), 51_000_000);
      const uri = uriOf('big.bin');
      await assert.rejects(files.readFile(uri), /larger than 50 MB/);
      const script = new Script(() => undefined);
      await commands.run('flowdeck.artifacts.open', { runId, path: 'big.bin' }).finally(() => script.restore());
      assert.deepEqual(script.texts('warning'), ['big.bin has 51 MB.']);
      assert.deepEqual(script.shown[0]?.choices, ['Open Anyway', 'Download…']);
      files.confirm(uri);
      assert.equal((await files.readFile(uri)).length, 51_000_000);
    });

    it('that are not there, or belong to another server, say so', async () => {
      await assert.rejects(
        files.stat(uriOf('none.txt')),
        (error) => error instanceof vscode.FileSystemError && error.code === 'FileNotFound',
      );
      const elsewhere = vscode.Uri.from(toUriParts('http://other:5000', { runId, path: 'note.md' }));
      await assert.rejects(files.readFile(elsewhere), /belongs to the server other-5000/);
      const outside = uriOf('').with({ path: `/${runId}/../../etc/passwd` });
      await assert.rejects(files.readFile(outside), vscode.FileSystemError);
    });
  });
}

/** The extension itself may have registered the scheme: then its own is tested, over the same server. */
function registerOnce(files: ArtifactFileSystem): vscode.Disposable | undefined {
  try {
    return vscode.workspace.registerFileSystemProvider('mlflow', files, { isReadonly: true, isCaseSensitive: true });
  } catch (error) {
    if (!/already registered|provider/i.test(String(error))) throw error;
    return undefined;
  }
}
