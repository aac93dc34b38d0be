/**
 * Names that a Python file imports, as it stands: `a.b` of `import a.b`, `a.b` and `a.b.c` of `from a.b import c` (which
 * may be a module or a name in it), with one dot more than levels for relative ones, and literal
 * `importlib.import_module` calls. What is in strings and comments is no import.
 */
export function pythonImports(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  const code = logicalLines(withoutStrings(text));
  for (const statement of code) {
    const from = /^from\s+(\.*)\s*([\w.]*)\s+import\s+(.+)$/su.exec(statement);
    if (from) {
      const base = `${from[1] ?? ''}${from[2] ?? ''}`;
      found.add(base);
      for (const name of listed(from[3] ?? ''))
        if (name !== '*') found.add(/\.$/.test(base) ? base + name : `${base}.${name}`);
      continue;
    }
    const plain = /^import\s+(.+)$/su.exec(statement);
    for (const name of plain ? listed(plain[1] ?? '') : []) found.add(name);
  }
  for (const [, , name] of text.matchAll(/\bimport_module\(\s*(['"])([\w.]+)\1/gu)) if (name) found.add(name);
  return found;
}

const listed = (text: string) =>
  text
    .replace(/[()]/g, ' ')
    .split(',')
    .map(
      (item) =>
        item
          .trim()
          .split(/\s+as\s+/u)[0]
          ?.trim() ?? '',
    )
    .filter((name) => /^(\*|[\p{L}_][\w.\p{L}]*)$/u.test(name));

/** Strings become empty ones, comments go away; line ends inside strings do too. */
function withoutStrings(text: string): string {
  const token = /("""|''')[\s\S]*?(?:(?<!\\)\1|$)|"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?|#[^\n]*/g;
  return text.replace(/\r\n?/g, '\n').replace(token, (found) => (found.startsWith('#') ? '' : "''"));
}

/** Statements: lines joined over brackets and backslashes, split at semicolons and after `try:` and the like. */
function logicalLines(code: string): readonly string[] {
  let depth = 0;
  let joined = '';
  for (const character of code.replace(/\\\n/g, ' ')) {
    if ('([{'.includes(character)) depth++;
    if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
    joined += character === '\n' && depth > 0 ? ' ' : character;
  }
  return joined.split(/[\n;]|:\s/).map((line) => line.trim());
}

/** Where modules are looked for: folders relative to the root of the repository, '' being the root itself. */
export type ImportRoots = readonly string[];

/**
 * The files among `files` that a module imported by `importer` can be: the module itself and the `__init__.py` of
 * every package on the way to it. Empty when it comes from elsewhere.
 */
export function moduleFiles(
  name: string,
  importer: string,
  roots: ImportRoots,
  files: ReadonlySet<string>,
): readonly string[] {
  const dots = /^\.*/.exec(name)?.[0].length ?? 0;
  const parts = name
    .slice(dots)
    .split('.')
    .filter((part) => part !== '');
  const folders = importer.split('/').slice(0, -1);
  if (dots > folders.length + 1) return [];
  const bases = dots > 0 ? [folders.slice(0, folders.length - dots + 1).join('/')] : roots;
  for (const base of bases) {
    const found = filesUnder(base, parts, files);
    if (found.length > 0) return found;
  }
  return [];
}

function filesUnder(base: string, parts: readonly string[], files: ReadonlySet<string>): readonly string[] {
  const at = (count: number) => [...(base === '' ? [] : [base]), ...parts.slice(0, count)].join('/');
  const packages = parts.map((_, index) => `${at(index + 1)}/__init__.py`).filter((file) => files.has(file));
  const own =
    parts.length === 0
      ? [`${at(0)}/__init__.py`.replace(/^\//, '')]
      : [`${at(parts.length)}.py`, `${at(parts.length)}.pyi`];
  return [...own.filter((file) => files.has(file)), ...packages];
}

/** The folder of the entry file, every folder above it, and `src` beside them: where scripts find their own modules. */
export function importRoots(entry: string): ImportRoots {
  const folders = entry.split('/').slice(0, -1);
  const above = folders.map((_, index) => folders.slice(0, folders.length - index).join('/'));
  return [...above, ''].flatMap((folder) => [folder, folder === '' ? 'src' : `${folder}/src`]);
}

/**
 * The entry file and every file of the repository that it imports, directly or not. `read` gives the texts of many
 * files at once: it is asked once for each step away from the entry file.
 */
export async function importedFiles(
  entry: string,
  files: ReadonlySet<string>,
  read: (files: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): Promise<ReadonlySet<string>> {
  const roots = importRoots(entry);
  const reached = new Set([entry]);
  let level: readonly string[] = entry.endsWith('.py') ? [entry] : [];
  while (level.length > 0) {
    const texts = await read(level);
    const next = new Set<string>();
    for (const [file, text] of texts)
      for (const name of pythonImports(text))
        for (const imported of moduleFiles(name, file, roots, files)) if (!reached.has(imported)) next.add(imported);
    for (const file of next) reached.add(file);
    level = [...next];
  }
  return reached;
}
