import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Connections } from '../../src/connections/connection';
import type { ServerSession } from '../../src/connections/serverSession';
import { RunDetailsStore } from '../../src/experiments/run/runDetailsStore';
import type { RunNode } from '../../src/experiments/run/runNodes';
import { RunTree } from '../../src/experiments/run/runTree';
import type { RunsService } from '../../src/experiments/runsService';
import type { TrackingStore } from '../../src/mlflow/trackingStore';
import type { Run } from '../../src/shared/domain';
import { type MlflowServer, type MlflowVersion, startMlflowServer } from '../support/mlflowServer';
import { configure, connectionsOf, newSession, runsOver } from './connectionsHarness';

export const nasty = '<img src=x onerror=alert(1)>';
export const commit = 'a1b2c3d4'.repeat(5);

export const fill = `
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
        told = {'mlflow.git.commit': commit, 'mlflow.git.branch': 'side', 'mlflow.git.dirty': 'True'}
        for name, tags in ('modelled', told), ('silent', {}):
            made = client.create_run(experiment, run_name=name).info.run_id
            model = client.create_logged_model(experiment, name='net', source_run_id=made, tags=tags)
            client.finalize_logged_model(model.model_id, 'READY')
            client.log_outputs(made, [LoggedModelOutput(model.model_id, 0)])
            client.set_terminated(made)
            print(name, made)
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

export const label = (item: vscode.TreeItem) =>
  typeof item.label === 'string' ? item.label : (item.label?.label as string);
export const text = (tooltip: vscode.TreeItem['tooltip']) =>
  typeof tooltip === 'object' ? tooltip.value : (tooltip ?? '');

/** What a server says is never markup. */
export function assertPlain(tooltip: vscode.TreeItem['tooltip']): void {
  assert.ok(tooltip instanceof vscode.MarkdownString && !tooltip.supportHtml && !tooltip.isTrusted);
  assert.ok(!tooltip.value.includes(nasty), tooltip.value);
}

/** Selects like the Experiments view, over what a test says is loaded. */
export function runsFake(connections: Connections) {
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
export function watched(connections: Connections) {
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

/** The Run view over a server with a run of everything, a wide one and one that runs. */
export class RunViewScene {
  readonly tree: RunTree;

  private constructor(
    readonly server: MlflowServer,
    readonly session: ServerSession,
    readonly connections: ReturnType<typeof watched>,
    readonly runs: ReturnType<typeof runsFake>,
    readonly store: RunDetailsStore,
    /** The last two with MLflow 3 alone. */
    readonly ids: Readonly<Record<'run' | 'wide' | 'live' | 'modelled' | 'silent', string>>,
  ) {
    this.tree = new RunTree(store, runs.service);
  }

  static async start(version: MlflowVersion): Promise<RunViewScene> {
    const server = await startMlflowServer(version);
    const printed = await server.python(fill, nasty, commit);
    const id = (name: string) => new RegExp(`${name} ([0-9a-f]{32})`).exec(printed)?.[1] ?? '';
    const ids = {
      run: id('run'),
      wide: id('wide'),
      live: id('live'),
      modelled: id('modelled'),
      silent: id('silent'),
    };
    await configure('trackingUri', server.uri);
    const { session } = newSession();
    const connections = watched(connectionsOf(session));
    const runs = runsFake(connections.service);
    const store = new RunDetailsStore(connections.service, runs.service);
    return new RunViewScene(server, session, connections, runs, store, ids);
  }

  async dispose(): Promise<void> {
    await configure('trackingUri', undefined);
    this.tree.dispose();
    this.store.dispose();
    this.session.dispose();
    await this.server.dispose();
  }

  readonly rows = async (node?: RunNode) =>
    (await this.tree.getChildren(node)).map((child) => {
      const item = this.tree.getTreeItem(child);
      return { child, item, label: label(item), description: String(item.description ?? '') };
    });

  readonly section = async (name: string) => this.rows(find(await this.rows(), name).child);
}

export type Row = Awaited<ReturnType<RunViewScene['rows']>>[number];

export function find(among: readonly Row[], name: string): Row {
  const found = among.find((row) => row.label === name);
  assert.ok(found, `${name} among ${among.map((row) => row.label).join(', ')}`);
  return found;
}

export const pairs = (among: readonly Row[]) => Object.fromEntries(among.map((row) => [row.label, row.description]));
