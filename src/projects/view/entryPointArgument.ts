import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import type { EntryPoint } from '../mlproject/mlproject';
import { locatedProblemText } from '../mlproject/projectTexts';
import { type FoundProject, readProject } from './projectsStore';

/** An entry point by its file and name: what a lens, a link or another feature hands to a command. */
export interface EntryPointArgument {
  readonly file: vscode.Uri;
  readonly entryPoint: string;
}

/** `{ file: 'file:///…/MLproject', entryPoint: 'main' }`; anything else counts as nothing given. */
export function decodeEntryPointArgument(value: unknown): EntryPointArgument | undefined {
  if (typeof value !== 'object' || value === null || !('file' in value) || !('entryPoint' in value)) return undefined;
  const { file, entryPoint } = value;
  if (typeof file !== 'string' || typeof entryPoint !== 'string' || !/^[a-z][a-z0-9+.-]*:/i.test(file))
    return undefined;
  return { file: vscode.Uri.parse(file), entryPoint };
}

/**
 * The entry point as it stands in the file on disk, which is what MLflow reads; an editor's changes are saved first.
 * Throws `MlflowError`.
 */
export async function entryPointOf(
  argument: EntryPointArgument,
): Promise<{ found: FoundProject; entryPoint: EntryPoint }> {
  const { file, entryPoint: name } = argument;
  const folder = vscode.workspace.getWorkspaceFolder(file);
  if (!folder || !/(^|\/)mlproject$/i.test(file.path))
    throw new MlflowError('invalid', vscode.l10n.t('{0} is no MLproject file of an open folder.', file.fsPath));
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString());
  if (open?.isDirty && !(await open.save()))
    throw new MlflowError('invalid', vscode.l10n.t('{0} could not be saved.', file.fsPath));
  const found = await readProject(file, folder);
  const { content } = found;
  if ('problem' in content)
    throw new MlflowError(
      'invalid',
      `${vscode.workspace.asRelativePath(file)}: ${locatedProblemText(content.problem)}`,
    );
  const entryPoint = content.project.entryPoints.find((candidate) => candidate.name === name);
  if (entryPoint) return { found, entryPoint };
  throw new MlflowError('invalid', vscode.l10n.t('There is no entry point {0} in {1}.', name, file.fsPath));
}
