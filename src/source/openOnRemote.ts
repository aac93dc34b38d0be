import * as vscode from 'vscode';
import type { GitRepository } from '../git/gitRepository';
import { remoteOf } from '../git/headTags';
import { upstreamOf } from '../git/history';
import { addressesOf } from '../git/remotes';
import { remoteHost, webLink } from '../git/webLink';
import { recordedOrigin } from '../mlflow/recordedOrigin';
import type { RunOrigin } from '../mlflow/runSource';
import { messages } from '../platform/messages';
import { settings } from '../platform/settings';
import { shortId } from '../shared/commitId';
import type { Run } from '../shared/domain';
import { holderOf, offerTag } from './runCode';
import type { SourceServices } from './services';
import { sourceFile } from './sourceFile';

interface Page {
  readonly link: string;
  readonly file?: string;
}

/** Opens the page of the run's commit, or of its source file, where the repository is hosted. Needs no clone. */
export async function openOnRemote(services: SourceServices, args: readonly unknown[]): Promise<void> {
  const title = vscode.l10n.t('Open Commit on Remote');
  const [run] = (await services.runs.pickRuns(args, { title, many: false })) ?? [];
  if (!run) return;
  const { store } = await services.connections.require();
  const { origin } = await recordedOrigin(store, run);
  const { commit: recorded } = origin;
  if (recorded === undefined) return offerTag(run, origin);
  services.repositories.forget();
  const repository = await holderOf((await services.repositories.find()).repositories, recorded, origin);
  // Not every host finds a file by an abbreviated id.
  const commit = (await repository?.present([recorded]))?.get(recorded) ?? recorded;
  const remotes = [...(origin.repoUrl === undefined ? [] : [origin.repoUrl]), ...(await remotesOf(repository))];
  const hosts = settings.remoteHosts.get();
  const remote = remotes.find((address) => webLink(address, { commit }, hosts) !== undefined);
  if (remote === undefined) return explain(run, remotes);
  const page = await choosePage(await pagesOf(repository, remote, commit, origin), commit, title);
  // As a string: a Uri would encode the signs of the query that separate its parts.
  if (page) await vscode.commands.executeCommand('vscode.open', page.link);
}

async function remotesOf(repository: GitRepository | undefined): Promise<readonly string[]> {
  if (!repository) return [];
  const [upstream, remotes] = await Promise.all([upstreamOf(repository), repository.remotes()]);
  const preferred = remoteOf(upstream === undefined ? {} : { upstream }, remotes);
  return addressesOf([...(preferred ? [preferred] : []), ...remotes]);
}

async function pagesOf(
  repository: GitRepository | undefined,
  remote: string,
  commit: string,
  { source }: RunOrigin,
): Promise<readonly Page[]> {
  const hosts = settings.remoteHosts.get();
  const ofCommit = webLink(remote, { commit }, hosts);
  const located = repository
    ? await sourceFile(repository, commit, source, await repository.listFiles(commit))
    : { kind: 'none' as const };
  const file = located.kind === 'one' ? located.file : undefined;
  const ofFile = file === undefined ? undefined : webLink(remote, { commit, file }, hosts);
  return [
    ...(ofCommit === undefined ? [] : [{ link: ofCommit }]),
    ...(file === undefined || ofFile === undefined || ofFile === ofCommit ? [] : [{ link: ofFile, file }]),
  ];
}

async function choosePage(pages: readonly Page[], commit: string, title: string): Promise<Page | undefined> {
  if (pages.length <= 1) return pages[0];
  const id = shortId(commit);
  const items = pages.map((page) => ({
    label:
      page.file === undefined
        ? `$(git-commit) ${vscode.l10n.t('Commit {0}', id)}`
        : `$(go-to-file) ${vscode.l10n.t('{0} at {1}', page.file, id)}`,
    detail: page.link,
    page,
  }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Open which page?') }))?.page;
}

async function explain(run: Run, remotes: readonly string[]): Promise<void> {
  const host = remotes.map(remoteHost).find((name) => name !== undefined);
  if (host === undefined) {
    await messages.showWarningMessage(
      vscode.l10n.t('Neither run {0} nor an open repository names a remote with a web page.', run.name),
    );
    return;
  }
  const open = vscode.l10n.t('Open Setting');
  const message = vscode.l10n.t('Flowdeck does not know the web pages of {0}. Say in a setting what it is.', host);
  if ((await messages.showWarningMessage(message, open)) === open)
    await vscode.commands.executeCommand('workbench.action.openSettings', 'flowdeck.source.remoteHosts');
}
