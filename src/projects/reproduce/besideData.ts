import fs from 'node:fs/promises';
import path from 'node:path';
import { exists } from '../../git/exists';
import type { GitRepository } from '../../git/gitRepository';
import type { Checkout } from '../checkouts';
import type { EntryPoint } from '../mlproject';
import { isLocalPath } from '../parameters';

/** What `path` parameters name and the open folder has beside its commits: data, mostly. */
export interface BesideData {
  /** Of the repository that is open, absolute. */
  readonly root: string;
  /** By the names of the parameters: files and folders, relative to the root. */
  readonly files: ReadonlyMap<string, readonly string[]>;
}

/** `inside` is the project's folder in the repository, `committed` what the commit has with the run's patch. */
export async function dataBeside(
  { parameters }: EntryPoint,
  values: ReadonlyMap<string, string>,
  repository: GitRepository,
  inside: string,
  committed: readonly string[],
  signal: AbortSignal,
): Promise<BesideData> {
  const { root } = repository;
  const files = new Map<string, readonly string[]>();
  for (const { name, type } of parameters) {
    const value = values.get(name);
    if (type !== 'path' || !value || !isLocalPath(value) || path.isAbsolute(value)) continue;
    const place = path.posix.join(inside, value).replace(/\/+$/, '');
    if (place === '.' || place.split('/')[0] === '..' || committed.includes(place)) continue;
    // Of a folder that commits have a part of, what git is told to leave out is the data; the rest is code.
    const isFolder = committed.some((file) => file.startsWith(`${place}/`));
    const found = isFolder ? await repository.ignored(place, signal) : [place];
    const there = await Promise.all(found.map((file) => exists(path.join(root, file))));
    if (there.includes(true)) files.set(name, found);
  }
  return { root, files };
}

/** Puts links to them into a working tree that is ours, where it has none of its own. So the run has the same params. */
export async function linkData(checkout: Checkout, { root, files }: BesideData): Promise<void> {
  for (const file of [...files.values()].flat()) {
    const [target, place] = [path.join(root, file), path.join(checkout.root, file)];
    const found = await fs.stat(target).catch(() => undefined);
    if (!found || (await exists(place))) continue;
    await fs.mkdir(path.dirname(place), { recursive: true });
    await fs.symlink(target, place, found.isDirectory() ? 'junction' : 'file').catch(async (error: unknown) => {
      // Windows lets few people link files.
      if (!(error instanceof Error && 'code' in error && error.code === 'EPERM') || found.isDirectory()) throw error;
      await fs.copyFile(target, place);
    });
  }
  await checkout.settle();
}
