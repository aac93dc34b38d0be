import path from 'node:path';
import * as vscode from 'vscode';
import { type ChangedFile, oldName } from '../git/changedFiles';
import type { GitRepository } from '../git/gitRepository';
import { type FileTree, gitUri } from '../platform/gitUri';
import { submoduleUri } from './sourceUris';
import { insideSubmodule } from './submodules';
import type { WorkspaceRepositories } from './workspaceRepositories';

/** One side of a comparison: the files of a commit or those in the folder. */
export type Side = { readonly files: FileTree } | { readonly workingTree: Pick<GitRepository, 'root'> };

/** What stands above the files of a comparison: the same kind of text for both sides. */
export interface Preface {
  readonly left?: vscode.Uri;
  readonly right?: vscode.Uri;
}

type Entry = [label: vscode.Uri, left: vscode.Uri | undefined, right: vscode.Uri | undefined];
interface Sides {
  readonly left: Side;
  readonly right: Side;
}

/** Shows all of `files` in VS Code's editor for many differences, those inside of submodules with them. */
export async function openMultiDiff(
  repositories: WorkspaceRepositories,
  title: string,
  files: readonly ChangedFile[],
  sides: Sides,
  prefaces: readonly Preface[] = [],
): Promise<void> {
  const above = prefaces.flatMap(({ left, right }): Entry[] => {
    const label = right ?? left;
    return label ? [[label, left, right]] : [];
  });
  const entries = await entriesOf(repositories, files, sides);
  await vscode.commands.executeCommand('vscode.changes', title, [...above, ...entries]);
}

/** However deep submodules lie in each other. */
async function entriesOf(
  repositories: WorkspaceRepositories,
  files: readonly ChangedFile[],
  sides: Sides,
): Promise<readonly Entry[]> {
  const entries = await Promise.all(
    files.map((file) => (file.submodule ? submoduleEntries(repositories, file, sides) : [entryOf(file, sides)])),
  );
  return entries.flat();
}

/** A label and both sides of a file that is no submodule. */
export function entryOf(file: ChangedFile, sides: Sides): Entry {
  const left = file.kind === 'added' ? undefined : sideUri(sides.left, oldName(file));
  const right = file.kind === 'deleted' ? undefined : sideUri(sides.right, file.path);
  return [right ?? left ?? sideUri(sides.right, file.path), left, right];
}

async function submoduleEntries(
  repositories: WorkspaceRepositories,
  file: ChangedFile,
  { right }: Sides,
): Promise<readonly Entry[]> {
  const withFolder = 'workingTree' in right;
  const { root } = withFolder ? right.workingTree : right.files.repository;
  const inside = await insideSubmodule(repositories, root, file, withFolder);
  if (inside) {
    const { repository, from, to, files } = inside;
    const newer: Side = to === undefined ? { workingTree: repository } : { files: { repository, tree: to } };
    return entriesOf(repositories, files, { left: { files: { repository, tree: from } }, right: newer });
  }
  const { from, to } = file.submodule ?? {};
  const text = (commit: string | undefined) => (commit === undefined ? undefined : submoduleUri(file.path, commit));
  const label = text(to) ?? text(from);
  return label ? [[label, text(from), text(to)]] : [];
}

const sideUri = (side: Side, file: string) =>
  'files' in side ? gitUri(side.files, file) : vscode.Uri.file(path.join(side.workingTree.root, file));
