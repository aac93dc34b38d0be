import type { Experiment } from '../shared/domain';

export type ExperimentOrder = 'newest' | 'name';

export type ExperimentEntry =
  | { readonly kind: 'experiment'; readonly experiment: Experiment; readonly label: string }
  | {
      readonly kind: 'folder';
      /** Labels from the top, joined by the separator: what makes it unique. */
      readonly path: string;
      readonly label: string;
      readonly entries: readonly ExperimentEntry[];
      /** Experiments in it, at any depth. */
      readonly count: number;
    };

interface OpenFolder {
  readonly path: string;
  readonly label: string;
  readonly entries: (ExperimentEntry | OpenFolder)[];
  readonly folders: Map<string, OpenFolder>;
}

/**
 * Experiments in folders by the parts of their names. Newest first: a folder stands where its newest experiment would.
 * By name: folders first. Empty parts count as none; an empty separator makes no folders.
 */
export function inFolders(
  experiments: readonly Experiment[],
  separator: string,
  order: ExperimentOrder,
): readonly ExperimentEntry[] {
  const root = newFolder('', '');
  for (const experiment of sorted(experiments, order)) {
    const parts = separator === '' ? [] : experiment.name.split(separator).filter(Boolean);
    const label = parts.pop() ?? experiment.name;
    let folder = root;
    for (const part of parts) folder = subfolder(folder, part, separator);
    folder.entries.push({ kind: 'experiment', experiment, label });
  }
  return closed(root, order);
}

function sorted(experiments: readonly Experiment[], order: ExperimentOrder): readonly Experiment[] {
  const byName = new Intl.Collator(undefined, { numeric: true });
  const time = ({ creationTime, lastUpdateTime }: Experiment) => creationTime ?? lastUpdateTime ?? 0;
  return [...experiments].sort((a, b) =>
    order === 'name' ? byName.compare(a.name, b.name) : time(b) - time(a) || byName.compare(a.name, b.name),
  );
}

function subfolder(folder: OpenFolder, label: string, separator: string): OpenFolder {
  const present = folder.folders.get(label);
  if (present) return present;
  const made = newFolder(folder.path === '' ? label : `${folder.path}${separator}${label}`, label);
  folder.folders.set(label, made);
  folder.entries.push(made);
  return made;
}

const newFolder = (path: string, label: string): OpenFolder => ({ path, label, entries: [], folders: new Map() });

function closed(folder: OpenFolder, order: ExperimentOrder): readonly ExperimentEntry[] {
  const entries = folder.entries.map((entry): ExperimentEntry => {
    if ('kind' in entry) return entry;
    const inside = closed(entry, order);
    const count = inside.reduce((sum, item) => sum + (item.kind === 'folder' ? item.count : 1), 0);
    return { kind: 'folder', path: entry.path, label: entry.label, entries: inside, count };
  });
  if (order === 'newest') return entries;
  const folders = entries.filter(({ kind }) => kind === 'folder');
  return [...folders, ...entries.filter(({ kind }) => kind !== 'folder')];
}

/** The folders above an experiment, the outermost first. */
export function foldersAbove(entries: readonly ExperimentEntry[], experimentId: string): readonly ExperimentEntry[] {
  for (const entry of entries) {
    if (entry.kind === 'experiment') continue;
    const direct = entry.entries.some(
      (inner) => inner.kind === 'experiment' && inner.experiment.experimentId === experimentId,
    );
    if (direct) return [entry];
    const below = foldersAbove(entry.entries, experimentId);
    if (below.length > 0) return [entry, ...below];
  }
  return [];
}
