import * as vscode from 'vscode';
import { type ChangedFile, changeTotals, oldName } from '../git/changedFiles';
import { withProgress } from '../platform/cancellation';
import { globPattern } from '../shared/globPattern';
import { importedFiles } from '../shared/pythonImports';
import type { RunCode } from './runCode';
import { sourceFile } from './sourceFile';

/** More differences than this are asked about before an editor is filled with them. */
export const manyFiles = 300;
/** bytes; what is larger imports nothing that a person wrote. */
const largestScanned = 2_000_000;

type Way = 'all' | 'imports' | 'pattern';

/**
 * Which of the differing files are to be shown: all, those that the entry points of `codes` import, or those that a
 * pattern names. Undefined when the person cancelled.
 */
export async function chooseFiles(
  files: readonly ChangedFile[],
  codes: readonly RunCode[],
  title: string,
): Promise<readonly ChangedFile[] | undefined> {
  const message = vscode.l10n.t('Looking for what the entry point imports');
  const reached = await withProgress(message, async (signal) => {
    const files = new Set<string>();
    for (const code of codes) for (const file of await entryFiles(code, signal)) files.add(file);
    return files;
  });
  const imported = files.filter((file) => reached.has(file.path) || reached.has(oldName(file)));
  const { added, removed } = changeTotals(files);
  const items: readonly (vscode.QuickPickItem & { readonly way: Way })[] = [
    {
      label: `$(files) ${vscode.l10n.t('All Files That Differ')}`,
      description: vscode.l10n.t('files: {0}, lines added: {1}, removed: {2}', files.length, added, removed),
      way: 'all',
    },
    ...(reached.size === 0
      ? []
      : [
          {
            label: `$(type-hierarchy-sub) ${vscode.l10n.t('The Entry Point and What It Imports')}`,
            description: vscode.l10n.t('{0} of {1} files', imported.length, files.length),
            way: 'imports' as const,
          },
        ]),
    {
      label: `$(filter) ${vscode.l10n.t('Files That Match a Pattern…')}`,
      description: vscode.l10n.t('*.py, src/**, conf/*.yaml'),
      way: 'pattern',
    },
  ];
  const placeHolder = vscode.l10n.t('Which files are to be compared?');
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder });
  switch (chosen?.way) {
    case 'all':
      return files;
    case 'imports':
      return imported;
    case 'pattern':
      return matching(files, title);
    case undefined:
      return undefined;
  }
}

async function matching(files: readonly ChangedFile[], title: string): Promise<readonly ChangedFile[] | undefined> {
  const those = (glob: string) => {
    const matches = globPattern(glob);
    return files.filter((file) => matches(file.path) || matches(oldName(file)));
  };
  const glob = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('A pattern for paths from the root of the repository; without a slash, for names of files'),
    placeHolder: '**/*.py',
    validateInput: (value) => {
      if (value.trim() === '') return undefined;
      try {
        return those(value).length > 0 ? undefined : vscode.l10n.t('None of the {0} files matches.', files.length);
      } catch (error) {
        return error instanceof SyntaxError ? error.message : String(error);
      }
    },
  });
  return glob === undefined || glob.trim() === '' ? undefined : those(glob);
}

/** The file the run was made from and what it imports from its repository; empty where no file can be told. */
async function entryFiles({ repository, tree, origin }: RunCode, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const files = await repository.listFiles(tree, signal);
  const located = await sourceFile(repository, tree, origin.source, files, signal);
  if (located.kind !== 'one') return new Set();
  return importedFiles(located.file, new Set(files), async (names) => {
    const contents = await repository.readFiles(tree, names, largestScanned, signal);
    return new Map([...contents].map(([name, content]) => [name, content.toString('utf8')]));
  });
}
