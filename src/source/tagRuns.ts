import * as vscode from 'vscode';
import type { Connection } from '../connections/connection';
import type { GitRepository } from '../git/gitRepository';
import { headTags } from '../git/headTags';
import type { RepositoryState } from '../git/repositoryState';
import { MlflowError } from '../mlflow/mlflowError';
import { recordedOrigin } from '../mlflow/recordedOrigin';
import { namesCommit, runOrigin } from '../mlflow/runSource';
import { withProgress } from '../platform/cancellation';
import { messages } from '../platform/messages';
import { shortId } from '../shared/commitId';
import { type Run, TagKey } from '../shared/domain';
import { mapLimited } from '../shared/mapLimited';
import { pickRepository } from './chooseRepository';
import { patchPath } from './patchArtifact';
import { rankRepositories } from './rankRepositories';
import type { SourceServices } from './services';
import { type Conflict, confirmTagging, type TagQuestion } from './tagDialogs';
import type { ChosenPatch } from './tagPatch';
import { otherCommit, tagChange } from './tagPlan';
import { type Outcome, type PatchRefused, type Planned, patchRefusal, reportTagged, writeAll } from './tagWrite';
import { reportNoRepository, requireGitTrust } from './workspaceRepositories';

const atOnce = 6;

/** Tags the runs the arguments mean, or those the person picks, with the commit that is checked out. */
export async function tagRuns(services: SourceServices, args: readonly unknown[]): Promise<void> {
  requireGitTrust();
  const connection = await services.connections.requireWritable();
  const title = vscode.l10n.t('Tag Run with Current Commit');
  const picked = await services.runs.pickRuns(args, { title, many: true });
  if (!picked || picked.length === 0) return;
  const { runs, gone } = await readAgain(connection, picked);
  const deleted = runs.find(({ lifecycleStage }) => lifecycleStage === 'deleted');
  if (deleted) {
    await messages.showWarningMessage(vscode.l10n.t('Run {0} is deleted. Restore it before you tag it.', deleted.name));
    return;
  }
  const head = await chooseHead(services, runs, title);
  if (!head) return;
  const { repository, state } = head;
  const question = { runs, conflicts: await conflictsWith(connection, runs, state.commit), repository, state };
  const confirmed = await confirmTagging(question);
  if (!confirmed) return;
  const patch = confirmed === 'tags' ? 'without' : await patchFor(question);
  if (patch === undefined) return;
  const plain = headTags(state, await repository.remotes());
  const write = (planned: readonly Planned[]) => writeAll(services, connection, 'tag run with commit', planned);
  const withoutPatch = () => write(runs.map((run) => ({ run, change: tagChange(run, plain) })));
  let outcome: Outcome;
  if (patch === 'without') outcome = await withoutPatch();
  else {
    const tags = { ...plain, [TagKey.gitPatch]: patchPath(patch) };
    outcome = await write(runs.map((run) => ({ run, change: tagChange(run, tags), patch })));
    const refusal = patchRefusal(outcome);
    if (refusal && !(await wantsWithout(refusal))) return;
    if (refusal) outcome = await withoutPatch();
  }
  const { written, failures } = outcome;
  reportTagged(services, connection, { written, failures: [...gone, ...failures] }, describeHead(state));
}

/**
 * What is known of a run may be old, and undo promises to bring back what really stood there. One that is gone keeps no
 * other from being tagged. Throws when none is left.
 */
async function readAgain(
  { store }: Connection,
  picked: readonly Run[],
): Promise<{ readonly runs: readonly Run[]; readonly gone: Outcome['failures'] }> {
  const gone: { run: Run; error: unknown }[] = [];
  const reading = vscode.l10n.t('Reading what the runs are tagged with');
  const read = await withProgress(reading, (signal) =>
    mapLimited(picked, atOnce, (run) =>
      store.getRun(run.runId, signal).catch((error: unknown) => {
        if (!(error instanceof MlflowError) || error.kind !== 'notFound') throw error;
        gone.push({ run, error });
        return undefined;
      }),
    ),
  );
  const runs = read.filter((run) => run !== undefined);
  if (runs.length === 0 && gone[0]) throw gone[0].error;
  return { runs, gone };
}

/** What a run says itself counts more than what the models it logged say; those are asked for where it is silent. */
async function conflictsWith(
  { store }: Connection,
  runs: readonly Run[],
  commit: string,
): Promise<readonly Conflict[]> {
  const found = await mapLimited(runs, atOnce, async (run) => {
    const ofModels = namesCommit(run) ? undefined : (await recordedOrigin(store, run)).origin.commit;
    const there = otherCommit(run, ofModels, commit);
    return there === undefined ? [] : [{ run, commit: there }];
  });
  return found.flat();
}

/** The commit is worth something without the changes beyond it: it says that there were some. */
async function wantsWithout({ message, details }: PatchRefused): Promise<boolean> {
  const without = vscode.l10n.t('Tag without Patch');
  const detail = [details.server, details.advice].filter(Boolean).join('\n');
  return (await messages.showWarningMessage(message, { modal: true, detail }, without)) === without;
}

async function patchFor(question: TagQuestion): Promise<ChosenPatch> {
  const { choosePatch } = await import('./tagPatch');
  return choosePatch(question);
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
  const looking = vscode.l10n.t('Looking for what is not committed in {0}', repository.name);
  const { commit, ...state } = await withProgress(looking, (signal) => repository.state(signal));
  if (commit !== undefined) return { repository, state: { ...state, commit } };
  await messages.showWarningMessage(
    vscode.l10n.t('The repository {0} has no commits yet. Commit first, then tag.', repository.name),
  );
  return undefined;
}

export const describeHead = ({ commit, branch }: RepositoryState & { readonly commit: string }) =>
  `${shortId(commit)} (${branch ?? vscode.l10n.t('detached')})`;
