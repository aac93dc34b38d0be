import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Connections } from '../../src/connections/connection';
import { RunDetailsStore } from '../../src/experiments/run/runDetailsStore';
import type { RunNode } from '../../src/experiments/run/runNodes';
import { RunTree } from '../../src/experiments/run/runTree';
import { registerCopyValue } from '../../src/experiments/run/runView';
import { decodeArtifactRef } from '../../src/mlflow/artifactUri';
import type { TrackingStore } from '../../src/mlflow/trackingStore';
import { CommandTable } from './connectionsHarness';
import { generations } from './generations';
import { assertPlain, commit, find, label, nasty, pairs, RunViewScene, text } from './runViewHarness';

for (const version of generations) {
  describe(`the Run view on ${version}`, function () {
    this.timeout(180_000);
    let scene: RunViewScene;

    before(async () => {
      scene = await RunViewScene.start(version);
    });
    after(() => scene?.dispose());

    it('shows the run in sections, whatever its name', async () => {
      scene.runs.select(scene.ids.run);
      const top = await scene.rows();
      assert.deepEqual(
        top.map((row) => row.label),
        [nasty, 'Overview', 'Source', 'Params', 'Metrics', 'Tags', 'Datasets', 'Models', 'Artifacts'],
      );
      const [header] = top;
      assert.match(header?.description ?? '', /^finished · /);
      assertPlain(header?.item.tooltip);
      assert.equal(find(top, 'Params').description, '4');
      assert.deepEqual(scene.connections.asked, ['getRun']);
      const overview = pairs(await scene.section('Overview'));
      assert.equal(overview['Run ID'], scene.ids.run);
      assert.equal(overview.Status, 'finished');
      assert.ok(overview.Duration && overview.Started && overview['Experiment ID']);
      for (const { child, item } of top) {
        assert.equal(child.runId, scene.ids.run);
        assert.notEqual(typeof item.tooltip, 'string', 'a screen reader would read it in place of the row');
      }
    });

    it('leads from the commit to the source, and offers to tag a run without one', async () => {
      const row = find(await scene.section('Source'), 'Commit');
      assert.equal(row.description, 'a1b2c3d · main · with uncommitted changes');
      assert.match(row.item.contextValue ?? '', /\bcommit\b/);
      assert.equal(row.item.command?.command, 'flowdeck.source.openAtCommit');
      assert.deepEqual(row.item.command?.arguments, [row.child]);
      scene.runs.select(scene.ids.wide);
      const missing = find(await scene.section('Source'), 'No commit recorded');
      assert.match(missing.item.contextValue ?? '', /\bcommitMissing\b/);
      assert.doesNotMatch(missing.item.contextValue ?? '', /\bcommit\b/);
      scene.runs.select(scene.ids.run);
    });

    if (version === '3.17.2')
      it('shows the commit that a logged model names, and asks for it when somebody looks', async () => {
        const { asked, control } = scene.connections;
        const questions = () => asked.filter((name) => name === 'getLoggedModel').length;
        const before = questions();
        scene.runs.select(scene.ids.modelled);
        const top = await scene.rows();
        assert.equal(questions(), before);
        control.failure = new Error('away');
        const unknown = await scene.rows(find(top, 'Source').child);
        const open = find(unknown, 'No commit in its tags');
        assert.match(open.item.contextValue ?? '', /\bcommitMissing commit\b/);
        assert.ok(unknown.some(({ child }) => child.kind === 'problem'));
        delete control.failure;
        const row = find(await scene.section('Source'), 'Commit');
        assert.equal(row.description, 'a1b2c3d · side · with uncommitted changes · named by its model');
        assert.match(row.item.contextValue ?? '', /\bcommit commitMissing\b/);
        assert.equal(row.item.tooltip, undefined);
        const { tooltip } = await scene.tree.resolveTreeItem(row.item, row.child);
        assert.match(text(tooltip), /Commit: a1b2c3d.* · known of a1b2c3d/);
        assert.match(text(tooltip), /Named by.*a model that the run logged/);
        assert.equal(row.item.command?.command, 'flowdeck.source.openAtCommit');
        const known = questions();
        await scene.section('Source');
        assert.equal(questions(), known);
        scene.runs.select(scene.ids.silent);
        const none = find(await scene.section('Source'), 'No commit recorded');
        assert.doesNotMatch(none.item.contextValue ?? '', /\bcommit\b/);
        scene.runs.select(scene.ids.run);
      });

    it('shows params by name, and copies what a row cuts', async () => {
      const params = await scene.section('Params');
      assert.deepEqual(
        params.map((row) => row.label),
        ['layer_2', 'layer_10', 'lr', 'text'],
      );
      assert.equal(find(params, 'text').description, `two lines ${nasty}`);
      const commands = new CommandTable(scene.session.platform);
      registerCopyValue(commands.platform, () => undefined);
      await commands.run('flowdeck.runs.copyValue', find(params, 'text').child);
      assert.equal(await vscode.env.clipboard.readText(), `two\nlines ${nasty}`);
      await commands.run('flowdeck.runs.copyValue', find(await scene.section('Metrics'), 'loss').child);
      assert.equal(await vscode.env.clipboard.readText(), '0.1234567890123');
      for (const junk of [undefined, null, 1, {}, { copyText: 1 }]) await commands.run('flowdeck.runs.copyValue', junk);
      assert.equal(await vscode.env.clipboard.readText(), '0.1234567890123');
    });

    it('shows last values at once and the extremes of the whole history on expansion', async () => {
      const before = scene.connections.asked.length;
      const metrics = await scene.section('Metrics');
      assert.deepEqual(pairs(metrics), {
        'system/': '1',
        inf: '∞ · step 2',
        loss: '0.12346 · step 30',
        nan: 'NaN · step 1',
      });
      assert.equal(scene.connections.asked.length, before);
      const loss = find(metrics, 'loss');
      assert.deepEqual(pairs(await scene.rows(loss.child)), {
        Last: '0.12346 · step 30',
        Minimum: '-2.5 · step 10',
        Maximum: '5 · step 0',
        Points: '4 · 1 NaN',
      });
      assert.match(pairs(await scene.rows(find(metrics, 'nan').child)).Minimum ?? '', /NaN/);
      assert.deepEqual(scene.connections.asked.slice(before), ['metricHistory', 'metricHistory']);
      await scene.rows(loss.child);
      assert.equal(scene.connections.asked.length, before + 2, 'a history is read once');
      assert.equal(loss.item.tooltip, undefined);
      const resolved = await scene.tree.resolveTreeItem(loss.item, loss.child);
      assert.ok(text(resolved.tooltip).includes('0.1234567890123'), text(resolved.tooltip));
      assert.deepEqual(
        (await scene.rows(find(metrics, 'system/').child)).map((row) => row.label),
        ['cpu'],
      );
    });

    it("shows the description first, then people's tags, then MLflow's", async () => {
      const tags = await scene.section('Tags');
      assert.deepEqual(
        tags.map((row) => row.label),
        ['Description', 'team', 'System Tags'],
      );
      assert.equal(tags[0]?.description, `**note** ${nasty}`);
      assertPlain(tags[0]?.item.tooltip);
      assert.ok(!text(tags[0]?.item.tooltip).includes('**note'), text(tags[0]?.item.tooltip));
      const system = pairs(await scene.rows(find(tags, 'System Tags').child));
      assert.equal(system['mlflow.source.git.commit'], commit);
    });

    it('shows datasets with their facts', async () => {
      const [digits] = await scene.section('Datasets');
      assert.equal(digits?.label, 'digits');
      assert.match(digits.description, / · training$/);
      const facts = pairs(await scene.rows(digits.child));
      assert.equal(facts.Context, 'training');
      assert.ok(facts.Digest && facts.Source, JSON.stringify(facts));
    });

    it('shows the model the run logged, and what was registered from it', async () => {
      const models = await scene.section('Models');
      assert.equal(models.length, 1);
      const [model] = models;
      assert.equal(model?.label, version === '3.17.2' ? 'net' : 'model');
      assert.match(model.description, version === '3.17.2' ? /^churn 1 @champion$/ : /^sklearn · churn 1 @champion$/);
      const below = await scene.rows(model.child);
      assert.equal(find(below, 'churn, version 1').description, '@champion');
      assert.match(find(below, 'URI').description, version === '3.17.2' ? /^models:\/m-/ : /^runs:\/.*\/model$/);
    });

    it('lists artifacts a folder at a time, and hands files to what opens them', async () => {
      const listed = () => scene.connections.asked.filter((name) => name === 'listArtifacts').length;
      const before = listed();
      const files = await scene.section('Artifacts');
      assert.equal(listed(), before + 1);
      const name = `note ${nasty}.txt`;
      assert.deepEqual(
        files.map((row) => [row.label, row.item.contextValue, row.description]),
        [
          ['model', 'artifactFolder', ''],
          [name, 'artifactFile', '5 B'],
        ],
      );
      const file = find(files, name);
      assert.equal(file.item.command?.command, 'flowdeck.artifacts.open');
      const [argument] = file.item.command?.arguments ?? [];
      assert.deepEqual(decodeArtifactRef(argument), { runId: scene.ids.run, path: name, isFolder: false });
      const [inside] = await scene.rows(find(files, 'model').child);
      assert.equal(inside?.label, 'MLmodel');
      assert.equal(listed(), before + 2);
    });

    it('marks an artifact that leads out of its folder, and chunks thousands of files', async () => {
      const files = Array.from({ length: 10_000 }, (_, at) => ({ path: `f${at}`, isFolder: false, size: 1 }));
      const fake = { listArtifacts: async () => ({ rootUri: '', files, refused: ['../../x'] }) };
      const real = await scene.connections.service.require();
      const fakes: Connections = {
        ...scene.connections.service,
        require: async () => ({ ...real, store: { ...fake, getRun: real.store.getRun } as unknown as TrackingStore }),
      };
      const fakeStore = new RunDetailsStore(fakes, scene.runs.service);
      const fakeTree = new RunTree(fakeStore, scene.runs.service);
      const top = await fakeTree.getChildren();
      const ranges = await fakeTree.getChildren(top[top.length - 1]);
      assert.equal(ranges.length, 51);
      const last = await fakeTree.getChildren(ranges[50]);
      const refused = last[last.length - 1];
      assert.ok(refused);
      const item = fakeTree.getTreeItem(refused);
      assert.deepEqual([label(item), item.contextValue, item.command], ['../../x', 'artifactRefused', undefined]);
      assert.match(text(item.tooltip), /neither/);
      assert.equal(decodeArtifactRef(refused), undefined);
      fakeTree.dispose();
      fakeStore.dispose();
    });

    it('keeps a run of 12,000 metrics to some hundred rows a level, each row once', async () => {
      scene.runs.select(scene.ids.wide);
      const seen = new Set<string>();
      let [metrics, most] = [0, 0];
      const walk = async (node: RunNode): Promise<void> => {
        const below = await scene.rows(node);
        most = Math.max(most, below.length);
        for (const { child, item } of below) {
          assert.ok(item.id && !seen.has(item.id), item.id);
          seen.add(item.id);
          if (child.kind === 'metric') metrics++;
          else await walk(child);
        }
      };
      const top = find(await scene.rows(), 'Metrics');
      const first = await scene.rows(top.child);
      await walk(top.child);
      assert.equal(metrics, 12_000);
      assert.ok(most <= 200, `${most} rows on one level`);
      assert.deepEqual([first.length, first[0]?.label, first[0]?.description], [110, 'layer_0/', '100']);
      assert.deepEqual([first[100]?.label, first[100]?.description], ['1–200', 'flat_0 … flat_199']);
      const again = await scene.rows(top.child);
      assert.deepEqual(
        again.map(({ item }) => item.id),
        first.map(({ item }) => item.id),
      );
    });
  });
}
