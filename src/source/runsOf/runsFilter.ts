import { repositoryKey } from '../../git/remoteUrl';
import { TagKey } from '../../shared/domain';
import { boxKey, boxText } from '../../shared/filter/quoting';
import type { SourceNames } from './sourceNames';

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

/** So many files with a longer path stand in a filter. */
const mostLonger = 20;

/**
 * The runs that name a file as their source; `windows`: with drives and backslashes too. A `_` or `%` in its name takes other
 * characters too, for there is no escape: `others` are the names that are out of question.
 */
export function sourceFilter(
  { file, relative, roots, longer }: SourceNames,
  { others = [], windows = false }: { readonly others?: readonly string[]; readonly windows?: boolean } = {},
): string {
  const key = tag(TagKey.sourceName);
  const spelled = (paths: readonly string[]) => [...new Set([...paths, ...(windows ? paths.map(backslashed) : [])])];
  const exact = [
    ...relative.flatMap((name) => [name, `./${name}`]),
    ...[...roots, ''].map((root) => `${root}/${file}`),
  ];
  const elsewhere = anyOf(`${key} LIKE ${boxText(`/%/${file}`)}`, windows ? elsewhereOnWindows(file) : '');
  const not = [...roots.map((root) => `${root}/%`), ...longer.slice(0, mostLonger).map((other) => `%/${other}`)];
  return anyOf(
    isAnyOf(key, spelled(exact)),
    allOf(
      elsewhere,
      ...spelled(not).map((pattern) => `${key} NOT LIKE ${boxText(pattern)}`),
      others.length === 0 ? '' : `${key} NOT IN (${others.map(boxText).join(', ')})`,
    ),
  );
}

/** The runs whose names of the file only Windows has: on a drive, on another machine, or with backslashes. */
export function windowsFilter({ file, relative }: SourceNames): string {
  const inFolders = relative.filter((name) => name.includes('/')).map(backslashed);
  return anyOf(elsewhereOnWindows(file), inFolders.length === 0 ? '' : isAnyOf(tag(TagKey.sourceName), inFolders));
}

const elsewhereOnWindows = (file: string): string =>
  anyOf(
    ...[`_:%\\${backslashed(file)}`, `_:%/${file}`, `\\\\%\\${backslashed(file)}`].map(
      (pattern) => `${tag(TagKey.sourceName)} LIKE ${boxText(pattern)}`,
    ),
  );

const backslashed = (path: string) => path.replaceAll('/', '\\');

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
  const ends = [...new Set(remotes.flatMap((url) => repositoryKey(url) ?? []))].flatMap(endsOf);
  const one = (key: string) =>
    anyOf(
      `${tag(key)} IS NULL`,
      ...ends.map((end) => `${tag(key)} ILIKE ${boxText(end)}`),
      addresses.length === 0 ? '' : isAnyOf(tag(key), addresses),
    );
  return allOf(...keys.map(one));
}

/** How addresses of one repository end. Between host and path stands `/` or `:`, or the port of ssh. */
function endsOf(key: string): readonly string[] {
  const ends = key.startsWith('file:/')
    ? [`%${key.slice('file:/'.length)}`]
    : ['_', ':22/'].map((between) => `%${key.replace('/', () => between)}`);
  return ends.flatMap((end) => [end, `${end}.git`]);
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
