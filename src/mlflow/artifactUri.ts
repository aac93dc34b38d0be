import { createHash } from 'node:crypto';
import { isSafePath } from '../shared/artifactPath';

export const artifactScheme = 'mlflow';

/** One file or folder of a run; `path` is relative to the run's root, '' is the root itself. */
export interface ArtifactRef {
  readonly runId: string;
  readonly path: string;
}

/** The parts of a URI that `vscode.Uri.from` takes and gives, decoded. */
export interface UriParts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}

const runIdPattern = /^[A-Za-z0-9][\w-]{0,63}$/;

/**
 * Which server a URI belongs to: the host for people, a hash of the whole address for certainty. Holds no credential,
 * since a server's address holds none.
 */
export function authorityOf(serverUri: string): string {
  const hash = createHash('sha256').update(serverUri).digest('hex').slice(0, 10);
  const host = URL.canParse(serverUri) ? new URL(serverUri).host : 'server';
  return `${host.toLowerCase().replaceAll(/[^a-z0-9.-]/g, '-')}-${hash}`;
}

/** The host part of an authority, for messages. */
export const hostOfAuthority = (authority: string) => authority.replace(/-[0-9a-f]{10}$/, '');

export const toUriParts = (serverUri: string, { runId, path }: ArtifactRef): UriParts => ({
  scheme: artifactScheme,
  authority: authorityOf(serverUri),
  path: path === '' ? `/${runId}` : `/${runId}/${path}`,
});

/** Undefined for a URI that names no artifact: URIs come from links, sessions and other extensions. */
export function fromUriPath(path: string): ArtifactRef | undefined {
  const [first, runId = '', ...parts] = path.replace(/\/$/, '').split('/');
  if (first !== '' || !runIdPattern.test(runId)) return undefined;
  const artifactPath = parts.join('/');
  return artifactPath === '' || isSafePath(artifactPath) ? { runId, path: artifactPath } : undefined;
}

/** `{ runId, path }` or a row of the Run view that has both. */
export function decodeArtifactRef(value: unknown): (ArtifactRef & { readonly isFolder?: boolean }) | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const runId = 'runId' in value ? value.runId : undefined;
  const nested = 'artifact' in value && typeof value.artifact === 'object' ? value.artifact : null;
  const source = nested ?? value;
  const path = 'path' in source ? source.path : undefined;
  const isFolder = 'isFolder' in source ? source.isFolder : undefined;
  if (typeof runId !== 'string' || !runIdPattern.test(runId)) return undefined;
  if (typeof path !== 'string' || (path !== '' && !isSafePath(path))) return undefined;
  return { runId, path, ...(typeof isFolder === 'boolean' ? { isFolder } : {}) };
}
