import { pythonImports } from '../../shared/pythonImports';

/** A script of a package, as Python starts it there: `python -m pkg.train` in `folder`. */
export interface PythonModule {
  /** Of the repository; the one that holds the package. */
  readonly folder: string;
  /** `pkg.train` */
  readonly module: string;
}

/**
 * Undefined where the file is started by its name. It is not where it imports relatively, which only modules can, or where it
 * imports from its own package by the name of that and not from files beside it. With `byName` it is known to have been
 * started as a file, which the last of these then did not keep from it.
 */
export function moduleOf(
  file: string,
  text: string,
  files: readonly string[],
  byName: boolean,
): PythonModule | undefined {
  if (!file.endsWith('.py')) return undefined;
  const all = new Set(files);
  const imported = [...pythonImports(text)];
  const folders = file.split('/').slice(0, -1);
  const dots = Math.max(0, ...imported.map((name) => /^\.*/.exec(name)?.[0].length ?? 0));
  const depth = Math.max(packagesAround(folders, all), dots);
  if (depth === 0 || depth > folders.length) return undefined;
  const isNamed = !byName && importsOwn(imported, folders, depth) && !importsBeside(imported, folders, all);
  const at = folders.length - depth;
  const names = file.slice(0, -'.py'.length).split('/').slice(at);
  if ((dots === 0 && !isNamed) || !names.every((name) => /^[\p{L}_][\p{L}\d_]*$/u.test(name))) return undefined;
  return { folder: folders.slice(0, at).join('/'), module: names.join('.') };
}

/** How many folders from the file upwards say that they are packages. */
function packagesAround(folders: readonly string[], files: ReadonlySet<string>): number {
  const isPackage = (length: number) => files.has(`${folders.slice(0, length).join('/')}/__init__.py`);
  let count = 0;
  while (count < folders.length && isPackage(folders.length - count)) count++;
  return count;
}

const first = (name: string) => name.split('.', 1)[0] ?? '';

const importsOwn = (imported: readonly string[], folders: readonly string[], depth: number) =>
  imported.some((name) => first(name) === folders[folders.length - depth]);

const importsBeside = (imported: readonly string[], folders: readonly string[], files: ReadonlySet<string>) =>
  imported.some((name) => {
    const place = `${folders.join('/')}/${first(name)}`;
    return first(name) !== '' && (files.has(`${place}.py`) || files.has(`${place}/__init__.py`));
  });
