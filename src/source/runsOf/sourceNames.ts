import type { GitRepository } from '../../git/gitRepository';
import { headOf } from '../../git/history';
import { isAbsolute } from '../../git/locate';

/**
 * What runs may record as their source when it is a file of a repository: MLflow takes the name as it was typed, in whatever
 * folder. Paths have `/` between parts.
 */
export interface SourceNames {
  /** From the root. */
  readonly file: string;
  /** Relative names that mean it: its path, and the ends of this that no other file of the repository has. */
  readonly relative: readonly string[];
  /** Absolute folders of the repository's working trees: in these only its path is its name. */
  readonly roots: readonly string[];
  /** The other files whose path ends with its: what ends with one of theirs in a copy elsewhere means that. */
  readonly longer: readonly string[];
}

export function sourceNames(file: string, files: readonly string[], roots: readonly string[]): SourceNames {
  const others = files.filter((other) => other !== file);
  const parts = file.split('/');
  const ends = parts.slice(1).map((_, at) => parts.slice(at + 1).join('/'));
  const isOwn = (end: string) => !others.some((other) => other === end || other.endsWith(`/${end}`));
  return {
    file,
    relative: [file, ...ends.filter(isOwn)],
    roots: roots.map(slashes),
    longer: others.filter((other) => other.endsWith(`/${file}`)),
  };
}

/** Whether a recorded name means the file. */
export function namesFile({ file, relative, roots, longer }: SourceNames, recorded: string): boolean {
  const name = slashes(recorded);
  if (!isAbsolute(name)) return relative.includes(name.replace(/^\.\//, ''));
  const root = roots.find((folder) => name.startsWith(`${folder}/`));
  if (root !== undefined) return name === `${root}/${file}`;
  return name.endsWith(`/${file}`) && !longer.some((other) => name.endsWith(`/${other}`));
}

/** As the files of what is checked out have it. */
export async function sourceNamesIn(
  repository: GitRepository,
  open: readonly GitRepository[],
  file: string,
  signal?: AbortSignal,
): Promise<SourceNames> {
  const head = await headOf(repository, signal);
  const files = head ? await repository.listFiles(head.commit, signal) : [];
  const trees = [repository, ...open].filter(({ commonDir }) => commonDir === repository.commonDir);
  return sourceNames(file, files, [...new Set(trees.map(({ root }) => root))]);
}

const slashes = (path: string) => path.replaceAll('\\', '/');
