import path from 'node:path';
import * as vscode from 'vscode';
import type { GitRepository } from '../git/gitRepository';

export const gitScheme = 'flowdeck-git';

/** Which files are meant: those of a commit, or of the tree that a commit became with a patch. */
export interface FileTree {
  readonly repository: Pick<GitRepository, 'root'>;
  /** The id of a commit or of a tree. */
  readonly tree: string;
  /** What made the tree of the commit; nobody looks into it here. */
  readonly patch?: unknown;
}

/**
 * A file at a commit: `flowdeck-git:/home/ada/code/src/train.py?{"commit":…,"repository":"/home/ada/code"}`. The path is the
 * one that it has in the folder, so that VS Code knows its language, and takes both for one file that changed.
 */
export function gitUri({ repository, tree, patch }: FileTree, file: string): vscode.Uri {
  const patched = patch === undefined ? {} : { patched: true };
  const query = JSON.stringify({ commit: tree, repository: repository.root, ...patched });
  return vscode.Uri.file(path.join(repository.root, file)).with({ scheme: gitScheme, query });
}
