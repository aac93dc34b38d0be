import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { exists } from '../../git/exists';
import type { GitRepository } from '../../git/gitRepository';
import { openRepository } from '../../git/openRepository';
import { oneLine } from '../../shared/oneLine';
import type { EntryPoint } from '../mlproject/mlproject';
import { isLocalPath } from '../request/parameters';
import type { Checkout } from './checkouts';

/** The files of a commit, or of what it becomes with the run's changes. */
export interface Code {
  readonly repository: GitRepository;
  readonly tree: string;
  readonly files: readonly string[];
}

/** What `path` parameters name and the open folder has beside the commit: data, mostly. */
export interface BesideData {
  /** Of the repository that is open, absolute. */
  readonly root: string;
  /** By the names of the parameters: files and folders, relative to the root. */
  readonly files: ReadonlyMap<string, readonly string[]>;
}

/** `inside` is the project's folder in the repository; a parameter may have several of the `values`. */
export async function dataBeside(
  { parameters }: EntryPoint,
  values: Iterable<readonly [string, string]>,
  code: Code,
  inside: string,
  signal: AbortSignal,
): Promise<BesideData> {
  const { root } = code.repository;
  const files = new Map<string, readonly string[]>();
  const paths = new Set(parameters.filter(({ type }) => type === 'path').map(({ name }) => name));
  for (const [name, value] of values) {
    if (!paths.has(name) || !value || !isLocalPath(value) || path.isAbsolute(value)) continue;
    const place = path.posix.join(inside, value).replace(/\/+$/, '');
    if (place === '.' || place.split('/')[0] === '..') continue;
    const found = await beside(code, place, signal);
    const there = await Promise.all(found.map((file) => exists(path.join(root, file))));
    if (there.includes(true)) files.set(name, [...(files.get(name) ?? []), ...found]);
  }
  return { root, files };
}

async function beside(
  { repository, tree, files }: Code,
  place: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (files.includes(place)) return [];
  // Of a folder that commits have a part of, what git is told to leave out is the data; the rest is code.
  if (place === '.' || files.some((file) => file.startsWith(`${place}/`))) return repository.ignored(place, signal);
  for (const [folder, commit] of await repository.submodules(tree, signal)) {
    if (place !== folder && !place.startsWith(`${folder}/`)) continue;
    const inside = await codeOf(path.join(repository.root, folder), commit, signal);
    const found = inside ? await beside(inside, path.posix.relative(folder, place) || '.', signal) : [];
    return found.map((file) => `${folder}/${file}`);
  }
  return [place];
}

/** Of a submodule; what is checked out speaks for a commit that is not there. Undefined where there is nothing to be taken. */
async function codeOf(folder: string, commit: string, signal: AbortSignal): Promise<Code | undefined> {
  const repository = (await exists(path.join(folder, '.git'))) ? await openRepository(folder, signal) : undefined;
  const known = await repository?.present([commit], signal);
  const tree = known?.has(commit) ? commit : (await repository?.state(signal))?.commit;
  return repository && tree !== undefined
    ? { repository, tree, files: await repository.listFiles(tree, signal) }
    : undefined;
}

/** What a person is told of it; undefined where there is nothing. */
export function dataNote(data: BesideData | undefined): string | undefined {
  const named = [...(data?.files ?? [])].map(([name, [file = '']]) => `${name} (${oneLine(file, 80)})`);
  return named.length === 0
    ? undefined
    : vscode.l10n.t('Not in that commit, so taken from the open folder: {0}.', named.join(', '));
}

/** Puts links to them into a working tree that is ours, where it has none of its own. So the run has the same params. */
export async function linkData(checkout: Checkout, { root, files }: BesideData): Promise<void> {
  for (const file of [...files.values()].flat()) {
    const [target, place] = [path.join(root, file), path.join(checkout.root, file)];
    const found = await fs.stat(target).catch(() => undefined);
    if (!found || (await exists(place))) continue;
    const folder = await fs.mkdir(path.dirname(place), { recursive: true }).catch(() => false);
    // A link of the commit is in the way that leads to nothing from there: what needs the file says that it is missing.
    if (folder === false) continue;
    await fs.symlink(target, place, found.isDirectory() ? 'junction' : 'file').catch(async (error: unknown) => {
      // Windows lets few people link files.
      if (!(error instanceof Error && 'code' in error && error.code === 'EPERM') || found.isDirectory()) throw error;
      await fs.copyFile(target, place);
    });
  }
  await checkout.settle();
}
