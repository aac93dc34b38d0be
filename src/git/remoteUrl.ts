/**
 * Remote addresses as git writes them: `https://…`, `ssh://…`, `git@host:path` (scp form), `file://…`, a plain path.
 * https://git-scm.com/docs/git-clone#_git_urls
 */

const withScheme = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i;
const scpForm = /^(?:([^@/:\s]+)@)?(\[[^\]\s]+\]|[^@/:\s[\]]+):(?!\/\/)(.*)$/;
const windowsPath = /^[a-z]:[\\/]/i;
const scpSchemes = new Set(['ssh', 'git+ssh', 'ssh+git']);
/** A host with an optional port; anything else may be a mangled credential. */
const plainHost = /^(\[[0-9a-f:.%]+\]|[^\s:@[\]]*)(:\d*)?$/i;

/**
 * The address without user names, passwords, tokens and query: what may be written on a server or shown. The user
 * of ssh addresses stays (`git@`), it is part of the address and no secret. Undefined when a form is not understood,
 * for then nobody can say what in it is secret.
 */
export function stripCredentials(url: string): string | undefined {
  const text = url.trim();
  if (text === '' || hasControlCharacter(text)) return undefined;
  const helper = /^[a-z0-9+.-]+::(.*)$/i.exec(text);
  if (helper) return stripCredentials(helper[1] ?? '');
  const parts = withScheme.exec(text);
  if (parts) return stripAuthority(parts[1] ?? '', parts[2] ?? '', parts[3] ?? '');
  if (windowsPath.test(text)) return text;
  const scp = scpForm.exec(text);
  if (scp) return scp[3]?.includes('@') ? undefined : text;
  return text.includes('@') && text.includes(':') ? undefined : text;
}

function stripAuthority(scheme: string, authority: string, rest: string): string | undefined {
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  // A password with a slash in it looks like a host with a path.
  if (!plainHost.test(host) || (host.includes(':') && rest.includes('@'))) return undefined;
  const lowerScheme = scheme.toLowerCase();
  const user = at < 0 ? '' : (authority.slice(0, at).split(':')[0] ?? '');
  const keptUser = scpSchemes.has(lowerScheme) && user !== '' && !user.includes('@') ? `${user}@` : '';
  const path = lowerScheme === 'file' ? rest : rest.replace(/[?#].*$/s, '');
  return `${lowerScheme}://${keptUser}${host}${path}`;
}

/** A password may hold what ends the host of an address (`/`, `?`): behind a colon all of it goes to the last `@`. */
function withoutUser(rest: string): string {
  const [authority = ''] = /^[^/?#]*/.exec(rest) ?? [];
  const at = authority.includes(':') ? rest.lastIndexOf('@') : authority.lastIndexOf('@');
  return rest.slice(at + 1);
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f');
}

/** Text such as git's error output with every credential in an address taken out. */
export function redactUrls(text: string): string {
  return text
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)(\S+)/gi, (_, scheme: string, rest: string) => scheme + withoutUser(rest))
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s'"?#]*)[?#][^\s'"]*/gi, '$1');
}

/**
 * A key that is the same for all addresses of one repository: `git@Host:a/b.git`, `ssh://git@host/a/b`,
 * `https://token@host/a/b/` all give `host/a/b`. Only for comparing. Undefined when the form is not understood.
 */
export function repositoryKey(url: string): string | undefined {
  const address = stripCredentials(url);
  if (address === undefined) return undefined;
  const parts = withScheme.exec(address);
  if (parts?.[1] === 'file') return localKey(decodePath(parts[3] ?? ''));
  if (parts) return networkKey((parts[2] ?? '').replace(/^.*@/, ''), parts[3] ?? '');
  const scp = windowsPath.test(address) ? null : scpForm.exec(address);
  return scp ? networkKey(scp[2] ?? '', scp[3] ?? '') : localKey(address);
}

const networkKey = (host: string, path: string) =>
  `${host.replace(/:(22|80|443|9418)?$/, '')}/${barePath(decodePath(path))}`.toLowerCase();
const localKey = (path: string) => `file:/${barePath(path.replaceAll('\\', '/'))}`;

function barePath(path: string): string {
  return path
    .replace(/^\/+|\/+$/g, '')
    .replace(/(\/?\.git)$/, '')
    .replace(/\/+$/, '');
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}

/** True when both addresses lead to the same repository, whatever the protocol. */
export function sameRepository(a: string, b: string): boolean {
  const key = repositoryKey(a);
  return key !== undefined && key === repositoryKey(b);
}

/** Addresses that a person may be offered to clone: network protocols only. */
export function isCloneable(url: string): boolean {
  const address = stripCredentials(url);
  if (address === undefined || address.startsWith('-')) return false;
  return /^(https?|ssh):\/\/[^-/]/i.test(address) || /^[\w.-]+@[\w][\w.-]*:[^-]/.test(address);
}
