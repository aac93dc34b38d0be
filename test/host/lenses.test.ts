import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { MlflowLenses } from '../../src/source/lens/codeLenses';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { generations } from './generations';
import { type Harness, sourceHarness, until, workspaceFolder } from './sourceHarness';

const fill = `
import mlflow
from mlflow import MlflowClient
client = MlflowClient()
experiment = client.create_experiment('lens')
for name, value in (('older', 0.5), ('newer', 0.75)):
    run = client.create_run(experiment, run_name=name)
    client.log_metric(run.info.run_id, 'accuracy', value)
    client.set_terminated(run.info.run_id)
client.create_registered_model('iris')
client.create_model_version('iris', run.info.artifact_uri, run.info.run_id)
client.set_registered_model_alias('iris', 'champion', '1')
`;

const code = `import mlflow
mlflow.set_experiment("lens")
mlflow.set_experiment("no such one")
model = mlflow.pyfunc.load_model("models:/iris@champion")
gone = mlflow.pyfunc.load_model("models:/iris@nobody")
`;

for (const version of generations)
  describe(`lenses in code, against MLflow ${version}`, function () {
    this.timeout(180_000);
    const file = path.join(workspaceFolder(), `lens ${version}.py`);
    let server: MlflowServer;
    let harness: Harness;
    let lenses: MlflowLenses;
    let asked = 0;

    before(async () => {
      server = await startMlflowServer(version);
      await server.python(fill);
      harness = await sourceHarness(server.uri);
      const { getExperimentByName } = harness.store;
      Object.assign(harness.store, {
        getExperimentByName: (...args: Parameters<typeof getExperimentByName>) => {
          asked++;
          return getExperimentByName(...args);
        },
      });
      fs.writeFileSync(file, code);
      fs.writeFileSync(`${file}.plain.py`, 'print("nothing of the kind")\n');
      lenses = new MlflowLenses(harness.connections, harness.platform.log);
    });
    after(async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      lenses?.dispose();
      harness?.dispose();
      await server?.dispose();
      for (const made of [file, `${file}.plain.py`]) fs.rmSync(made, { force: true });
    });

    const titles = (document: vscode.TextDocument) =>
      lenses.provideCodeLenses(document).map(({ range, command }) => `${range.start.line} ${command?.title}`);

    it('asks nothing for a file that does not speak of MLflow', async () => {
      const editor = await vscode.window.showTextDocument(vscode.Uri.file(`${file}.plain.py`));
      assert.deepEqual(titles(editor.document), []);
      assert.equal(asked, 0);
    });

    it('shows the last runs and the run behind an alias, and is silent about what is not there', async () => {
      const { document } = await vscode.window.showTextDocument(vscode.Uri.file(file));
      const shown = await until('the lenses', () => {
        const now = titles(document);
        return now.length >= 4 ? now : undefined;
      });
      assert.equal(shown.length, 4);
      assert.match(shown[0] ?? '', /^1 Last run: newer · finished · accuracy 0\.75 · (now|\d)/);
      assert.deepEqual(shown.slice(1, 3), ['1 2 runs', '1 Compare last two']);
      assert.match(shown[3] ?? '', /^3 Version 1 @champion: run newer · finished/);
      const hover = lenses.provideHover(document, new vscode.Position(1, 10));
      const [text] = hover?.contents ?? [];
      assert.ok(text instanceof vscode.MarkdownString);
      assert.match(text.value, /newer[\s\S]*older[\s\S]*Compare last two/);
      assert.equal(lenses.provideHover(document, new vscode.Position(2, 10)), undefined);
    });

    it('asks nothing while somebody types, and asks anew when the file is saved', async () => {
      const editor = await vscode.window.showTextDocument(vscode.Uri.file(file));
      const before = asked;
      for (const letter of ['\n', '# m', 'lflow', '\nmlflow.set_experiment("typed")'])
        await editor.edit((edit) => edit.insert(editor.document.positionAt(editor.document.getText().length), letter));
      assert.equal(titles(editor.document).length, 4);
      assert.equal(asked, before);
      await harness.store.createRun({ experimentId: await harness.store.createExperiment('typed'), name: 'fresh' });
      assert.ok(await editor.document.save());
      await until('the lens of the new line', () =>
        titles(editor.document).some((title) => /Last run: fresh · running/.test(title)) ? true : undefined,
      );
      assert.ok(asked > before);
    });
  });
