import * as vscode from 'vscode';
import { findRepositories, repositoryOf } from '../../git/findRepositories';
import type { GitRepository } from '../../git/gitRepository';
import { isAbsolute } from '../../git/locate';
import { remoteAt } from '../../git/remotes';
import { isCloneable, stripCredentials } from '../../git/remoteUrl';
import { MlflowError } from '../../mlflow/mlflowError';
import type { RunOrigin, RunSource } from '../../mlflow/runSource';
import { Command } from '../../platform/ids';
import { messages } from '../../platform/messages';
import { shortId } from '../../shared/commitId';
import type { Run } from '../../shared/domain';
import { oneLine } from '../../shared/oneLine';
import type { Checkout, Checkouts } from '../checkouts/checkouts';

/** Where the code of a run is. */
export interface Source {
  /** For people: a folder or an address. */
  readonly from: string;
  /** A copy without a working tree where it is not open. */
  readonly repository: GitRepository;
  readonly isOpen: boolean;
  readonly at: (commit: string, inside: string, patch: Buffer | undefined, signal: AbortSignal) => Promise<Checkout>;
}

/** No open repository has the commit of a run, and there is nothing to be copied. */
export class AbsentCommit extends MlflowError {
  constructor(
    readonly runId: string,
    commit: string,
    /** An open repository has a remote. */
    readonly isFetchable: boolean,
    more: readonly string[] = [],
  ) {
    super('notFound', vscode.l10n.t('No open repository has commit {0}.', shortId(commit)), {
      advice: [vscode.l10n.t('Open its repository, or fetch the commit there.'), ...more].join(' '),
    });
  }
}

/** As `AbsentCommit`, and its run names an address that it could be copied from. */
export class UncopiedAddress extends MlflowError {
  constructor(
    commit: string,
    readonly url: string,
  ) {
    super('notFound', vscode.l10n.t('No open repository has commit {0}.', shortId(commit)), {
      advice: vscode.l10n.t('Its run names the address {0}: clone it, and open the clone.', addressOf(url)),
    });
  }
}

/** Addresses that may be copied from: a person has said so, since anybody may have written them. */
export type MayCopy = ReadonlySet<string>;

/** As `look`, once more when what it lacks may be copied from the run's address. Undefined when the person does without. */
export async function orCopy<T>(look: (mayCopy: MayCopy) => Promise<T>): Promise<T | undefined> {
  const mayCopy = new Set<string>();
  for (;;)
    try {
      return await look(mayCopy);
    } catch (error) {
      if (!(error instanceof UncopiedAddress) || mayCopy.has(error.url)) throw error;
      const copy = vscode.l10n.t('Copy');
      const message = vscode.l10n.t('Copy the repository at {0}?', oneLine(addressOf(error.url), 300));
      const detail = vscode.l10n.t(
        '{0} A tag of the run names this address. Its history is copied into the storage of Flowdeck, and read there.',
        error.message,
      );
      if ((await messages.showWarningMessage(message, { modal: true, detail }, copy)) !== copy) return undefined;
      mayCopy.add(error.url);
    }
}

const addressOf = (url: string) => stripCredentials(url) ?? '';

/** As `look`, once more when the commit that it lacks was fetched on request. Undefined when the person does without. */
export async function orFetch<T>(look: () => Promise<T>): Promise<T | undefined> {
  const tried = new Set<string>();
  for (;;)
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof AbsentCommit) || !error.isFetchable || tried.has(error.runId)) throw error;
      tried.add(error.runId);
      const fetch = vscode.l10n.t('Fetch');
      const text = `${error.message} ${error.details.advice ?? ''}`;
      if ((await messages.showWarningMessage(text, fetch)) !== fetch) return undefined;
      // Says itself what keeps it.
      if ((await vscode.commands.executeCommand(Command.source.fetchCommit, error.runId)) !== true) return undefined;
    }
}

/**
 * An open repository that has the commit: that in which the run was made, else one with the run's remote, before all others;
 * else the remote itself, once it may be copied. Throws `AbsentCommit` or `UncopiedAddress`.
 */
export async function findSource(
  { runId }: Run,
  { repoUrl, source }: RunOrigin,
  commit: string,
  checkouts: Checkouts,
  folders: readonly vscode.WorkspaceFolder[],
  signal: AbortSignal,
  mayCopy: MayCopy,
): Promise<Source> {
  const { repositories, refused } = await findRepositories(
    folders.map(({ uri }) => uri.fsPath),
    signal,
  );
  const place = recordedPlace(source);
  const home = place === undefined ? undefined : repositoryOf(repositories, place);
  const holders: { readonly repository: GitRepository; readonly rank: number }[] = [];
  for (const repository of repositories) {
    if (!(await repository.commit(commit, signal))) continue;
    const remotes = repoUrl === undefined ? [] : await repository.remotes(signal);
    const isNamed = repoUrl !== undefined && remoteAt(remotes, repoUrl) !== undefined;
    holders.push({ repository, rank: repository === home ? 2 : isNamed ? 1 : 0 });
  }
  const [best] = holders.toSorted((a, b) => b.rank - a.rank);
  if (best) {
    const { repository } = best;
    return {
      from: repository.root,
      repository,
      isOpen: true,
      at: (id, inside, patch, abort) => checkouts.atCommit(repository, inside, id, patch, abort),
    };
  }
  if (repoUrl !== undefined && isCloneable(repoUrl)) {
    if (!mayCopy.has(repoUrl) && !(await checkouts.hasCopyOf(repoUrl))) throw new UncopiedAddress(commit, repoUrl);
    return {
      from: addressOf(repoUrl),
      repository: await checkouts.copyOf(repoUrl, signal),
      isOpen: false,
      at: (id, inside, patch, abort) => checkouts.ofUrl(repoUrl, inside, id, abort, patch),
    };
  }
  // It may stand in one that git refuses to read: of another user, say, as in a container.
  const unread = refused.map(({ folder, error }) =>
    vscode.l10n.t('{0} could not be looked into: {1}', folder, error.message),
  );
  const remotes = await Promise.all(repositories.map((repository) => repository.remotes(signal)));
  throw new AbsentCommit(runId, commit, remotes.flat().length > 0, unread);
}

/** Absolute; worktrees share their commits, and each has data of its own. */
function recordedPlace(source: RunSource): string | undefined {
  const place =
    source.kind === 'project' && source.url === undefined
      ? source.folder
      : source.kind === 'file'
        ? source.path
        : undefined;
  return place !== undefined && isAbsolute(place) ? place : undefined;
}
