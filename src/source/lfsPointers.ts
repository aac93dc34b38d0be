import path from 'node:path';
import * as vscode from 'vscode';
import { sizeInLfs } from '../git/lfsPointer';
import { messages } from '../platform/messages';
import { formatBytes } from '../shared/bytes';

/** ms; the files of a comparison are read one after the other. */
const together = 500;

/** Says of files that are shown at a commit that it is their pointers: once of each, and of those of a comparison at once. */
export class LfsPointers {
  private readonly told = new Set<string>();
  private waiting: { readonly file: string; readonly size: number }[] = [];

  note(uri: Pick<vscode.Uri, 'path'>, content: Uint8Array): void {
    const size = sizeInLfs(content);
    if (size === undefined || this.told.has(uri.path)) return;
    this.told.add(uri.path);
    this.waiting.push({ file: path.posix.basename(uri.path), size });
    if (this.waiting.length === 1) setTimeout(() => this.tell(), together);
  }

  private tell(): void {
    const [first, ...others] = this.waiting;
    this.waiting = [];
    if (!first) return;
    const message =
      others.length === 0
        ? vscode.l10n.t(
            '{0} ({1}) is kept in Git LFS: what git has of it at a commit, and what is shown, is a pointer.',
            first.file,
            formatBytes(first.size),
          )
        : vscode.l10n.t(
            '{0} files, {1} among them, are kept in Git LFS: what git has of them at a commit, and what is shown, are pointers.',
            others.length + 1,
            first.file,
          );
    void messages.showInformationMessage(message);
  }
}
