import fs from 'node:fs/promises';
import path from 'node:path';
import { exists } from '../../git/exists';
import type { Checkout } from '../checkouts';
import type { EntryPoint } from '../mlproject';
import { isLocalPath } from '../parameters';

/** What `path` parameters name and the open folder has beside its commits: data, mostly. */
export interface BesideData {
  /** Of the open project, absolute. */
  readonly project: string;
  /** By the names of the parameters, relative to the project. */
  readonly files: ReadonlyMap<string, string>;
}

/** `inside` is the project's folder in the repository at `root`, `committed` what the commit has with the run's patch. */
export async function dataBeside(
  { parameters }: EntryPoint,
  values: ReadonlyMap<string, string>,
  {
    root,
    inside,
    committed,
  }: { readonly root: string; readonly inside: string; readonly committed: readonly string[] },
): Promise<BesideData> {
  const project = path.join(root, ...inside.split('/'));
  const files = new Map<string, string>();
  for (const { name, type } of parameters) {
    const value = values.get(name);
    if (type !== 'path' || !value || !isLocalPath(value) || path.isAbsolute(value)) continue;
    const place = path.posix.join(inside, value).replace(/\/+$/, '');
    const isCommitted = committed.some((file) => file === place || file.startsWith(`${place}/`));
    const isInside = place !== '.' && place.split('/')[0] !== '..';
    if (isInside && !isCommitted && (await exists(path.join(project, value)))) files.set(name, value);
  }
  return { project, files };
}

/** Puts links to them into a working tree that is ours, where it has none of its own. So the run has the same params. */
export async function linkData(checkout: Checkout, { project, files }: BesideData): Promise<void> {
  for (const value of files.values()) {
    const [target, place] = [path.join(project, value), path.join(checkout.folder, value)];
    const found = await fs.stat(target).catch(() => undefined);
    if (!found || (await exists(place))) continue;
    await fs.mkdir(path.dirname(place), { recursive: true });
    // A trailing slash would name what the link is to lead to.
    await fs.symlink(target, place.replace(/[\\/]+$/, ''), found.isDirectory() ? 'junction' : 'file');
  }
  await checkout.settle();
}
