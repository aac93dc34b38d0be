import { stripCredentials } from './remoteUrl';

/** Hosts of code that Flowdeck knows the addresses of. */
export const remoteHostKinds = ['github', 'gitlab', 'bitbucket', 'bitbucketServer', 'azureDevOps', 'gitea'] as const;
export type RemoteHostKind = (typeof remoteHostKinds)[number];

/** What is to be shown: a commit, or a file of it. */
export interface WebTarget {
  /** Full id, where anybody knows it: not every host finds a file by an abbreviated one. */
  readonly commit: string;
  /** Relative to the root, `/` between parts. */
  readonly file?: string | undefined;
}

/** A remote address taken apart: `path` has no `/` around it and no `.git`. */
interface Place {
  readonly host: string;
  /** With its port, for web addresses. */
  readonly authority: string;
  readonly path: string;
  readonly scheme: 'http' | 'https';
}

/**
 * Where a web page shows the target. `hosts` says what self-hosted names are: a kind, or an address with `{repository}`,
 * `{commit}` and `{file}`. Undefined where nobody can tell. Never anything but http and https.
 */
export function webLink(
  remote: string,
  target: WebTarget,
  hosts: Readonly<Record<string, string>> = {},
): string | undefined {
  const place = placeOf(remote);
  if (!place) return undefined;
  // A map: `constructor` is a host like any other. Hosts are the same in any case.
  const names = new Map(Object.entries(hosts).map(([name, meaning]) => [name.trim().toLowerCase(), meaning]));
  const named = names.get(place.authority) ?? names.get(place.host);
  const kind = isKind(named) ? named : named === undefined ? knownHost(place.host) : undefined;
  const link = kind ? kindLinks[kind](place, target) : named === undefined ? undefined : filled(named, place, target);
  return link !== undefined && URL.canParse(link) && /^https?:\/\/[^/]/i.test(link) ? link : undefined;
}

/** The host a setting could name; undefined of a path on this machine. */
export const remoteHost = (remote: string): string | undefined => placeOf(remote)?.host;

function placeOf(remote: string): Place | undefined {
  const address = stripCredentials(remote);
  if (address === undefined) return undefined;
  const url = /^(https?|ssh|git|git\+ssh|ssh\+git):\/\/(?:[^@/]*@)?([^/]+)\/(.*)$/i.exec(address);
  const scp = url ? null : /^(?:[^@/\s]+@)?([^:/\s]{2,}):(?!\/\/)(.*)$/.exec(address);
  const [scheme, authority, path] = url ? [url[1], url[2], url[3]] : ['ssh', scp?.[1], scp?.[2]];
  if (scheme === undefined || authority === undefined || path === undefined) return undefined;
  const host = authority.replace(/:\d*$/, '').toLowerCase();
  const bare = decoded(path)
    .replace(/^\/+|\/+$/g, '')
    .replace(/\.git$/, '');
  const isWeb = /^https?$/i.test(scheme);
  if (bare === '' || host === '') return undefined;
  return {
    host,
    // The port of ssh is not that of the web server.
    authority: isWeb ? authority.toLowerCase() : host,
    path: bare,
    scheme: scheme.toLowerCase() === 'http' ? 'http' : 'https',
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}

const isKind = (name: string | undefined): name is RemoteHostKind => remoteHostKinds.some((kind) => kind === name);

function knownHost(host: string): RemoteHostKind | undefined {
  if (/(^|\.)(dev\.azure\.com|visualstudio\.com)$/.test(host)) return 'azureDevOps';
  if (host === 'bitbucket.org' || host === 'altssh.bitbucket.org') return 'bitbucket';
  if (/^(codeberg\.org|gitea\.com)$/.test(host)) return 'gitea';
  const label = host.split('.').find((part) => /^(github|gitlab|bitbucket|gitea|forgejo)$/.test(part));
  if (label === 'bitbucket') return 'bitbucketServer';
  if (label === 'forgejo') return 'gitea';
  return isKind(label) ? label : undefined;
}

const encoded = (path: string) => path.split('/').map(encodeURIComponent).join('/');
const base = ({ scheme, authority, path }: Place) => `${scheme}://${authority}/${encoded(path)}`;

const kindLinks: Readonly<Record<RemoteHostKind, (place: Place, target: WebTarget) => string>> = {
  github: (place, { commit, file }) =>
    `${base(webPlace(place))}/${file === undefined ? `commit/${commit}` : `blob/${commit}/${encoded(file)}`}`,
  gitlab: (place, { commit, file }) =>
    `${base(webPlace(place))}/-/${file === undefined ? `commit/${commit}` : `blob/${commit}/${encoded(file)}`}`,
  bitbucket: (place, { commit, file }) =>
    `${base(webPlace(place))}/${file === undefined ? `commits/${commit}` : `src/${commit}/${encoded(file)}`}`,
  bitbucketServer: bitbucketServerLink,
  azureDevOps: azureLink,
  gitea: (place, { commit, file }) =>
    `${base(place)}/${file === undefined ? `commit/${commit}` : `src/commit/${commit}/${encoded(file)}`}`,
};

/** Names that are for ssh through the https port alone. */
const sshOnly: ReadonlyMap<string, string> = new Map([
  ['ssh.github.com', 'github.com'],
  ['altssh.bitbucket.org', 'bitbucket.org'],
  ['altssh.gitlab.com', 'gitlab.com'],
]);
const webPlace = (place: Place): Place => ({ ...place, authority: sshOnly.get(place.host) ?? place.authority });

/** `scm/PROJECT/repository` over https, `PROJECT/repository` over ssh, `~user` for a person's own. */
function bitbucketServerLink(place: Place, { commit, file }: WebTarget): string {
  const parts = place.path.split('/');
  const scm = parts.indexOf('scm');
  const before = scm > 0 ? `${encoded(parts.slice(0, scm).join('/'))}/` : '';
  const [project = '', ...repository] = parts.slice(scm + 1);
  const owner = project.startsWith('~') ? `users/${encoded(project.slice(1))}` : `projects/${encoded(project)}`;
  const root = `${place.scheme}://${place.authority}/${before}${owner}/repos/${encoded(repository.join('/'))}`;
  return file === undefined ? `${root}/commits/${commit}` : `${root}/browse/${encoded(file)}?at=${commit}`;
}

/**
 * `dev.azure.com/organisation/project/_git/repository`, `organisation.visualstudio.com/…` and over ssh
 * `v3/organisation/project/repository`. https://learn.microsoft.com/azure/devops/repos/git/use-ssh-keys-to-authenticate
 */
function azureLink(place: Place, { commit, file }: WebTarget): string {
  const [, organisation = '', project = '', repository = ''] = /^v3\/([^/]+)\/([^/]+)\/(.+)$/.exec(place.path) ?? [];
  const root =
    repository === ''
      ? base(place)
      : `https://dev.azure.com/${encoded(organisation)}/${encoded(project)}/_git/${encoded(repository)}`;
  return file === undefined
    ? `${root}/commit/${commit}`
    : `${root}?path=${encodeURIComponent(`/${file}`)}&version=GC${commit}`;
}

/** A pattern for files needs `{file}`; without it the commit is what can be shown. */
function filled(pattern: string, place: Place, { commit, file }: WebTarget): string {
  const values: Readonly<Record<string, string>> = {
    host: place.authority,
    repository: encoded(place.path),
    commit,
    file: file === undefined ? '' : encoded(file),
  };
  return pattern.replace(/\{(host|repository|commit|file)\}/g, (_, name: string) => values[name] ?? '');
}
