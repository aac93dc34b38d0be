/** How one file differs between two trees, or between a tree and the folder. Paths are relative to the root. */
export interface ChangedFile {
  readonly kind: 'added' | 'deleted' | 'modified' | 'renamed';
  /** What it is called on the newer side; of a deleted file, what it was called. */
  readonly path: string;
  /** The older side's name of a renamed file. */
  readonly oldPath?: string;
  /** Lines; absent for binary files and where nobody counted. */
  readonly added?: number;
  readonly removed?: number;
  /** A submodule: the commits on both sides, where there are any. */
  readonly submodule?: { readonly from?: string; readonly to?: string };
}

/** The name on the older side. */
export const oldName = ({ path, oldPath }: ChangedFile) => oldPath ?? path;

/** Of the files, how many there are and how many lines came and went. */
export function changeTotals(files: readonly ChangedFile[]): { files: number; added: number; removed: number } {
  const sum = (of: (file: ChangedFile) => number | undefined) =>
    files.reduce((total, file) => total + (of(file) ?? 0), 0);
  return { files: files.length, added: sum(({ added }) => added), removed: sum(({ removed }) => removed) };
}

/** Every question about changes asks for this form; whatever a repository configures about diffs stays out. */
export const changeFormat = ['--raw', '--numstat', '-z', '--no-abbrev', '-M', '--no-ext-diff', '--no-textconv'];

const rawLine = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/;
const submoduleMode = '160000';

/**
 * Reads the output of `git diff` and `git diff-tree` with `changeFormat`: first what happened to each file, then its
 * lines. Throws nothing: what is not understood is passed over. https://git-scm.com/docs/git-diff#_raw_output_format
 */
export function parseChanges(output: string): readonly ChangedFile[] {
  const fields = output.split('\0');
  const files = new Map<string, ChangedFile>();
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] ?? '';
    const raw = rawLine.exec(field);
    if (raw) {
      const moved = raw[5] === 'R' || raw[5] === 'C';
      const [first, second] = [fields[++at] ?? '', moved ? (fields[++at] ?? '') : ''];
      const file = rawChange(raw, moved ? second : first, moved ? first : undefined);
      if (file) files.set(file.path, file);
      continue;
    }
    const [, added = '', removed = '', path = ''] = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(field) ?? [];
    if (added === '') continue;
    // A renamed file has its two names in fields of their own.
    if (path === '') at += 2;
    const name = path === '' ? (fields[at] ?? '') : path;
    const file = files.get(name);
    if (file && added !== '-') files.set(name, { ...file, added: Number(added), removed: Number(removed) });
  }
  return [...files.values()];
}

function rawChange(raw: RegExpExecArray, path: string, oldPath: string | undefined): ChangedFile | undefined {
  const [, oldMode, newMode, from = '', to = '', status = ''] = raw;
  const kind = kinds[status];
  if (kind === undefined || path === '') return undefined;
  const names = kind === 'renamed' && oldPath !== undefined ? { path, oldPath } : { path };
  if (oldMode !== submoduleMode && newMode !== submoduleMode) return { kind, ...names };
  const id = (mode: string | undefined, value: string) => (mode === submoduleMode && /[^0]/.test(value) ? value : '');
  const [before, after] = [id(oldMode, from), id(newMode, to)];
  return { kind, ...names, submodule: { ...(before ? { from: before } : {}), ...(after ? { to: after } : {}) } };
}

/** A copy is a new file; a changed type (a link that became a file) and a conflict are changes. */
const kinds: Readonly<Record<string, ChangedFile['kind']>> = {
  A: 'added',
  C: 'added',
  D: 'deleted',
  M: 'modified',
  R: 'renamed',
  T: 'modified',
  U: 'modified',
};

/** The tree without files; git knows it without having it. */
export const emptyTree = (like: string) =>
  like.length === 64
    ? '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321'
    : '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
