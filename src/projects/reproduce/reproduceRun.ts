import * as vscode from 'vscode';
import { withProgress } from '../../platform/cancellation';
import { Command } from '../../platform/ids';
import { messages } from '../../platform/messages';
import { settings } from '../../platform/settings';
import { shortId } from '../../shared/commitId';
import { type Run, TagKey, type Tags } from '../../shared/domain';
import { oneLine } from '../../shared/oneLine';
import { dataNote } from '../checkouts/besideData';
import { requireLaunchTrust } from '../launch/launch';
import { askedAt, isAt, isBackAt, renewed, withStoreOf } from '../launch/launchedAt';
import { launchFolders } from '../launch/launchFolders';
import type { EndedRun, LaunchRoom } from '../launch/launchTypes';
import { type Judgement, judge, reproducesTag, saveWithRun } from '../reports/judgement';
import { countVerdicts } from '../reports/verdict';
import { mostDockerArguments, mostOfArgument } from '../request/givenTags';
import type { LaunchRequest } from '../request/taskDefinition';
import { endText } from '../tasks/endText';
import type { ProjectTasks } from '../tasks/projectTasks';
import { orFetch } from './findSource';
import { listed } from './listed';
import { planReproduction, type ReproducePlan } from './plan';
import { type RunsIn, requestIn, waysOf } from './runsIn';

/** Of params, datasets and the like. */
const mostListed = 12;

/** Says what is known of a run, launches it once more from its commit, and compares what came out. */
export async function reproduceRun(room: LaunchRoom, tasks: ProjectTasks, args: readonly unknown[]): Promise<void> {
  requireLaunchTrust();
  const folders = launchFolders();
  const at = await askedAt(room.connections);
  const [picked] = (await room.runs.pickRuns(args, { title: vscode.l10n.t('Reproduce Run'), many: false })) ?? [];
  if (!picked) return;
  const found = await orFetch(() =>
    withProgress(vscode.l10n.t('Looking up how {0} was made', picked.name), (signal) =>
      withStoreOf(room.platform, at, async (store) => {
        const run = await store.getRun(picked.runId);
        const plan = await planReproduction(run, store, room.checkouts, folders, signal);
        return { run, plan, experiment: (await store.getExperiment(run.experimentId)).name };
      }),
    ),
  );
  if (!found) return;
  const { run, plan, experiment } = found;
  const runsIn = await confirm(plan);
  if (!runsIn) return;
  const request = requestFor(plan, runsIn, experiment);
  const launch = async (): Promise<void> => {
    await tasks.run(request, plan.folder, {
      at,
      tags: tagsOf(run),
      again: { command: Command.runs.reproduce, args: [run.runId] },
      checkout: (signal) => plan.checkout(signal, runsIn),
      onEnd: (ended) => {
        finish(room, run, ended, launch).catch((error: unknown) =>
          room.platform.commands.report(vscode.l10n.t('compare the reproduced run'), error),
        );
      },
    });
  };
  await launch();
}

/** Beside the old run: under the same parent. */
function tagsOf(run: Run): Tags {
  const parent = run.tags[TagKey.parentRunId];
  return { [reproducesTag]: run.runId, ...(parent === undefined ? {} : { [TagKey.parentRunId]: parent }) };
}

async function confirm(plan: ReproducePlan): Promise<RunsIn | undefined> {
  const buttons = waysOf(plan).map((runsIn) => ({ title: buttonTitle(plan, runsIn), runsIn }));
  const message = vscode.l10n.t('Reproduce run {0}?', plan.run.name);
  const options = { modal: true, detail: factsText(plan) };
  const chosen = await messages.showInformationMessage(message, options, ...buttons.map(({ title }) => title));
  return buttons.find(({ title }) => title === chosen)?.runsIn;
}

function buttonTitle({ backend }: ReproducePlan, runsIn: RunsIn): string {
  if (runsIn === 'backend') return vscode.l10n.t('Reproduce on {0}', oneLine(backend?.name ?? '', 40));
  return runsIn === 'local' ? vscode.l10n.t('Reproduce with This Python') : vscode.l10n.t('Reproduce with {0}', runsIn);
}

/** What is known and what is not, a line each. */
export function factsText(plan: ReproducePlan): string {
  const none = vscode.l10n.t('none');
  const values = [...plan.parameters].map(([name, value]) => `${name}=${oneLine(value, 60)}`);
  const datasets = plan.run.datasets.map(({ name, digest }) => `${name} ${digest}`);
  const { backend, dockerArguments = [] } = plan;
  const lines = [
    vscode.l10n.t('Commit: {0} of {1}', shortId(plan.commit), plan.from),
    vscode.l10n.t('Uncommitted changes: {0}', plan.patch === undefined ? none : vscode.l10n.t('a stored patch')),
    vscode.l10n.t(
      'Entry point: {0}',
      plan.inside === '' ? plan.entryPoint.name : `${plan.entryPoint.name} (${plan.inside})`,
    ),
    vscode.l10n.t('Parameters: {0}', listed(values, mostListed) || none),
    vscode.l10n.t('Environment: {0}', plan.environment ?? plan.modelEnvironment?.from ?? none),
    ...(backend ? [vscode.l10n.t('Backend: {0}', listed([backend.name, backend.config].filter(Boolean), 2, 200))] : []),
    ...(dockerArguments.length > 0
      ? [vscode.l10n.t('Arguments of docker: {0}', listed(dockerArguments, mostDockerArguments, mostOfArgument))]
      : []),
    vscode.l10n.t('Datasets: {0}', listed(datasets, mostListed) || none),
  ];
  const logged = listed(plan.loggedByProgram, 10);
  const data = dataNote(plan.data);
  const notes = [
    ...plan.missing,
    ...(data === undefined ? [] : [data]),
    ...(logged === '' ? [] : [vscode.l10n.t('Not passed on, since the program logs them itself: {0}.', logged)]),
  ];
  return [
    ...lines,
    ...(notes.length > 0 ? ['', vscode.l10n.t('Missing:'), ...notes.map((note) => `• ${note}`)] : []),
  ].join('\n');
}

function requestFor(plan: ReproducePlan, runsIn: RunsIn, experiment: string): LaunchRequest {
  return {
    entryPoint: plan.entryPoint.name,
    project: plan.inside,
    parameters: plan.parameters,
    experiment,
    runName: vscode.l10n.t('{0} reproduced', plan.run.name),
    version: plan.commit,
    ...requestIn(plan, runsIn),
  };
}

/** `launch` does the same once more. */
async function finish(room: LaunchRoom, before: Run, ended: EndedRun, launch: () => Promise<void>): Promise<void> {
  const { platform, connections } = room;
  const { runId, at, result } = ended;
  const { uri } = at.connection;
  const retry = vscode.l10n.t('Retry');
  const told = (text: string) => (isAt(connections, uri) ? text : `${text} (${uri})`);
  if (runId === undefined) {
    const say = result === 'KILLED' ? messages.showInformationMessage : messages.showErrorMessage;
    if ((await say(told(endText(ended)), retry)) === retry) await launch();
    return;
  }
  const judgement = await withStoreOf(platform, at, (store) => judge(store, runId, settings.metricTolerance.get()));
  const { differs } = countVerdicts(judgement.rows);
  const showRun = vscode.l10n.t('Show Run');
  const show = vscode.l10n.t('Show Verdict');
  const save = vscode.l10n.t('Save with Run');
  const compare = vscode.l10n.t('Compare Runs');
  const hasFinished = result === 'FINISHED';
  const ask = hasFinished && differs === 0 ? messages.showInformationMessage : messages.showWarningMessage;
  const buttons = hasFinished ? [show, save, compare] : [showRun, show, retry];
  const chosen = await ask(told(verdictText(before, ended, judgement)), ...buttons);
  if (chosen === retry) return launch();
  if (chosen === save)
    return withStoreOf(platform, await renewed(connections, at), (store) =>
      saveWithRun(room, { store, uri }, judgement),
    );
  if (chosen === undefined || !(await isBackAt(connections, uri))) return;
  if (chosen === showRun) await vscode.commands.executeCommand(Command.runs.show, runId);
  if (chosen === show) await vscode.commands.executeCommand(Command.verdict.show, runId);
  if (chosen === compare)
    await vscode.commands.executeCommand(Command.runs.compare, before.runId, [before.runId, runId]);
}

function verdictText(before: Run, ended: EndedRun, { rows, after }: Judgement): string {
  const { same, differs, unknown } = countVerdicts(rows);
  if (ended.result !== 'FINISHED') {
    return vscode.l10n.t(
      '{0} {1} of its values are the same as those of {2}, {3} differ, {4} are unknown.',
      endText(ended),
      same,
      before.name,
      differs,
      unknown,
    );
  }
  return vscode.l10n.t(
    'Run {0} ended as {1}: {2} values are the same as those of {3}, {4} differ, {5} are unknown.',
    ended.name,
    after.status,
    same,
    before.name,
    differs,
    unknown,
  );
}
