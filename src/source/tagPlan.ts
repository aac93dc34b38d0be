import { sameCommit } from '../shared/commitId';
import { type Run, TagKey, type Tags } from '../shared/domain';

export interface TagChange {
  readonly set: Tags;
  readonly remove: readonly string[];
}

/** The tags Flowdeck writes, and therefore those it restores. */
const ownedKeys = [TagKey.gitCommit, TagKey.gitBranch, TagKey.gitRepoUrl, TagKey.gitDirty, TagKey.gitPatch] as const;

/**
 * Also takes away what would contradict the new tags: the branch of another commit on a head that has none,
 * the patch of other changes.
 */
export function tagChange(run: Pick<Run, 'tags'>, tags: Tags): TagChange {
  return { set: tags, remove: ownedKeys.filter((key) => run.tags[key] !== undefined && tags[key] === undefined) };
}

/** Brings back the tags that `run` had before `change`: gone are those it did not have. */
export function undoChange(run: Pick<Run, 'tags'>, change: TagChange): TagChange {
  const touched = [...Object.keys(change.set), ...change.remove];
  const before = touched.flatMap((key) => {
    const value = run.tags[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return { set: Object.fromEntries(before), remove: touched.filter((key) => run.tags[key] === undefined) };
}

/** The runs on which another commit stands. */
export function conflictingRuns<R extends Pick<Run, 'tags'>>(runs: readonly R[], commit: string): readonly R[] {
  return runs.filter((run) => {
    const there = run.tags[TagKey.gitCommit]?.trim();
    return there && !sameCommit(there, commit);
  });
}
