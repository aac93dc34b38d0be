import * as vscode from 'vscode';
import { MlflowError } from '../mlflow/mlflowError';
import { commandLink } from '../platform/commandLink';
import { Command } from '../platform/ids';
import { settings } from '../platform/settings';
import { plainMarkdown } from '../shared/plainMarkdown';
import type { ConnectionState, StatusHint } from './connection';
import type { ServerSession } from './serverSession';

interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  readonly warning: boolean;
}

/**
 * The one status bar item: shown from the start when a server is configured, else once somebody asked for one. It
 * only shows; it asks nothing.
 */
export class ServerStatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('server', vscode.StatusBarAlignment.Left, 10);
  private readonly listening: vscode.Disposable;
  private shown: StatusHint | undefined;

  constructor(private readonly session: ServerSession) {
    this.item.name = vscode.l10n.t('Flowdeck server');
    this.item.command = Command.server.showStatus;
    this.listening = vscode.Disposable.from(
      session.onDidChange(() => this.render()),
      settings.trackingUri.onDidChange(() => this.render()),
      settings.readOnly.onDidChange(() => this.render()),
    );
    this.render();
  }

  /** What is shown beside the server. */
  get hint(): StatusHint | undefined {
    return this.session.connector.state.kind === 'connected' ? this.shown : undefined;
  }

  show(hint: StatusHint | undefined): void {
    this.shown = hint;
    this.render();
  }

  dispose(): void {
    this.listening.dispose();
    this.item.dispose();
  }

  private render(): void {
    const { connector, configuredUri } = this.session;
    if (!connector.wasAsked && configuredUri === undefined) {
      this.item.hide();
      return;
    }
    const { text, tooltip, warning } = describeState(connector.state, configuredUri, connector.wasAsked);
    const { hint } = this;
    this.item.text = hint ? `${text} · ${hint.text}` : text;
    this.item.tooltip = hint ? hintTooltip(tooltip, hint) : tooltip;
    this.item.accessibilityInformation = { label: hint ? `${tooltip}. ${hint.text}` : tooltip, role: 'button' };
    this.item.backgroundColor = warning ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.item.show();
  }
}

/** What it says of a repository is shown as such; only the commands of the hint can be run. */
function hintTooltip(server: string, { detail, actions }: StatusHint): vscode.MarkdownString {
  const text = new vscode.MarkdownString(`${plainMarkdown(server)}\n\n${plainMarkdown(detail)}\n\n`);
  text.isTrusted = { enabledCommands: actions.map(({ command }) => command) };
  const links = actions.map(({ title, command, arguments: args }) => `[${title}](${commandLink(command, args)})`);
  return text.appendMarkdown(links.join(' · '));
}

function describeState(state: ConnectionState, configuredUri: string | undefined, wasAsked: boolean): StatusText {
  const lock = settings.readOnly.get() ? ' $(lock)' : '';
  switch (state.kind) {
    case 'none':
      return wasAsked || configuredUri === undefined
        ? plain('$(plug) MLflow', vscode.l10n.t('MLflow: no server. Click to choose one.'))
        : plain(`$(plug) ${hostOf(configuredUri)}`, vscode.l10n.t('MLflow: {0}, not asked yet', configuredUri));
    case 'connecting':
      return plain(`$(sync~spin) ${hostOf(state.uri)}`, vscode.l10n.t('MLflow: connecting to {0}…', state.uri));
    case 'connected': {
      const { uri, server } = state.connection;
      const version = server.version ?? `${server.generation}.x`;
      const known = vscode.l10n.t('MLflow {0} at {1}, connected', version, uri);
      return plain(
        `$(server) ${hostOf(uri)} ${version}${lock}`,
        [
          known,
          ...(server.user ? [vscode.l10n.t('signed in as {0}', server.user)] : []),
          ...(lock ? [vscode.l10n.t('read-only')] : []),
        ].join(', '),
      );
    }
    case 'failed':
      return failed(state);
  }
}

function failed({ uri, error }: Extract<ConnectionState, { kind: 'failed' }>): StatusText {
  const wantsSignIn = error instanceof MlflowError && error.kind === 'auth';
  const reason = error instanceof Error ? error.message : String(error);
  return {
    text: `$(${wantsSignIn ? 'key' : 'warning'}) ${uri ? hostOf(uri) : 'MLflow'}`,
    tooltip: vscode.l10n.t('MLflow: {0} Click for what to do.', reason),
    warning: true,
  };
}

const plain = (text: string, tooltip: string): StatusText => ({ text, tooltip, warning: false });

/** Addresses are long and the status bar is short. */
function hostOf(uri: string): string {
  return URL.canParse(uri) ? new URL(uri).host : uri;
}
