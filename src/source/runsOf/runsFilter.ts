import { repositoryKey } from '../../git/remoteUrl';
import { TagKey } from '../../shared/domain';
import { boxKey, boxText } from '../../shared/filter/quoting';

/** As many commits stand in a filter: each is a search of its own, and a person can still read it. */
export const mostInFilter = 30;

const tag = (key: string) => `tags.${boxKey(key)}`;

const isAnyOf = (field: string, values: readonly string[]): string =>
  values.length === 1 ? `${field} = ${boxText(values[0] ?? '')}` : `${field} IN (${values.map(boxText).join(', ')})`;

/** What the filter box of the runs table takes: the runs tagged with any of these commits, by any of these keys. */
export const commitsFilter = (commits: readonly string[], keys: readonly string[] = [TagKey.gitCommit]): string =>
  anyOf(...keys.map((key) => isAnyOf(tag(key), commits)));

/** So many digits every way of writing a commit has: shorter ones are no commit ids. */
const fewestDigits = 7;

/** The runs whose tag begins as one of the commits does: all that name it, in full or abbreviated, and hardly any other. */
export const beginningsFilter = (commits: readonly string[], keys: readonly string[]): string => {
  const beginnings = new Set(commits.map((commit) => commit.slice(0, fewestDigits)));
  return anyOf(...keys.flatMap((key) => [...beginnings].map((digits) => `${tag(key)} ILIKE ${boxText(`${digits}%`)}`)));
};

/** '' for none. */
export const runIdsFilter = (runIds: readonly string[]): string =>
  runIds.length === 0 ? '' : isAnyOf('attributes.run_id', runIds);

/**
 * The runs that name a file as their source, by its path from the root or as the end of a longer path; `windows`: with
 * backslashes too. A `_` or `%` in its name takes other characters too, for there is no escape: `others` are the names that
 * are out of question.
 */
export function sourceFilter(
  file: string,
  { others = [], windows = false }: { readonly others?: readonly string[]; readonly windows?: boolean } = {},
): string {
  const key = tag(TagKey.sourceName);
  const filter = [unixFilter(file), ...(windows ? [windowsFilter(file)] : [])].join(' OR ');
  return others.length === 0 ? filter : `(${filter}) AND ${key} NOT IN (${others.map(boxText).join(', ')})`;
}

const unixFilter = (file: string) => {
  const key = tag(TagKey.sourceName);
  return `${key} = ${boxText(file)} OR ${key} LIKE ${boxText(`%/${file}`)}`;
};

/** As runs that were made on Windows name it. */
export const windowsFilter = (file: string): string => {
  const [key, name] = [tag(TagKey.sourceName), file.replaceAll('/', '\\')];
  const inside = `${key} LIKE ${boxText(`%\\${name}`)}`;
  return name === file ? inside : `${key} = ${boxText(name)} OR ${inside}`;
};

/** Of these the runs that say the drive: the others' names hardly ever look like it. */
export const driveFilter = (file: string): string =>
  `${tag(TagKey.sourceName)} LIKE ${boxText(`_:%\\${file.replaceAll('/', '\\')}`)}`;

export const namesSource = (file: string, name: string): boolean => {
  const path = name.replaceAll('\\', '/');
  return name === file || path === file || name.endsWith(`/${file}`) || path.endsWith(`/${file}`);
};

export const branchFilter = (branch: string, keys: readonly string[] = [TagKey.gitBranch]): string =>
  anyOf(...keys.map((key) => isAnyOf(tag(key), [branch])));

export const entryPointFilter = (entryPoint: string): string =>
  `${tag(TagKey.projectEntryPoint)} = ${boxText(entryPoint)}`;

/**
 * The runs that name no repository, or one of these, by any of the tags: `remotes` are addresses, found by whatever protocol
 * and user stands before host and path; `addresses` are others, found as they are.
 */
export function repositoryFilter(
  keys: readonly string[],
  remotes: readonly string[],
  addresses: readonly string[] = [],
): string {
  const ends = [...new Set(remotes.flatMap((url) => repositoryKey(url) ?? []))].flatMap((key) => {
    // The host, then `/` or `:`, or a port before it.
    const end = key.startsWith('file:/') ? `%${key.slice('file:/'.length)}` : `%${key.replace('/', '%')}`;
    return [end, `${end}.git`];
  });
  const one = (key: string) =>
    anyOf(
      `${tag(key)} IS NULL`,
      ...ends.map((end) => `${tag(key)} ILIKE ${boxText(end)}`),
      addresses.length === 0 ? '' : isAnyOf(tag(key), addresses),
    );
  return allOf(...keys.map(one));
}

/** The runs that have none of these values in any of the tags; all runs where there are none. */
export const noneOfFilter = (values: readonly string[], keys: readonly string[]): string =>
  values.length === 0
    ? ''
    : allOf(...keys.map((key) => `${tag(key)} IS NULL OR ${tag(key)} NOT IN (${values.map(boxText).join(', ')})`));

/** All of them. */
export function allOf(...filters: readonly string[]): string {
  const given = filters.filter(Boolean);
  return given.length > 1 ? given.map((filter) => `(${filter})`).join(' AND ') : given.join('');
}

/** Any of them. */
export const anyOf = (...filters: readonly string[]): string => filters.filter(Boolean).join(' OR ');
