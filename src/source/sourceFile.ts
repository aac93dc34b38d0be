import path from 'node:path';
import type { GitRepository } from '../git/gitRepository';
import { fileAtCommit, isAbsolute, type Located, locateFile } from '../git/locate';
import { relativePath } from '../git/relativePath';
import type { RunSource } from '../mlflow/runSource';
import { commandFile, entryPointCommand, isProjectFile } from './projectCommand';

/**
 * The file of `commit` that the run was made from. `roots` are the working trees of the repository, whose absolute
 * paths are taken at their word. Throws `GitError`.
 */
export async function sourceFile(
  repository: GitRepository,
  commit: string,
  source: RunSource,
  files: readonly string[],
  signal?: AbortSignal,
): Promise<Located> {
  switch (source.kind) {
    case 'file':
    case 'notebook':
      return fileAtCommit(repository, commit, source.path, files, signal);
    case 'project':
      return projectFile(repository, commit, source, files);
    case 'none':
      return { kind: 'none' };
  }
}

async function projectFile(
  repository: GitRepository,
  commit: string,
  source: RunSource & { readonly kind: 'project' },
  files: readonly string[],
): Promise<Located> {
  const folder = projectFolder(repository, source, files);
  if (folder.kind !== 'one') return folder;
  const prefix = folder.file === '' ? '' : `${folder.file}/`;
  const inside = new Set(files.filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length)));
  const mlproject = [...inside].find((file) => isProjectFile(file) && !file.includes('/'));
  if (inside.has(source.entryPoint)) return { kind: 'one', file: prefix + source.entryPoint };
  if (mlproject === undefined) return { kind: 'none' };
  const text = (await repository.readFile(commit, prefix + mlproject)).toString('utf8');
  const command = await entryPointCommand(text, source.entryPoint);
  const file = command === undefined ? undefined : commandFile(command, inside);
  // No file in the command: the MLproject that holds it is the source.
  return { kind: 'one', file: prefix + (file ?? mlproject) };
}

/** Relative to the root, '' being the root itself. */
function projectFolder(
  { root }: GitRepository,
  { folder, url }: RunSource & { readonly kind: 'project' },
  files: readonly string[],
): Located {
  if (url !== undefined) return { kind: 'one', file: folder };
  const inside = isAbsolute(folder) ? relativePath(root, folder) : undefined;
  if (inside !== undefined) return { kind: 'one', file: inside };
  const projects = files.filter(isProjectFile).map((file) => path.posix.join(path.posix.dirname(file), 'MLproject'));
  const located = locateFile(projects, `${folder}/MLproject`, []);
  if (located.kind !== 'one') return located;
  const parent = path.posix.dirname(located.file);
  return { kind: 'one', file: parent === '.' ? '' : parent };
}
