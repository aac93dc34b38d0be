import { TagKey } from '../../shared/domain';
import { boxKey, boxText } from '../../shared/filter/quoting';

/** As many commits stand in a filter: each is a search of its own, and a person can still read it. */
export const mostInFilter = 30;

const tag = (key: string) => `tags.${boxKey(key)}`;

/** What the filter box of the runs table takes: the runs tagged with any of these commits. */
export function commitsFilter(commits: readonly string[]): string {
  const [only] = commits;
  if (commits.length === 1 && only !== undefined) return `${tag(TagKey.gitCommit)} = ${boxText(only)}`;
  return `${tag(TagKey.gitCommit)} IN (${commits.map(boxText).join(', ')})`;
}

/**
 * The runs that name a file as their source, by its path from the root or as the end of a longer path. A `_` or `%` in
 * its name takes any character: there is no escape.
 */
export function sourceFilter(file: string): string {
  const key = tag(TagKey.sourceName);
  return `${key} = ${boxText(file)} OR ${key} LIKE ${boxText(`%/${file}`)}`;
}

export const branchFilter = (branch: string): string => `${tag(TagKey.gitBranch)} = ${boxText(branch)}`;

export const entryPointFilter = (entryPoint: string): string =>
  `${tag(TagKey.projectEntryPoint)} = ${boxText(entryPoint)}`;

/** Any of them. */
export const anyOf = (...filters: readonly string[]): string => filters.filter(Boolean).join(' OR ');
