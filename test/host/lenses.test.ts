import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { MlflowError } from '../../src/mlflow/mlflowError';
import { settings } from '../../src/platform/settings';
import { MlflowLenses } from '../../src/source/lens/codeLenses';
import { git, makeRepository } from '../live/gitFixture';
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
older = client.search_runs([experiment], order_by=['start_time'])[0]
for made in (run, older):
    client.create_model_version('iris', made.info.artifact_uri, made.info.run_id)
client.set_registered_model_alias('iris', 'champion', '1')
client.transition_model_version_stage('iris', '1', 'Production')
`;

const code = `import mlflow
mlflow.set_experiment("lens")
mlflow.set_experiment("no such one")
model = mlflow.pyfunc.load_model("models:/iris@champion")
gone = mlflow.pyfunc.load_model("models:/iris@nobody")
`;
const models = `import mlflow
model = mlflow.pyfunc.load_model("models:/iris/production")
mlflow.sklearn.log_model(model, "model", registered_model_name="iris")
none = mlflow.pyfunc.load_model("models:/iris/Staging")
`;
/** What says the same in the other languages, with the line of its lens. */
const others: readonly (readonly [string, string, string])[] = [
  ['lens.R', 'r', 'library(mlflow)\nmlflow_set_experiment("lens")\n'],
  ['Lens.java', 'java', 'import org.mlflow.tracking.MlflowContext;\ncontext.setExperimentName("lens");\n'],
  ['lens.ts', 'typescript', "import * as mlflow from 'mlflow-tracing';\nawait client.setExperiment('lens');\n"],
];
const notebook = (...cells: readonly string[]) =>
  JSON.stringify({
    cells: cells.map((source) => ({
      cell_type: 'code',
      execution_count: null,
      metadata: {},
      outputs: [],
      source: [source],
    })),
    metadata: { language_info: { name: 'python' } },
    nbformat: 4,
    nbformat_minor: 5,
  });

for (const version of generations)
  describe(`lenses in code, against MLflow ${version}`, function () {
    this.timeout(180_000);
    const file = path.join(workspaceFolder(), `lens ${version}.py`);
    let server: MlflowServer;
    let harness: Harness;
    let lenses: MlflowLenses;
    let asked = 0;
    /** s; how often what may change is looked at. */
    let interval = 0;
    const { get } = settings.refreshIntervalSeconds;
    const beside = (name: string) => path.join(workspaceFolder(), `lens ${version}`, name);

    before(async () => {
      server = await startMlflowServer(version);
      await server.python(fill);
      harness = await sourceHarness(server.uri);
      const { getExperimentByName } = harness.store;
      Object.assign(harness.store, {
        getExperimentByName: (...args: Parameters<typeof getExperimentByName>) => {
          asked++;
          if (args[0] === 'secret') throw new MlflowError('forbidden', 'Permission denied.');
          return getExperimentByName(...args);
        },
      });
      fs.writeFileSync(file, code);
      fs.writeFileSync(`${file}.plain.py`, 'print("nothing of the kind")\n');
      settings.refreshIntervalSeconds.get = () => interval;
      lenses = new MlflowLenses(harness);
    });
    after(async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      settings.refreshIntervalSeconds.get = get;
      lenses?.dispose();
      harness?.dispose();
      await server?.dispose();
      for (const made of [file, `${file}.plain.py`, beside('')]) fs.rmSync(made, { recursive: true, force: true });
    });

    const titles = (document: vscode.TextDocument) =>
      lenses.provideCodeLenses(document).map(({ range, command }) => `${range.start.line} ${command?.title}`);

    it('asks nothing for a file that does not speak of MLflow', async () => {
      const editor = await vscode.window.showTextDocument(vscode.Uri.file(`${file}.plain.py`));
      assert.deepEqual(titles(editor.document), []);
      for (const [name, language] of others) {
        const document = await open(`plain ${name}`, 'client.setExperiment("lens")\n');
        assert.equal(document.languageId, language);
        assert.deepEqual(titles(document), []);
      }
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
      assert.match(shown[3] ?? '', /^3 Version 1 @champion Production: run newer · finished/);
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

    const open = async (name: string, content: string) => {
      fs.mkdirSync(beside(''), { recursive: true });
      fs.writeFileSync(beside(name), content);
      return (await vscode.window.showTextDocument(vscode.Uri.file(beside(name)))).document;
    };
    const shows = (document: vscode.TextDocument, wanted: RegExp) =>
      until(`${wanted} in ${document.uri.path}`, () =>
        wanted.test(titles(document).join('\n')) ? titles(document) : undefined,
      );

    it('tells the version in a stage from the newest one, and compares the runs of the last two', async () => {
      const document = await open('models.py', models);
      const shown = await shows(document, /^2 Compare last two$/m);
      assert.match(shown[0] ?? '', /^1 Version 1 Production: run newer · /);
      assert.match(shown[1] ?? '', /^2 Version 2: run older · /);
      assert.deepEqual(shown.slice(2), ['2 Compare last two'], 'nothing is in staging');
      const [text] = lenses.provideHover(document, new vscode.Position(2, 60))?.contents ?? [];
      assert.ok(text instanceof vscode.MarkdownString);
      assert.match(text.value, /Runs of the last 2 versions[\s\S]*older[\s\S]*newer[\s\S]*Compare last two/);
    });

    it('shows the others where one experiment may not be seen', async () => {
      const document = await open(
        'secret.py',
        'import mlflow\nmlflow.set_experiment("secret")\nmlflow.set_experiment("lens")\n',
      );
      const shown = await shows(document, /^2 2 runs$/m);
      assert.ok(!shown.some((title) => title.startsWith('1 ')));
    });

    it('shows them in R, Java and TypeScript, in the editor itself', async () => {
      for (const [name, language, content] of others) {
        const document = await open(name, content);
        assert.equal(document.languageId, language);
        await shows(document, /^1 Last run: newer/m);
        const shown: vscode.CodeLens[] = await vscode.commands.executeCommand(
          'vscode.executeCodeLensProvider',
          document.uri,
        );
        assert.ok(
          shown.some(({ command, range }) => range.start.line === 1 && command?.title.startsWith('Last run: newer')),
          name,
        );
      }
    });

    it('shows them in the cells of a notebook, where an experiment that was set above goes on', async () => {
      fs.mkdirSync(beside(''), { recursive: true });
      const uri = vscode.Uri.file(beside('lens.ipynb'));
      const cells = ['import mlflow\nmlflow.set_experiment("lens")', 'x = 1', 'with mlflow.start_run():\n    pass'];
      fs.writeFileSync(uri.fsPath, notebook(...cells));
      const shown = await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(uri));
      const [first, , last] = shown.notebook.getCells().map(({ document }) => document);
      assert.ok(first && last);
      await shows(first, /^1 Last run: newer/m);
      await shows(last, /^0 Last run in lens: newer/m);
      const [text] = lenses.provideHover(last, new vscode.Position(0, 10))?.contents ?? [];
      assert.ok(text instanceof vscode.MarkdownString && /newer/.test(text.value));
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });

    it('shows the runs of the file where no line says the experiment, whichever that is, and guesses none', async () => {
      await harness.store.createRun({ experimentId: '0', name: 'of somebody else' });
      const content = 'import mlflow\nwith mlflow.start_run():\n    pass\n';
      const alone = await open('alone.py', content);
      const document = await open('train.py', content);
      makeRepository(beside(''));
      git(beside(''), 'add', '-A');
      git(beside(''), 'commit', '-q', '-m', 'Code');
      harness.repositories.forget();
      const experimentId = await harness.store.createExperiment('from the environment');
      for (const [name, source] of [
        ['of the file', 'train.py'],
        ['of its namesake', 'baselines/train.py'],
      ] as const)
        await harness.store.createRun({ experimentId, name, tags: { 'mlflow.source.name': source } });
      assert.ok(await vscode.workspace.save(document.uri));
      lenses.dispose();
      lenses = new MlflowLenses(harness);
      const shown = await shows(document, /^1 Last run in from the environment: of the file · running/m);
      assert.deepEqual(shown.slice(1), ['1 Runs of This File']);
      const [text] = lenses.provideHover(document, new vscode.Position(1, 12))?.contents ?? [];
      assert.ok(text instanceof vscode.MarkdownString);
      assert.match(text.value, /from the environment · of the file[\s\S]*command:flowdeck\.source\.runsOfFile/);
      await vscode.window.showTextDocument(alone);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      assert.deepEqual(titles(alone), []);
    });

    it('follows a run that goes on, and the first one of an experiment, while the file is in sight', async () => {
      const experimentId = await harness.store.createExperiment('going on');
      const document = await open('going.py', 'import mlflow\nmlflow.set_experiment("going on")\n');
      await shows(document, /^1 No runs yet$/m);
      interval = 1;
      lenses.dispose();
      lenses = new MlflowLenses(harness);
      await shows(document, /^1 No runs yet$/m);
      const { runId } = await harness.store.createRun({ experimentId, name: 'steps' });
      await shows(document, /^1 Last run: steps · running/m);
      await harness.store.updateRun(runId, { status: 'FINISHED', endTime: Date.now() });
      await shows(document, /^1 Last run: steps · finished/m);
      interval = 0;
    });
  });
