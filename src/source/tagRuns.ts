import * as vscode from 'vscode';
import type { Connection } from '../connections/connection';
import type { GitRepository } from '../git/gitRepository';
import { headTags } from '../git/headTags';
import type { RepositoryState } from '../git/repositoryState';
import { isCancelled } from '../mlflow/mlflowError';
import { runOrigin } from '../mlflow/runSource';
import { withProgress } from '../platform/cancellation';
import { offerUndo } from '../platform/offerUndo';
import { shortId } from '../shared/commitId';
import type { Run } from '../shared/domain';
import { mapLimited } from '../shared/mapLimited';
import { pickRepository } from './chooseRepository';
import { rankRepositories } from './rankRepositories';
import type { SourceServices } from './services';
import { confirmTagging } from './tagDialogs';
import { conflictingRuns, type TagChange, tagChange, undoChange } from './tagPlan';
import { reportNoRepository, requireGitTrust } from './workspaceRepositories';

const atOnce = 6;

interface Written {
  /** As it was before. */
  readonly run: Run;
  readonly change: TagChange;
}

interface Outcome {
  readonly written: readonly Written[];
  readonly failures: readonly { readonly run: Run; readonly error: unknown }[];
}

/** Tags the runs the arguments mean, or those the person picks, with the commit that is checked out. */
export async function tagRuns(services: SourceServices, args: readonly unknown[]): Promise<void> {
  requireGitTrust();
  const connection = await services.connections.requireWritable();
  const title = vscode.l10n.t('Tag Run with Current Commit');
  const picked = await services.runs.pickRuns(args, { title, many: true });
  if (!picked || picked.length === 0) return;
  // What is known of a run may be old, and undo promises to bring back what really stood there.
  const runs = await mapLimited(picked, atOnce, ({ runId }) => connection.store.getRun(runId));
  const deleted = runs.find(({ lifecycleStage }) => lifecycleStage === 'deleted');
  if (deleted) {
    await vscode.window.showWarningMessage(
      vscode.l10n.t('Run {0} is deleted. Restore it before you tag it.', deleted.name),
    );
    return;
  }
  const head = await chooseHead(services, runs, title);
  if (!head) return;
  const { repository, state } = head;
  const conflicts = conflictingRuns(runs, state.commit);
  if (!(await confirmTagging({ runs, conflicts, repository, state }))) return;
  const tags = headTags(state, await repository.remotes());
  const planned = runs.map((run) => ({ run, change: tagChange(run, tags) }));
  const outcome = await writeAll(services, connection, 'tag run with commit', planned);
  report(services, connection, outcome, describeHead(state));
}

async function chooseHead(
  services: SourceServices,
  runs: readonly Run[],
  title: string,
): Promise<{ repository: GitRepository; state: RepositoryState & { commit: string } } | undefined> {
  services.repositories.forget();
  const found = await services.repositories.find();
  if (found.repositories.length === 0) {
    await reportNoRepository(found);
    return undefined;
  }
  const [first] = runs;
  const ranked = first ? await rankRepositories(found.repositories, runOrigin(first)) : found.repositories;
  const repository = await pickRepository(ranked, title);
  if (!repository) return undefined;
  const { commit, ...state } = await repository.state();
  if (commit !== undefined) return { repository, state: { ...state, commit } };
  await vscode.window.showWarningMessage(
    vscode.l10n.t('The repository {0} has no commits yet. Commit first, then tag.', repository.name),
  );
  return undefined;
}

const describeHead = ({ commit, branch }: RepositoryState & { readonly commit: string }) =>
  `${shortId(commit)} (${branch ?? vscode.l10n.t('detached')})`;

/** Writes to one run after the other has begun, a few at once; what fails does not stop the others. */
async function writeAll(
  { platform, runs }: SourceServices,
  connection: Connection,
  action: string,
  planned: readonly Written[],
): Promise<Outcome> {
  const written: Written[] = [];
  const failures: { run: Run; error: unknown }[] = [];
  const writeOne = async (item: Written, signal?: AbortSignal) => {
    const { run, change } = item;
    try {
      signal?.throwIfAborted();
      await connection.store.logBatch(run.runId, { tags: change.set }, signal);
      // From here on something was written: it must be known for Undo, also when taking tags away fails.
      written.push(item);
      for (const key of change.remove) await connection.store.deleteRunTag(run.runId, key, signal);
    } catch (error) {
      failures.push({ run, error });
    }
    const failed = failures.some((failure) => failure.run === run);
    const details = { run: run.runId, ...change.set, removed: change.remove.join(' '), failed };
    platform.log.audit(action, connection.uri, details);
  };
  if (planned.length <= atOnce) await mapLimited(planned, atOnce, (item) => writeOne(item));
  else
    await withProgress(vscode.l10n.t('Tagging {0} runs', planned.length), async (signal, report) => {
      let done = 0;
      await mapLimited(planned, atOnce, async (item) => {
        await writeOne(item, signal);
        report(vscode.l10n.t('{0} of {1}', ++done, planned.length), 100 / planned.length);
      });
    });
  runs.markChanged(planned.map(({ run }) => run.runId));
  return { written, failures };
}

function report(services: SourceServices, connection: Connection, outcome: Outcome, head: string): void {
  const { written, failures } = outcome;
  const [failure] = failures;
  if (written.length === 0 && failure) throw failure.error;
  const [only] = written;
  const done =
    written.length === 1 && only
      ? vscode.l10n.t('Tagged run {0} with {1}.', only.run.name, head)
      : vscode.l10n.t('Tagged {0} runs with {1}.', written.length, head);
  const text = failure ? `${done} ${failuresText(outcome)}` : done;
  const undo = () => undoTags(services, connection, written);
  offerUndo(services.platform.commands, text, undo, failure !== undefined);
}

function failuresText({ failures }: Outcome): string {
  const names = failures.slice(0, 3).map(({ run }) => run.name);
  if (failures.length > names.length) names.push('…');
  const real = failures.find(({ error }) => !isCancelled(error));
  const reason = real
    ? real.error instanceof Error
      ? real.error.message
      : String(real.error)
    : vscode.l10n.t('cancelled');
  return vscode.l10n.t('Not tagged: {0} ({1})', names.join(', '), reason);
}

async function undoTags(services: SourceServices, connection: Connection, written: readonly Written[]): Promise<void> {
  const planned = written.map(({ run, change }) => ({ run, change: undoChange(run, change) }));
  const { failures } = await writeAll(services, connection, 'undo tagging', planned);
  const [failure] = failures;
  if (failure && failures.length === planned.length) throw failure.error;
  if (!failure) {
    const done =
      planned.length === 1
        ? vscode.l10n.t('Brought back the tags of the run')
        : vscode.l10n.t('Brought back the tags of {0} runs', planned.length);
    vscode.window.setStatusBarMessage(done, 5_000);
    return;
  }
  const names = failures.map(({ run }) => run.name).join(', ');
  await vscode.window.showWarningMessage(vscode.l10n.t('The tags of these runs were not brought back: {0}', names));
}
