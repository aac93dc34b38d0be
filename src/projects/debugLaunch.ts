import net from 'node:net';
import path from 'node:path';
import * as vscode from 'vscode';
import { MlflowError } from '../mlflow/mlflowError';
import { pythonCall } from './entryPoints';
import type { RunExtras } from './launchedRun';
import type { EntryPoint } from './mlproject';
import { isLocalPath, type ParameterPlan } from './parameters';

const debuggerId = 'ms-python.debugpy';
/** ms; importing the debugger takes seconds on a busy machine. */
const patience = 30_000;

/** Where the Python debugger's extension keeps its library. Throws `MlflowError` when it is not there. */
function debuggerLibrary(): string {
  const extension = vscode.extensions.getExtension<unknown>(debuggerId);
  if (extension) return path.join(extension.extensionPath, 'bundled', 'libs');
  throw new MlflowError('invalid', vscode.l10n.t('The Python debugger is not installed.'), {
    advice: vscode.l10n.t('Install the extension {0}, or run the entry point without debugging.', debuggerId),
  });
}

/**
 * What makes a launch one under the debugger: the command's own call of Python, since `mlflow run` goes through bash,
 * where no debugger follows. The run is found by MLFLOW_RUN_ID. The process stays ours, with its terminal and its end;
 * the debugger is attached to it, so that no credential stands in a configuration that other extensions can read.
 */
export async function debugExtras(folder: vscode.WorkspaceFolder, name: string): Promise<RunExtras> {
  const library = debuggerLibrary();
  const port = await freePort();
  const attach = () =>
    vscode.debug.startDebugging(folder, {
      type: 'debugpy',
      request: 'attach',
      name: vscode.l10n.t('Debug {0}', name),
      connect: { host: '127.0.0.1', port },
    });
  return {
    args: (entryPoint, plan, place) => debuggedArguments(entryPoint, plan, place, port),
    environment: { PYTHONPATH: [library, process.env.PYTHONPATH].filter(Boolean).join(path.delimiter) },
    onStart: (stop) => {
      attachWhenReady(port, attach).then(
        (attached) => {
          if (!attached) stop();
        },
        () => stop(),
      );
      return endWith(port, stop);
    },
  };
}

/** `-m debugpy …` and the program of the entry point. Throws `MlflowError` for a command that only bash can run. */
export function debuggedArguments(
  entryPoint: EntryPoint,
  plan: ParameterPlan,
  place: string,
  port: number,
): readonly string[] {
  const isPath = new Set(entryPoint.parameters.filter(({ type }) => type === 'path').map(({ name }) => name));
  // As MLflow: a local path is made absolute.
  const resolved = (key: string, value: string) =>
    isPath.has(key) && isLocalPath(value) ? path.resolve(place, value) : value;
  const values = new Map(Object.entries(plan.logged).map(([key, value]) => [key, resolved(key, value)]));
  const call = pythonCall(entryPoint.command ?? '', values);
  if (!call)
    throw new MlflowError(
      'invalid',
      vscode.l10n.t('The command of {0} is not one call of Python, so it cannot be debugged.', entryPoint.name),
      { advice: vscode.l10n.t('Run it without debugging, or make it "python file.py …" or "python -m module …".') },
    );
  const declared = new Set(entryPoint.parameters.map(({ name }) => name));
  const others = [...plan.given].filter(([key]) => !declared.has(key)).flatMap(([key, value]) => [`--${key}`, value]);
  const listen = ['-m', 'debugpy', '--listen', `127.0.0.1:${port}`, '--wait-for-client'];
  return [...listen, ...call.program, ...call.args, ...others];
}

/** Ends the program when the person ends the session, which only lets go of it. */
function endWith(port: number, stop: () => void): vscode.Disposable {
  return vscode.debug.onDidTerminateDebugSession(({ configuration }) => {
    // A program that has ended by itself is gone in a moment.
    if (isOurs(configuration.connect, port)) setTimeout(stop, 3_000);
  });
}

const isOurs = (connect: unknown, port: number) =>
  typeof connect === 'object' && connect !== null && 'port' in connect && connect.port === port;

async function attachWhenReady(port: number, attach: () => Thenable<boolean>): Promise<boolean> {
  for (const until = Date.now() + patience; Date.now() < until; ) {
    if (await isTaken(port)) return attach();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Somebody listens there. Connecting would be taken for the debugger. */
function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer().once('error', () => resolve(true));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)));
  });
}
