import { openRepository } from '../../git/openRepository';
import { describedPatch } from '../../git/patchHead';
import { untrackedFiles, workingPatch } from '../../git/workingPatch';
import { TagKey, type Tags } from '../../shared/domain';

/** What was not committed when runs were launched, as a patch on their commit. */
export interface LaunchedChanges {
  readonly runIds: readonly string[];
  readonly patch: Uint8Array;
}

/**
 * The changes of the working tree around `folder` beyond the commit that the run is tagged with; undefined where there
 * are none that a patch holds. Files that git does not know are named in it: nobody said that they belong to it. Throws
 * `GitError`, kind `tooLarge` beyond `maxBytes`.
 */
export async function launchedPatch(
  folder: string,
  tags: Tags,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const commit = tags[TagKey.gitCommit];
  if (commit === undefined || tags[TagKey.gitDirty] !== 'true') return undefined;
  const repository = await openRepository(folder, signal);
  if (!repository) return undefined;
  const patch = await workingPatch(repository, { commit, untracked: [], maxBytes, signal });
  if (patch.length === 0) return undefined;
  const [{ changes }, untracked] = await Promise.all([repository.state(signal), untrackedFiles(repository, signal)]);
  const leftOut = untracked.map(({ file }) => file);
  return describedPatch(patch, { commit, leftOut, submodules: changes.submodules });
}

/** The same changes of many runs, the children of a sweep say, are kept once. */
export function together(
  all: readonly LaunchedChanges[],
  more: readonly LaunchedChanges[],
): readonly LaunchedChanges[] {
  return more.reduce<readonly LaunchedChanges[]>((known, { runIds, patch }) => {
    const same = known.find((other) => Buffer.compare(other.patch, patch) === 0);
    const joined = { patch: same?.patch ?? patch, runIds: [...(same?.runIds ?? []), ...runIds] };
    return [...known.filter((other) => other !== same), joined];
  }, all);
}
