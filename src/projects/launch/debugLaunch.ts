import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import type { RunExtras } from './launchTypes';

const debuggerId = 'ms-python.debugpy';
const host = '127.0.0.1';

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
 * attached to it, so that no credential stands in a configuration that other extensions can read. The system gives the
 * debugger its port when it listens, which it writes into a file for us.
 */
export async function debugExtras(folder: vscode.WorkspaceFolder, name: string): Promise<RunExtras> {
  const library = debuggerLibrary();
  const file = path.join(os.tmpdir(), `flowdeck-debug-${randomBytes(16).toString('hex')}.json`);
  const attach = (port: number) =>
    vscode.debug.startDebugging(folder, {
      type: 'debugpy',
      request: 'attach',
      name: vscode.l10n.t('Debug {0}', name),
      connect: { host, port },
    });
  return {
    debug: true,
    environment: {
      PYTHONPATH: [library, process.env.PYTHONPATH].filter(Boolean).join(path.delimiter),
      DEBUGPY_ADAPTER_ENDPOINTS: file,
    },
    onStart: (stop) => {
      const over = new AbortController();
      const ours = { port: 0 };
      attachWhenReady(file, over.signal, (port) => {
        ours.port = port;
        return attach(port);
      }).then(
        (attached) => {
          if (!attached) stop();
        },
        () => stop(),
      );
      return vscode.Disposable.from(endWith(ours, stop), { dispose: () => over.abort() });
    },
  };
}

/**
 * Ends the program when the person ends the session, which only lets go of it. A program that ends by itself says so
 * before anybody lets go; it then takes its time to be gone.
 */
function endWith(ours: { readonly port: number }, stop: () => void): vscode.Disposable {
  return vscode.debug.registerDebugAdapterTrackerFactory('debugpy', {
    createDebugAdapterTracker: ({ configuration }) => {
      if (!isOurs(configuration.connect, ours.port)) return undefined;
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
async function attachWhenReady(
  file: string,
  over: AbortSignal,
  attach: (port: number) => Thenable<boolean>,
): Promise<boolean> {
  for (; !over.aborted; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const port = await portIn(file);
    if (port !== undefined) return attach(port);
  }
  return true;
}

/** Undefined until debugpy has written all of it. It takes the file away when the program has ended. */
async function portIn(file: string): Promise<number | undefined> {
  try {
    const written: unknown = JSON.parse(await fs.readFile(file, 'utf8'));
    const port: unknown = Reflect.get(Object(Reflect.get(Object(written), 'client')), 'port');
    return typeof port === 'number' ? port : undefined;
  } catch {
    return undefined;
  }
}
