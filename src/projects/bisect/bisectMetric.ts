import * as vscode from 'vscode';
import type { Commit } from '../../git/commitBatch';
import { GitError } from '../../git/gitError';
import { commitsBetween } from '../../git/workingTrees';
import { MlflowError } from '../../mlflow/mlflowError';
import { recordedOrigin } from '../../mlflow/recordedOrigin';
import type { TrackingStore } from '../../mlflow/trackingStore';
import { withProgress } from '../../platform/cancellation';
import { Command } from '../../platform/ids';
import { messages } from '../../platform/messages';
import { shortId } from '../../shared/commitId';
import type { Run } from '../../shared/domain';
import { mapLimited } from '../../shared/mapLimited';
import { requireLaunchTrust } from '../launch/launch';
import { askedAt, isBackAt, type LaunchedAt, withStoreOf } from '../launch/launchedAt';
import type { EndedRun, LaunchRoom } from '../launch/launchedRun';
import { launchFolders } from '../launch/launchFolders';
import { whatToRun } from '../launch/whatToRun';
import type { EntryPoint } from '../mlproject/mlproject';
import { writeReport } from '../reports/reports';
import { reportUri, showReport } from '../reports/reportUri';
import { AbsentCommit, orFetch } from '../reproduce/findSource';
import { planReproduction, type ReproducePlan } from '../reproduce/plan';
import { type RunsIn, requestIn } from '../reproduce/runsIn';
import { differingParams } from '../request/givenParams';
import type { ProjectTasks } from '../tasks/projectTasks';
import { type Bisection, nextStep, triedOf, withResult, withTried } from './bisect';
import { type Chosen, chooseBisection } from './bisectionPair';
import { bisectionText } from './bisectionText';
import { chooseRunsIn } from './chooseRunsIn';
import { dirtyOf, isMeant } from './isMeant';
import { stopTitle } from './leftBisections';
import { type BisectionOf, OpenBisections } from './openBisections';
import { isOf, type Program } from './program';

/** Flowdeck's own: the metric that a run was launched to bisect. */
const bisectTag = 'flowdeck.bisects';
const mostRuns = 1_000;
/** Questions for logged models. */
const modelsAtOnce = 8;

interface Search {
  readonly room: LaunchRoom;
  readonly tasks: ProjectTasks;
  readonly folder: vscode.WorkspaceFolder;
  readonly at: LaunchedAt;
  readonly chosen: Chosen;
  readonly plan: ReproducePlan;
  readonly experiment: string;
  readonly kept: OpenBisections;
  readonly of: BisectionOf;
  readonly runsIn: RunsIn;
}

/** Those that are gone on with take the place of what still waits for an answer. */
const turns = new Map<string, symbol>();

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
        const bisection = await bisectionOf(chosen, plan, store, signal);
        const experiment = (await store.getExperiment(bad.experimentId)).name;
        return { plan, bisection, experiment, dirty: await dirtyOf(chosen, store, signal) };
      }),
    ),
  );
  if (!prepared) return;
  const { plan, experiment, dirty } = prepared;
  const begun = kept.find(of);
  if (!begun && !(await isMeant(chosen, plan.entryPoint, programOf(plan), dirty))) return;
  const runsIn = await chooseRunsIn(plan, begun?.runsIn);
  if (!runsIn) return;
  const bisection = withTried(prepared.bisection, begun?.tried ?? []);
  await step({ room, tasks, folder: plan.folder, at, chosen, plan, experiment, kept, of, runsIn }, bisection);
}

async function bisectionOf(
  { good, bad, metric }: Chosen,
  plan: ReproducePlan,
  store: TrackingStore,
  signal: AbortSignal,
): Promise<Bisection> {
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
  const known = await knownRuns(bad, metric, entryPoint, programOf(plan), store, signal);
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
  return { ...values, candidates };
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
): Promise<readonly { readonly run: Run; readonly commit: string }[]> {
  const search = { experimentIds: [bad.experimentId], orderBy: ['attributes.start_time DESC'], maxResults: mostRuns };
  const { items } = await store.searchRuns(search, signal);
  const comparable = items.filter(
    (run) =>
      run.status === 'FINISHED' &&
      Object.hasOwn(run.metrics, metric) &&
      isOf(program, run) &&
      differingParams(run, bad, parameters).length === 0,
  );
  const known = await mapLimited(comparable, modelsAtOnce, async (run) => {
    const { commit, dirty } = (await recordedOrigin(store, run, signal)).origin;
    return commit === undefined || dirty === true ? [] : [{ run, commit }];
  });
  return known.flat();
}

/** Asks before each launch: training may take hours. Whoever leaves the question finds it again. */
async function step(search: Search, bisection: Bisection): Promise<void> {
  const next = nextStep(bisection);
  const { commits, show } = await reportOf(search, bisection);
  if (next.kind !== 'launch') return conclude(search, bisection, next, commits, show);
  const { commit } = bisection.candidates[next.at] ?? { commit: '' };
  const { kept, of, chosen, runsIn } = search;
  const names = [chosen.good.name, chosen.bad.name] as const;
  await kept.keep({ ...of, names, tried: triedOf(bisection), open: next.open, next: commit, runsIn });
  const launch = vscode.l10n.t('Launch There');
  const skip = vscode.l10n.t('Skip');
  const stop = stopTitle();
  const described = describe(commits, commit);
  const { metric } = of;
  const message =
    next.open === 1
      ? vscode.l10n.t('Bisecting {0}: one commit is still open, {1}.', metric, described)
      : vscode.l10n.t('Bisecting {0}: {1} commits are still open. Next is {2}.', metric, next.open, described);
  const isMine = takeTurn(of);
  for (;;) {
    const answer = await messages.showInformationMessage(message, launch, skip, showTitle(), stop);
    if (!isMine()) return;
    if (answer === stop) await kept.forget(of);
    if (answer === launch) await launchAt(search, bisection, next.at, commit);
    if (answer === skip) await step(search, withResult(bisection, next.at, { failed: true }));
    if (answer !== showTitle()) return;
    await show();
  }
}

const showTitle = () => vscode.l10n.t('Show Commits');

function takeTurn({ uri, good, bad, metric }: BisectionOf): () => boolean {
  const key = JSON.stringify([uri, good, bad, metric]);
  const turn = Symbol(metric);
  turns.set(key, turn);
  return () => turns.get(key) === turn;
}

async function launchAt(search: Search, bisection: Bisection, at: number, commit: string): Promise<void> {
  const { plan, room, tasks, folder, experiment, of, runsIn } = search;
  const request = {
    entryPoint: plan.entryPoint.name,
    project: plan.inside,
    parameters: plan.parameters,
    experiment,
    runName: vscode.l10n.t('{0} at {1}', of.metric, shortId(commit)).slice(0, 200),
    version: commit,
    ...requestIn(plan, runsIn),
  };
  const goOn = (next: Promise<void>) => {
    next.catch((error: unknown) => room.platform.commands.report(vscode.l10n.t('go on bisecting'), error));
  };
  let cannotRun = false;
  await tasks.run(request, folder, {
    at: search.at,
    tags: { [bisectTag]: of.metric },
    untold: true,
    checkout: async (signal) => {
      try {
        const made = await plan.checkoutAt(commit, signal, runsIn);
        await whatToRun(request, vscode.Uri.file(made.folder), folder).catch(async (error: unknown) => {
          await made.release();
          throw error;
        });
        return made;
      } catch (error) {
        cannotRun = error instanceof MlflowError || (error instanceof GitError && error.kind === 'notFound');
        throw error;
      }
    },
    onEnd: (ended) => goOn(afterRun(search, bisection, at, ended)),
    // What is no fault of the commit, a server that is away say, leaves it open: the question comes again.
    onRefused: () => goOn(step(search, cannotRun ? withResult(bisection, at, { failed: true }) : bisection)),
  });
}

async function afterRun(search: Search, bisection: Bisection, at: number, ended: EndedRun): Promise<void> {
  const { room, of } = search;
  const { runId, result } = ended;
  // One that a person stopped is not held against its commit.
  if (result === 'KILLED') return step(search, bisection);
  const run =
    runId === undefined || result === 'FAILED'
      ? undefined
      : await withStoreOf(room.platform, ended.at, (store) => store.getRun(runId));
  const value = run?.metrics[of.metric]?.value;
  const known = runId === undefined ? {} : { runId };
  return step(search, withResult(bisection, at, { ...known, ...(value === undefined ? { failed: true } : { value }) }));
}

async function conclude(
  { room, kept, of }: Search,
  bisection: Bisection,
  end: Exclude<ReturnType<typeof nextStep>, { kind: 'launch' }>,
  commits: Commits,
  show: () => Promise<void>,
): Promise<void> {
  await kept.forget(of);
  const showRun = vscode.l10n.t('Show Run');
  const at = end.kind === 'found' ? end.at : end.to;
  const { commit, value, runId } = bisection.candidates[at] ?? { commit: '' };
  const described = describe(commits, commit);
  const message =
    end.kind === 'found'
      ? vscode.l10n.t('{0} moved to {1} at {2}.', of.metric, String(value), described)
      : vscode.l10n.t(
          '{0} moved at one of {1} commits, whose runs gave no value. The last is {2}.',
          of.metric,
          end.to - end.from + 1,
          described,
        );
  const buttons = [showTitle(), ...(runId === undefined ? [] : [showRun])];
  for (;;) {
    const chosen = await messages.showInformationMessage(message, ...buttons);
    if (chosen === showRun && (await isBackAt(room.connections, of.uri)))
      await vscode.commands.executeCommand(Command.runs.show, runId);
    if (chosen !== showTitle()) return;
    await show();
  }
}

type Commits = ReadonlyMap<string, Commit>;

function describe(commits: Commits, commit: string): string {
  const known = commits.get(commit);
  return known ? `${shortId(commit)} "${known.subject.slice(0, 80)}" (${known.author})` : shortId(commit);
}

/** Writes what is known so far; one that is open shows it at once. */
async function reportOf({ room, plan, of }: Search, bisection: Bisection) {
  const { candidates } = bisection;
  const commits: Commits = (await plan.repository?.commits(candidates.map(({ commit }) => commit))) ?? new Map();
  const uri = reportUri('bisection', vscode.l10n.t('{0} bisected', of.metric), { ...of });
  await writeReport(room.platform, uri, bisectionText(of.metric, bisection, commits));
  return { commits, show: () => showReport(uri) };
}
