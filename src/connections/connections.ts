import * as vscode from 'vscode';
import { MlflowError, type MlflowErrorKind } from '../mlflow/mlflowError';
import { webUrl } from '../mlflow/serverAddress';
import { setContext } from '../platform/context';
import { onDidHttpSettingsChange } from '../platform/httpSettings';
import { Command, ContextKey } from '../platform/ids';
import { Poller } from '../platform/poller';
import type { Platform } from '../platform/services';
import { settings } from '../platform/settings';
import type { ConnectionState, Connections } from './connection';
import { LazyLocalServer } from './local/lazyLocalServer';
import { LocalStoreWatch } from './local/localStores';
import { noServer } from './serverConnector';
import { ServerSession } from './serverSession';
import { ServerStatusBar } from './statusBar';

/** Builds the window's connection and everything around it. Asks nothing of the network. */
export function registerConnections(platform: Platform): Connections {
  const { subscriptions } = platform.context;
  const session = new ServerSession(platform);
  subscriptions.push(
    session,
    ...followSettings(session),
    session.onDidChange(() => showState(session)),
    new Reconnecting(session),
  );
  const local = new LazyLocalServer(session);
  const stores = new LocalStoreWatch((error) => platform.log.warn(`cannot look for local stores: ${String(error)}`));
  const firstChange = session.onDidChange(() => {
    firstChange.dispose();
    stores.begin();
  });
  const statusBar = new ServerStatusBar(session);
  subscriptions.push(statusBar, local, stores);
  setContext(ContextKey.readOnly, settings.readOnly.get());
  registerCommands(session, local, statusBar);
  return facadeOf(session, statusBar);
}

function registerCommands(session: ServerSession, local: LazyLocalServer, statusBar: ServerStatusBar): void {
  const { commands } = session.platform;
  commands.register(Command.server.connect, vscode.l10n.t('connect to the server'), (given) =>
    import('./connectCommand').then(({ connectToServer }) => connectToServer(session, given)),
  );
  commands.register(Command.server.showStatus, vscode.l10n.t('show the status of the server'), () =>
    import('./statusCommand').then(({ showStatus }) => showStatus(session, local.isRunning, statusBar.hint?.actions)),
  );
  commands.register(Command.server.forgetCredentials, vscode.l10n.t('forget the credentials'), () =>
    import('./credentialsCommand').then(({ forgetCredentials }) => forgetCredentials(session)),
  );
  commands.register(Command.server.startLocal, vscode.l10n.t('start a local MLflow server'), () => local.start());
  commands.register(Command.server.stopLocal, vscode.l10n.t('stop the local MLflow server'), () => local.stop());
  commands.register(Command.server.openWebUi, vscode.l10n.t('open the MLflow web UI'), async () => {
    const connection = await session.connector.get();
    if (!connection) throw noServer();
    await vscode.env.openExternal(vscode.Uri.parse(webUrl(connection.uri), true));
  });
}

/** What the other features may know. */
function facadeOf(session: ServerSession, statusBar: ServerStatusBar): Connections {
  const { connector } = session;
  const required = async (anew = false) => {
    const connection = await connector.get(anew);
    if (!connection) throw noServer();
    return connection;
  };
  return {
    get state() {
      return connector.state;
    },
    onDidChange: session.onDidChange,
    get: () => connector.get(),
    require: required,
    showHint: (hint) => statusBar.show(hint),
    async requireWritable() {
      const connection = await required();
      if (!connection.readOnly) return connection;
      throw new MlflowError('forbidden', vscode.l10n.t('The server is marked as read-only.'), {
        server: connection.uri,
        advice: vscode.l10n.t('Switch the setting flowdeck.readOnly off to write to it.'),
      });
    },
  };
}

/** Looks for a server that does not answer until it is back, so that nobody has to ask. A sign-in needs a person. */
class Reconnecting implements vscode.Disposable {
  private readonly listening: vscode.Disposable;
  private readonly poller: Poller;

  constructor({ connector, onDidChange }: ServerSession) {
    this.poller = new Poller({
      intervalSeconds: () => settings.refreshIntervalSeconds.get(),
      wanted: () => isAbsent(connector.state) && vscode.window.state.focused,
      poll: async () => void (await connector.retry(true)),
    });
    const update = () => this.poller.update();
    this.listening = vscode.Disposable.from(
      onDidChange(() => {
        // It has just been asked: the next look is an interval from now.
        if (isAbsent(connector.state)) this.poller.noteContact(true);
        else update();
      }),
      vscode.window.onDidChangeWindowState(update),
      settings.refreshIntervalSeconds.onDidChange(update),
    );
  }

  dispose(): void {
    this.listening.dispose();
    this.poller.dispose();
  }
}

const absences: readonly MlflowErrorKind[] = ['unreachable', 'timeout', 'server'];
const isAbsent = (state: ConnectionState) =>
  state.kind === 'failed' && state.error instanceof MlflowError && absences.includes(state.error.kind);

function followSettings(session: ServerSession): vscode.Disposable[] {
  const { connector } = session;
  return [
    settings.trackingUri.onDidChange(() => {
      session.release();
      connector.reconsider();
    }),
    settings.readOnly.onDidChange(() => {
      setContext(ContextKey.readOnly, settings.readOnly.get());
      connector.refreshReadOnly();
    }),
    onDidHttpSettingsChange(() => connector.reconsider(true)),
    // Another window signed in.
    session.credentials.onDidChange((uri) => {
      const { state } = connector;
      if (state.kind === 'failed' && state.uri === uri) connector.reconsider();
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(() => connector.reconsider()),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      // Coming back to the window is when a person wonders whether the server is up again.
      if (focused && connector.state.kind === 'failed') connector.retry(true).catch(() => undefined);
    }),
  ];
}

function showState({ connector, platform }: ServerSession): void {
  const { state } = connector;
  setContext(ContextKey.connection, state.kind);
  switch (state.kind) {
    case 'connected': {
      const { uri, server } = state.connection;
      platform.log.info(`connected to ${uri}: MLflow ${server.version ?? server.generation}`);
      return;
    }
    case 'failed':
      platform.log.warn(`cannot connect to ${state.uri}: ${String(state.error)}`);
      return;
    case 'connecting':
    case 'none':
      return;
  }
}
