import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';

/** A file that appears under its name only when it is complete. Written piece by piece, each when the one before is. */
export class ExportFile {
  private constructor(
    readonly uri: vscode.Uri,
    private readonly part: string,
    private readonly handle: fs.FileHandle,
  ) {}

  static async create(uri: vscode.Uri): Promise<ExportFile> {
    // Beside the file, so that renaming is one step; what is no local file is handed over in the end.
    const folder = uri.scheme === 'file' ? path.dirname(uri.fsPath) : os.tmpdir();
    const part = path.join(folder, `.flowdeck-export-${randomUUID()}.part`);
    return new ExportFile(uri, part, await fs.open(part, 'wx'));
  }

  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    for (let at = 0; at < bytes.length; ) at += (await this.handle.write(bytes, at)).bytesWritten;
  }

  async finish(): Promise<void> {
    await this.handle.close();
    if (this.uri.scheme === 'file') {
      await fs.rename(this.part, this.uri.fsPath);
      return;
    }
    await vscode.workspace.fs.writeFile(this.uri, await fs.readFile(this.part));
    await fs.rm(this.part, { force: true });
  }

  /** Leaves nothing behind; what stood there before is as it was. */
  async discard(): Promise<void> {
    // Closed already when finishing failed.
    await this.handle.close().catch(() => undefined);
    await fs.rm(this.part, { force: true });
  }
}
