/** `MLproject` in any case, as MLflow finds it. */
export const isProjectFile = (file: string) => /(^|\/)mlproject$/i.test(file);

/** The `command` of an entry point; undefined when the file is broken or has no such entry point. */
export async function entryPointCommand(mlproject: string, entryPoint: string): Promise<string | undefined> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(mlproject);
  if (document.errors.length > 0) return undefined;
  const command: unknown = document.getIn(['entry_points', entryPoint, 'command']);
  return typeof command === 'string' ? command : undefined;
}

/**
 * The file of the project that a command runs: the first word that names one, `-m package.module` included.
 * `files` are relative to the project's folder. Only reads the command, which comes from a repository.
 */
export function commandFile(command: string, files: ReadonlySet<string>): string | undefined {
  const words = command.split(/[\s;&|()<>]+/).map((word) => word.replace(/["'`]/g, '').replace(/^(\.\/)+/, ''));
  for (const [at, word] of words.entries()) {
    if (files.has(word)) return word;
    const module = word === '-m' ? words[at + 1]?.replaceAll('.', '/') : undefined;
    if (module === undefined) continue;
    const found = [`${module}.py`, `${module}/__main__.py`].find((file) => files.has(file));
    if (found !== undefined) return found;
  }
  return undefined;
}
