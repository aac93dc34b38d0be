import path from 'node:path';
import * as vscode from 'vscode';
import { stripCredentials } from '../../git/remoteUrl';
import { MlflowError } from '../../mlflow/mlflowError';
import { withProgress } from '../../platform/cancellation';
import { back, inputStep } from '../../platform/quickSteps';
import { requireLaunchTrust } from '../launch/launch';
import { launchFolder, launchFolders } from '../launch/launchFolders';
import type { LaunchRoom } from '../launch/launchTypes';
import { scriptsIn } from '../view/scriptFiles';
import type { FormTarget } from './formSession';
import { pickEntryPoint, projectIn } from './scriptPlaces';

/**
 * Asks for a git repository and its version, looks into it, and gives what the form needs; where no entry point is
 * declared, for one of its scripts, which are on offer in the form too. The commit that was looked at is fetched once more when the run is launched, from
 * the same copy. Undefined when cancelled.
 */
export async function askForRepository({ checkouts }: LaunchRoom): Promise<FormTarget | undefined> {
  requireLaunchTrust();
  const folders = launchFolders();
  const title = vscode.l10n.t('Run Project of a Git Repository');
  const answers = await askForAddress(title);
  return answers && lookInto(checkouts, answers, await launchFolder(folders));
}

/**
 * What the form needs of a repository whose address is known. Where it declares no entry point, and `script` is none of
 * its scripts, the person chooses one. Undefined when cancelled. Throws `GitError`, `MlflowError`.
 */
async function lookInto(
  checkouts: LaunchRoom['checkouts'],
  { url, inside, version }: Address,
  folder: vscode.WorkspaceFolder,
  script?: string,
): Promise<FormTarget | undefined> {
  const { found, scripts } = await withProgress(vscode.l10n.t('Looking into {0}', url), async (signal) => {
    const checkout = await checkouts.ofUrl(url, inside, version, signal);
    try {
      const place = vscode.Uri.file(checkout.folder);
      return { found: await projectIn(place, folder, inside), scripts: await scriptsIn(place, signal) };
    } finally {
      await checkout.release();
    }
  });
  const [declared] = 'project' in found.content ? found.content.project.entryPoints : [];
  const place = inside === '' ? url : `${url}#${inside}`;
  const known = scripts.find((one) => one === script) ?? declared?.name;
  const entryPoint = known ?? (await pickEntryPoint(found, scripts, place))?.entryPoint.name;
  if (entryPoint === undefined) return undefined;
  return { found, entryPoint, scripts, repository: url, ...(version === undefined ? {} : { version }) };
}

interface Address {
  readonly url: string;
  readonly inside: string;
  readonly version: string | undefined;
}

/** What a page keeps of a repository over reloading: nothing that is secret. */
export type KeptRepository = Omit<Address, 'version'> & { readonly version: string; readonly folder: string };

export const keptRepository = ({ found, repository, version }: FormTarget): KeptRepository | undefined =>
  repository === undefined
    ? undefined
    : { url: repository, inside: found.path, version: version ?? '', folder: found.folder.uri.toString() };

/** Undefined for what no page of ours keeps. */
export function decodeKept(raw: unknown): KeptRepository | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const { url, inside, version, folder } = raw as Readonly<Record<keyof KeptRepository, unknown>>;
  const isText = (value: unknown): value is string => typeof value === 'string';
  if (!isText(url) || !isText(inside) || !isText(version) || !isText(folder)) return undefined;
  const isGood = addressProblem(`${url}#${inside}`) === undefined && versionProblem(version) === undefined;
  return isGood ? { url, inside, version, folder } : undefined;
}

/** The same project once more, for a form that the window kept. Throws `GitError`, `MlflowError`. */
export async function lookAgain(
  { checkouts }: LaunchRoom,
  kept: KeptRepository,
  entryPoint: string,
): Promise<FormTarget> {
  requireLaunchTrust();
  const folders = launchFolders();
  const folder = folders.find(({ uri }) => uri.toString() === kept.folder) ?? (await launchFolder(folders));
  const version = kept.version === '' ? undefined : kept.version;
  const target = await lookInto(checkouts, { ...kept, version }, folder, entryPoint);
  if (!target) throw new MlflowError('invalid', vscode.l10n.t('No entry point of {0} was chosen.', kept.url));
  return target;
}

async function askForAddress(title: string): Promise<Address | undefined> {
  let address = '';
  for (;;) {
    const typed = await inputStep({
      title,
      step: 1,
      totalSteps: 2,
      placeholder: 'https://github.com/mlflow/mlflow-example#folder',
      prompt: vscode.l10n.t('Address of the repository; a folder of it after #'),
      value: address,
      problem: addressProblem,
    });
    if (typed === undefined || typed === back) return undefined;
    address = typed;
    const version = await inputStep({
      title,
      step: 2,
      totalSteps: 2,
      canGoBack: true,
      placeholder: vscode.l10n.t('Its default branch'),
      prompt: vscode.l10n.t('Commit, branch or tag; nothing for the default branch'),
      problem: versionProblem,
    });
    if (version === undefined) return undefined;
    if (version === back) continue;
    const { url, inside } = parts(address);
    return { url, inside, version: version === '' ? undefined : version };
  }
}

/** MLflow's own form: `<address>#<folder>`. */
function parts(address: string): { readonly url: string; readonly inside: string } {
  const at = address.indexOf('#');
  const url = (at < 0 ? address : address.slice(0, at)).trim();
  const inside = at < 0 ? '' : path.posix.normalize(address.slice(at + 1).trim()).replaceAll(/^\/+|\/+$/g, '');
  return { url, inside: inside === '.' ? '' : inside };
}

const versionProblem = (text: string) =>
  /^-|[\0-\x20]/.test(text) ? vscode.l10n.t('No version has such a name.') : undefined;

function addressProblem(address: string): string | undefined {
  const { url, inside } = parts(address);
  if (url === '') return vscode.l10n.t('Type the address of a git repository.');
  if (inside.split('/').includes('..')) return vscode.l10n.t('The folder must be inside the repository.');
  const plain = stripCredentials(url);
  if (plain === undefined || plain.startsWith('-')) return vscode.l10n.t('That is no address of a git repository.');
  return plain === url
    ? undefined
    : vscode.l10n.t('Leave the user name and the password out: git asks its credential helper.');
}
