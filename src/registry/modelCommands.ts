import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { type WebTarget, webUrl } from '../mlflow/serverAddress';
import { Command } from '../platform/ids';
import { messages } from '../platform/messages';
import type { Platform } from '../platform/services';
import { modelUris } from '../shared/versionText';
import type { RegistryStore } from './registryStore';

export interface ModelRef {
  readonly name: string;
  readonly version?: string;
}

/** What a person can do with models and versions; arguments come from anywhere and are decoded. */
export class ModelCommands {
  constructor(
    private readonly connections: Connections,
    private readonly store: RegistryStore,
    private readonly runs: RunsService,
    private readonly selected: () => unknown,
    private readonly reveal: (ref: ModelRef) => Promise<void>,
  ) {}

  register({ commands }: Platform): void {
    commands.register(Command.models.refresh, vscode.l10n.t('refresh the models'), () => this.store.refresh());
    commands.register(Command.models.loadMore, vscode.l10n.t('load more models'), (node) =>
      this.store.loadMore(textField(node, 'name')),
    );
    commands.register(Command.models.openRun, vscode.l10n.t('show the run of the model version'), (node) =>
      this.openRun(node),
    );
    commands.register(Command.models.copyUri, vscode.l10n.t('copy the URI of the model'), (node) => this.copyUri(node));
    commands.register(Command.models.copyName, vscode.l10n.t('copy the name of the model'), async (node) => {
      const ref = this.given(node) ?? (await this.pickModel(vscode.l10n.t('Copy Model Name')));
      if (ref) await vscode.env.clipboard.writeText(ref.name);
    });
    commands.register(Command.models.reveal, vscode.l10n.t('show the model'), async (node) => {
      const ref = decodeRef(node) ?? (await this.pickModel(vscode.l10n.t('Show Model in Models View')));
      if (ref) await this.reveal(ref);
    });
    commands.register(Command.models.openWebUi, vscode.l10n.t('open the model in the MLflow web UI'), (node) =>
      this.openWebUi(node),
    );
  }

  private async openRun(node: unknown): Promise<void> {
    const version = await this.version(node, vscode.l10n.t('Show Run of Model Version'));
    if (!version) return;
    if (version.runId) await this.runs.reveal(version.runId);
    else
      void messages.showInformationMessage(
        vscode.l10n.t('No run is recorded for {0}, version {1}.', version.name, version.version),
      );
  }

  private async copyUri(node: unknown): Promise<void> {
    const title = vscode.l10n.t('Copy Model URI');
    const version = await this.version(node, title);
    if (!version) return;
    const uris = modelUris(version);
    const placeHolder = vscode.l10n.t('An alias follows when it is moved; a number stays');
    const uri = uris.length > 1 ? await vscode.window.showQuickPick(uris, { title, placeHolder }) : uris[0];
    if (uri) await vscode.env.clipboard.writeText(uri);
  }

  private async openWebUi(node: unknown): Promise<void> {
    const ref = this.given(node) ?? (await this.pickModel(vscode.l10n.t('Open Model in MLflow Web UI')));
    if (!ref) return;
    const { uri } = await this.connections.require();
    const target: WebTarget = { modelName: ref.name, ...(ref.version ? { version: ref.version } : {}) };
    await vscode.env.openExternal(vscode.Uri.parse(webUrl(uri, target), true));
  }

  /** The version a command is about, as the server has it now. */
  private async version(node: unknown, title: string) {
    const given = this.given(node);
    const name = given?.name ?? (await this.pickModel(title))?.name;
    if (name === undefined) return undefined;
    const versions = this.store.getVersions(name);
    if (given?.version !== undefined) {
      const known = (await versions).items.find(({ version }) => version === given.version);
      return known ?? (await this.connections.require()).store.getModelVersion(name, given.version);
    }
    const items = versions.then(({ items }) =>
      items.map((version) => ({
        label: vscode.l10n.t('Version {0}', version.version),
        description: version.aliases.map((alias) => `@${alias}`).join(' '),
        version,
      })),
    );
    return (await vscode.window.showQuickPick(items, { title, placeHolder: name }))?.version;
  }

  private given(node: unknown): ModelRef | undefined {
    return decodeRef(node) ?? (node === undefined ? decodeRef(this.selected()) : undefined);
  }

  private async pickModel(title: string): Promise<ModelRef | undefined> {
    await this.connections.require();
    const models = this.store.getModels().then((loaded) => (loaded?.items ?? []).map(({ name }) => name));
    const placeHolder = vscode.l10n.t('Registered model');
    const name = await vscode.window.showQuickPick(models, { title, placeHolder });
    return name === undefined ? undefined : { name };
  }
}

/** A row of the Models view, or what another feature sends in its place. */
function decodeRef(node: unknown): ModelRef | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  if ('model' in node) {
    const name = textField(node.model, 'name');
    return name === undefined ? undefined : { name };
  }
  if (!('version' in node)) return undefined;
  const [name, version] = [textField(node.version, 'name'), textField(node.version, 'version')];
  return name === undefined ? undefined : { name, ...(version === undefined ? {} : { version }) };
}

function textField(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const field: unknown = Reflect.get(value, key);
  return typeof field === 'string' && field !== '' ? field : undefined;
}
