import * as vscode from 'vscode';
import type { GitRepository } from '../git/gitRepository';
import { type Remote, remoteAt } from '../git/remotes';
import { isCloneable, stripCredentials } from '../git/remoteUrl';
import { MlflowError } from '../mlflow/mlflowError';
import type { RunOrigin } from '../mlflow/runSource';
import { withProgress } from '../platform/cancellation';
import type { Log } from '../platform/log';
import { messages } from '../platform/messages';
import { shortId } from '../shared/commitId';
import type { Run } from '../shared/domain';
import { pickRepository } from './chooseRepository';
import { onePerObjectStore, rankRepositories } from './rankRepositories';

export interface MissingCommit {
  readonly run: Run;
  readonly commit: string;
  readonly origin: RunOrigin;
  readonly repositories: readonly GitRepository[];
  /** The file the run names, where it stands in an open folder today. */
  readonly workingFile: vscode.Uri | undefined;
}

interface Place {
  readonly repository: GitRepository;
  readonly remotes: readonly Remote[];
  /** The remote that the run names. */
  readonly named: Remote | undefined;
}

/** Says that the commit is in none of the repositories and what can be done. Gives the repository that has it after a fetch. */
export async function offerFetch(missing: MissingCommit, log: Log): Promise<GitRepository | undefined> {
  const places = await placesFor(missing);
  const fetchable = places.filter(({ remotes }) => remotes.length > 0);
  const address = missing.origin.repoUrl === undefined ? undefined : stripCredentials(missing.origin.repoUrl);
  const elsewhere = address !== undefined && !places.some(({ named }) => named);
  const fetch = vscode.l10n.t('Fetch');
  const clone = vscode.l10n.t('Clone Repository…');
  const openFile = vscode.l10n.t('Open Working File');
  const actions = [
    ...(fetchable.length > 0 ? [fetch] : []),
    ...(elsewhere && isCloneable(address) ? [clone] : []),
    ...(missing.workingFile ? [openFile] : []),
  ];
  const chosen = await messages.showWarningMessage(missingText(missing, elsewhere ? address : undefined), ...actions);
  if (chosen === clone) await vscode.commands.executeCommand('git.clone', address);
  if (chosen === openFile) await vscode.commands.executeCommand('vscode.open', missing.workingFile);
  return chosen === fetch ? fetchFrom(fetchable, missing, log) : undefined;
}

/** The same without asking. Throws `MlflowError` where no repository has a remote. */
export async function fetchMissing(missing: MissingCommit, log: Log): Promise<GitRepository | undefined> {
  const fetchable = (await placesFor(missing)).filter(({ remotes }) => remotes.length > 0);
  if (fetchable.length > 0) return fetchFrom(fetchable, missing, log);
  throw new MlflowError('invalid', vscode.l10n.t('No open repository has a remote to fetch from.'), {
    advice: vscode.l10n.t('Open the repository that the run was made in.'),
  });
}

function missingText({ run, commit, repositories }: MissingCommit, elsewhere: string | undefined): string {
  const id = shortId(commit);
  const [only] = repositories;
  const where =
    repositories.length === 1 && only
      ? vscode.l10n.t('Commit {0} of run {1} is not in the repository {2}.', id, run.name, only.name)
      : vscode.l10n.t(
          'Commit {0} of run {1} is in none of the {2} open repositories.',
          id,
          run.name,
          repositories.length,
        );
  if (elsewhere === undefined) return where;
  return `${where} ${vscode.l10n.t('The run was made in {0}, which is not open here.', elsewhere)}`;
}

async function placesFor({ repositories, origin }: MissingCommit): Promise<readonly Place[]> {
  const { repoUrl } = origin;
  return Promise.all(
    (await rankRepositories(onePerObjectStore(repositories), origin)).map(async (repository) => {
      const remotes = await repository.remotes();
      const named = repoUrl === undefined ? undefined : remoteAt(remotes, repoUrl);
      return { repository, remotes, named };
    }),
  );
}

async function fetchFrom(
  places: readonly Place[],
  { commit, origin }: MissingCommit,
  log: Log,
): Promise<GitRepository | undefined> {
  const title = vscode.l10n.t('Fetch Commit {0}', shortId(commit));
  const matching = places.filter(({ named }) => named);
  const from = matching.length > 0 ? matching : places;
  const repository = await pickRepository(
    from.map((place) => place.repository),
    title,
  );
  const place = from.find((candidate) => candidate.repository === repository);
  if (!repository || !place) return undefined;
  const remote = place.named ?? (await pickRemote(place.remotes, title));
  if (!remote) return undefined;
  log.info(`fetch ${commit} from ${remote.name} into ${repository.name}`);
  const message = vscode.l10n.t('Fetching commit {0} from {1}', shortId(commit), remote.name);
  await withProgress(message, async (signal, report) => {
    await repository.fetchCommit(remote.name, {
      commit,
      branch: origin.branch,
      signal,
      progress: (stage, percent) => report(`${stage} ${percent} %`),
    });
  });
  return repository;
}

async function pickRemote(remotes: readonly Remote[], title: string): Promise<Remote | undefined> {
  if (remotes.length <= 1) return remotes[0];
  const items = remotes.map((remote) => ({ label: remote.name, description: remote.url ?? '', remote }));
  const placeHolder = vscode.l10n.t('Fetch from which remote?');
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.remote;
}
