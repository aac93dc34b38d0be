import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Connections } from '../../src/connections/connection';
import { RunDetailsStore } from '../../src/experiments/run/runDetailsStore';
import type { RunNode } from '../../src/experiments/run/runNodes';
import { RunTree } from '../../src/experiments/run/runTree';
import { registerCopyValue } from '../../src/experiments/run/runView';
import { RunViewRefresh } from '../../src/experiments/run/runViewRefresh';
import type { RunsService } from '../../src/experiments/runsService';
import { decodeArtifactRef } from '../../src/mlflow/artifactUri';
import { MlflowError } from '../../src/mlflow/mlflowError';
import type { TrackingStore } from '../../src/mlflow/trackingStore';
import type { Run } from '../../src/shared/domain';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { CommandTable, configure, connectionsOf, newSession, runsOver } from './connectionsHarness';
import { generations } from './generations';

const nasty = '<img src=x onerror=alert(1)>';
const commit = 'a1b2c3d4'.repeat(5);

const fill = `
import sys, time, numpy, mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric
nasty, commit = sys.argv[1:]
client = MlflowClient()
experiment = client.create_experiment('runs')
mlflow.set_experiment(experiment_id=experiment)
tags = {'mlflow.source.name': 'src/train.py', 'mlflow.source.git.commit': commit, 'mlflow.source.git.branch': 'main',
        'mlflow.source.git.dirty': 'true', 'mlflow.note.content': '**note** ' + nasty, 'team': nasty}
with mlflow.start_run(run_name=nasty, tags=tags) as run:
    id = run.info.run_id
    now = int(time.time() * 1000)
    points = [('loss', 5.0, 0), ('loss', 0.1234567890123, 30), ('loss', -2.5, 10), ('loss', float('nan'), 20),
              ('nan', float('nan'), 1), ('inf', float('inf'), 2), ('system/cpu', 40.0, 0)]
    client.log_batch(id, metrics=[Metric(key, value, now + at, step) for at, (key, value, step) in enumerate(points)])
    mlflow.log_params({'lr': 0.01, 'layer_10': 'b', 'layer_2': 'a', 'text': 'two\\nlines ' + nasty})
    mlflow.log_input(mlflow.data.from_numpy(numpy.zeros((3, 2)), source='http://data/x', name='digits'), context='training')
    mlflow.log_text('x', 'model/MLmodel')
    mlflow.log_text('12345', 'note ' + nasty.replace('/', '') + '.txt')
    client.create_registered_model('churn')
    if mlflow.__version__.startswith('3'):
        from mlflow.entities import LoggedModelOutput
        model = client.create_logged_model(experiment, name='net', source_run_id=id)
        client.finalize_logged_model(model.model_id, 'READY')
        client.log_outputs(id, [LoggedModelOutput(model.model_id, 0)])
        client.create_model_version('churn', 'models:/' + model.model_id, id, model_id=model.model_id)
    else:
        from mlflow.models import Model
        client._record_logged_model(id, Model(artifact_path='model', run_id=id, flavors={'python_function': {}, 'sklearn': {}}))
        client.create_model_version('churn', run.info.artifact_uri + '/model', id)
    client.set_registered_model_alias('churn', 'champion', '1')
print('run', id)
wide = client.create_run(experiment, run_name='wide').info.run_id
keys = [f'layer_{i}/w_{j}' for i in range(100) for j in range(100)] + [f'flat_{i}' for i in range(2000)]
for at in range(0, len(keys), 1000):
    client.log_batch(wide, metrics=[Metric(key, 1.0, 1, 0) for key in keys[at:at + 1000]])
client.set_terminated(wide)
print('wide', wide)
live = client.create_run(experiment, run_name='live').info.run_id
client.log_metric(live, 'loss', 1.0, step=0)
print('live', live)
`;

const label = (item: vscode.TreeItem) => (typeof item.label === 'string' ? item.label : (item.label?.label as string));
const text = (tooltip: vscode.TreeItem['tooltip']) => (typeof tooltip === 'object' ? tooltip.value : (tooltip ?? ''));

/** What a server says is never markup. */
function assertPlain(tooltip: vscode.TreeItem['tooltip']): void {
  assert.ok(tooltip instanceof vscode.MarkdownString && !tooltip.supportHtml && !tooltip.isTrusted);
  assert.ok(!tooltip.value.includes(nasty), tooltip.value);
}

/** Selects like the Experiments view, over what a test says is loaded. */
function runsFake(connections: Connections) {
  const changed = new vscode.EventEmitter<void>();
  const selected = new vscode.EventEmitter<void>();
  const listeners = { now: 0 };
  const counted =
    (event: vscode.Event<void>): vscode.Event<void> =>
    (listener) => {
      listeners.now++;
      const listening = event(listener);
      return new vscode.Disposable(() => {
        listeners.now--;
        listening.dispose();
      });
    };
  const state: { selectedRunId: string | undefined; cached: Map<string, Run> } = {
    selectedRunId: undefined,
    cached: new Map(),
  };
  const service: RunsService = {
    ...runsOver(connections, [], []),
    onDidRunsChange: counted(changed.event),
    onDidSelectionChange: counted(selected.event),
    get selectedRunId() {
      return state.selectedRunId;
    },
    cachedRun: (runId) => state.cached.get(runId),
  };
  const select = (runId: string | undefined) => {
    state.selectedRunId = runId;
    selected.fire();
  };
  return { service, state, select, changed, listeners };
}

/** The connection with every question counted, and failing while `failure` is set. */
function watched(connections: Connections) {
  const asked: string[] = [];
  const control: { failure?: Error } = {};
  const stores = new WeakMap<TrackingStore, TrackingStore>();
  const watch = (store: TrackingStore): TrackingStore => {
    const known = stores.get(store);
    if (known) return known;
    const proxy = new Proxy(store, {
      get(target, name: keyof TrackingStore) {
        const method = target[name];
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) => {
          asked.push(name);
          if (control.failure) return Promise.reject(control.failure);
          return Reflect.apply(method, target, args);
        };
      },
    });
    stores.set(store, proxy);
    return proxy;
  };
  const require = async () => {
    const connection = await connections.require();
    return { ...connection, store: watch(connection.store) };
  };
  const service: Connections = {
    ...connections,
    get state() {
      return connections.state;
    },
    // The state would name the store unwatched.
    onDidChange: () => new vscode.Disposable(() => undefined),
    require,
  };
  return { service, asked, control };
}

for (const version of generations) {
  describe(`the Run view on ${version}`, function () {
    this.timeout(90_000);
    let server: MlflowServer;
    let session: ReturnType<typeof newSession>['session'];
    let connections: ReturnType<typeof watched>;
    let runs: ReturnType<typeof runsFake>;
    let store: RunDetailsStore;
    let tree: RunTree;
    let ids: Record<'run' | 'wide' | 'live', string>;

    before(async () => {
      server = await startMlflowServer(version);
      const printed = await server.python(fill, nasty, commit);
      const id = (name: string) => new RegExp(`${name} ([0-9a-f]{32})`).exec(printed)?.[1] ?? '';
      ids = { run: id('run'), wide: id('wide'), live: id('live') };
      await configure('trackingUri', server.uri);
      ({ session } = newSession());
      connections = watched(connectionsOf(session));
      runs = runsFake(connections.service);
      store = new RunDetailsStore(connections.service, runs.service);
      tree = new RunTree(store);
    });

    after(async () => {
      await configure('trackingUri', undefined);
      tree?.dispose();
      store?.dispose();
      session?.dispose();
      await server?.dispose();
    });

    const rows = async (node?: RunNode) =>
      (await tree.getChildren(node)).map((child) => {
        const item = tree.getTreeItem(child);
        return { child, item, label: label(item), description: String(item.description ?? '') };
      });
    type Row = Awaited<ReturnType<typeof rows>>[number];
    const find = (among: readonly Row[], name: string): Row => {
      const found = among.find((row) => row.label === name);
      assert.ok(found, `${name} among ${among.map((row) => row.label).join(', ')}`);
      return found;
    };
    const section = async (name: string) => rows(find(await rows(), name).child);
    const pairs = (among: readonly Row[]) => Object.fromEntries(among.map((row) => [row.label, row.description]));

    it('asks nothing before it is looked at, and shows nothing without a run', async () => {
      assert.deepEqual(await rows(), []);
      let fired = 0;
      const listening = tree.onDidChangeTreeData(() => fired++);
      runs.select(ids.run);
      runs.select(ids.run);
      await sleep(50);
      listening.dispose();
      assert.deepEqual([fired, connections.asked], [1, []]);
    });

    it('shows the run in sections, whatever its name', async () => {
      const top = await rows();
      assert.deepEqual(
        top.map((row) => row.label),
        [nasty, 'Overview', 'Source', 'Params', 'Metrics', 'Tags', 'Datasets', 'Models', 'Artifacts'],
      );
      const [header] = top;
      assert.match(header?.description ?? '', /^finished · /);
      assertPlain(header?.item.tooltip);
      assert.equal(find(top, 'Params').description, '4');
      assert.deepEqual(connections.asked, ['getRun']);
      const overview = pairs(await section('Overview'));
      assert.equal(overview['Run ID'], ids.run);
      assert.equal(overview.Status, 'finished');
      assert.ok(overview.Duration && overview.Started && overview['Experiment ID']);
      for (const { child, item } of top) {
        assert.equal(child.runId, ids.run);
        assert.notEqual(typeof item.tooltip, 'string', 'a screen reader would read it in place of the row');
      }
    });

    it('leads from the commit to the source, and offers to tag a run without one', async () => {
      const row = find(await section('Source'), 'Commit');
      assert.equal(row.description, 'a1b2c3d · main · with uncommitted changes');
      assert.match(row.item.contextValue ?? '', /\bcommit\b/);
      assert.equal(row.item.command?.command, 'flowdeck.source.openAtCommit');
      assert.deepEqual(row.item.command?.arguments, [row.child]);
      runs.select(ids.wide);
      const missing = find(await section('Source'), 'No commit recorded');
      assert.match(missing.item.contextValue ?? '', /\bcommitMissing\b/);
      assert.doesNotMatch(missing.item.contextValue ?? '', /\bcommit\b/);
      runs.select(ids.run);
    });

    it('shows params by name, and copies what a row cuts', async () => {
      const params = await section('Params');
      assert.deepEqual(
        params.map((row) => row.label),
        ['layer_2', 'layer_10', 'lr', 'text'],
      );
      assert.equal(find(params, 'text').description, `two lines ${nasty}`);
      const commands = new CommandTable(session.platform);
      registerCopyValue(commands.platform, () => undefined);
      await commands.run('flowdeck.runs.copyValue', find(params, 'text').child);
      assert.equal(await vscode.env.clipboard.readText(), `two\nlines ${nasty}`);
      await commands.run('flowdeck.runs.copyValue', find(await section('Metrics'), 'loss').child);
      assert.equal(await vscode.env.clipboard.readText(), '0.1234567890123');
      for (const junk of [undefined, null, 1, {}, { copyText: 1 }]) await commands.run('flowdeck.runs.copyValue', junk);
      assert.equal(await vscode.env.clipboard.readText(), '0.1234567890123');
    });

    it('shows last values at once and the extremes of the whole history on expansion', async () => {
      const before = connections.asked.length;
      const metrics = await section('Metrics');
      assert.deepEqual(pairs(metrics), {
        'system/': '1',
        inf: '∞ · step 2',
        loss: '0.12346 · step 30',
        nan: 'NaN · step 1',
      });
      assert.equal(connections.asked.length, before);
      const loss = find(metrics, 'loss');
      assert.deepEqual(pairs(await rows(loss.child)), {
        Last: '0.12346 · step 30',
        Minimum: '-2.5 · step 10',
        Maximum: '5 · step 0',
        Points: '4 · 1 NaN',
      });
      assert.match(pairs(await rows(find(metrics, 'nan').child)).Minimum ?? '', /NaN/);
      assert.deepEqual(connections.asked.slice(before), ['metricHistory', 'metricHistory']);
      await rows(loss.child);
      assert.equal(connections.asked.length, before + 2, 'a history is read once');
      assert.equal(loss.item.tooltip, undefined);
      const resolved = tree.resolveTreeItem(loss.item, loss.child);
      assert.ok(text(resolved.tooltip).includes('0.1234567890123'), text(resolved.tooltip));
      assert.deepEqual(
        (await rows(find(metrics, 'system/').child)).map((row) => row.label),
        ['cpu'],
      );
    });

    it("shows the description first, then people's tags, then MLflow's", async () => {
      const tags = await section('Tags');
      assert.deepEqual(
        tags.map((row) => row.label),
        ['Description', 'team', 'System Tags'],
      );
      assert.equal(tags[0]?.description, `**note** ${nasty}`);
      assertPlain(tags[0]?.item.tooltip);
      assert.ok(!text(tags[0]?.item.tooltip).includes('**note'), text(tags[0]?.item.tooltip));
      const system = pairs(await rows(find(tags, 'System Tags').child));
      assert.equal(system['mlflow.source.git.commit'], commit);
    });

    it('shows datasets with their facts', async () => {
      const [digits] = await section('Datasets');
      assert.equal(digits?.label, 'digits');
      assert.match(digits.description, / · training$/);
      const facts = pairs(await rows(digits.child));
      assert.equal(facts.Context, 'training');
      assert.ok(facts.Digest && facts.Source, JSON.stringify(facts));
    });

    it('shows the model the run logged, and what was registered from it', async () => {
      const models = await section('Models');
      assert.equal(models.length, 1);
      const [model] = models;
      assert.equal(model?.label, version === '3.17.2' ? 'net' : 'model');
      assert.match(model.description, version === '3.17.2' ? /^churn 1 @champion$/ : /^sklearn · churn 1 @champion$/);
      const below = await rows(model.child);
      assert.equal(find(below, 'churn, version 1').description, '@champion');
      assert.match(find(below, 'URI').description, version === '3.17.2' ? /^models:\/m-/ : /^runs:\/.*\/model$/);
    });

    it('lists artifacts a folder at a time, and hands files to what opens them', async () => {
      const listed = () => connections.asked.filter((name) => name === 'listArtifacts').length;
      const before = listed();
      const files = await section('Artifacts');
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
      assert.deepEqual(decodeArtifactRef(argument), { runId: ids.run, path: name, isFolder: false });
      const [inside] = await rows(find(files, 'model').child);
      assert.equal(inside?.label, 'MLmodel');
      assert.equal(listed(), before + 2);
    });

    it('keeps a run of 12,000 metrics to some hundred rows a level, each row once', async () => {
      runs.select(ids.wide);
      const seen = new Set<string>();
      let [metrics, most] = [0, 0];
      const walk = async (node: RunNode): Promise<void> => {
        const below = await rows(node);
        most = Math.max(most, below.length);
        for (const { child, item } of below) {
          assert.ok(item.id && !seen.has(item.id), item.id);
          seen.add(item.id);
          if (child.kind === 'metric') metrics++;
          else await walk(child);
        }
      };
      const top = find(await rows(), 'Metrics');
      const started = performance.now();
      const first = await rows(top.child);
      assert.ok(performance.now() - started < 500);
      await walk(top.child);
      assert.equal(metrics, 12_000);
      assert.ok(most <= 200, `${most} rows on one level`);
      assert.deepEqual([first.length, first[0]?.label, first[0]?.description], [110, 'layer_0/', '100']);
      assert.deepEqual([first[100]?.label, first[100]?.description], ['1–200', 'flat_0 … flat_199']);
      const again = await rows(top.child);
      assert.deepEqual(
        again.map(({ item }) => item.id),
        first.map(({ item }) => item.id),
      );
    });

    it('marks an artifact that leads out of its folder, and chunks thousands of files', async () => {
      const files = Array.from({ length: 10_000 }, (_, at) => ({ path: `f${at}`, isFolder: false, size: 1 }));
      const fake = { listArtifacts: async () => ({ rootUri: '', files, refused: ['../../x'] }) };
      const real = await connections.service.require();
      const fakes: Connections = {
        ...connections.service,
        require: async () => ({ ...real, store: { ...fake, getRun: real.store.getRun } as unknown as TrackingStore }),
      };
      const fakeStore = new RunDetailsStore(fakes, runs.service);
      const fakeTree = new RunTree(fakeStore);
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

    it('keeps what it shows when a refresh fails, and says so', async () => {
      runs.select(ids.run);
      await rows();
      connections.control.failure = new MlflowError('server', 'out of order');
      await assert.rejects(store.refresh());
      const [problem, header] = await rows();
      assert.deepEqual([problem?.label, header?.label], ['out of order', nasty]);
      assert.match(problem?.description ?? '', /^as of .* · click to try again$/);
      assert.equal(problem?.item.command?.command, 'flowdeck.experiments.refresh');
      const listing = await section('Artifacts');
      assert.deepEqual(
        listing.map((row) => row.label),
        ['model', `note ${nasty}.txt`],
        'what was listed is fresh',
      );
      delete connections.control.failure;
      // As the Experiments view tells after its refresh.
      runs.changed.fire();
      await rows();
      await sleep(100);
      assert.equal((await rows())[0]?.label, nasty);
    });

    it('reads a running run anew while it is seen, and stops when it is hidden or ended', async () => {
      await configure('refresh.intervalSeconds', 0.2);
      const { store: api } = await connections.service.require();
      const visibility = new vscode.EventEmitter<vscode.TreeViewVisibilityChangeEvent>();
      const view = { visible: true, description: '', onDidChangeVisibility: visibility.event };
      const refresh = new RunViewRefresh(view, store);
      const reads = () => connections.asked.filter((name) => name === 'getRun').length;
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
        runs.select(ids.live);
        const [header] = await rows();
        assert.ok(header?.item.iconPath instanceof vscode.ThemeIcon && header.item.iconPath.id === 'loading~spin');
        assert.equal(view.description, 'live');
        assert.ok((await readsWithin(1_000)) >= 2);
        await api.logMetric(ids.live, { key: 'loss', value: 7, timestamp: Date.now(), step: 9 });
        await nextChange(tree);
        await nextChange(tree);
        assert.equal(find(await section('Metrics'), 'loss').description, '7 · step 9');
        show(false);
        await sleep(300);
        assert.equal(await readsWithin(700), 0, 'hidden');
        await api.updateRun(ids.live, { status: 'FINISHED', endTime: Date.now() });
        show(true);
        await sleep(500);
        assert.match((await rows())[0]?.description ?? '', /^finished/);
        assert.equal(await readsWithin(700), 0, 'ended');
        assert.equal(runs.listeners.now, 2);
      } finally {
        refresh.dispose();
        await configure('refresh.intervalSeconds', undefined);
      }
    });

    it('leaves nothing behind', async () => {
      let fired = 0;
      tree.onDidChangeTreeData(() => fired++);
      tree.dispose();
      store.dispose();
      runs.select(undefined);
      assert.deepEqual([runs.listeners.now, fired], [0, 0]);
    });
  });
}

const nextChange = (tree: RunTree) =>
  new Promise<void>((resolve) => {
    const listening = tree.onDidChangeTreeData(() => {
      listening.dispose();
      resolve();
    });
  });
