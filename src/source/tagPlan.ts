import { sameRepository } from '../git/remoteUrl';
import { codeFacts, spellingsOf } from '../mlflow/runSource';
import { sameCommit } from '../shared/commitId';
import { type Run, TagKey, type Tags } from '../shared/domain';

export interface TagChange {
  readonly set: Tags;
  readonly remove: readonly string[];
}

/** Tags that say something of a run's code, in all spellings. */
const codeKeys: readonly string[] = [...codeFacts.flatMap(spellingsOf), TagKey.gitPatch];

/**
 * Also takes away what would contradict the new tags: the branch of another commit on a head that has none, other
 * spellings that say something else, the patch of other changes.
 */
export function tagChange(run: Pick<Run, 'tags'>, tags: Tags): TagChange {
  const contradicting = codeFacts.flatMap((fact) => {
    const said = spellingsOf(fact).find((key) => tags[key] !== undefined);
    const isSame = sameAs[fact] ?? ((a: string, b: string) => a.trim() === b.trim());
    return spellingsOf(fact).filter((key) => said === undefined || !isSame(run.tags[key] ?? '', tags[said] ?? ''));
  });
  const remove = [...contradicting, TagKey.gitPatch];
  return { set: tags, remove: remove.filter((key) => run.tags[key] !== undefined && tags[key] === undefined) };
}

const sameAs: Readonly<Partial<Record<(typeof codeFacts)[number], (a: string, b: string) => boolean>>> = {
  commit: sameCommit,
  repoUrl: sameRepository,
  dirty: (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase(),
};

/** Brings back the tags that `run` had before `change`: gone are those it did not have. */
export function undoChange(run: Pick<Run, 'tags'>, change: TagChange): TagChange {
  const touched = [...Object.keys(change.set), ...change.remove];
  const before = touched.flatMap((key) => {
    const value = run.tags[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return { set: Object.fromEntries(before), remove: touched.filter((key) => run.tags[key] === undefined) };
}

/** The tags of a run after a change. */
export function changed(tags: Tags, { set, remove }: TagChange): Tags {
  const left = Object.entries({ ...tags, ...set }).filter(([key]) => !remove.includes(key));
  return Object.fromEntries(left);
}

/**
 * Whether somebody else wrote of the run's code, or what `change` would write over: its tags are like none of the
 * `known` ones, tag by tag, for a change may have been made in part.
 */
export function isWrittenByOthers(now: Tags, known: readonly Tags[], change: TagChange): boolean {
  const keys = [...codeKeys, ...Object.keys(change.set), ...change.remove];
  return keys.some((key) => known.every((tags) => tags[key] !== now[key]));
}

/** A commit that stands on the run, in whatever spelling, and is not this one; else the one its models name. */
export function otherCommit({ tags }: Pick<Run, 'tags'>, ofModels: string | undefined, commit: string) {
  const said = spellingsOf('commit').flatMap((key) => tags[key]?.trim() || []);
  const all = said.length > 0 ? said : ofModels === undefined ? [] : [ofModels];
  return all.find((there) => !sameCommit(there, commit));
}
