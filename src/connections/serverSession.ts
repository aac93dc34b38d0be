import * as vscode from 'vscode';
import type { Credentials, HttpOptions } from '../mlflow/http/httpOptions';
import { httpOptionsFor } from '../platform/httpSettings';
import { messages } from '../platform/messages';
import type { Platform } from '../platform/services';
import { settings } from '../platform/settings';
import { CredentialStore } from './credentialStore';
import { configuredServer, type ServerChoice, withoutCredentials } from './serverChoice';
import { ServerConnector } from './serverConnector';
import { usualAddress } from './usualAddress';

const recentKey = 'flowdeck.recentServers';
const mostRecent = 8;

/** The window's server: which one it is, its credentials, and the connection to it. */
export class ServerSession implements vscode.Disposable {
  readonly credentials: CredentialStore;
  readonly connector: ServerConnector;
  /** Goes before the settings until one of them changes; a local server and "this window only" are such. */
  private override: ServerChoice | undefined;
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(readonly platform: Platform) {
    this.credentials = new CredentialStore(platform.context.secrets);
    this.connector = new ServerConnector({
      choose: (signal) => this.choose(signal),
      savedCredentials: (uri) => this.credentials.read(uri),
      createStore: (uri, credentials) => this.createStore(uri, credentials),
      isReadOnly: () => settings.readOnly.get(),
      onDidChange: () => this.changed.fire(),
      now: () => Date.now(),
    });
  }

  /** A store for a server that is only looked at; dispose it. */
  async createStore(uri: string, credentials: Credentials | undefined, changes: Partial<HttpOptions> = {}) {
    const { createRestTrackingStore } = await import('../mlflow/rest/restTrackingStore');
    return createRestTrackingStore({
      ...this.optionsFor(uri),
      baseUrl: uri,
      ...(credentials ? { credentials } : {}),
      ...changes,
    });
  }

  /** The address that a connection would go to, without asking the network; for showing. */
  get configuredUri(): string | undefined {
    if (this.override) return this.override.uri;
    const text = this.settingText() || process.env.MLFLOW_TRACKING_URI?.trim() || '';
    return text === '' ? undefined : withoutCredentials(text);
  }

  /** Uses a server for this window, before what the settings say. */
  async use(choice: ServerChoice): Promise<void> {
    this.override = choice;
    await this.connector.retry();
  }

  /** Back to what the settings say. */
  release(uri?: string): void {
    if (!this.override || (uri !== undefined && this.override.uri !== uri)) return;
    this.override = undefined;
    this.connector.reconsider();
  }

  get recentServers(): readonly string[] {
    const known = this.platform.context.globalState.get<unknown>(recentKey);
    return Array.isArray(known) ? known.filter((item) => typeof item === 'string') : [];
  }

  async remember(uri: string): Promise<void> {
    const list = [uri, ...this.recentServers.filter((item) => item !== uri)].slice(0, mostRecent);
    await this.platform.context.globalState.update(recentKey, list);
  }

  /** An MLflow at the usual address of this machine. */
  findLocal(signal?: AbortSignal) {
    return this.find(usualAddress, signal);
  }

  /** An MLflow at an address of this machine; undefined when none answers within a second. */
  async find(uri: string, signal?: AbortSignal) {
    const { findLocalServer } = await import('./findLocalServer');
    return findLocalServer(uri, this.optionsFor(uri), signal);
  }

  dispose(): void {
    this.connector.dispose();
    this.changed.dispose();
  }

  private async choose(signal: AbortSignal): Promise<ServerChoice | undefined> {
    if (this.override) return this.override;
    const choice = configuredServer(this.settingText(), process.env);
    if (choice?.credentialsInSetting && choice.credentials) await this.moveCredentials(choice, choice.credentials);
    if (choice) return choice;
    const found = await this.findLocal(signal);
    return found && { uri: found.uri, origin: 'found', credentialsInSetting: false };
  }

  /** What flowdeck.trackingUri says. In a workspace of several folders the first one that names a server counts. */
  settingText(): string {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const values = [settings.trackingUri.get(), ...folders.map((folder) => settings.trackingUri.get(folder.uri))];
    return values.map((value) => value.trim()).find((value) => value !== '') ?? '';
  }

  /** Settings files are committed and synchronised: a password in one goes to the secret storage. */
  private async moveCredentials(choice: ServerChoice, credentials: Credentials): Promise<void> {
    await this.credentials.write(choice.uri, credentials);
    const values = vscode.workspace.getConfiguration('flowdeck').inspect<unknown>('trackingUri');
    const holds = (value: unknown) => typeof value === 'string' && value.includes('@');
    const { ConfigurationTarget } = vscode;
    try {
      if (holds(values?.workspaceValue)) await settings.trackingUri.update(choice.uri, ConfigurationTarget.Workspace);
      if (holds(values?.globalValue)) await settings.trackingUri.update(choice.uri, ConfigurationTarget.Global);
      this.tell(vscode.l10n.t('The credentials in flowdeck.trackingUri were moved to the secret storage.'));
    } catch (error) {
      this.platform.log.warn(`The credentials in flowdeck.trackingUri cannot be removed: ${String(error)}`);
      this.tell(vscode.l10n.t('flowdeck.trackingUri holds credentials. Please remove them: they are saved already.'));
    }
  }

  private tell(message: string): void {
    void messages.showInformationMessage(message);
  }

  private optionsFor(uri: string) {
    const version: unknown = this.platform.context.extension.packageJSON?.version;
    return httpOptionsFor(uri, typeof version === 'string' ? version : '0', this.platform.log);
  }
}
