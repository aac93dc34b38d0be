import { once } from '../../once';
import { attributes, type Column, type ColumnId, columnId, parseColumnId } from '../column';
import { columnLabel, columnTitle } from './columnTitle';

/** The keys that can be columns. */
export interface ColumnKeys {
  readonly params: readonly string[];
  readonly metrics: readonly string[];
  readonly tags: readonly string[];
}

export type Checked = 'all' | 'some' | 'none';

/** One line of the chooser. */
export type ChooserLine =
  | {
      readonly kind: 'folder';
      /** `group:metrics`, `group:metrics/train`. */
      readonly id: string;
      readonly label: string;
      /** 0 for groups. */
      readonly depth: number;
      readonly open: boolean;
      readonly checked: Checked;
      readonly shown: number;
      readonly count: number;
      /** All leaves under it. */
      readonly ids: readonly ColumnId[];
    }
  | {
      readonly kind: 'leaf';
      readonly id: ColumnId;
      readonly label: string;
      readonly depth: number;
      readonly checked: boolean;
      /** Stands in the list of shown columns, whose order is the table's. */
      readonly ordered: boolean;
    };

export interface ChooserState {
  /** In order. */
  readonly shown: readonly ColumnId[];
  readonly search: string;
  /** Folders whose state is not the usual one: groups are open, what is in them is closed. */
  readonly toggled: ReadonlySet<string>;
  readonly systemTags: boolean;
}

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly leaves: { readonly id: ColumnId; readonly label: string }[];
}

export const shownGroup = 'group:shown';

/** Shown columns in their order, then all there are by kind and by the parts of their keys. A search opens what it finds. */
export function chooserLines(keys: ColumnKeys, state: ChooserState): readonly ChooserLine[] {
  const wanted = matcher(state.search);
  const lines: ChooserLine[] = [];
  const checked = new Set(state.shown);
  shownLines(state, wanted, lines);
  for (const [name, title, columns] of groupsOf(keys, state.systemTags)) {
    const found = columns.filter((column) => wanted(columnTitle(column)));
    if (found.length === 0) continue;
    const root = folderOf(found);
    folderLines(root, { id: `group:${name}`, label: title, depth: 0 }, { ...state, checked }, lines);
  }
  return lines;
}

function shownLines({ shown, toggled }: ChooserState, wanted: (text: string) => boolean, lines: ChooserLine[]): void {
  const found = shown.flatMap((id) => {
    const column = parseColumnId(id);
    return column && wanted(columnTitle(column)) ? [{ id, label: columnLabel(column) }] : [];
  });
  if (found.length === 0) return;
  const open = !toggled.has(shownGroup);
  const ids = found.map(({ id }) => id);
  const counts = { shown: found.length, count: found.length, checked: 'all' as const };
  lines.push({ kind: 'folder', id: shownGroup, label: 'Shown, in order', depth: 0, open, ids, ...counts });
  if (!open) return;
  for (const { id, label } of found) lines.push({ kind: 'leaf', id, label, depth: 1, checked: true, ordered: true });
}

function groupsOf(keys: ColumnKeys, systemTags: boolean): readonly (readonly [string, string, readonly Column[]])[] {
  const tags = systemTags ? keys.tags : keys.tags.filter((key) => !key.startsWith('mlflow.'));
  return [
    ['attributes', 'Attributes', attributes.map((key): Column => ({ kind: 'attribute', key }))],
    ['params', 'Params', keys.params.map((key): Column => ({ kind: 'param', key }))],
    ['metrics', 'Metrics', keys.metrics.map((key): Column => ({ kind: 'metric', key, stat: 'last' }))],
    ['tags', 'Tags', tags.map((key): Column => ({ kind: 'tag', key }))],
  ];
}

function folderOf(columns: readonly Column[]): Folder {
  const root: Folder = { folders: new Map(), leaves: [] };
  for (const column of columns) {
    const parts = column.kind === 'attribute' ? [columnTitle(column)] : column.key.split('/');
    let folder = root;
    for (const part of parts.slice(0, -1)) {
      const next: Folder = folder.folders.get(part) ?? { folders: new Map(), leaves: [] };
      folder.folders.set(part, next);
      folder = next;
    }
    folder.leaves.push({ id: columnId(column), label: parts[parts.length - 1] || columnTitle(column) });
  }
  return root;
}

function folderLines(
  folder: Folder,
  place: { readonly id: string; readonly label: string; readonly depth: number },
  state: Pick<ChooserState, 'search' | 'toggled'> & { readonly checked: ReadonlySet<ColumnId> },
  lines: ChooserLine[],
): void {
  const ids = leavesOf(folder);
  const shown = ids.reduce((sum, id) => sum + (state.checked.has(id) ? 1 : 0), 0);
  const usual = place.depth === 0 || state.search.trim() !== '';
  const open = usual !== state.toggled.has(place.id);
  const checked = shown === 0 ? 'none' : shown === ids.length ? 'all' : 'some';
  lines.push({ kind: 'folder', ...place, open, checked, shown, count: ids.length, ids });
  if (!open) return;
  const depth = place.depth + 1;
  for (const [name, inner] of sorted([...folder.folders], ([name]) => name))
    folderLines(inner, { id: `${place.id}/${name}`, label: name, depth }, state, lines);
  for (const { id, label } of place.id === 'group:attributes'
    ? folder.leaves
    : sorted(folder.leaves, (leaf) => leaf.label))
    lines.push({ kind: 'leaf', id, label, depth, checked: state.checked.has(id), ordered: false });
}

function leavesOf(folder: Folder): ColumnId[] {
  const ids = folder.leaves.map(({ id }) => id);
  for (const inner of folder.folders.values()) for (const id of leavesOf(inner)) ids.push(id);
  return ids;
}

/** `layer 2` before `layer 10`. Comparing through one collator is what makes ten thousand keys quick. */
const order = once(() => new Intl.Collator('en', { numeric: true }));
const sorted = <T>(items: readonly T[], nameOf: (item: T) => string): readonly T[] => {
  const { compare } = order();
  return [...items].sort((a, b) => compare(nameOf(a), nameOf(b)));
};

/** All words, in any order, in either case. */
function matcher(search: string): (text: string) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return (text) => {
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
}
