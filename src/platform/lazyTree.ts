import * as vscode from 'vscode';

/** A tree whose code is read when its view is first seen. */
export class LazyTree<T> implements vscode.TreeDataProvider<T>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<T | T[] | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private loading: Promise<vscode.TreeDataProvider<T>> | undefined;
  /** There before any row is: rows come from it. */
  private tree: vscode.TreeDataProvider<T> | undefined;
  private listening: vscode.Disposable | undefined;

  constructor(private readonly load: () => Promise<vscode.TreeDataProvider<T>>) {}

  async getChildren(node?: T): Promise<T[]> {
    this.loading ??= this.adopt();
    return (await (await this.loading).getChildren(node)) ?? [];
  }

  getTreeItem(node: T): vscode.TreeItem | Thenable<vscode.TreeItem> {
    return this.tree?.getTreeItem(node) ?? new vscode.TreeItem('');
  }

  resolveTreeItem(
    item: vscode.TreeItem,
    node: T,
    token: vscode.CancellationToken,
  ): vscode.ProviderResult<vscode.TreeItem> {
    return this.tree?.resolveTreeItem?.(item, node, token) ?? item;
  }

  dispose(): void {
    this.listening?.dispose();
    this.changed.dispose();
  }

  private async adopt(): Promise<vscode.TreeDataProvider<T>> {
    const tree = await this.load();
    this.tree = tree;
    this.listening = tree.onDidChangeTreeData?.((node) => this.changed.fire(node ?? undefined));
    return tree;
  }
}
