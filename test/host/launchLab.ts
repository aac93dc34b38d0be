import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Connections } from '../../src/connections/connection';
import type { ServerSession } from '../../src/connections/serverSession';
import type { Platform } from '../../src/platform/services';
import type { EndedRun } from '../../src/projects/launch/launchTypes';
import type { EndedSweep } from '../../src/projects/launch/sweepTerminal';
import type { LaunchRequest } from '../../src/projects/request/taskDefinition';
import { type OwnLaunch, ProjectTasks } from '../../src/projects/tasks/projectTasks';
import { ProjectsStore } from '../../src/projects/view/projectsStore';
import type { Run } from '../../src/shared/domain';
import { type MlflowServer, type MlflowVersion, mlflowPython, startMlflowServer } from '../support/mlflowServer';
import { until } from '../support/processTree';
import { CommandTable, configure, connectionsOf, newSession, runsOver, workspaceFolder } from './connectionsHarness';

/** Speaks to the server as a program of the project does, without the seconds that importing MLflow takes. */
const lab = `import json, os, urllib.request
def post(path, **body):
    body["run_id"] = os.environ["MLFLOW_RUN_ID"]
    request = urllib.request.Request(os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/" + path,
        json.dumps(body).encode(), {"Content-Type": "application/json"})
    urllib.request.urlopen(request).read()
def metric(key, value):
    post("log-metric", key=key, value=value, timestamp=1700000000000, step=1)
`;

export const labFiles: Readonly<Record<string, string>> = {
  MLproject: `name: lab
entry_points:
  main:
    parameters: {factor: {type: float, default: 2}, note: {type: string, default: plain}}
    command: "python main.py {factor} {note}"
  say:
    parameters: {text: {type: string, default: none}}
    command: "python say.py {text}"
  breaks:
    command: "python breaks.py"
  forever:
    parameters: {n: {type: string, default: "0"}}
    command: "python forever.py {n}"
`,
  'lab.py': lab,
  'value.txt': '3',
  'main.py':
    'import sys, lab\nlab.metric("score", float(sys.argv[1]) * float(open("value.txt").read()))\nlab.post("log-parameter", key="own", value="x")\n',
  'say.py': 'import json, os, sys\njson.dump(sys.argv[1:], open(os.environ.get("SAID", "said.json"), "w"))\n',
  'breaks.py': 'import inner\n\ninner.load("x")\n',
  'inner.py': 'def load(path):\n    raise ValueError("no such thing: " + path)\n',
  'forever.py':
    'import os, time\nopen(os.environ["MLFLOW_RUN_ID"] + ".started", "w").close()\nprint("hangs", flush=True)\ntime.sleep(600)\n',
  '.gitignore': '*.started\nsaid.json\n',
};

export function git(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** A window with a server, and a project in a repository of its own inside the open folder. */
export class LaunchLab {
  readonly storage = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-launches-'));
  readonly reported: string[] = [];
  readonly revealed: string[] = [];
  readonly picked: string[] = [];

  private constructor(
    readonly name: string,
    readonly server: MlflowServer,
    readonly session: ServerSession,
    readonly connections: Connections,
    readonly store: ProjectsStore,
    readonly platform: Platform,
    readonly table: CommandTable,
    /** The log. */
    readonly lines: readonly string[],
  ) {}

  private built: ProjectTasks | undefined;

  /** `python` is one that has this version of MLflow. */
  static async open(
    name: string,
    version: MlflowVersion = '3.17.2',
    python = mlflowPython(version),
  ): Promise<LaunchLab> {
    const server = await startMlflowServer(version);
    await configure('trackingUri', server.uri);
    await configure('python.path', python);
    const { session, lines } = newSession();
    const table = new CommandTable(session.platform);
    const made = new LaunchLab(
      name,
      server,
      session,
      connectionsOf(session),
      new ProjectsStore(),
      table.platform,
      table,
      lines,
    );
    const report = (action: string, error: unknown) => void made.reported.push(`${action}: ${error}`);
    Object.assign(table.platform.commands, { report });
    Object.assign(table.platform.context, { globalStorageUri: vscode.Uri.file(made.storage) });
    made.write(labFiles);
    git(made.folder, 'init', '-q', '-b', 'main');
    made.commit('first');
    return made;
  }

  get tasks(): ProjectTasks {
    const runs = runsOver(this.connections, this.picked, this.revealed);
    this.built ??= new ProjectTasks({ platform: this.platform, connections: this.connections, runs }, this.store);
    return this.built;
  }

  get folder(): string {
    return path.join(workspaceFolder(), this.name);
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(this.folder, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    }
  }

  /** Gives its id. */
  commit(subject: string): string {
    git(this.folder, 'add', '-A');
    git(this.folder, 'commit', '-q', '-m', subject);
    return git(this.folder, 'rev-parse', 'HEAD');
  }

  request(
    entryPoint: string,
    parameters: Record<string, string> = {},
    more: Partial<LaunchRequest> = {},
  ): LaunchRequest {
    return {
      entryPoint,
      project: this.name,
      parameters: new Map(Object.entries(parameters)),
      experiment: 'lab',
      ...more,
    };
  }

  /** Starts it; gives how it ends. */
  async start(request: LaunchRequest, own: OwnLaunch = {}): Promise<{ ended: Promise<EndedRun | EndedSweep> }> {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    this.reported.length = 0;
    let end: EndedRun | EndedSweep | undefined;
    await this.tasks.run(request, folder, {
      ...own,
      onEnd: (ended) => {
        end = ended;
      },
    });
    const ended = until(
      () => end !== undefined || this.reported.length > 0,
      () => `${request.entryPoint} did not end: ${this.lines.slice(-5).join('; ')}`,
      120_000,
    ).then(() => {
      if (!end) throw new Error(this.reported.join());
      return end;
    });
    ended.catch(() => undefined);
    return { ended };
  }

  async run(
    request: LaunchRequest,
    own: OwnLaunch = {},
  ): Promise<{ readonly ended: EndedRun | EndedSweep; readonly run: Run }> {
    const ended = await (await this.start(request, own)).ended;
    assert.ok(ended.runId, `no run: ${JSON.stringify(ended)}`);
    return { ended, run: await this.get(ended.runId) };
  }

  async get(runId: string): Promise<Run> {
    return (await this.connections.require()).store.getRun(runId);
  }

  /** Runs of the experiment, the oldest first. */
  async runs(): Promise<readonly Run[]> {
    const { store } = await this.connections.require();
    const experiment = await store.getExperimentByName('lab');
    if (!experiment) return [];
    const search = {
      experimentIds: [experiment.experimentId],
      orderBy: ['attributes.start_time ASC'],
      maxResults: 1_000,
    };
    return (await store.searchRuns(search)).items;
  }

  terminate(name: RegExp): void {
    vscode.tasks.taskExecutions.find(({ task }) => name.test(task.name))?.terminate();
  }

  worktrees(): readonly string[] {
    const folder = path.join(this.storage, 'projects', 'worktrees');
    return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  }

  async close(): Promise<void> {
    this.built?.dispose();
    this.store.dispose();
    for (const item of this.platform.context.subscriptions) item.dispose();
    this.session.dispose();
    await configure('trackingUri', undefined);
    await configure('python.path', undefined);
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await this.server.dispose();
    fs.rmSync(this.folder, { recursive: true, force: true });
    fs.rmSync(this.storage, { recursive: true, force: true });
  }
}
