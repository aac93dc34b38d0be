import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import { followServer } from '../connections/followServer';
import { quoteValue } from '../mlflow/filterQuoting';
import type { TrackingStore } from '../mlflow/trackingStore';
import type { ModelVersion, Page, RegisteredModel } from '../shared/domain';
import { type Resource, ResourceHolder } from '../shared/resource';
import { isPrompt, withAliases } from '../shared/versionText';

const pageSize = 100;

/** What was loaded, and whether the server has more. */
export interface Loaded<T> {
  readonly items: readonly T[];
  readonly more: boolean;
}

/** The registered models of the connected server and, per model, its versions. */
export class RegistryStore implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<string | undefined>();
  /** Gives the name of the model whose versions changed; undefined for the list of models. */
  readonly onDidChange = this.changed.event;
  private readonly listening: vscode.Disposable;
  private modelPages = 1;
  private readonly versionPages = new Map<string, number>();
  private models = this.modelHolder();
  private readonly versions = new Map<string, ResourceHolder<Loaded<ModelVersion>>>();

  constructor(private readonly connections: Connections) {
    this.listening = followServer(
      connections,
      () => this.forget(),
      () => this.changed.fire(undefined),
    );
  }

  get modelsNow(): Resource<Loaded<RegisteredModel>> {
    return this.models.current;
  }

  /** Undefined when no server is configured; throws `MlflowError` when the question fails. */
  async getModels(): Promise<Loaded<RegisteredModel> | undefined> {
    return (await this.connections.get()) && this.models.get();
  }

  /** As it is now. @throws MlflowError where there is none */
  async getModel(name: string): Promise<RegisteredModel> {
    return (await this.connections.require()).store.getRegisteredModel(name);
  }

  getVersions(name: string): Promise<Loaded<ModelVersion>> {
    let holder = this.versions.get(name);
    if (!holder) {
      holder = this.versionHolder(name);
      this.versions.set(name, holder);
    }
    return holder.get();
  }

  /** What stands is shown until the new answer is there. */
  refresh(): void {
    this.models.markStale();
    for (const holder of this.versions.values()) holder.markStale();
    this.changed.fire(undefined);
  }

  /** Of the models, or of the versions of one. */
  loadMore(name: string | undefined): void {
    if (name === undefined) {
      this.modelPages++;
      this.models.markStale();
    } else {
      this.versionPages.set(name, (this.versionPages.get(name) ?? 1) + 1);
      this.versions.get(name)?.markStale();
    }
    this.changed.fire(name);
  }

  dispose(): void {
    this.listening.dispose();
    this.changed.dispose();
    this.forget();
  }

  private forget(): void {
    this.models.dispose();
    for (const holder of this.versions.values()) holder.dispose();
    this.versions.clear();
    this.versionPages.clear();
    this.modelPages = 1;
    this.models = this.modelHolder();
  }

  private modelHolder(): ResourceHolder<Loaded<RegisteredModel>> {
    const ask = async (signal: AbortSignal) => {
      const { store } = await this.connections.require();
      const loaded = await loadPages(this.modelPages, (pageToken) =>
        store.searchRegisteredModels({ maxResults: pageSize, ...(pageToken ? { pageToken } : {}) }, signal),
      );
      return { ...loaded, items: loaded.items.filter((model) => !isPrompt(model)) };
    };
    return new ResourceHolder(ask, () => undefined);
  }

  private versionHolder(name: string): ResourceHolder<Loaded<ModelVersion>> {
    const ask = async (signal: AbortSignal) => {
      const { store } = await this.connections.require();
      const [loaded, model] = await Promise.all([
        loadPages(this.versionPages.get(name) ?? 1, (pageToken) => searchVersions(store, name, pageToken, signal)),
        store.getRegisteredModel(name, signal),
      ]);
      return { ...loaded, items: withAliases(loaded.items, model.aliases) };
    };
    return new ResourceHolder(ask, () => undefined);
  }
}

const searchVersions = (store: TrackingStore, name: string, pageToken: string | undefined, signal: AbortSignal) =>
  store.searchModelVersions(
    {
      filter: `name = ${quoteValue(name)}`,
      orderBy: ['version_number DESC'],
      maxResults: pageSize,
      ...(pageToken ? { pageToken } : {}),
    },
    signal,
  );

/** The first `count` pages anew, so that what is shown is one state of the server. */
async function loadPages<T>(
  count: number,
  ask: (pageToken: string | undefined) => Promise<Page<T>>,
): Promise<Loaded<T>> {
  const items: T[] = [];
  let token: string | undefined;
  for (let page = 0; page < count; page++) {
    const answer = await ask(token);
    items.push(...answer.items);
    token = answer.nextPageToken;
    if (token === undefined) break;
  }
  return { items, more: token !== undefined };
}
