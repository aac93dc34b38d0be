import * as vscode from 'vscode';
import { decodeNamedView, encodeNamedView, fileNameOf, type NamedView } from '../../shared/view/namedView';
import type { PrivateViews } from './privateViews';

/** A view that can be opened, and where it is kept. */
export type KeptView = { readonly view: NamedView } & (
  | { readonly kept: 'private' }
  | { readonly kept: 'file'; readonly uri: vscode.Uri }
);

const folderName = '.flowdeck/views';
const mostFiles = 500;
const largestFile = 2_000_000;

/** Named views: the person's own in VS Code's memory, the team's in files of the folders. */
export class ViewStore {
  constructor(private readonly own: PrivateViews) {}

  async list(): Promise<readonly KeptView[]> {
    const files = await vscode.workspace.findFiles(`${folderName}/*.json`, null, mostFiles);
    const [own, ...shared] = await Promise.all([this.own.list(), ...files.map((uri) => this.readListed(uri))]);
    return [
      ...own.map((view): KeptView => ({ kept: 'private', view })),
      ...shared.flatMap((view, at): KeptView[] => {
        const uri = files[at];
        return view && uri ? [{ kept: 'file', view, uri }] : [];
      }),
    ].sort((a, b) => a.view.name.localeCompare(b.view.name));
  }

  /** Hears of views that come, change and go in the folders. */
  watch(changed: () => void): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(`**/${folderName}/*.json`);
    watcher.onDidCreate(changed);
    watcher.onDidChange(changed);
    watcher.onDidDelete(changed);
    return watcher;
  }

  /** Undefined for what is no view. */
  async readFile(uri: vscode.Uri): Promise<NamedView | undefined> {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > largestFile) return undefined;
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    try {
      return decodeNamedView(JSON.parse(text));
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** One that went since it was found is no view either. */
  private async readListed(uri: vscode.Uri): Promise<NamedView | undefined> {
    try {
      return await this.readFile(uri);
    } catch (error) {
      if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
      throw error;
    }
  }

  async savePrivately(view: NamedView): Promise<void> {
    await this.own.save(view);
  }

  fileOf(folder: vscode.WorkspaceFolder, view: NamedView): vscode.Uri {
    return vscode.Uri.joinPath(folder.uri, ...folderName.split('/'), fileNameOf(view.name));
  }

  async saveTo(uri: vscode.Uri, view: NamedView): Promise<void> {
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(encodeNamedView(view)));
  }

  async remove(kept: KeptView): Promise<void> {
    if (kept.kept === 'file') await vscode.workspace.fs.delete(kept.uri, { useTrash: true });
    else await this.own.remove(kept.view);
  }
}
