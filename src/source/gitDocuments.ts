import * as vscode from 'vscode';
import { GitError } from '../git/gitError';
import type { GitRepository } from '../git/gitRepository';
import { relativePath } from '../git/relativePath';
import { gitScheme } from '../platform/gitUri';
import { ReadOnlyFileSystem } from '../platform/readOnlyFileSystem';
import { LfsPointers } from './lfsPointers';
import type { WorkspaceRepositories } from './workspaceRepositories';

interface Address {
  readonly commit: string;
  readonly repository: string;
  readonly file: string;
  readonly patched: boolean;
}

/** Anybody can make such an address: undefined when it has another form. What it names is checked where it is used. */
export function parseGitUri(uri: Pick<vscode.Uri, 'fsPath' | 'query'>): Address | undefined {
  const query = queryOf(uri);
  const [commit, repository] = [query?.commit, query?.repository];
  if (typeof commit !== 'string' || typeof repository !== 'string') return undefined;
  const file = relativePath(repository, uri.fsPath);
  return file === undefined ? undefined : { commit, repository, file, patched: query?.patched === true };
}

/** The object that the query of an address holds; undefined when it holds none. */
export function queryOf({ query }: Pick<vscode.Uri, 'query'>): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(query);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Files at commits, read-only. Only of repositories of the open folders, and only in trusted workspaces: an address
 * may come from anywhere. What is read never changes, so there are no events.
 */
class GitFileSystem extends ReadOnlyFileSystem {
  private readonly pointers = new LfsPointers();

  constructor(
    private readonly repositories: WorkspaceRepositories,
    readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>,
  ) {
    super();
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const size = await this.read(uri, (repository, { commit, file }) => repository.fileSize(commit, file));
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size, permissions: vscode.FilePermission.Readonly };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const content = await this.read(uri, (repository, { commit, file }) => repository.readFile(commit, file));
    this.pointers.note(uri, content);
    return content;
  }

  private async read<T>(uri: vscode.Uri, ask: (repository: GitRepository, address: Address) => Promise<T>): Promise<T> {
    const address = parseGitUri(uri);
    if (!address) throw vscode.FileSystemError.FileNotFound(uri);
    const repository = await openedRepository(this.repositories, address.repository);
    try {
      return await ask(repository.reading(...(address.patched ? [address.commit] : [])), address);
    } catch (error) {
      if (error instanceof GitError && (error.kind === 'notFound' || error.kind === 'badArgument'))
        throw vscode.FileSystemError.FileNotFound(uri);
      throw error;
    }
  }
}

/** Throws a `FileSystemError` unless the workspace is trusted and the repository among its folders. */
export async function openedRepository(repositories: WorkspaceRepositories, root: string): Promise<GitRepository> {
  if (!vscode.workspace.isTrusted)
    throw vscode.FileSystemError.NoPermissions(vscode.l10n.t('Trust this workspace to read files through git.'));
  const found = await repositories.at(root);
  if (!found) throw vscode.FileSystemError.Unavailable(vscode.l10n.t('Its repository is not among the open folders.'));
  return found;
}

export function registerGitDocuments(repositories: WorkspaceRepositories, subscriptions: vscode.Disposable[]): void {
  const changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const provider = new GitFileSystem(repositories, changes.event);
  const options = { isCaseSensitive: true, isReadonly: true };
  subscriptions.push(changes, vscode.workspace.registerFileSystemProvider(gitScheme, provider, options));
}
