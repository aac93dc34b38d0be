import * as vscode from 'vscode';
import { MlflowError } from '../mlflow/mlflowError';
import { Command, type CommandId } from '../platform/ids';
import { settings } from '../platform/settings';
import type { Connection } from './connection';
import type { ServerSession } from './serverSession';

interface StatusItem extends vscode.QuickPickItem {
  readonly copy?: string;
  readonly run?: () => unknown;
}

/** `Flowdeck: Show Server Status`: what is known of the server, and what can be done about it. */
export async function showStatus(
  session: ServerSession,
  localRunning: boolean,
  hinted: readonly vscode.Command[] = [],
): Promise<void> {
  const facts = await factsOf(session);
  const picked = await vscode.window.showQuickPick<StatusItem>(
    [...facts, separator(vscode.l10n.t('Actions')), ...hinted.map(hintedItem), ...actions(session, localRunning)],
    { title: vscode.l10n.t('MLflow Server'), placeHolder: vscode.l10n.t('Choose a fact to copy it, or an action') },
  );
  if (picked?.run) await picked.run();
  else if (picked?.copy !== undefined) await vscode.env.clipboard.writeText(picked.copy);
}

const hintedItem = ({ title, command, arguments: args = [] }: vscode.Command): StatusItem => ({
  label: `$(git-commit) ${title}`,
  run: () => vscode.commands.executeCommand(command, ...args),
});

const separator = (label: string): StatusItem => ({ label, kind: vscode.QuickPickItemKind.Separator });

async function factsOf(session: ServerSession): Promise<StatusItem[]> {
  let connection: Connection | undefined;
  try {
    connection = await session.connector.get();
    if (!connection) return [{ label: `$(plug) ${vscode.l10n.t('No server')}`, detail: noServerDetail() }];
    const started = performance.now();
    await connection.store.serverInfo();
    return connectedFacts(session, connection, performance.now() - started);
  } catch (error) {
    return failedFacts(session, error);
  }
}

const noServerDetail = () =>
  vscode.l10n.t('flowdeck.trackingUri and MLFLOW_TRACKING_URI are empty, and none runs on 127.0.0.1:5000.');

function connectedFacts(session: ServerSession, connection: Connection, ms: number): StatusItem[] {
  const { uri, server, readOnly } = connection;
  return [
    fact('server', vscode.l10n.t('Server'), uri, originText(session)),
    fact('versions', vscode.l10n.t('Version'), server.version ?? `${server.generation}.x`),
    fact('database', vscode.l10n.t('Store'), server.storeType ?? vscode.l10n.t('not told by the server')),
    fact('account', vscode.l10n.t('Signed in as'), server.user ?? vscode.l10n.t('nobody, or not told by the server')),
    fact('dashboard', vscode.l10n.t('Answers in'), `${Math.round(ms)} ms`),
    ...(readOnly ? [fact('lock', vscode.l10n.t('Access'), vscode.l10n.t('read-only'))] : []),
  ];
}

function failedFacts(session: ServerSession, error: unknown): StatusItem[] {
  const { state } = session.connector;
  const uri = state.kind === 'failed' ? state.uri : '';
  const message = error instanceof Error ? error.message : String(error);
  const advice = error instanceof MlflowError ? error.details.advice : undefined;
  return [
    ...(uri ? [fact('server', vscode.l10n.t('Server'), uri, originText(session))] : []),
    { label: `$(warning) ${message}`, copy: message, ...(advice ? { detail: advice } : {}) },
  ];
}

const fact = (icon: string, label: string, value: string, note?: string): StatusItem => ({
  label: `$(${icon}) ${label}`,
  description: note ? `${value} (${note})` : value,
  copy: value,
});

function originText({ connector }: ServerSession): string {
  switch (connector.origin) {
    case 'environment':
      return vscode.l10n.t('from MLFLOW_TRACKING_URI');
    case 'found':
      return vscode.l10n.t('found on this machine');
    case 'local':
      return vscode.l10n.t('started by this window');
    case 'setting':
    case undefined:
      return '';
  }
}

function actions(session: ServerSession, localRunning: boolean): StatusItem[] {
  const { connector } = session;
  const connected = connector.state.kind === 'connected';
  const command = (icon: string, label: string, id: CommandId): StatusItem => ({
    label: `$(${icon}) ${label}`,
    run: () => vscode.commands.executeCommand(id),
  });
  return [
    ...(connected ? [command('link-external', vscode.l10n.t('Open MLflow Web UI'), Command.server.openWebUi)] : []),
    { label: `$(refresh) ${vscode.l10n.t('Connect Again')}`, run: () => connector.retry() },
    command('plug', vscode.l10n.t('Connect to Another Server…'), Command.server.connect),
    ...(localRunning
      ? [command('debug-stop', vscode.l10n.t('Stop the Local MLflow Server'), Command.server.stopLocal)]
      : vscode.workspace.isTrusted
        ? [command('server-process', vscode.l10n.t('Start a Local MLflow Server'), Command.server.startLocal)]
        : []),
    readOnlyAction(),
    command('key', vscode.l10n.t('Forget Credentials…'), Command.server.forgetCredentials),
    command('output', vscode.l10n.t('Show Log'), Command.server.showLog),
  ];
}

function readOnlyAction(): StatusItem {
  const isOn = settings.readOnly.get();
  const { workspaceFolders } = vscode.workspace;
  const target = workspaceFolders ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  return {
    label: isOn ? `$(unlock) ${vscode.l10n.t('Allow Writing')}` : `$(lock) ${vscode.l10n.t('Make Read-Only')}`,
    run: () => settings.readOnly.update(!isOn, target),
  };
}
