import { repositoryKey, stripCredentials } from './remoteUrl';

export interface Remote {
  readonly name: string;
  /** Without credentials; absent when the address has a form in which they cannot be told apart. */
  readonly url?: string;
  /** Other addresses that git takes for the same one by its `url.<base>.insteadOf`, the one it asks first. No credentials. */
  readonly aliases?: readonly string[];
}

/** git goes to `base` where an address begins with `instead`. */
interface Rewriting {
  readonly base: string;
  readonly instead: string;
}

/** What `parseRemotes` reads. https://git-scm.com/docs/git-config#Documentation/git-config.txt-urlbaseinsteadOf */
export const remotesQuestion = ['config', '--get-regexp', '-z', '^(remote\\..*\\.url|url\\..*\\.insteadof)$'];

/** In the order of git's configuration. A second address of a remote is pushed to alone. */
export function parseRemotes(output: string): readonly Remote[] {
  const addresses = new Map<string, string>();
  const rewritings: Rewriting[] = [];
  for (const entry of output.split('\0')) {
    const split = entry.indexOf('\n');
    const [, section, name] = /^(remote|url)\.(.*)\.(?:url|insteadof)$/s.exec(entry.slice(0, split)) ?? [];
    if (split < 0 || name === undefined) continue;
    const value = entry.slice(split + 1);
    if (section === 'url') rewritings.push({ base: name, instead: value });
    // A name that looks like an option can only come from a configuration written by hand.
    else if (!name.startsWith('-') && !addresses.has(name)) addresses.set(name, value);
  }
  return [...addresses].map(([name, address]) => remoteOf(name, address, rewritings));
}

function remoteOf(name: string, address: string, rewritings: readonly Rewriting[]): Remote {
  const url = stripCredentials(address);
  const aliases = [...new Set(aliasesOf(address, rewritings).flatMap((alias) => stripCredentials(alias) ?? []))];
  const others = aliases.filter((alias) => alias !== url);
  return { name, ...(url === undefined ? {} : { url }), ...(others.length === 0 ? {} : { aliases: others }) };
}

function aliasesOf(address: string, rewritings: readonly Rewriting[]): readonly string[] {
  // The longest counts, as for git.
  const [longest] = rewritings
    .filter(({ instead }) => address.startsWith(instead))
    .toSorted((a, b) => b.instead.length - a.instead.length);
  const asked = longest ? longest.base + address.slice(longest.instead.length) : address;
  const written = rewritings.flatMap(({ base, instead }) =>
    asked.startsWith(base) ? [instead + asked.slice(base.length)] : [],
  );
  return [asked, ...written];
}

/** All addresses by which these remotes may be named. */
export const addressesOf = (remotes: readonly Remote[]): readonly string[] =>
  remotes.flatMap(({ url, aliases = [] }) => [...(url === undefined ? [] : [url]), ...aliases]);

/** The first of them that is the repository at `url`, whatever the protocol and by whatever address it is named. */
export function remoteAt(remotes: readonly Remote[], url: string): Remote | undefined {
  const key = repositoryKey(url);
  return key === undefined
    ? undefined
    : remotes.find((remote) => addressesOf([remote]).some((address) => repositoryKey(address) === key));
}
