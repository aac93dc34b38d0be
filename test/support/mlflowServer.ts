import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endGroup, freePort, run, startGroup } from '../../scripts/lib/run.mjs';

export type MlflowVersion = '3.17.2' | '2.15.1';

/** Where the runner of the tests says each version's Python is. */
const interpreterVariable: Readonly<Record<MlflowVersion, string>> = {
  '3.17.2': 'FLOWDECK_MLFLOW_3',
  '2.15.1': 'FLOWDECK_MLFLOW_2',
};

/** An official `mlflow server` with an empty store of its own. */
export interface MlflowServer {
  readonly version: MlflowVersion;
  readonly uri: string;
  /** Its throw-away folder: `mlflow.db` and `artifacts/`. */
  readonly folder: string;
  /**
   * Runs Python code with the official client pointed at this server; `args` are `sys.argv[1:]`.
   * @returns what it printed
   */
  python(code: string, ...args: string[]): Promise<string>;
  /** Ends the server as a machine that fails does: at once, data kept. */
  stop(): Promise<void>;
  /** Ends the server and removes its data. */
  dispose(): Promise<void>;
}

export interface MlflowServerOptions {
  /** More arguments for `mlflow server`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: a free one. */
  readonly port?: number;
  /** Where the server says that it is up; default `/health`. */
  readonly healthPath?: string;
  /** Reuses the data of a stopped server. */
  readonly folder?: string;
}

/** The Python of a version's environment. @throws when the runner has not named it */
export function mlflowPython(version: MlflowVersion): string {
  const python = process.env[interpreterVariable[version]];
  if (!python) throw new Error(`${interpreterVariable[version]} must name the Python that has MLflow ${version}`);
  return python;
}

/** Starts a server and waits until it answers (about 6 s for 3.17.2, 3 s for 2.15.1). */
export async function startMlflowServer(
  version: MlflowVersion,
  options: MlflowServerOptions = {},
): Promise<MlflowServer> {
  const python = mlflowPython(version);
  const folder = options.folder ?? mkdtempSync(path.join(os.tmpdir(), 'flowdeck-mlflow-'));
  const port = options.port ?? (await freePort());
  const uri = `http://127.0.0.1:${port}`;
  const args = ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
  const store = [
    '--backend-store-uri',
    'sqlite:///mlflow.db',
    '--artifacts-destination',
    path.join(folder, 'artifacts'),
  ];
  const env = { ...environment(python), MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false', ...options.env };
  const child = startGroup(python, [...args, ...store, ...(options.args ?? [])], { cwd: folder, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000);
    });
  await answers(
    uri + (options.healthPath ?? '/health'),
    () => child.exitCode === null && child.signalCode === null,
    async () => {
      await endGroup(child);
      return new Error(`mlflow server ${version} did not start\n${output}`);
    },
  );
  const stop = () => endGroup(child, 3000);
  return {
    version,
    uri,
    folder,
    stop,
    python: (code, ...rest) =>
      run(python, ['-c', code, ...rest], { cwd: folder, env: { ...environment(python), MLFLOW_TRACKING_URI: uri } }),
    dispose: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** MLflow starts gunicorn and git by name: the environment's programs come first. Its own settings do not leak in. */
function environment(python: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('MLFLOW_'));
  const PATH = `${path.dirname(python)}${path.delimiter}${process.env.PATH ?? ''}`;
  return { ...Object.fromEntries(own), PATH, GIT_PYTHON_REFRESH: 'quiet', PYTHONUNBUFFERED: '1' };
}

async function answers(url: string, isAlive: () => boolean, failure: () => Promise<Error>): Promise<void> {
  for (const deadline = Date.now() + 100_000; ; await sleep(100)) {
    const isUp = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp && isAlive()) return;
    if (!isAlive() || Date.now() > deadline) throw await failure();
  }
}
