import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Connections } from '../../src/connections/connection';
import type { ServerSession } from '../../src/connections/serverSession';
import { ProjectCommands } from '../../src/projects/projectCommands';
import { LaunchMemory } from '../../src/projects/tasks/launchMemory';
import { ProjectTasks } from '../../src/projects/tasks/projectTasks';
import { ProjectsStore } from '../../src/projects/view/projectsStore';
import type { ProjectNode } from '../../src/projects/view/projectsTree';
import type { Run } from '../../src/shared/domain';
import { memento } from '../support/memento';
import { type MlflowServer, type MlflowVersion, mlflowPython, startMlflowServer } from '../support/mlflowServer';
import { until } from '../support/processTree';
import {
  CommandTable,
  configure,
  connectionsOf,
  newSession,
  runsOver,
  Script,
  workspaceFolder,
} from './connectionsHarness';
import { root, writeFiles } from './projectsHarness';

/** Reads a run back as a person's own script would. */
const readBack = `
import json, sys
from mlflow import MlflowClient
client = MlflowClient()
out = {}
for run_id in sys.argv[1:]:
    run = client.get_run(run_id)
    out[run_id] = {'status': run.info.status, 'params': run.data.params, 'tags': run.data.tags,
        'ended': run.info.end_time is not None, 'experiment': client.get_experiment(run.info.experiment_id).name}
print('runs ' + json.dumps(out))
`;

export interface ReadRun {
  readonly status: string;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly ended: boolean;
  readonly experiment: string;
}

/** Launches entry points of the project `launching` on a server of its own, with a person that a test plays. */
export class Launching {
  readonly connections: Connections;
  readonly table: CommandTable;
  /** Ids of the runs that were launched, in their order. */
  readonly revealed: string[] = [];
  /** What commands and tasks could not do. */
  readonly reported: string[] = [];
  readonly tasks: ProjectTasks;
  private readonly store = new ProjectsStore();

  private constructor(
    readonly server: MlflowServer,
    readonly session: ServerSession,
    private readonly lines: readonly string[],
  ) {
    this.connections = connectionsOf(session);
    this.table = new CommandTable(session.platform);
    const report = (action: string, error: unknown) => void this.reported.push(`${action}: ${error}`);
    Object.assign(this.table.platform.commands, { report });
    const runs = runsOver(this.connections, [], this.revealed);
    const tools = { platform: this.table.platform, connections: this.connections, runs };
    this.tasks = new ProjectTasks(tools, this.store);
    const memory = new LaunchMemory(memento({ 'flowdeck.projects.lastExperiment': 'launches' }));
    new ProjectCommands(this.store, this.tasks, this.connections, memory).register(this.table.platform);
  }

  static async start(version: MlflowVersion): Promise<Launching> {
    writeFiles();
    const server = await startMlflowServer(version);
    await configure('trackingUri', server.uri);
    await configure('python.path', mlflowPython(version));
    const { session, lines } = newSession();
    return new Launching(server, session, lines);
  }

  async dispose(): Promise<void> {
    this.tasks.dispose();
    this.store.dispose();
    this.session.dispose();
    await configure('trackingUri', undefined);
    await configure('python.path', undefined);
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await this.server.dispose();
    fs.rmSync(root(), { recursive: true, force: true });
    fs.rmSync(path.join(workspaceFolder(), '.vscode', 'tasks.json'), { force: true });
  }

  async rowOf(name: string): Promise<ProjectNode> {
    const found = (await this.store.get()).find(({ path: folder }) => folder === 'launching');
    const points = found && 'project' in found.content ? found.content.project.entryPoints : [];
    const entryPoint = points.find((point) => point.name === name);
    assert.ok(found && entryPoint);
    return { kind: 'entryPoint', found, entryPoint };
  }

  /** Answers the form, and nothing else; gives what was shown, with the end's notification. */
  async launch(name: string, answers: Readonly<Record<string, string>> = {}, button?: string) {
    const before = this.revealed.length;
    const buttons = [button];
    const script = new Script(({ kind, message }) =>
      kind === 'input' ? (answers[message] ?? message) : kind === 'pick' ? 'launches' : buttons.shift(),
    );
    await this.table.run('flowdeck.projects.runEntryPoint', await this.rowOf(name));
    await until(
      () => this.revealed.length > before || this.reported.length > 0,
      () => `${name} was not launched: ${this.reported} ${this.lines.slice(-5)}`,
    );
    const runId = this.revealed[before] ?? '';
    const ended = (pattern: RegExp) =>
      until(
        () => script.shown.some(({ message }) => pattern.test(message)),
        () => `${name} did not end: ${this.reported} ${JSON.stringify(script.shown)}`,
        40_000,
      ).finally(() => script.restore());
    return { script, runId, ended };
  }

  async run(runId: string): Promise<Run> {
    return (await this.connections.require()).store.getRun(runId);
  }

  /** Launches what runs until it is ended, and waits until its program runs. */
  async launchForever() {
    const launched = await this.launch('forever');
    await until(
      () => fs.existsSync(path.join(root(), launched.runId)),
      () => 'the program did not start',
      30_000,
    );
    return launched;
  }

  /** Runs as the official client reads them. */
  async readBack(...runIds: readonly string[]): Promise<(ReadRun | undefined)[]> {
    const output = await this.server.python(readBack, ...runIds);
    const runs: Record<string, ReadRun> = JSON.parse(/^runs (.*)$/m.exec(output)?.[1] ?? '{}');
    return runIds.map((runId) => runs[runId]);
  }
}
