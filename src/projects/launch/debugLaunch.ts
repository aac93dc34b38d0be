import net from 'node:net';
import path from 'node:path';
import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import type { RunExtras } from './launchTypes';

const debuggerId = 'ms-python.debugpy';

/** Where the Python debugger's extension keeps its library. Throws `MlflowError` when it is not there. */
function debuggerLibrary(): string {
  const extension = vscode.extensions.getExtension<unknown>(debuggerId);
  if (extension) return path.join(extension.extensionPath, 'bundled', 'libs');
  throw new MlflowError('invalid', vscode.l10n.t('The Python debugger is not installed.'), {
    advice: vscode.l10n.t('Install the extension {0}, or run the entry point without debugging.', debuggerId),
  });
}

/**
 * What makes a launch one under the debugger. The process stays ours, with its terminal and its end; the debugger is
 * attached to it, so that no credential stands in a configuration that other extensions can read.
 */
export async function debugExtras(folder: vscode.WorkspaceFolder, name: string): Promise<RunExtras> {
  const library = debuggerLibrary();
  const debugPort = await freePort();
  const attach = () =>
    vscode.debug.startDebugging(folder, {
      type: 'debugpy',
      request: 'attach',
      name: vscode.l10n.t('Debug {0}', name),
      connect: { host: '127.0.0.1', port: debugPort },
    });
  return {
    debugPort,
    environment: { PYTHONPATH: [library, process.env.PYTHONPATH].filter(Boolean).join(path.delimiter) },
    onStart: (stop) => {
      const over = new AbortController();
      attachWhenReady(debugPort, attach, over.signal).then(
        (attached) => {
          if (!attached) stop();
        },
        () => stop(),
      );
      return vscode.Disposable.from(endWith(debugPort, stop), { dispose: () => over.abort() });
    },
  };
}

/**
 * Ends the program when the person ends the session, which only lets go of it. A program that ends by itself says so
 * before anybody lets go; it then takes its time to be gone.
 */
function endWith(port: number, stop: () => void): vscode.Disposable {
  return vscode.debug.registerDebugAdapterTrackerFactory('debugpy', {
    createDebugAdapterTracker: ({ configuration }) => {
      if (!isOurs(configuration.connect, port)) return undefined;
      let hasEnded = false;
      return {
        onDidSendMessage: (message: unknown) => {
          if (isMessage(message, 'event', 'exited') || isMessage(message, 'event', 'terminated')) hasEnded = true;
        },
        onWillReceiveMessage: (message: unknown) => {
          if (isMessage(message, 'command', 'disconnect') && !hasEnded) stop();
        },
        // The adapter went without a word: a session that nobody can end any more.
        onWillStopSession: () => {
          if (!hasEnded) stop();
        },
      };
    },
  });
}

/** https://microsoft.github.io/debug-adapter-protocol/specification#Base_Protocol */
const isMessage = (message: unknown, key: 'event' | 'command', name: string) =>
  typeof message === 'object' && message !== null && Reflect.get(message, key) === name;

const isOurs = (connect: unknown, port: number) =>
  typeof connect === 'object' && connect !== null && 'port' in connect && connect.port === port;

/** As long as the process runs: making an environment takes minutes. False when that fails. */
async function attachWhenReady(port: number, attach: () => Thenable<boolean>, over: AbortSignal): Promise<boolean> {
  for (; !over.aborted; await new Promise((resolve) => setTimeout(resolve, 100)))
    if (await isTaken(port)) return attach();
  return true;
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
