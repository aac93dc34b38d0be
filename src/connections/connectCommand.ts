import * as vscode from 'vscode';
import { MlflowError } from '../mlflow/mlflowError';
import { parseServerAddress, type ServerAddress } from '../mlflow/serverAddress';
import { Command } from '../platform/ids';
import { messages } from '../platform/messages';
import { back, inputStep, pickStep } from '../platform/quickSteps';
import { settings } from '../platform/settings';
import { type CheckedServer, checkServer, describeServer } from './checkServer';
import type { ServerSession } from './serverSession';

interface ServerItem extends vscode.QuickPickItem {
  readonly address?: string;
  readonly action?: 'enter' | 'startLocal';
}

/** `Flowdeck: Connect to Server…`. `given` is an address to begin with; it comes from anywhere. */
export async function connectToServer(session: ServerSession, given: unknown): Promise<void> {
  let typed = typeof given === 'string' ? given : undefined;
  for (;;) {
    const address = await askAddress(session, typed);
    if (!address) return;
    const checked = await checkServer(session, address.uri, address.credentials);
    if (checked === undefined) return;
    if (checked === 'change') {
      typed = address.uri;
      continue;
    }
    const place = await askPlace();
    if (place === undefined) return;
    if (place === back) {
      typed = address.uri;
      continue;
    }
    await connect(session, checked, place);
    void messages.showInformationMessage(vscode.l10n.t('Connected to {0}: {1}.', checked.uri, describeServer(checked)));
    await openTarget(address);
    return;
  }
}

/** A link to a run leads to the run. */
async function openTarget({ target }: ServerAddress): Promise<void> {
  if (target?.runId) await vscode.commands.executeCommand(Command.runs.show, target.runId);
}

async function askAddress(session: ServerSession, given: string | undefined): Promise<ServerAddress | undefined> {
  let typed = given;
  for (;;) {
    if (typed === undefined) {
      const picked = await pickServer(session);
      if (picked?.action === 'startLocal') {
        await vscode.commands.executeCommand(Command.server.startLocal);
        return undefined;
      }
      if (!picked) return undefined;
      if (picked.address) return parseServerAddress(picked.address);
    }
    const entered = await enterAddress(typed);
    if (entered === undefined) return undefined;
    if (entered !== back) return parseServerAddress(entered);
    typed = undefined;
  }
}

async function pickServer(session: ServerSession): Promise<ServerItem | undefined> {
  const picked = await pickStep<ServerItem>({
    title: vscode.l10n.t('Connect to an MLflow Server'),
    placeholder: vscode.l10n.t('Choose a server, or paste the address of one'),
    step: 1,
    totalSteps: 2,
    items: serverItems(session, undefined),
    later: session.findLocal().then((found) => serverItems(session, found)),
    typed: (value) =>
      addressProblem(value)
        ? undefined
        : { label: `$(plug) ${vscode.l10n.t('Use {0}', withoutSecrets(value))}`, address: value, alwaysShow: true },
  });
  return picked === back ? undefined : picked;
}

function serverItems(session: ServerSession, found: { uri: string; version?: string } | undefined): ServerItem[] {
  const current = session.configuredUri;
  const recent = [...new Set([...(current ? [current] : []), ...session.recentServers])]
    .filter((uri) => addressProblem(uri) === undefined && uri !== found?.uri)
    .map((uri) => ({
      label: `$(server) ${uri}`,
      address: uri,
      ...(uri === current ? { description: vscode.l10n.t('in use') } : {}),
    }));
  const local = found
    ? [
        {
          label: `$(server-process) ${found.uri}`,
          description: vscode.l10n.t('MLflow {0} on this machine', found.version ?? ''),
          address: found.uri,
        },
      ]
    : [];
  return [
    { label: `$(edit) ${vscode.l10n.t('Enter an Address…')}`, action: 'enter', alwaysShow: true },
    ...local,
    ...recent,
    ...(vscode.workspace.isTrusted && vscode.workspace.workspaceFolders
      ? [{ label: `$(play) ${vscode.l10n.t('Start a Local MLflow Server')}`, action: 'startLocal' as const }]
      : []),
  ];
}

const enterAddress = (value: string | undefined) =>
  inputStep({
    title: vscode.l10n.t('Connect to an MLflow Server'),
    step: 1,
    totalSteps: 2,
    canGoBack: true,
    ...(value === undefined ? {} : { value }),
    prompt: vscode.l10n.t('Address of the server; a link copied from the MLflow web UI will do'),
    placeholder: 'http://127.0.0.1:5000',
    problem: addressProblem,
  });

function addressProblem(text: string): string | undefined {
  try {
    parseServerAddress(text);
    return undefined;
  } catch (error) {
    if (error instanceof MlflowError) return `${error.message} ${error.details.advice ?? ''}`.trim();
    throw error;
  }
}

const withoutSecrets = (text: string) => parseServerAddress(text).uri;

type Place = vscode.ConfigurationTarget | 'window';

/** Without an open folder, or before it is trusted, only the user's settings can hold the address. */
async function askPlace(): Promise<Place | typeof back | undefined> {
  const hasFolder = vscode.workspace.workspaceFolders !== undefined || vscode.workspace.workspaceFile !== undefined;
  if (!hasFolder || !vscode.workspace.isTrusted) return vscode.ConfigurationTarget.Global;
  const picked = await pickStep<vscode.QuickPickItem & { readonly place: Place }>({
    title: vscode.l10n.t('Connect to an MLflow Server'),
    placeholder: vscode.l10n.t('Where to keep the address'),
    step: 2,
    totalSteps: 2,
    canGoBack: true,
    items: [
      {
        label: `$(folder) ${vscode.l10n.t('Workspace')}`,
        description: vscode.l10n.t('this project uses it from now on'),
        place: vscode.ConfigurationTarget.Workspace,
      },
      {
        label: `$(account) ${vscode.l10n.t('User')}`,
        description: vscode.l10n.t('every project that names no other'),
        place: vscode.ConfigurationTarget.Global,
      },
      {
        label: `$(window) ${vscode.l10n.t('This Window Only')}`,
        description: vscode.l10n.t('not kept'),
        place: 'window',
      },
    ],
  });
  return picked === undefined || picked === back ? picked : picked.place;
}

async function connect(session: ServerSession, checked: CheckedServer, place: Place): Promise<void> {
  const { uri, newCredentials } = checked;
  if (newCredentials) await session.credentials.write(uri, newCredentials);
  await session.remember(uri);
  if (place !== 'window') await settings.trackingUri.update(uri, place);
  // A setting of a nearer scope may win over the one just written; in this window the choice counts.
  if (place === 'window' || session.settingText() !== uri) {
    await session.use({ uri, origin: 'setting', credentialsInSetting: false });
    return;
  }
  session.release();
  await session.connector.retry();
}
