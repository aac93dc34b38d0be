import * as vscode from 'vscode';

/** A file system of files that can only be read. What it says is the rest: VS Code asks all of it of any provider. */
export abstract class ReadOnlyFileSystem implements vscode.FileSystemProvider {
  abstract readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>;
  abstract stat(uri: vscode.Uri): Thenable<vscode.FileStat>;
  abstract readFile(uri: vscode.Uri): Thenable<Uint8Array>;

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(uri: vscode.Uri): Thenable<[string, vscode.FileType][]> {
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
}

/**
 * Texts that are made when they are read. As files, since VS Code brings back the tabs of files alone when its window comes
 * back. How long one is nobody asks.
 */
export class TextFiles extends ReadOnlyFileSystem {
  /** `edition` stands for a time: VS Code reads no file again that is as old as before. */
  constructor(
    private readonly text: (uri: vscode.Uri) => Promise<string>,
    readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]> = () => new vscode.Disposable(() => undefined),
    private readonly edition: (uri: vscode.Uri) => number = () => 0,
  ) {
    super();
  }

  /** Registers it. */
  serve(scheme: string): vscode.Disposable {
    return vscode.workspace.registerFileSystemProvider(scheme, this, { isCaseSensitive: true, isReadonly: true });
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const mtime = this.edition(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime, size: 0, permissions: vscode.FilePermission.Readonly };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return Buffer.from(await this.text(uri));
  }
}
