import * as vscode from 'vscode';
import { setContext } from '../../platform/context';
import { ContextKey } from '../../platform/ids';

/** A folder of the workspace and the MLflow stores that lie in it. */
export interface StoreFolder {
  readonly folder: vscode.WorkspaceFolder;
  /** `mlflow.db` or, as MLflow's own examples have it, `mlruns.db`. */
  readonly database?: string;
  readonly hasFileStore: boolean;
}

const databases = ['mlflow.db', 'mlruns.db'] as const;

/** Folders on disk only: a server cannot be started on others. */
export async function storeFolders(): Promise<readonly StoreFolder[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return Promise.all(
    folders.map(async (folder) => {
      const kinds = await Promise.all(databases.map((name) => kindOf(folder, name)));
      const database = databases.find((_name, at) => kinds[at] === vscode.FileType.File);
      const hasFileStore = (await kindOf(folder, 'mlruns')) === vscode.FileType.Directory;
      return { folder, hasFileStore, ...(database ? { database } : {}) };
    }),
  );
}

async function kindOf(folder: vscode.WorkspaceFolder, name: string): Promise<vscode.FileType | undefined> {
  try {
    const { type } = await vscode.workspace.fs.stat(vscode.Uri.joinPath(folder.uri, name));
    // A link counts as what it points to.
    return type & ~vscode.FileType.SymbolicLink;
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}

export const holdsStore = (found: StoreFolder) => found.database !== undefined || found.hasFileStore;

/** Keeps the context key true to the folders, from the first call on. */
export class LocalStoreWatch implements vscode.Disposable {
  private watching: vscode.Disposable | undefined;
  private readonly folders = vscode.workspace.onDidChangeWorkspaceFolders(() => {
    if (this.watching) this.begin();
  });

  constructor(private readonly onError: (error: unknown) => void) {}

  /** Looks at the folders now and again whenever something of the names comes or goes. */
  begin(): void {
    this.watching?.dispose();
    const watchers = (vscode.workspace.workspaceFolders ?? []).map((folder) =>
      vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(folder, `{${[...databases, 'mlruns'].join(',')}}`),
        false,
        true,
        false,
      ),
    );
    const look = () => this.look();
    this.watching = vscode.Disposable.from(
      ...watchers,
      ...watchers.flatMap((watcher) => [watcher.onDidCreate(look), watcher.onDidDelete(look)]),
    );
    this.look();
  }

  dispose(): void {
    this.folders.dispose();
    this.watching?.dispose();
  }

  private look(): void {
    storeFolders().then(
      (found) => setContext(ContextKey.localStoreFound, found.some(holdsStore)),
      (error: unknown) => this.onError(error),
    );
  }
}
