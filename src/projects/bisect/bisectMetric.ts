import * as vscode from 'vscode';
import { commitsBetween } from '../../git/workingTrees';
import { MlflowError } from '../../mlflow/mlflowError';
import { runOrigin } from '../../mlflow/runSource';
import type { TrackingStore } from '../../mlflow/trackingStore';
import { withProgress } from '../../platform/cancellation';
import { Command } from '../../platform/ids';
import { sameCommit, shortId } from '../../shared/commitId';
import { type Run, TagKey } from '../../shared/domain';
import { requireLaunchTrust } from '../launch';
import type { EndedRun, LaunchRoom } from '../launchedRun';
import type { ProjectTasks } from '../projectTasks';
import { planReproduction, type ReproducePlan } from '../reproduce/plan';
import { openFolder, showDocument } from '../reproduce/reproduceRun';
import type { Again } from '../underWay';
import { type Bisection, isGood, nextStep, withResult } from './bisect';

/** Flowdeck's own: the metric that a run was launched to bisect. */
const bisectTag = 'flowdeck.bisects';
const mostRuns = 1_000;

interface Search {
  readonly room: LaunchRoom;
  readonly tasks: ProjectTasks;
  readonly folder: vscode.WorkspaceFolder;
  readonly store: TrackingStore;
  readonly metric: string;
  readonly plan: ReproducePlan;
  readonly experiment: string;
  readonly pair: Pair;
}

/** Between a good and a bad run on one branch: which commit moved the metric, by launching at the midpoint. */
export async function bisectMetric(room: LaunchRoom, tasks: ProjectTasks, args: readonly unknown[]): Promise<void> {
  requireLaunchTrust();
  const folder = openFolder();
  const { store } = await room.connections.requireWritable();
  const begun = decodeBegun(args[2]);
  const pair = await pickPair(room, args, begun);
  if (!pair) return;
  const metric = begun?.metric ?? (await pickMetric(pair));
  if (metric === undefined) return;
  const prepared = await withProgress(vscode.l10n.t('Listing the commits between the runs'), async (signal) => {
    const plan = await planReproduction(pair.bad, store, room.checkouts, folder, signal);
    const bisection = await bisectionOf(pair, metric, plan, store, signal);
    const experiment = (await store.getExperiment(pair.bad.experimentId)).name;
    return { plan, bisection, experiment };
  });
  const { plan, experiment } = prepared;
  await step({ room, tasks, folder, store, metric, plan, experiment, pair }, prepared.bisection);
}

interface Pair {
  readonly good: Run;
  readonly bad: Run;
}

/** A search that a window did not end: what was answered then is not asked again. */
interface Begun {
  readonly good: string;
  readonly metric: string;
}

function decodeBegun(value: unknown): Begun | undefined {
  if (typeof value !== 'object' || value === null || !('good' in value) || !('metric' in value)) return undefined;
  const { good, metric } = value;
  return typeof good === 'string' && typeof metric === 'string' ? { good, metric } : undefined;
}

async function pickPair(
  { runs }: LaunchRoom,
  args: readonly unknown[],
  begun: Begun | undefined,
): Promise<Pair | undefined> {
  const title = vscode.l10n.t('Bisect Metric: the Good Run');
  const picked = (await runs.pickRuns(args, { title, many: true })) ?? [];
  const [first, second] = picked;
  if (!first) return undefined;
  if (picked.length > 2) throw new MlflowError('invalid', vscode.l10n.t('Choose two runs: a good and a bad one.'));
  const other =
    second ??
    (await runs.pickRuns([], { title: vscode.l10n.t('Bisect Metric: the Bad Run'), many: false, ask: true }))?.[0];
  if (!other) return undefined;
  if (!second) return { good: first, bad: other };
  if (begun) return begun.good === first.runId ? { good: first, bad: other } : { good: other, bad: first };
  const items = [first, other].map((run) => ({ label: run.name, description: run.runId, run }));
  const placeHolder = vscode.l10n.t('Which of the two is the good one?');
  const good = (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Bisect Metric'), placeHolder }))?.run;
  return good && { good, bad: good === first ? other : first };
}

async function pickMetric({ good, bad }: Pair): Promise<string | undefined> {
  const shared = Object.keys(good.metrics).filter((key) => Object.hasOwn(bad.metrics, key));
  const items = shared.map((key) => ({
    label: key,
    description: `${good.metrics[key]?.value} → ${bad.metrics[key]?.value}`,
  }));
  if (items.length === 0)
    throw new MlflowError('invalid', vscode.l10n.t('{0} and {1} have no metric in common.', good.name, bad.name));
  const options = { title: vscode.l10n.t('Bisect Metric'), placeHolder: vscode.l10n.t('Metric that moved') };
  return (await vscode.window.showQuickPick(items, options))?.label;
}

async function bisectionOf(
  { good, bad }: Pair,
  metric: string,
  { repository, commit, entryPoint }: ReproducePlan,
  store: TrackingStore,
  signal: AbortSignal,
): Promise<Bisection> {
  const start = runOrigin(good).commit;
  if (start === undefined)
    throw new MlflowError('invalid', vscode.l10n.t('Run {0} does not say which commit it was made from.', good.name));
  if (!repository)
    throw new MlflowError('invalid', vscode.l10n.t('The repository of {0} is not open.', bad.name), {
      advice: vscode.l10n.t('Open it: its history is searched.'),
    });
  const commits = await commitsBetween(repository, start, commit, signal);
  if (!commits || commits.length === 0)
    throw new MlflowError(
      'invalid',
      vscode.l10n.t(
        'Commit {0} of the bad run does not come after {1} of the good one.',
        shortId(commit),
        shortId(start),
      ),
    );
  const values = { good: good.metrics[metric]?.value ?? Number.NaN, bad: bad.metrics[metric]?.value ?? Number.NaN };
  if (values.good === values.bad || Number.isNaN(values.good + values.bad))
    throw new MlflowError('invalid', vscode.l10n.t('{0} is the same in both runs, or no number.', metric));
  const known = await knownRuns(bad, metric, entryPoint.name, store, signal);
  const candidates = commits.map((id, at) => {
    const run = at === commits.length - 1 ? bad : known.find((one) => sameCommit(runOrigin(one).commit ?? '', id));
    const value = run?.metrics[metric]?.value;
    return { commit: id, ...(run && value !== undefined ? { value, runId: run.runId } : {}) };
  });
  return { ...values, candidates };
}

/** Finished runs of the experiment that used the same entry point and have the metric, the newest first. */
async function knownRuns(
  { experimentId }: Run,
  metric: string,
  entryPoint: string,
  store: TrackingStore,
  signal: AbortSignal,
): Promise<readonly Run[]> {
  const search = { experimentIds: [experimentId], orderBy: ['attributes.start_time DESC'], maxResults: mostRuns };
  const { items } = await store.searchRuns(search, signal);
  return items.filter(
    (run) =>
      run.status === 'FINISHED' &&
      Object.hasOwn(run.metrics, metric) &&
      runOrigin(run).dirty !== true &&
      (run.tags[TagKey.projectEntryPoint] ?? entryPoint) === entryPoint,
  );
}

/** Asks before each launch: training may take hours. */
async function step(search: Search, bisection: Bisection): Promise<void> {
  const next = nextStep(bisection);
  if (next.kind !== 'launch') return conclude(search, bisection, next);
  const { commit } = bisection.candidates[next.at] ?? { commit: '' };
  const launch = vscode.l10n.t('Launch There');
  const show = vscode.l10n.t('Show Commits');
  const { metric } = search;
  const described = await describe(search, commit);
  const message =
    next.open === 1
      ? vscode.l10n.t('Bisecting {0}: one commit is still open, {1}.', metric, described)
      : vscode.l10n.t('Bisecting {0}: {1} commits are still open. Next is {2}.', metric, next.open, described);
  const chosen = await vscode.window.showInformationMessage(message, launch, show);
  if (chosen === show) {
    await showDocument(await report(search, bisection));
    return step(search, bisection);
  }
  if (chosen === launch) await launchAt(search, bisection, next.at, commit);
}

async function launchAt(search: Search, bisection: Bisection, at: number, commit: string): Promise<void> {
  const { plan, room, tasks, folder, metric, experiment, pair } = search;
  const request = {
    entryPoint: plan.entryPoint.name,
    project: plan.inside,
    parameters: plan.parameters,
    experiment,
    runName: vscode.l10n.t('{0} at {1}', metric, shortId(commit)).slice(0, 200),
    version: commit,
  };
  const goOn = async ({ runId }: Pick<EndedRun, 'runId'>) => {
    const run = runId === undefined ? undefined : await search.store.getRun(runId);
    const value = run?.status === 'FINISHED' ? run.metrics[metric]?.value : undefined;
    // One that a person stopped is not held against its commit.
    if (run?.status === 'KILLED') return step(search, bisection);
    const result = {
      ...(runId === undefined ? {} : { runId }),
      ...(value === undefined ? { failed: true } : { value }),
    };
    return step(search, withResult(bisection, at, result));
  };
  await tasks.run(request, folder, {
    tags: { [bisectTag]: metric },
    again: againOf(pair, metric),
    checkout: (signal) => plan.checkoutAt(commit, signal),
    onEnd: (ended) => {
      goOn(ended).catch((error: unknown) => room.platform.commands.report(vscode.l10n.t('go on bisecting'), error));
    },
  });
}

function againOf({ good: { runId: good }, bad: { runId: bad } }: Pair, metric: string): Again {
  return { command: Command.source.bisectMetric, args: [good, [good, bad], { good, metric }] };
}

async function conclude(
  search: Search,
  bisection: Bisection,
  end: Exclude<ReturnType<typeof nextStep>, { kind: 'launch' }>,
): Promise<void> {
  const show = vscode.l10n.t('Show Commits');
  const compare = vscode.l10n.t('Show Run');
  const at = end.kind === 'found' ? end.at : end.to;
  const { commit, value, runId } = bisection.candidates[at] ?? { commit: '' };
  const message =
    end.kind === 'found'
      ? vscode.l10n.t('{0} moved to {1} at {2}.', search.metric, String(value), await describe(search, commit))
      : vscode.l10n.t(
          '{0} moved at one of {1} commits, whose runs gave no value. The last is {2}.',
          search.metric,
          end.to - end.from + 1,
          await describe(search, commit),
        );
  const chosen = await vscode.window.showInformationMessage(message, show, ...(runId === undefined ? [] : [compare]));
  if (chosen === show) {
    await showDocument(await report(search, bisection));
    return conclude(search, bisection, end);
  }
  if (chosen === compare) await vscode.commands.executeCommand(Command.runs.show, runId);
}

async function describe({ plan }: Search, commit: string): Promise<string> {
  const known = await plan.repository?.commit(commit);
  return known ? `${shortId(commit)} "${known.subject.slice(0, 80)}" (${known.author})` : shortId(commit);
}

/** The commits with what is known of each, for a Markdown document. */
async function report({ plan, metric }: Search, bisection: Bisection): Promise<string> {
  const { candidates } = bisection;
  const known = (await plan.repository?.commits(candidates.map(({ commit }) => commit))) ?? new Map();
  const cell = (text: string) => text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_{}[\]<>#|~!&]/g, '\\$&');
  const rows = candidates.map(({ commit, value, failed }) => {
    const subject: unknown = known.get(commit)?.subject;
    const verdict =
      value === undefined
        ? failed
          ? vscode.l10n.t('failed')
          : ''
        : isGood(bisection, value)
          ? vscode.l10n.t('good')
          : vscode.l10n.t('bad');
    return `| ${shortId(commit)} | ${cell(typeof subject === 'string' ? subject : '')} | ${value ?? '–'} | ${verdict} |`;
  });
  const columns = [vscode.l10n.t('Commit'), vscode.l10n.t('Subject'), metric, vscode.l10n.t('Verdict')].map(cell);
  return [
    `# ${cell(vscode.l10n.t('Bisecting {0}', metric))}`,
    '',
    cell(vscode.l10n.t('Good: {0}. Bad: {1}.', bisection.good, bisection.bad)),
    '',
    `| ${columns.join(' | ')} |`,
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
