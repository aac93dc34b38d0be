import { nameOf } from '../artifactPath';
import type { ArtifactEntry, ArtifactLevel, FileHash } from '../protocol/compare';
import { type CompareRow, type CompareValue, differing } from './compareRow';

/** What is known of the artifacts of the compared runs. */
export interface ArtifactTree {
  /** By path; '' is the root. What is not there was not asked for. */
  readonly levels: ReadonlyMap<string, ArtifactLevel>;
  /** Folders that are open. */
  readonly open: ReadonlySet<string>;
  /** Of files that were asked for, by path. */
  readonly hashes: ReadonlyMap<string, readonly FileHash[]>;
}

/** The tree of all runs' files, what is closed left out. A cell is the size; a folder's says that it is there. */
export function artifactRows(tree: ArtifactTree, path = '', depth = 0): CompareRow[] {
  const { entries = [], problems = [], left = 0 } = tree.levels.get(path) ?? {};
  const rows = entries.flatMap((entry): CompareRow[] => {
    const open = entry.isFolder && tree.open.has(entry.path);
    const row = rowOf(entry, { depth, open }, tree.hashes.get(entry.path));
    return open ? [row, ...artifactRows(tree, entry.path, depth + 1)] : [row];
  });
  if (left > 0) rows.push(leftRow(path, left));
  if (problems.some((problem) => problem !== null)) rows.push(problemRow(path, problems));
  return rows;
}

/** Counts as a difference, for what is left out may be one. */
function leftRow(path: string, left: number): CompareRow {
  const label = `${left} more, not compared`;
  return {
    id: `artifacts+${path}`,
    section: 'artifacts',
    label,
    kind: 'text',
    differs: true,
    value: () => undefined,
  };
}

/** Runs whose folder could not be read, and why. */
function problemRow(path: string, problems: readonly (string | null)[]): CompareRow {
  const value = (at: number) => problems[at] ?? undefined;
  return { id: `artifacts#${path}`, section: 'artifacts', label: 'Not read', kind: 'text', differs: true, value };
}

function rowOf(
  { path, isFolder, sizes }: ArtifactEntry,
  place: { readonly depth: number; readonly open: boolean },
  hashes: readonly FileHash[] | undefined,
): CompareRow {
  const value = (at: number): CompareValue => {
    const size = sizes[at];
    if (size === null || size === undefined) return undefined;
    return isFolder ? 'folder' : size;
  };
  const content = (at: number): CompareValue => {
    const hash = hashes?.[at];
    return hash && 'hash' in hash ? hash.hash : value(at);
  };
  return {
    id: `artifacts.${path}`,
    section: 'artifacts',
    label: nameOf(path),
    kind: isFolder ? 'text' : 'bytes',
    differs: differing(sizes.length, hashes ? content : value),
    artifact: { path, isFolder, ...place },
    value,
  };
}

/** How a run's file is to that of the first run that has it, once their contents were read. */
export function contentText(hashes: readonly FileHash[], at: number): string {
  const hash = hashes[at];
  if (!hash || 'missing' in hash) return '';
  if ('problem' in hash) return hash.problem;
  const reference = hashes.findIndex((other) => 'hash' in other);
  if (reference === at) return 'reference';
  const other = hashes[reference];
  return other && 'hash' in other && other.hash === hash.hash ? 'same' : 'different';
}
