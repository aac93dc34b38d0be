import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { RunViewRefresh } from '../../src/experiments/run/runViewRefresh';
import { MlflowError } from '../../src/mlflow/mlflowError';
import { until } from '../support/processTree';
import { configure } from './connectionsHarness';
import { generations } from './generations';
import { find, nasty, RunViewScene } from './runViewHarness';

for (const version of generations) {
  describe(`what the Run view asks and when, on ${version}`, function () {
    this.timeout(180_000);
    let scene: RunViewScene;

    before(async () => {
      scene = await RunViewScene.start(version);
    });
    after(() => scene?.dispose());

    it('asks nothing before it is looked at, and shows nothing without a run', async () => {
      assert.deepEqual(await scene.rows(), []);
      let fired = 0;
      const listening = scene.tree.onDidChangeTreeData(() => fired++);
      scene.runs.select(scene.ids.run);
      scene.runs.select(scene.ids.run);
      await sleep(50);
      listening.dispose();
      assert.deepEqual([fired, scene.connections.asked], [1, []]);
    });

    it('keeps what it shows when a refresh fails, and says so', async () => {
      scene.runs.select(scene.ids.run);
      await scene.section('Artifacts');
      scene.connections.control.failure = new MlflowError('server', 'out of order');
      await assert.rejects(scene.store.refresh());
      const [problem, header] = await scene.rows();
      assert.deepEqual([problem?.label, header?.label], ['out of order', nasty]);
      assert.match(problem?.description ?? '', /^as of .* · click to try again$/);
      assert.equal(problem?.item.command?.command, 'flowdeck.experiments.refresh');
      const listing = await scene.section('Artifacts');
      assert.deepEqual(
        listing.map((row) => row.label),
        ['model', `note ${nasty}.txt`],
        'what was listed is fresh',
      );
      delete scene.connections.control.failure;
      // As the Experiments view tells after its refresh.
      scene.runs.changed.fire();
      await until(
        async () => (await scene.rows())[0]?.label === nasty,
        () => 'the problem is still said',
      );
    });

    it('reads a running run anew while it is seen, and stops when it is hidden or ended', async () => {
      await configure('refresh.intervalSeconds', 2);
      const { store: api } = await scene.connections.service.require();
      const visibility = new vscode.EventEmitter<vscode.TreeViewVisibilityChangeEvent>();
      const view = { visible: true, description: '', onDidChangeVisibility: visibility.event };
      const refresh = new RunViewRefresh(view, scene.store);
      const reads = () => scene.connections.asked.filter((name) => name === 'getRun').length;
      const readsWithin = async (ms: number) => {
        const before = reads();
        await sleep(ms);
        return reads() - before;
      };
      const show = (visible: boolean) => {
        view.visible = visible;
        visibility.fire({ visible });
      };
      try {
        scene.runs.select(scene.ids.live);
        const [header] = await scene.rows();
        assert.ok(header?.item.iconPath instanceof vscode.ThemeIcon && header.item.iconPath.id === 'loading~spin');
        assert.equal(view.description, 'live');
        const begun = reads();
        await until(
          () => reads() >= begun + 2,
          () => 'the run is not read again',
        );
        await api.logMetric(scene.ids.live, { key: 'loss', value: 7, timestamp: Date.now(), step: 9 });
        await until(
          async () => find(await scene.section('Metrics'), 'loss').description === '7 · step 9',
          () => 'the new value is not shown',
        );
        show(false);
        assert.equal(await readsWithin(2_500), 0, 'hidden');
        await api.updateRun(scene.ids.live, { status: 'FINISHED', endTime: Date.now() });
        show(true);
        await until(
          async () => /^finished/.test((await scene.rows())[0]?.description ?? ''),
          () => 'the run does not end',
        );
        assert.equal(await readsWithin(2_500), 0, 'ended');
        assert.equal(scene.runs.listeners.now, 2);
      } finally {
        refresh.dispose();
        await configure('refresh.intervalSeconds', undefined);
      }
    });

    it('leaves nothing behind', async () => {
      let fired = 0;
      scene.tree.onDidChangeTreeData(() => fired++);
      scene.tree.dispose();
      scene.store.dispose();
      scene.runs.select(undefined);
      assert.deepEqual([scene.runs.listeners.now, fired], [0, 0]);
    });
  });
}
