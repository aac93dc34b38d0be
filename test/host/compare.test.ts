import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { compareHandlers } from '../../src/panels/compare/compareHandlers';
import type { PanelContext } from '../../src/panels/panelContext';
import { RunsQueries } from '../../src/panels/runs/runsQueries';
import { settings } from '../../src/platform/settings';
import type { CompareMethods } from '../../src/shared/protocol/compare';
import { eventually } from '../support/eventually';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { configure, connectionsOf, newSession, runsOver, Script, workspaceFolder } from './connectionsHarness';
import { generations } from './generations';

const fill = `
import json, os, tempfile
import mlflow
from mlflow import MlflowClient
client = MlflowClient()
class Same(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input
ids = []
mlflow.set_experiment('compared')
for index in range(2):
    with mlflow.start_run(run_name='run %d' % index) as run:
        named = {'name': 'model'} if mlflow.__version__.startswith('3') else {'artifact_path': 'model'}
        mlflow.pyfunc.log_model(python_model=Same(), pip_requirements=['mlflow==%s' % mlflow.__version__, 'numpy==2.%d.0' % index], **named)
        mlflow.set_tags({'mlflow.source.git.commit': 'abcdef1234' * 4, 'mlflow.source.git.repoURL': 'https://token@github.com/o/r.git'})
        mlflow.log_text('epoch %d' % index, 'notes/log.txt')
        mlflow.log_text('same', 'same.txt')
        if index == 0:
            mlflow.log_dict({'dependencies': ['python=3.9']}, 'conda.yaml')
        ids.append(run.info.run_id)
plain = client.create_run(run.info.experiment_id, run_name='plain').info.run_id
print(json.dumps(ids + [plain]))
`;

for (const version of generations) {
  describe(`comparing runs on ${version}`, function () {
    this.timeout(180_000);
    let server: MlflowServer;
    let session: ReturnType<typeof newSession>['session'];
    let ids: readonly string[] = [];
    let handlers: ReturnType<typeof compareHandlers>;
    let script: Script | undefined;
    const { signal } = new AbortController();

    async function ask<Name extends keyof CompareMethods>(
      method: Name,
      params: Parameters<CompareMethods[Name]>[0],
    ): Promise<ReturnType<CompareMethods[Name]>> {
      const handler = handlers[method];
      return (await handler.handle(handler.decode(params) as never, signal)) as ReturnType<CompareMethods[Name]>;
    }

    before(async () => {
      server = await startMlflowServer(version);
      const output = await server.python(fill);
      ids = JSON.parse(output.slice(output.lastIndexOf('["')));
      await configure('trackingUri', server.uri);
      session = newSession().session;
      const connections = connectionsOf(session);
      const store = async () => (await connections.require()).store;
      const scope = { runIds: ids };
      const queries = new RunsQueries({
        scope,
        store,
        dialect: () => ({ generation: version.startsWith('3') ? 3 : 2, files: false }),
        pageSize: () => 100,
        cachedRun: () => undefined,
      });
      const context = {
        services: { runs: runsOver(connections, [], []) },
        serverUri: (await connections.require()).uri,
        scope,
        queries,
        store,
        contacting: <T>(question: () => Promise<T>) => question(),
      };
      handlers = compareHandlers(context as unknown as PanelContext);
    });

    afterEach(() => {
      script?.restore();
      script = undefined;
    });

    after(async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await configure('trackingUri', undefined);
      session?.dispose();
      await server?.dispose();
    });

    it('reads what runs were made with from the models they logged', async () => {
      const [first, second, plain] = await ask('environments', { runIds: ids });
      const packages = (environment: typeof first) =>
        Object.fromEntries(environment?.packages.map(({ name, version: text }) => [name, text]) ?? []);
      assert.equal(packages(first).mlflow, version);
      assert.deepEqual([packages(first).numpy, packages(second).numpy], ['2.0.0', '2.1.0']);
      assert.match(second?.python ?? '', /^3\.\d+\.\d+$/);
      // The run's own root has a file too, which says something else of Python.
      assert.deepEqual(first?.python, `${second?.python}, 3.9`);
      assert.ok(first?.files.some((file) => file.endsWith('/requirements.txt')) && first.files.includes('conda.yaml'));
      assert.match(plain?.problem ?? '', /^no requirements\.txt/);
    });

    it('lists the artifacts of all runs as one tree, and tells contents apart', async () => {
      const root = await ask('artifactLevel', { runIds: ids, path: '' });
      const sizes = Object.fromEntries(root.entries.map((entry) => [entry.path, entry.sizes]));
      assert.deepEqual(sizes['same.txt'], [4, 4, null]);
      assert.deepEqual(sizes.notes, [0, 0, null]);
      const notes = await ask('artifactLevel', { runIds: ids, path: 'notes' });
      assert.deepEqual(
        notes.entries.map((entry) => [entry.path, entry.sizes]),
        [['notes/log.txt', [7, 7, null]]],
      );
      const [a, b, none] = await ask('artifactHashes', { runIds: ids, path: 'notes/log.txt' });
      assert.ok(a && 'hash' in a && b && 'hash' in b && a.hash !== b.hash);
      assert.deepEqual(none, { missing: true });
      const [c, d] = await ask('artifactHashes', { runIds: ids, path: 'same.txt' });
      assert.deepEqual(c, d);
    });

    it('opens a file of two runs in the diff editor', async () => {
      const [a = '', b = ''] = ids;
      await ask('diffArtifacts', { a, others: [b], path: 'notes/log.txt' });
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      assert.ok(input instanceof vscode.TabInputTextDiff);
      assert.deepEqual([input.original.path, input.modified.path], [`/${a}/notes/log.txt`, `/${b}/notes/log.txt`]);
      assert.deepEqual([input.original.scheme, input.modified.scheme], ['mlflow', 'mlflow']);
    });

    it('asks with which of several runs a file is compared, by their names', async () => {
      const [a = '', b = '', plain = ''] = ids;
      let chosen: string | undefined;
      script = new Script(({ kind }) => (kind === 'quickPick' ? chosen : undefined));
      const active = () => vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await ask('diffArtifacts', { a: plain, others: [a, b], path: 'same.txt' });
      assert.equal(active(), undefined);
      chosen = 'run 1';
      await ask('diffArtifacts', { a: plain, others: [a, b], path: 'same.txt' });
      const [asked] = script.shown;
      assert.deepEqual([asked?.title, asked?.choices], ['Diff same.txt', ['run 0', 'run 1']]);
      const input = active();
      assert.ok(input instanceof vscode.TabInputTextDiff);
      assert.equal(input.modified.path, `/${b}/same.txt`);
    });

    it('links runs and commits, without the token of the repository', async () => {
      const links = await ask('reportLinks', { runIds: ids });
      assert.match(links[0]?.run ?? '', new RegExp(`/#/experiments/\\d+/runs/${ids[0]}$`));
      assert.equal(links[0]?.commit, `https://github.com/o/r/commit/${'abcdef1234'.repeat(4)}`);
      assert.equal(links[2]?.commit, undefined);
      // By the same maker of links as everywhere, which the setting tells what a host is.
      const { get } = settings.remoteHosts;
      settings.remoteHosts.get = () => ({ 'GitHub.com': 'https://{host}/show/{repository}?id={commit}' });
      try {
        const [link] = await ask('reportLinks', { runIds: ids.slice(0, 1) });
        assert.equal(link?.commit, `https://github.com/show/o/r?id=${'abcdef1234'.repeat(4)}`);
      } finally {
        settings.remoteHosts.get = get;
      }
    });

    it('saves a report with its pictures beside it, and offers to show it', async () => {
      const folder = path.join(workspaceFolder(), 'reports');
      fs.rmSync(folder, { recursive: true, force: true });
      const target = vscode.Uri.file(path.join(folder, 'my report.md'));
      script = new Script((shown) => (shown.kind === 'information' ? 'Open Preview' : undefined));
      const { showSaveDialog } = vscode.window;
      let suggested = '';
      Object.assign(vscode.window, {
        showSaveDialog: async (options: vscode.SaveDialogOptions) => {
          suggested = path.posix.basename(options.defaultUri?.path ?? '');
          return target;
        },
      });
      const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 7]);
      try {
        const images = [{ name: 'val/loss: a', title: 'val/loss by step', bytes: png }];
        assert.deepEqual(await ask('saveReport', { name: '../a: b', markdown: '# t\n', images }), { saved: true });
        Object.assign(vscode.window, { showSaveDialog: async () => undefined });
        assert.deepEqual(await ask('saveReport', { name: 'n', markdown: '', images: [] }), { saved: false });
      } finally {
        Object.assign(vscode.window, { showSaveDialog });
      }
      assert.equal(suggested, 'a- b.md');
      assert.equal(
        fs.readFileSync(target.fsPath, 'utf8'),
        '# t\n\n## Charts\n\n![val/loss by step](my%20report_files/1-val-loss-%20a.png)\n',
      );
      assert.deepEqual([...fs.readFileSync(path.join(folder, 'my report_files', '1-val-loss- a.png'))], [...png]);
      const labels = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs).map(({ label }) => label);
      await eventually(() =>
        assert.ok(
          labels().some((label) => label.includes('Preview my report')),
          labels().join(),
        ),
      );
      fs.rmSync(folder, { recursive: true, force: true });
    });

    it('asks before a report takes the place of the pictures of another, and leaves none of these', async () => {
      const folder = path.join(workspaceFolder(), 'reports');
      fs.rmSync(folder, { recursive: true, force: true });
      const pictures = path.join(folder, 'again_files');
      const target = vscode.Uri.file(path.join(folder, 'again.md'));
      const { showSaveDialog } = vscode.window;
      Object.assign(vscode.window, { showSaveDialog: async () => target });
      let answer: string | undefined;
      script = new Script((shown) => (shown.kind === 'warning' ? answer : undefined));
      const save = async (...names: string[]) => {
        const bytes = (last: number) => new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, last]);
        const images = names.map((name) => ({ name, title: name, bytes: bytes(names.length) }));
        return (await ask('saveReport', { name: 'again', markdown: `# ${names}\n`, images })).saved;
      };
      const files = () => fs.readdirSync(pictures).sort();
      const text = () => fs.readFileSync(target.fsPath, 'utf8');
      try {
        assert.ok(await save('loss', 'accuracy'));
        assert.deepEqual([files(), script.texts('warning')], [['1-loss.png', '2-accuracy.png'], []]);
        fs.writeFileSync(path.join(pictures, 'mine.png'), 'mine');
        const before = text();
        assert.equal(await save('loss'), false);
        assert.deepEqual([files(), text()], [['1-loss.png', '2-accuracy.png', 'mine.png'], before]);
        assert.match(script.texts('warning')[0] ?? '', /^again_files holds 2 pictures of a report before/);
        answer = 'Keep Them Too';
        assert.ok(await save('loss'));
        assert.deepEqual(files(), ['1-loss-2.png', '1-loss.png', '2-accuracy.png', 'mine.png']);
        assert.equal(fs.readFileSync(path.join(pictures, '1-loss.png')).at(-1), 2);
        assert.match(text(), /again_files\/1-loss-2\.png/);
        answer = 'Replace Them';
        assert.ok(await save('loss', 'f1', 'recall'));
        assert.deepEqual(files(), ['1-loss.png', '2-f1.png', '3-recall.png', 'mine.png']);
        assert.equal(fs.readFileSync(path.join(pictures, '1-loss.png')).at(-1), 3);
      } finally {
        Object.assign(vscode.window, { showSaveDialog });
        fs.rmSync(folder, { recursive: true, force: true });
      }
    });
  });
}
