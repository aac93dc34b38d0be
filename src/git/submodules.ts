import { rm } from 'node:fs/promises';
import path from 'node:path';
import { exists } from './exists';
import { GitError } from './gitError';
import { gitText } from './gitProcess';
import type { GitRepository } from './gitRepository';
import { openRepository } from './openRepository';
import { stripCredentials } from './remoteUrl';

/** ms without output: a history is fetched. */
const slowTimeout = 600_000;

export interface Submodule {
  readonly name: string;
  /** Relative to the working tree that it is in. */
  readonly path: string;
  /** The one in the index. */
  readonly commit: string;
}

type Holder = Pick<GitRepository, 'root' | 'commonDir'>;

/** Those of the working tree at `folder`, not those inside them. */
export async function submodulesOf(folder: string, signal?: AbortSignal): Promise<readonly Submodule[]> {
  const names = await submoduleNames(folder, signal);
  if (names.size === 0) return [];
  const staged = await gitText(folder, ['ls-files', '--stage', '-z', '--', ...names.keys()], { signal });
  return staged.split('\0').flatMap((line) => {
    const [, commit, place] = /^160000 ([0-9a-f]+) 0\t(.*)$/s.exec(line) ?? [];
    const name = names.get(place ?? '');
    return commit && place && name ? [{ name, path: place, commit }] : [];
  });
}

/** What the working tree at `folder` calls its submodules, by their places in it. */
export async function submoduleNames(folder: string, signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
  if (!(await exists(path.join(folder, '.gitmodules')))) return new Map();
  const asked = ['config', '--file', '.gitmodules', '-z', '--get-regexp', '^submodule\\..*\\.path$'];
  const output = await gitText(folder, asked, { signal, acceptedExitCodes: [1] });
  const names = new Map<string, string>();
  for (const entry of output.split('\0')) {
    const [, name, place] = /^submodule\.(.*)\.path\n(.*)$/s.exec(entry) ?? [];
    if (name && place) names.set(place, name);
  }
  return names;
}

/**
 * Checks out the commits of submodules that stand in the index; nothing where there are none. What the repository `holder`
 * has of them is not fetched again: such a submodule reads the objects there, so this is for working trees that go soon.
 */
export async function updateSubmodules(folder: string, signal?: AbortSignal, holder?: Holder): Promise<void> {
  if (!(await exists(path.join(folder, '.gitmodules')))) return;
  if (holder) await borrowSubmodules(folder, holder, signal);
  // `--init` would write them all into the configuration, which all working trees of the repository share.
  const args = ['-c', 'submodule.active=.', 'submodule', 'update', '--recursive'];
  await gitText(folder, args, { signal, timeout: slowTimeout });
}

async function borrowSubmodules(folder: string, holder: Holder, signal?: AbortSignal): Promise<void> {
  for (const submodule of await submodulesOf(folder, signal)) {
    const place = path.join(folder, submodule.path);
    for (const source of await holdersOf(holder, submodule, signal)) {
      try {
        await borrow(source, folder, submodule, signal);
        await borrowSubmodules(place, source, signal);
        break;
      } catch (error) {
        if (!(error instanceof GitError)) throw error;
        // Not there, most likely: then git gets it from where it comes from.
        await rm(place, { recursive: true, force: true, maxRetries: 3 });
      }
    }
  }
}

/** Where it is checked out, and where git keeps it of another branch or of a former name of its folder. */
async function holdersOf({ root, commonDir }: Holder, { name, path: place }: Submodule, signal?: AbortSignal) {
  const holders: Holder[] = [];
  const folder = path.join(root, place);
  const opened = (await exists(path.join(folder, '.git'))) && (await openRepository(folder, signal).catch(() => false));
  signal?.throwIfAborted();
  if (typeof opened === 'object') holders.push(opened);
  const kept = path.join(commonDir, 'modules', name);
  const isName = !name.split(/[\\/]/).includes('..');
  if (isName && kept !== holders[0]?.commonDir && (await exists(path.join(kept, 'HEAD'))))
    holders.push({ root: kept, commonDir: kept });
  return holders;
}

async function borrow(
  { commonDir }: Holder,
  folder: string,
  { path: place, commit }: Submodule,
  signal?: AbortSignal,
): Promise<void> {
  const options = { signal, timeout: slowTimeout };
  // Not asked there: the folder that git checks it out to may be gone.
  const asked = ['config', '--file', path.join(commonDir, 'config'), '--get', 'remote.origin.url'];
  // Submodules inside it may be named from where it comes from.
  const url = stripCredentials((await gitText(folder, asked, { signal })).trim());
  if (url === undefined) throw new GitError('notFound', 'Nobody knows where the submodule comes from.');
  await gitText(folder, ['clone', '--quiet', '--shared', '--no-checkout', '--', commonDir, place], options);
  const made = path.join(folder, place);
  await gitText(made, ['remote', 'set-url', '--', 'origin', url], options);
  await gitText(made, ['checkout', '--quiet', '--detach', commit], options);
}
