import * as vscode from 'vscode';
import { GitError } from '../git/gitError';
import type { GitRepository } from '../git/gitRepository';
import type { WorkspaceRepositories } from './workspaceRepositories';

export const gitScheme = 'flowdeck-git';

/** A file at a commit: `flowdeck-git:/src/train.py?{"commit":…,"repository":…}`. The path keeps the name, for the language. */
export function gitUri(repository: Pick<GitRepository, 'root'>, commit: string, file: string): vscode.Uri {
  const query = JSON.stringify({ commit, repository: repository.root });
  return vscode.Uri.from({ scheme: gitScheme, path: `/${file}`, query });
}

interface Address {
  readonly commit: string;
  readonly repository: string;
  readonly file: string;
}

/** Anybody can make such an address: undefined when it has another form. What it names is checked where it is used. */
export function parseGitUri(uri: Pick<vscode.Uri, 'path' | 'query'>): Address | undefined {
  try {
    const query: unknown = JSON.parse(uri.query);
    if (typeof query !== 'object' || query === null || !('commit' in query) || !('repository' in query))
      return undefined;
    const { commit, repository } = query;
    if (typeof commit !== 'string' || typeof repository !== 'string') return undefined;
    return { commit, repository, file: uri.path.replace(/^\//, '') };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Files at commits, read-only. Only of repositories of the open folders, and only in trusted workspaces: an address
 * may come from anywhere. What is read never changes, so there are no events.
 */
class GitFileSystem implements vscode.FileSystemProvider {
  constructor(
    private readonly repositories: WorkspaceRepositories,
    readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>,
  ) {}

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const size = await this.read(uri, (repository, { commit, file }) => repository.fileSize(commit, file));
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size, permissions: vscode.FilePermission.Readonly };
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.read(uri, (repository, { commit, file }) => repository.readFile(commit, file));
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.FileNotADirectory(uri);
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  private async read<T>(uri: vscode.Uri, ask: (repository: GitRepository, address: Address) => Promise<T>): Promise<T> {
    const address = parseGitUri(uri);
    if (!address) throw vscode.FileSystemError.FileNotFound(uri);
    if (!vscode.workspace.isTrusted)
      throw vscode.FileSystemError.NoPermissions(vscode.l10n.t('Trust this workspace to read files through git.'));
    const { repositories } = await this.repositories.find();
    const repository = repositories.find(({ root }) => root === address.repository);
    if (!repository)
      throw vscode.FileSystemError.Unavailable(vscode.l10n.t('Its repository is not among the open folders.'));
    try {
      return await ask(repository, address);
    } catch (error) {
      if (error instanceof GitError && (error.kind === 'notFound' || error.kind === 'badArgument'))
        throw vscode.FileSystemError.FileNotFound(uri);
      throw error;
    }
  }
}

export function registerGitDocuments(repositories: WorkspaceRepositories, subscriptions: vscode.Disposable[]): void {
  const changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const provider = new GitFileSystem(repositories, changes.event);
  const options = { isCaseSensitive: true, isReadonly: true };
  subscriptions.push(changes, vscode.workspace.registerFileSystemProvider(gitScheme, provider, options));
}
