import * as vscode from 'vscode';
import { commitsBetween } from '../../git/workingTrees';
import { MlflowError } from '../../mlflow/mlflowError';
import { recordedOrigin } from '../../mlflow/recordedOrigin';
import type { TrackingStore } from '../../mlflow/trackingStore';
import { withProgress } from '../../platform/cancellation';
import { shortId } from '../../shared/commitId';
import type { Run } from '../../shared/domain';
import { mapLimited } from '../../shared/mapLimited';
import { requireLaunchTrust } from '../launch/launch';
import { askedAt, withStoreOf } from '../launch/launchedAt';
import { launchFolders } from '../launch/launchFolders';
import type { LaunchRoom } from '../launch/launchTypes';
import type { EntryPoint } from '../mlproject/mlproject';
import { askForArguments } from '../reproduce/askArguments';
import { AbsentCommit, orFetch } from '../reproduce/findSource';
import { isOwnLaunch, requireOwnLaunch } from '../reproduce/partOfLaunch';
import { planReproduction, type ReproducePlan } from '../reproduce/plan';
import { differingParams, hasOtherArguments } from '../request/givenParams';
import type { ProjectTasks } from '../tasks/projectTasks';
import { type Bisection, withTried } from './bisect';
import { type Chosen, chooseBisection } from './bisectionPair';
import { bisect } from './bisectLoop';
import { chooseRunsIn } from './chooseRunsIn';
import { dirtyOf, isMeant } from './isMeant';
import { OpenBisections } from './openBisections';
import { isOf, type Program } from './program';

const mostRuns = 1_000;
/** Questions for logged models. */
const modelsAtOnce = 8;

/** Between a good and a bad run on one branch: which commit moved the metric, by launching at the midpoint. */
export async function bisectMetric(room: LaunchRoom, tasks: ProjectTasks, args: readonly unknown[]): Promise<void> {
  requireLaunchTrust();
  const folders = launchFolders();
  const at = await askedAt(room.connections);
  const { uri } = at.connection;
  const kept = new OpenBisections(room.platform.context.workspaceState);
  const open = kept.all().filter((one) => one.uri === uri);
  const chosen = await chooseBisection(room, args, open);
  if (!chosen) return;
  const { good, bad, metric } = chosen;
  const of = { uri, good: good.runId, bad: bad.runId, metric };
  const prepared = await orFetch(() =>
    withProgress(vscode.l10n.t('Listing the commits between the runs'), (signal) =>
      withStoreOf(room.platform, at, async (store) => {
        const plan = await planReproduction(bad, store, room.checkouts, folders, signal);
        await requireOwnLaunch(good, store, signal);
        const { bisection, areAll } = await bisectionOf(chosen, plan, store, signal);
        const experiment = (await store.getExperiment(bad.experimentId)).name;
        return { plan, bisection, areAll, experiment, dirty: await dirtyOf(chosen, store, signal) };
      }),
    ),
  );
  if (!prepared) return;
  const { plan, experiment, dirty } = prepared;
  const begun = kept.find(of);
  if (!begun && !(await isMeant(chosen, plan.entryPoint, programOf(plan), dirty))) return;
  const given = begun?.args ?? (await askForArguments(plan));
  if (!given) return;
  const runsIn = await chooseRunsIn(plan, begun?.runsIn);
  if (!runsIn) return;
  const note = prepared.areAll
    ? undefined
    : vscode.l10n.t('Of the runs of {0} only the newest {1} were looked at.', experiment, mostRuns);
  const bisection = withTried(prepared.bisection, begun?.tried ?? []);
  await bisect(
    {
      room,
      tasks,
      folder: plan.folder,
      at,
      chosen,
      plan,
      experiment,
      kept,
      of,
      runsIn,
      args: given,
      ...(note === undefined ? {} : { note }),
    },
    bisection,
  );
}

async function bisectionOf(
  { good, bad, metric }: Chosen,
  plan: ReproducePlan,
  store: TrackingStore,
  signal: AbortSignal,
): Promise<{ readonly bisection: Bisection; readonly areAll: boolean }> {
  const { repository, commit, entryPoint } = plan;
  const start = (await recordedOrigin(store, good, signal)).origin.commit;
  if (start === undefined)
    throw new MlflowError('invalid', vscode.l10n.t('Run {0} does not say which commit it was made from.', good.name));
  if (!repository)
    throw new MlflowError('invalid', vscode.l10n.t('The repository of {0} is not open.', bad.name), {
      advice: vscode.l10n.t('Open it: its history is searched.'),
    });
  if (!(await repository.commit(start, signal)))
    throw new AbsentCommit(good.runId, start, (await repository.remotes(signal)).length > 0);
  const commits = await commitsBetween(repository, start, commit, signal);
  if (!commits || commits.length === 0)
    throw new MlflowError(
      'invalid',
      vscode.l10n.t(
        'Commit {0} of the bad run does not come after {1} of the good one.',
        shortId(commit),
        shortId(start),
      ),
      { advice: vscode.l10n.t('Choose two runs of one branch. Of a shallow clone, fetch the history between them.') },
    );
  const values = { good: good.metrics[metric]?.value ?? Number.NaN, bad: bad.metrics[metric]?.value ?? Number.NaN };
  if (values.good === values.bad || Number.isNaN(values.good + values.bad))
    throw new MlflowError('invalid', vscode.l10n.t('{0} is the same in both runs, or no number.', metric));
  const { known, areAll } = await knownRuns(bad, metric, entryPoint, programOf(plan), store, signal);
  // Recorded in full or abbreviated; thousands of commits are not compared with each.
  const full = await repository.present(
    known.map((one) => one.commit),
    signal,
  );
  const newest = new Map(known.toReversed().map((one) => [full.get(one.commit), one.run]));
  const candidates = commits.map((id, at) => {
    const run = at === commits.length - 1 ? bad : newest.get(id);
    const value = run?.metrics[metric]?.value;
    return { commit: id, ...(run && value !== undefined ? { value, runId: run.runId } : {}) };
  });
  return { bisection: { ...values, candidates }, areAll };
}

const programOf = ({ repository, inside, entryPoint }: ReproducePlan): Program => ({
  root: repository?.root ?? '',
  inside,
  entryPoint: entryPoint.name,
});

/**
 * Finished runs of the experiment with the metric, of the same program with the same params, the newest first, and the
 * commits that they or their models name.
 */
async function knownRuns(
  bad: Run,
  metric: string,
  { parameters }: EntryPoint,
  program: Program,
  store: TrackingStore,
  signal: AbortSignal,
): Promise<{ readonly known: readonly { readonly run: Run; readonly commit: string }[]; readonly areAll: boolean }> {
  const search = { experimentIds: [bad.experimentId], orderBy: ['attributes.start_time DESC'], maxResults: mostRuns };
  const { items, nextPageToken } = await store.searchRuns(search, signal);
  const comparable = items.filter(
    (run) =>
      run.status === 'FINISHED' &&
      Object.hasOwn(run.metrics, metric) &&
      isOf(program, run) &&
      isOwnLaunch(run) &&
      !hasOtherArguments(run, bad) &&
      differingParams(run, bad, parameters).length === 0,
  );
  const known = await mapLimited(comparable, modelsAtOnce, async (run) => {
    const { commit, dirty } = (await recordedOrigin(store, run, signal)).origin;
    return commit === undefined || dirty === true ? [] : [{ run, commit }];
  });
  return { known: known.flat(), areAll: nextPageToken === undefined };
}
