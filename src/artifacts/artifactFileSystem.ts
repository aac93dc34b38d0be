import * as vscode from 'vscode';
import type { Connection, Connections } from '../connections/connection';
import { type ArtifactRef, artifactScheme, authorityOf, fromUriPath, hostOfAuthority } from '../mlflow/artifactUri';
import { MlflowError } from '../mlflow/mlflowError';
import type { TrackingStore } from '../mlflow/trackingStore';
import { ReadOnlyFileSystem } from '../platform/readOnlyFileSystem';
import { nameOf } from '../shared/artifactPath';
import { RunListings } from './runListings';

/** Files larger than this are opened only after the person said so, bytes. */
export const largeFile = 50_000_000;

/** Artifacts as a read-only file system, `mlflow://<server>/<run id>/<path>`, so that VS Code's own editors open them. */
export class ArtifactFileSystem extends ReadOnlyFileSystem {
  /** Never used: nothing on the server tells of changes. */
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  readonly listings = new RunListings();
  private readonly confirmed = new Set<string>();
  private store: TrackingStore | undefined;

  constructor(private readonly connections: Connections) {
    super();
  }

  /** The person agreed to open this large file. */
  confirm(uri: vscode.Uri): void {
    this.confirmed.add(uri.toString());
  }

  stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return this.guarded(uri, async (connection, ref) => {
      const end = await this.listings.endOf(connection.store, ref.runId);
      const entry = await this.listings.entry(connection.store, ref);
      return {
        type: entry.isFolder ? vscode.FileType.Directory : vscode.FileType.File,
        ctime: 0,
        // Artifacts have no time of their own. An unended run's may change at any moment.
        mtime: end ?? Date.now(),
        size: entry.size ?? 0,
        permissions: vscode.FilePermission.Readonly,
      };
    });
  }

  override readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return this.guarded(uri, async (connection, ref) => {
      await this.listings.endOf(connection.store, ref.runId);
      const files = await this.listings.list(connection.store, ref);
      return files.map(({ path, isFolder }): [string, vscode.FileType] => [
        nameOf(path),
        isFolder ? vscode.FileType.Directory : vscode.FileType.File,
      ]);
    });
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.guarded(uri, async (connection, ref) => {
      const limit = this.confirmed.has(uri.toString()) ? Number.POSITIVE_INFINITY : largeFile;
      const content = await readAtMost(connection.store, ref, limit);
      if (!content) throw tooLarge(ref);
      return content;
    });
  }

  dispose(): void {
    this.changed.dispose();
  }

  private async guarded<T>(uri: vscode.Uri, ask: (connection: Connection, ref: ArtifactRef) => Promise<T>): Promise<T> {
    const ref = uri.scheme === artifactScheme ? fromUriPath(uri.path) : undefined;
    if (!ref) throw vscode.FileSystemError.FileNotFound(vscode.l10n.t('{0} names no artifact.', uri.toString()));
    try {
      const connection = await this.connections.require();
      requireServer(connection, uri.authority);
      if (this.store !== connection.store) this.listings.clear();
      this.store = connection.store;
      return await ask(connection, ref);
    } catch (error) {
      throw toFileSystemError(error, uri);
    }
  }
}

/** An editor may be restored in a window that now works with another server. */
function requireServer(connection: Connection, authority: string): void {
  if (authorityOf(connection.uri) === authority) return;
  throw new MlflowError(
    'notFound',
    vscode.l10n.t(
      'This artifact belongs to the server {0}, and this window is connected to {1}.',
      hostOfAuthority(authority),
      connection.uri,
    ),
    { advice: vscode.l10n.t('Connect to that server to read it.') },
  );
}

function toFileSystemError(error: unknown, uri: vscode.Uri): unknown {
  if (!(error instanceof MlflowError)) return error;
  const text = `${error.message} ${error.details.advice ?? ''}`.trim();
  switch (error.kind) {
    case 'notFound':
      // Only the code tells VS Code that the file is missing; the message is for people.
      return Object.assign(vscode.FileSystemError.FileNotFound(uri), { message: text });
    case 'auth':
    case 'forbidden':
      return vscode.FileSystemError.NoPermissions(text);
    default:
      return vscode.FileSystemError.Unavailable(text);
  }
}

const tooLarge = (ref: ArtifactRef) =>
  new MlflowError('invalid', vscode.l10n.t('{0} is larger than 50 MB.', nameOf(ref.path)), {
    advice: vscode.l10n.t('Open it from the Run view, or download it.'),
  });

/** Undefined when there is more than `limit` bytes. */
async function readAtMost(store: TrackingStore, ref: ArtifactRef, limit: number): Promise<Uint8Array | undefined> {
  const abort = new AbortController();
  const { body, totalBytes } = await store.downloadArtifact(ref.runId, ref.path, abort.signal);
  if (totalBytes !== undefined && totalBytes > limit) {
    abort.abort();
    return undefined;
  }
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    received += chunk.length;
    if (received > limit) return undefined;
  }
  return Buffer.concat(chunks);
}
