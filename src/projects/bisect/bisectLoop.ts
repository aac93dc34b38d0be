import * as vscode from 'vscode';
import type { Commit } from '../../git/commitBatch';
import { GitError } from '../../git/gitError';
import { MlflowError } from '../../mlflow/mlflowError';
import { Command } from '../../platform/ids';
import { messages } from '../../platform/messages';
import { shortId } from '../../shared/commitId';
import { isBackAt, type LaunchedAt, withStoreOf } from '../launch/launchedAt';
import type { EndedRun, LaunchRoom } from '../launch/launchTypes';
import { whatToRun } from '../launch/whatToRun';
import { writeReport } from '../reports/reports';
import { reportUri, showReport } from '../reports/reportUri';
import type { ReproducePlan } from '../reproduce/plan';
import { type RunsIn, requestIn } from '../reproduce/runsIn';
import { tagsOfScript } from '../reproduce/scriptRun';
import type { ProjectTasks } from '../tasks/projectTasks';
import { type Bisection, nextStep, triedOf, withResult } from './bisect';
import type { Chosen } from './bisectionPair';
import { bisectionText } from './bisectionText';
import { stopTitle } from './leftBisections';
import type { BisectionOf, OpenBisections } from './openBisections';

/** Flowdeck's own: the metric that a run was launched to bisect. */
const bisectTag = 'flowdeck.bisects';

/** One bisection, and with what its commits are launched. */
export interface Search {
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
  /** Of a script, the same at each commit. */
  readonly args: readonly string[];
  /** What is to be known of the runs that were looked at; absent where that were all. */
  readonly note?: string;
}

/** Those that are gone on with take the place of what still waits for an answer. */
const turns = new Map<string, symbol>();

/** Asks before each launch: training may take hours. Whoever leaves the question finds it again. */
export async function bisect(search: Search, bisection: Bisection): Promise<void> {
  const next = nextStep(bisection);
  const { commits, show } = await reportOf(search, bisection);
  if (next.kind !== 'launch') return conclude(search, bisection, next, commits, show);
  const { commit } = bisection.candidates[next.at] ?? { commit: '' };
  const { kept, of, chosen, runsIn, args, note } = search;
  const names = [chosen.good.name, chosen.bad.name] as const;
  await kept.keep({ ...of, names, tried: triedOf(bisection), open: next.open, next: commit, runsIn, args });
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
    const answer = await messages.showInformationMessage(
      [message, note].filter(Boolean).join(' '),
      launch,
      skip,
      showTitle(),
      stop,
    );
    if (!isMine()) return;
    if (answer === stop) await kept.forget(of);
    if (answer === launch) await launchAt(search, bisection, next.at, commit);
    if (answer === skip) await bisect(search, withResult(bisection, next.at, { failed: true }));
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
  const { plan, room, tasks, folder, experiment, of, runsIn, args } = search;
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
    tags: { [bisectTag]: of.metric, ...tagsOfScript(plan, args) },
    untold: true,
    checkout: async (signal) => {
      try {
        const made = await plan.checkoutAt(commit, signal, runsIn, args);
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
    onRefused: () => goOn(bisect(search, cannotRun ? withResult(bisection, at, { failed: true }) : bisection)),
  });
}

async function afterRun(search: Search, bisection: Bisection, at: number, ended: EndedRun): Promise<void> {
  const { room, of } = search;
  const { runId, result } = ended;
  // One that a person stopped is not held against its commit.
  if (result === 'KILLED') return bisect(search, bisection);
  const run =
    runId === undefined || result === 'FAILED'
      ? undefined
      : await withStoreOf(room.platform, ended.at, (store) => store.getRun(runId));
  const value = run?.metrics[of.metric]?.value;
  const known = runId === undefined ? {} : { runId };
  return bisect(
    search,
    withResult(bisection, at, { ...known, ...(value === undefined ? { failed: true } : { value }) }),
  );
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
async function reportOf({ room, plan, of, note }: Search, bisection: Bisection) {
  const { candidates } = bisection;
  const commits: Commits = (await plan.repository?.commits(candidates.map(({ commit }) => commit))) ?? new Map();
  const uri = reportUri('bisection', vscode.l10n.t('{0} bisected', of.metric), { ...of });
  await writeReport(room.platform, uri, bisectionText(of.metric, bisection, commits, note));
  return { commits, show: () => showReport(uri) };
}
