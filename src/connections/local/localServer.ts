import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import { withProgress } from '../../platform/cancellation';
import { setContext } from '../../platform/context';
import { Command, ContextKey } from '../../platform/ids';
import { messages } from '../../platform/messages';
import { findPython, findUvx } from '../../platform/python';
import { requireTrust } from '../../platform/trust';
import type { ServerSession } from '../serverSession';
import { holdsStore, type StoreFolder, storeFolders } from './localStores';
import { type Preparation, type PreparedStore, prepareDatabase, prepareFileStore } from './prepareStore';
import { ServerProcess } from './serverProcess';
import { ServerTerminal } from './serverTerminal';

interface Running {
  readonly process: ServerProcess;
  readonly terminal: ServerTerminal;
  readonly folder: string;
}

/** The one MLflow server that this window may run: started on a folder's store, ended with the window. */
export class LocalServer implements vscode.Disposable {
  private running: Running | undefined;
  private starting = false;
  /** The end that comes next was asked for. */
  private endIsWanted = false;

  constructor(private readonly session: ServerSession) {}

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** Asks what has to be asked, starts the server, waits until it answers, and connects to it. */
  async start(): Promise<void> {
    requireTrust(vscode.l10n.t('Starting a server runs programs of this folder.'));
    if (this.starting) return;
    if (this.running) return this.showRunning(this.running);
    this.starting = true;
    try {
      await this.startOn(await pickStore());
    } finally {
      this.starting = false;
      this.tell();
    }
  }

  async stop(): Promise<void> {
    const { running } = this;
    if (!running) return;
    this.endIsWanted = true;
    await running.process.stop();
    running.terminal.dispose();
  }

  /** The window closes: the watchdog ends the group by itself. */
  dispose(): void {
    this.running?.process.release();
    this.running?.terminal.dispose();
  }

  private async startOn(store: ChosenStore | undefined): Promise<void> {
    if (!store) return;
    const folder = store.folder.uri.fsPath;
    const python = await findPython(store.folder);
    const terminal = new ServerTerminal(vscode.l10n.t('MLflow Server'), () => {
      this.endIsWanted = true;
      this.running?.process.release();
    });
    try {
      const preparation: Preparation = {
        python,
        folder,
        uvx: await findUvx(),
        onOutput: (text) => terminal.append(text),
      };
      const prepared =
        store.kind === 'files' ? await prepareFileStore(preparation) : await prepareDatabase(preparation, store.name);
      if (prepared) await this.launch(prepared, folder, terminal);
      else terminal.dispose();
    } catch (error) {
      if (error instanceof MlflowError && error.kind === 'cancelled') terminal.dispose();
      else terminal.show();
      throw error;
    }
  }

  private async launch(prepared: PreparedStore, folder: string, terminal: ServerTerminal): Promise<void> {
    const process = await ServerProcess.start({
      ...prepared,
      folder,
      watchdog: vscode.Uri.joinPath(this.session.platform.context.extensionUri, 'dist', 'watchdog.js').fsPath,
      onOutput: (text) => terminal.append(text),
    });
    this.running = { process, terminal, folder };
    this.endIsWanted = false;
    process.onDidEnd(() => this.ended(process));
    this.tell('starting');
    try {
      await withProgress(vscode.l10n.t('Starting the MLflow server'), async (signal, report) => {
        report(vscode.l10n.t('with {0}, on a free port of this machine', prepared.python.label));
        const isHealthy = async (uri: string) => (await this.session.find(uri, signal)) !== undefined;
        await process.waitUntilHealthy(isHealthy, signal);
      });
    } catch (error) {
      this.endIsWanted = true;
      await process.stop();
      throw error;
    }
    this.tell();
    await this.session.use({ uri: process.uri, origin: 'local', credentialsInSetting: false });
  }

  private ended(process: ServerProcess): void {
    if (this.running?.process !== process) return;
    const { terminal } = this.running;
    terminal.append(`\n${vscode.l10n.t('The server has ended.')}\n`);
    this.running = undefined;
    this.session.platform.log.info(`the local server ${process.uri} has ended`);
    this.session.release(process.uri);
    this.tell();
    if (!this.endIsWanted && !this.starting) this.offerRestart(terminal);
  }

  private offerRestart(terminal: ServerTerminal): void {
    const again = vscode.l10n.t('Start Again');
    const show = vscode.l10n.t('Show Its Terminal');
    void messages
      .showWarningMessage(vscode.l10n.t('The local MLflow server has ended by itself.'), again, show)
      .then((chosen) => {
        if (chosen === again) void vscode.commands.executeCommand(Command.server.startLocal);
        if (chosen === show) terminal.show();
      });
  }

  private async showRunning({ process, terminal, folder }: Running): Promise<void> {
    const show = vscode.l10n.t('Show Its Terminal');
    const stop = vscode.l10n.t('Stop It');
    const message = vscode.l10n.t('The server of {0} runs already at {1}.', folder, process.uri);
    const chosen = await messages.showInformationMessage(message, show, stop);
    if (chosen === show) terminal.show();
    if (chosen === stop) await vscode.commands.executeCommand(Command.server.stopLocal);
  }

  private tell(state: 'starting' | 'running' | 'stopped' = this.running ? 'running' : 'stopped'): void {
    setContext(ContextKey.localServer, state);
  }
}

interface ChosenStore {
  readonly folder: vscode.WorkspaceFolder;
  readonly kind: 'database' | 'files';
  /** File name of the database. */
  readonly name: string;
}

/** The store that is there; asks when there are several, or none. */
async function pickStore(): Promise<ChosenStore | undefined> {
  const folders = await storeFolders();
  if (folders.length === 0)
    throw new MlflowError('invalid', vscode.l10n.t('A local server needs an open folder on disk.'), {
      advice: vscode.l10n.t('Open the folder that is to hold mlflow.db.'),
    });
  const stores = folders.filter(holdsStore).flatMap(storesOf);
  const [only] = stores;
  if (stores.length === 1) return only;
  const items = stores.length > 0 ? stores : folders.map(newStore);
  const picked = await vscode.window.showQuickPick(
    items.map((store) => ({
      label: store.kind === 'files' ? '$(folder) mlruns/' : `$(database) ${store.name}`,
      description: store.folder.name,
      ...(stores.length > 0 ? {} : { detail: vscode.l10n.t('is made: there is no MLflow store here yet') }),
      store,
    })),
    { title: vscode.l10n.t('Start a Local MLflow Server'), placeHolder: vscode.l10n.t('Store that is served') },
  );
  return picked?.store;
}

const newStore = ({ folder }: StoreFolder): ChosenStore => ({ folder, kind: 'database', name: 'mlflow.db' });

function storesOf({ folder, database, hasFileStore }: StoreFolder): ChosenStore[] {
  return [
    ...(database ? [{ folder, kind: 'database' as const, name: database }] : []),
    ...(hasFileStore ? [{ folder, kind: 'files' as const, name: 'mlruns' }] : []),
  ];
}
