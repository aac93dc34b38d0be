import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { ArtifactFileSystem } from '../../src/artifacts/artifactFileSystem';
import { toUriParts } from '../../src/artifacts/artifactUri';
import type { Connection, Connections } from '../../src/connections/connection';
import { type MlflowServer, type MlflowVersion, startMlflowServer } from '../support/mlflowServer';
import { configure, newSession } from './connectionsHarness';

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

for (const version of ['3.17.2', '2.15.1'] satisfies MlflowVersion[]) {
  describe(`artifacts of ${version}`, function () {
    this.timeout(90_000);
    let server: MlflowServer;
    let files: ArtifactFileSystem;
    let connection: Connection;
    let runId = '';
    let session: ReturnType<typeof newSession>['session'];
    let provider: vscode.Disposable | undefined;

    before(async () => {
      server = await startMlflowServer(version);
      runId = /run ([0-9a-f]{32})/.exec(await server.python(fill))?.[1] ?? '';
      await configure('trackingUri', server.uri);
      ({ session } = newSession());
      const found = await session.connector.retry();
      assert.ok(found);
      connection = found;
      const connections: Connections = {
        state: { kind: 'connected', connection },
        onDidChange: () => new vscode.Disposable(() => undefined),
        get: async () => connection,
        require: async () => connection,
        requireWritable: async () => connection,
      };
      files = new ArtifactFileSystem(connections);
      provider = registerOnce(files);
    });

    after(async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await configure('trackingUri', undefined);
      provider?.dispose();
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
