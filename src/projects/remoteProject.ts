import path from 'node:path';
import * as vscode from 'vscode';
import { stripCredentials } from '../git/remoteUrl';
import { withProgress } from '../platform/cancellation';
import { back, inputStep } from '../platform/quickSteps';
import type { Checkout } from './checkouts';
import type { FormTarget } from './form/formSession';
import { requireLaunchTrust } from './launch';
import type { LaunchRoom } from './launchedRun';
import { launchFolder, launchFolders } from './launchFolders';
import type { FoundProject } from './projectsStore';
import { pickEntryPoint, projectIn, scriptsIn } from './scriptPlaces';

/**
 * Asks for a git repository and its version, looks into it, and gives what the form needs; where no entry point is
 * declared, for one of its scripts. The commit that was looked at is fetched once more when the run is launched, from
 * the same copy. Undefined when cancelled.
 */
export async function askForRepository({ checkouts }: LaunchRoom): Promise<FormTarget | undefined> {
  requireLaunchTrust();
  const folders = launchFolders();
  const title = vscode.l10n.t('Run Project of a Git Repository');
  const answers = await askForAddress(title);
  if (!answers) return undefined;
  const { url, inside, version } = answers;
  const folder = await launchFolder(folders);
  const { found, scripts } = await withProgress(vscode.l10n.t('Looking into {0}', url), async (signal) => {
    const checkout = await checkouts.ofUrl(url, inside, version, signal);
    try {
      return await lookInto(checkout, folder, inside, signal);
    } finally {
      await checkout.release();
    }
  });
  const [declared] = 'project' in found.content ? found.content.project.entryPoints : [];
  const place = inside === '' ? url : `${url}#${inside}`;
  const entryPoint = declared ?? (await pickEntryPoint(found, scripts, place))?.entryPoint;
  if (!entryPoint) return undefined;
  return { found, entryPoint: entryPoint.name, repository: url, ...(version === undefined ? {} : { version }) };
}

async function lookInto(
  checkout: Checkout,
  folder: vscode.WorkspaceFolder,
  inside: string,
  signal: AbortSignal,
): Promise<{ readonly found: FoundProject; readonly scripts: readonly string[] }> {
  const place = vscode.Uri.file(checkout.folder);
  return { found: await projectIn(place, folder, inside), scripts: await scriptsIn(place, signal) };
}

interface Address {
  readonly url: string;
  readonly inside: string;
  readonly version: string | undefined;
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
      problem: (text) => (/^-|[\0-\x20]/.test(text) ? vscode.l10n.t('No version has such a name.') : undefined),
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
