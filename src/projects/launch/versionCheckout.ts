import * as vscode from 'vscode';
import { openRepository } from '../../git/openRepository';
import { relativePath } from '../../git/relativePath';
import { dataBeside, dataNote, linkData } from '../checkouts/besideData';
import type { Checkout, Checkouts } from '../checkouts/checkouts';
import type { EntryPoint } from '../mlproject/mlproject';
import { planParameters } from '../request/parameters';
import type { LaunchRequest } from '../request/taskDefinition';
import { projectAt } from './whatToRun';

/** What is launched together from one working tree: the parameters of each. */
type Parameters = readonly LaunchRequest['parameters'][];

/**
 * The working tree for launches of an address or of another version, with the data that `path` parameters name and that
 * version lacks, which is told of; undefined where the open folder itself is launched. Throws `GitError`.
 */
export async function checkoutFor(
  { entryPoint, repository, project, version }: LaunchRequest,
  parameters: Parameters,
  folder: vscode.WorkspaceFolder,
  checkouts: Checkouts,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<Checkout | undefined> {
  if (repository !== undefined) return checkouts.ofUrl(repository, project, version, signal);
  if (version === undefined) return undefined;
  const place = vscode.Uri.joinPath(folder.uri, project).fsPath;
  const checkout = await checkouts.ofFolder(place, version, signal, (remote) =>
    tell(vscode.l10n.t('Fetching {0} from {1}', version, remote)),
  );
  try {
    const content = (await projectAt(vscode.Uri.file(checkout.folder), folder))?.content;
    const declared = content && 'project' in content ? content.project.entryPoints : [];
    const found = declared.find(({ name }) => name === entryPoint);
    const note = found && (await haveData(checkout, found, parameters, place, signal));
    if (note !== undefined) tell(note);
    return checkout;
  } catch (error) {
    await checkout.release();
    throw error;
  }
}

async function haveData(
  checkout: Checkout,
  entryPoint: EntryPoint,
  parameters: Parameters,
  place: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const values = pathValues(entryPoint, parameters);
  const repository = values.length === 0 ? undefined : await openRepository(place, signal);
  if (!repository) return undefined;
  const { commit, root, folder } = checkout;
  const code = { repository, tree: commit, files: await repository.listFiles(commit, signal) };
  const data = await dataBeside(entryPoint, values, code, relativePath(root, folder) ?? '', signal);
  await linkData(checkout, data);
  return dataNote(data);
}

/** Each once. What is wrong with the parameters is said when they are launched. */
function pathValues(entryPoint: EntryPoint, parameters: Parameters): readonly (readonly [string, string])[] {
  const values = new Map<string, readonly [string, string]>();
  for (const given of parameters) {
    const planned = planParameters(entryPoint, given);
    const logged = 'plan' in planned ? planned.plan.logged : {};
    for (const { name, type } of entryPoint.parameters) {
      const value = logged[name];
      if (type === 'path' && value !== undefined) values.set(JSON.stringify([name, value]), [name, value]);
    }
  }
  return [...values.values()];
}
