import path from 'node:path';
import * as vscode from 'vscode';
import { type ChangedFile, oldName } from '../git/changedFiles';
import type { GitRepository } from '../git/gitRepository';
import { type FileTree, gitUri } from './gitDocuments';

/** One side of a comparison: the files of a commit or those in the folder. */
export type Side = { readonly files: FileTree } | { readonly workingTree: Pick<GitRepository, 'root'> };

/** What stands above the files of a comparison: the same kind of text for both sides. */
export interface Preface {
  readonly left?: vscode.Uri;
  readonly right?: vscode.Uri;
}

/** Shows all of `files` in VS Code's editor for many differences, submodules left out: they have no text. */
export async function openMultiDiff(
  title: string,
  files: readonly ChangedFile[],
  sides: { readonly left: Side; readonly right: Side },
  prefaces: readonly Preface[] = [],
): Promise<void> {
  type Entry = [label: vscode.Uri, left: vscode.Uri | undefined, right: vscode.Uri | undefined];
  const above = prefaces.flatMap(({ left, right }): Entry[] => {
    const label = right ?? left;
    return label ? [[label, left, right]] : [];
  });
  const entries = files
    .filter(({ submodule }) => submodule === undefined)
    .map((file): Entry => {
      const left = file.kind === 'added' ? undefined : sideUri(sides.left, oldName(file));
      const right = file.kind === 'deleted' ? undefined : sideUri(sides.right, file.path);
      return [right ?? left ?? sideUri(sides.right, file.path), left, right];
    });
  await vscode.commands.executeCommand('vscode.changes', title, [...above, ...entries]);
}

const sideUri = (side: Side, file: string) =>
  'files' in side ? gitUri(side.files, file) : vscode.Uri.file(path.join(side.workingTree.root, file));
