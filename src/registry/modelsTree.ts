import * as vscode from 'vscode';
import { MlflowError } from '../mlflow/mlflowError';
import { Command } from '../platform/ids';
import { problemItem } from '../platform/problemItem';
import type { ModelVersion, RegisteredModel } from '../shared/domain';
import type { ModelRef } from './modelCommands';
import type { Loaded, RegistryStore } from './registryStore';
import { modelItem, moreItem, versionItem } from './treeItems';

export type ModelNode =
  | { readonly kind: 'model'; readonly model: RegisteredModel }
  | { readonly kind: 'version'; readonly version: ModelVersion }
  | { readonly kind: 'more'; readonly name: string | undefined; readonly loaded: number }
  | { readonly kind: 'problem'; readonly error: unknown; readonly name: string | undefined };

/** Registered models, their versions newest first; failures are rows and are never remembered. */
export class ModelsTree implements vscode.TreeDataProvider<ModelNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<ModelNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly listening: vscode.Disposable;
  /** The objects handed out last, by model: events must name the very same. */
  private readonly modelNodes = new Map<string, ModelNode>();

  constructor(private readonly store: RegistryStore) {
    this.listening = store.onDidChange((name) =>
      this.changed.fire(name === undefined ? undefined : this.modelNodes.get(name)),
    );
  }

  getTreeItem(node: ModelNode): vscode.TreeItem {
    switch (node.kind) {
      case 'model':
        return modelItem(node.model);
      case 'version':
        return versionItem(node.version);
      case 'more':
        return moreItem(node);
      case 'problem':
        return problemItem(node.error, Command.models.refresh);
    }
  }

  async getChildren(node?: ModelNode): Promise<ModelNode[]> {
    if (!node) return this.models();
    return node.kind === 'model' ? this.versions(node.model.name) : [];
  }

  getParent(node: ModelNode): ModelNode | undefined {
    return node.kind === 'version' ? this.modelNodes.get(node.version.name) : undefined;
  }

  /**
   * The row of a model or one of its versions, with as many models loaded as it takes; the model's own where the version
   * is beyond those that are listed. @throws MlflowError where there is no such model
   */
  async row({ name, version }: ModelRef): Promise<ModelNode> {
    // A name that no model has would have all of them loaded.
    await this.store.getModel(name);
    await this.models();
    while (!this.modelNodes.has(name) && (await this.store.getModels())?.more) {
      this.store.loadMore(undefined);
      await this.models();
    }
    const model = this.modelNodes.get(name);
    if (!model) throw new MlflowError('notFound', vscode.l10n.t('The model {0} is not listed', name));
    const versions = version === undefined ? [] : await this.versions(name);
    return versions.find((row) => row.kind === 'version' && row.version.version === version) ?? model;
  }

  dispose(): void {
    this.listening.dispose();
    this.changed.dispose();
  }

  private async models(): Promise<ModelNode[]> {
    try {
      return this.modelRows(await this.store.getModels());
    } catch (error) {
      return this.afterFailure(error);
    }
  }

  /** The rows known before stay, under one that says what went wrong. Without any, the welcome view says it. */
  private afterFailure(error: unknown): ModelNode[] {
    const resource = this.store.modelsNow;
    const old = resource.state === 'idle' ? undefined : resource.value;
    const noConnection = error instanceof MlflowError && (error.kind === 'unreachable' || error.kind === 'auth');
    if (!old) return noConnection ? [] : [{ kind: 'problem', error, name: undefined }];
    return [{ kind: 'problem', error, name: undefined }, ...this.modelRows(old)];
  }

  private modelRows(loaded: Loaded<RegisteredModel> | undefined): ModelNode[] {
    const before = new Map(this.modelNodes);
    this.modelNodes.clear();
    if (!loaded) return [];
    const rows = loaded.items.map((model): ModelNode => {
      const known = before.get(model.name);
      const row: ModelNode = known?.kind === 'model' && known.model === model ? known : { kind: 'model', model };
      this.modelNodes.set(model.name, row);
      return row;
    });
    return loaded.more ? [...rows, { kind: 'more', name: undefined, loaded: rows.length }] : rows;
  }

  private async versions(name: string): Promise<ModelNode[]> {
    try {
      const { items, more } = await this.store.getVersions(name);
      const rows = items.map((version): ModelNode => ({ kind: 'version', version }));
      return more ? [...rows, { kind: 'more', name, loaded: rows.length }] : rows;
    } catch (error) {
      return [{ kind: 'problem', error, name }];
    }
  }
}
