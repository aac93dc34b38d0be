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
import { askForArguments } from './askArguments';
import { orCopy, orFetch } from './findSource';
import { listed } from './listed';
import { PartOfLaunch } from './partOfLaunch';
import { planReproduction, type ReproducePlan } from './plan';
import { type RunsIn, requestIn, waysOf } from './runsIn';
import { lineOf, mostOfLine, tagsOfScript } from './scriptRun';

/** Of params, datasets and the like. */
const mostListed = 12;

/** Says what is known of a run, launches it once more from its commit, and compares what came out. */
export async function reproduceRun(room: LaunchRoom, tasks: ProjectTasks, args: readonly unknown[]): Promise<void> {
  requireLaunchTrust();
  const folders = launchFolders();
  const at = await askedAt(room.connections);
  const [picked] = (await room.runs.pickRuns(args, { title: vscode.l10n.t('Reproduce Run'), many: false })) ?? [];
  if (!picked) return;
  const found = await orParent((runId = picked.runId) =>
    orCopy((mayCopy) =>
      orFetch(() =>
        withProgress(vscode.l10n.t('Looking up how {0} was made', picked.name), (signal) =>
          withStoreOf(room.platform, at, async (store) => {
            const run = await store.getRun(runId);
            const plan = await planReproduction(run, store, room.checkouts, folders, signal, mayCopy);
            return { run, plan, experiment: (await store.getExperiment(run.experimentId)).name };
          }),
        ),
      ),
    ),
  );
  if (!found) return;
  const { run, plan, experiment } = found;
  const how = await askHow(plan);
  if (!how) return;
  const { runsIn, args: given } = how;
  const request = requestFor(plan, runsIn, experiment);
  const launch = async (): Promise<void> => {
    await tasks.run(request, plan.folder, {
      at,
      tags: { ...tagsOf(run), ...tagsOfScript(plan, given) },
      again: { command: Command.runs.reproduce, args: [run.runId] },
      checkout: (signal) => plan.checkout(signal, runsIn, given),
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

/** As `look`, for the parent where a run was made inside its script and the person wants that one. */
async function orParent<T>(look: (runId?: string) => Promise<T>): Promise<T | undefined> {
  let runId: string | undefined;
  for (;;)
    try {
      return await look(runId);
    } catch (error) {
      if (!(error instanceof PartOfLaunch) || !error.parent) throw error;
      const instead = vscode.l10n.t('Reproduce {0}', oneLine(error.parent.name, 60));
      const text = `${error.message} ${error.details.advice ?? ''}`;
      if ((await messages.showWarningMessage(text, instead)) !== instead) return undefined;
      ({ runId } = error.parent);
    }
}

interface How {
  readonly runsIn: RunsIn;
  /** Of a script. */
  readonly args: readonly string[];
}

/** Undefined when the person leaves it; what they have typed is there the next time. */
async function askHow(plan: ReproducePlan): Promise<How | undefined> {
  for (;;) {
    const args = await askForArguments(plan);
    const answer = args && (await confirm(plan, args));
    if (answer !== 'change') return args && answer && { runsIn: answer, args };
  }
}

async function confirm(plan: ReproducePlan, args: readonly string[]): Promise<RunsIn | 'change' | undefined> {
  const buttons = [
    ...waysOf(plan).map((answer) => ({ title: buttonTitle(plan, answer), answer })),
    ...(isTyped(plan) ? [{ title: vscode.l10n.t('Change Options…'), answer: 'change' as const }] : []),
  ];
  const message = vscode.l10n.t('Reproduce run {0}?', plan.run.name);
  const options = { modal: true, detail: factsText(plan, args) };
  const chosen = await messages.showInformationMessage(message, options, ...buttons.map(({ title }) => title));
  return buttons.find(({ title }) => title === chosen)?.answer;
}

const isTyped = ({ script }: ReproducePlan) => script !== undefined && script.recorded === undefined;

function buttonTitle({ backend }: ReproducePlan, runsIn: RunsIn): string {
  if (runsIn === 'backend') return vscode.l10n.t('Reproduce on {0}', oneLine(backend?.name ?? '', 40));
  return runsIn === 'local' ? vscode.l10n.t('Reproduce with This Python') : vscode.l10n.t('Reproduce with {0}', runsIn);
}

/** What is known and what is not, a line each. */
export function factsText(plan: ReproducePlan, args: readonly string[] = []): string {
  const none = vscode.l10n.t('none');
  const values = [...plan.parameters].map(([name, value]) => `${name}=${oneLine(value, 60)}`);
  const datasets = plan.run.datasets.map(({ name, digest }) => `${name} ${digest}`);
  const { backend, dockerArguments = [], script } = plan;
  const lines = [
    vscode.l10n.t('Commit: {0} of {1}', shortId(plan.commit), plan.from),
    vscode.l10n.t('Uncommitted changes: {0}', plan.patch === undefined ? none : vscode.l10n.t('a stored patch')),
    vscode.l10n.t(
      'Entry point: {0}',
      plan.inside === '' ? plan.entryPoint.name : `${plan.entryPoint.name} (${plan.inside})`,
    ),
    ...(script
      ? [vscode.l10n.t('Command: {0}', oneLine(lineOf(script, plan.entryPoint, args), 3 * mostOfLine))]
      : [vscode.l10n.t('Parameters: {0}', listed(values, mostListed) || none)]),
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
    ...(isTyped(plan) ? [vscode.l10n.t('MLflow did not record the command line: the options are yours.')] : []),
    ...plan.missing,
    ...(data === undefined ? [] : [data]),
    ...(logged === '' ? [] : [vscode.l10n.t('Not passed on, since the program logs them itself: {0}.', logged)]),
  ];
  return [
    ...lines,
    ...(script?.module === undefined ? [] : [vscode.l10n.t('Started as a module: it imports from its own package.')]),
    ...meaningOf(plan),
    ...(notes.length > 0 ? ['', vscode.l10n.t('Missing:'), ...notes.map((note) => `• ${note}`)] : []),
  ].join('\n');
}

/** What the ways mean, where there is a choice. */
function meaningOf({ managers }: ReproducePlan): readonly string[] {
  const making = managers.filter((manager) => manager !== 'local');
  if (making.length === 0) return [];
  return [
    vscode.l10n.t('{0}: MLflow makes this environment anew, which takes a while the first time.', making.join(', ')),
    vscode.l10n.t('This Python: what is installed here by now, whatever the run had.'),
  ];
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
