import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ModelCommands } from '../../src/registry/modelCommands';
import { type ModelNode, ModelsTree } from '../../src/registry/modelsTree';
import { RegistryStore } from '../../src/registry/registryStore';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { CommandTable, configure, connectionsOf, newSession, runsOver, Script } from './connectionsHarness';
import { generations } from './generations';

const fill = `
import mlflow
from mlflow import MlflowClient
client = MlflowClient()
with mlflow.start_run() as run:
    mlflow.log_text('x', 'model/MLmodel')
for name in ['churn', "it's"]:
    client.create_registered_model(name)
for _ in range(11):
    client.create_model_version('churn', run.info.artifact_uri + '/model', run.info.run_id)
client.create_model_version("it's", 's3://bucket/model')
client.set_registered_model_alias('churn', 'champion', '11')
client.set_registered_model_alias('churn', 'best', '11')
client.transition_model_version_stage('churn', '10', 'Production')
try:
    client.create_registered_model('greeting', tags={'mlflow.prompt.is_prompt': 'true'})
except Exception:
    mlflow.register_prompt('greeting', 'Hello {{name}}')
print('run', run.info.run_id)
`;

const label = (item: vscode.TreeItem) => (typeof item.label === 'string' ? item.label : item.label?.label);

for (const version of generations) {
  describe(`the Models view on ${version}`, function () {
    this.timeout(180_000);
    let server: MlflowServer;
    let tree: ModelsTree;
    let store: RegistryStore;
    let runId = '';
    let session: ReturnType<typeof newSession>['session'];

    before(async () => {
      server = await startMlflowServer(version);
      runId = /run ([0-9a-f]{32})/.exec(await server.python(fill))?.[1] ?? '';
      await configure('trackingUri', server.uri);
      ({ session } = newSession());
      const connections = connectionsOf(session);
      store = new RegistryStore(connections);
      tree = new ModelsTree(store);
    });

    after(async () => {
      await configure('trackingUri', undefined);
      tree?.dispose();
      store?.dispose();
      session?.dispose();
      await server?.dispose();
    });

    const rows = async (node?: ModelNode) =>
      (await tree.getChildren(node)).map((child) => ({ child, item: tree.getTreeItem(child) }));

    it('shows models and hides prompts', async () => {
      assert.deepEqual((await rows()).map(({ item }) => label(item)).sort(), ['churn', "it's"]);
    });

    it('shows versions newest first with aliases, stage and run', async () => {
      const churn = (await rows()).find(({ item }) => label(item) === 'churn');
      assert.equal(churn?.item.contextValue, 'model');
      const versions = await rows(churn?.child);
      assert.deepEqual(
        versions.slice(0, 3).map(({ item }) => label(item)),
        ['Version 11', 'Version 10', 'Version 9'],
      );
      assert.equal(versions.length, 11);
      const [newest, production] = versions;
      assert.match(String(newest?.item.description), /^@best · @champion · /);
      assert.match(String(production?.item.description), /^Production · /);
      assert.equal(newest?.item.contextValue, 'version run');
      assert.ok(newest?.child.kind === 'version' && newest.child.version.runId === runId);
      assert.ok(newest?.item.tooltip instanceof vscode.MarkdownString);
      assert.ok(newest.item.tooltip.value.includes('churn@champion'), newest.item.tooltip.value);
    });

    it('finds the versions of a name with a quote, and offers no run where none is', async () => {
      const quoted = (await rows()).find(({ item }) => label(item) === "it's");
      const [only] = await rows(quoted?.child);
      assert.equal(only?.item.contextValue, 'version');
    });

    it('leads from a version to its run, and copies the URI that is chosen', async () => {
      const revealed: string[] = [];
      const connections = connectionsOf(session);
      const commands = new CommandTable(session.platform);
      const runs = runsOver(connections, [], revealed);
      new ModelCommands(
        connections,
        store,
        runs,
        () => undefined,
        async () => undefined,
      ).register(commands.platform);
      const churn = (await rows()).find(({ item }) => label(item) === 'churn');
      const [newest] = await rows(churn?.child);
      await commands.run('flowdeck.models.openRun', newest?.child);
      assert.deepEqual(revealed, [runId]);
      const script = new Script(({ choices }) =>
        choices.find((choice) => /@champion$|^churn$|Version 10/.test(choice)),
      );
      await commands.run('flowdeck.models.copyUri', newest?.child);
      assert.equal(await vscode.env.clipboard.readText(), 'models:/churn@champion');
      await commands.run('flowdeck.models.copyUri');
      assert.equal(await vscode.env.clipboard.readText(), 'models:/churn/10');
      script.restore();
      await commands.run('flowdeck.models.copyName', churn?.child);
      assert.equal(await vscode.env.clipboard.readText(), 'churn');
    });

    it('finds the row of a model and of a version by name, and says where there is none', async () => {
      const found = await tree.row({ name: 'churn', version: '10' });
      assert.ok(found.kind === 'version' && found.version.version === '10');
      assert.equal(tree.getParent(found), await tree.row({ name: 'churn' }));
      const beyond = await tree.row({ name: 'churn', version: '99' });
      assert.ok(beyond.kind === 'model' && beyond.model.name === 'churn');
      await assert.rejects(tree.row({ name: 'nobody' }), { kind: 'notFound' });
    });

    it('keeps what it shows when the server goes, says so, and comes back', async () => {
      await server.stop();
      store.refresh();
      const failed = await rows();
      assert.equal(failed[0]?.item.contextValue, 'problem');
      assert.equal(failed.length, 3);
      const port = Number(new URL(server.uri).port);
      server = await startMlflowServer(version, { folder: server.folder, port });
      await session.connector.retry();
      store.refresh();
      assert.equal((await rows()).length, 2);
    });
  });
}
