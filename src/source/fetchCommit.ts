import * as vscode from 'vscode';
import { recordedOrigin } from '../mlflow/recordedOrigin';
import { shortId } from '../shared/commitId';
import { fetchMissing } from './missingCommit';
import { holderOf, offerTag } from './runCode';
import type { SourceServices } from './services';
import { reportNoRepository, requireGitTrust } from './workspaceRepositories';

/** Gets the commit of a run into an open repository. True when one has it then; else the person was told why. */
export async function fetchCommit(services: SourceServices, args: readonly unknown[]): Promise<boolean> {
  requireGitTrust();
  const title = vscode.l10n.t('Fetch Commit of Run');
  const [run] = (await services.runs.pickRuns(args, { title, many: false })) ?? [];
  if (!run) return false;
  const { store } = await services.connections.require();
  const { origin } = await recordedOrigin(store, run);
  const { commit } = origin;
  if (commit === undefined) {
    await offerTag(run, origin);
    return false;
  }
  services.repositories.forget();
  const found = await services.repositories.find();
  const { repositories } = found;
  if (repositories.length === 0) {
    await reportNoRepository(found);
    return false;
  }
  const holder = await holderOf(repositories, commit, origin);
  const fetched =
    holder ??
    (await fetchMissing({ run, commit, origin, repositories, workingFile: undefined }, services.platform.log));
  if (!fetched) return false;
  const done = vscode.l10n.t('{0} has commit {1}', fetched.name, shortId(commit));
  vscode.window.setStatusBarMessage(done, 5_000);
  return true;
}
