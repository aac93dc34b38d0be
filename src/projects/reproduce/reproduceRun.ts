import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import type { TrackingStore } from '../../mlflow/trackingStore';
import { withProgress } from '../../platform/cancellation';
import { Command } from '../../platform/ids';
import { settings } from '../../platform/settings';
import { shortId } from '../../shared/commitId';
import { type Run, TagKey, type Tags } from '../../shared/domain';
import { requireLaunchable, requireLaunchTrust } from '../launch';
import type { EndedRun, LaunchRoom } from '../launchedRun';
import type { ProjectTasks } from '../projectTasks';
import type { EnvironmentManager, LaunchRequest } from '../taskDefinition';
import { planReproduction, type ReproducePlan } from './plan';
import { compareRuns, countVerdicts, type VerdictRow, verdictMarkdown } from './verdict';

/** Flowdeck's own: the id of the run that this one repeats. */
export const reproducesTag = 'flowdeck.reproduces';
/** Where the verdict is kept with the new run. */
export const verdictPath = 'flowdeck/reproduction.md';

/** Says what is known of a run, launches it once more from its commit, and compares what came out. */
export async function reproduceRun(room: LaunchRoom, tasks: ProjectTasks, args: readonly unknown[]): Promise<void> {
  requireLaunchTrust();
  const folder = openFolder();
  const { store } = await room.connections.requireWritable();
  const [picked] = (await room.runs.pickRuns(args, { title: vscode.l10n.t('Reproduce Run'), many: false })) ?? [];
  if (!picked) return;
  const run = await store.getRun(picked.runId);
  const plan = await withProgress(vscode.l10n.t('Looking up how {0} was made', run.name), (signal) =>
    planReproduction(run, store, room.checkouts, folder, signal),
  );
  const manager = await confirm(plan);
  if (!manager) return;
  const request = await requestFor(plan, manager, store);
  await tasks.run(request, folder, {
    tags: tagsOf(run),
    again: { command: Command.runs.reproduce, args: [run.runId] },
    checkout: (signal) => plan.checkout(signal, manager),
    onEnd: (ended) => {
      finish(room, run, ended).catch((error: unknown) =>
        room.platform.commands.report(vscode.l10n.t('compare the reproduced run'), error),
      );
    },
  });
}

/** The folder whose Python runs what is launched. */
export function openFolder(): vscode.WorkspaceFolder {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new MlflowError('invalid', vscode.l10n.t('Open a folder first: its Python runs the project.'));
  requireLaunchable(folder);
  return folder;
}

/** Beside the old run: under the same parent. */
function tagsOf(run: Run): Tags {
  const parent = run.tags[TagKey.parentRunId];
  return { [reproducesTag]: run.runId, ...(parent === undefined ? {} : { [TagKey.parentRunId]: parent }) };
}

async function confirm(plan: ReproducePlan): Promise<EnvironmentManager | undefined> {
  const buttons = plan.managers.map((manager) => ({
    title:
      manager === 'local' ? vscode.l10n.t('Reproduce with This Python') : vscode.l10n.t('Reproduce with {0}', manager),
    manager,
  }));
  const message = vscode.l10n.t('Reproduce run {0}?', plan.run.name);
  const options = { modal: true, detail: factsText(plan) };
  const chosen = await vscode.window.showInformationMessage(message, options, ...buttons.map(({ title }) => title));
  return buttons.find(({ title }) => title === chosen)?.manager;
}

/** What is known and what is not, a line each. */
export function factsText(plan: ReproducePlan): string {
  const none = vscode.l10n.t('none');
  const parameters = [...plan.parameters].map(([name, value]) => `${name}=${value.slice(0, 60)}`).join(', ');
  const datasets = plan.run.datasets.map(({ name, digest }) => `${name} ${digest}`).join(', ');
  const lines = [
    vscode.l10n.t('Commit: {0} of {1}', shortId(plan.commit), plan.from),
    vscode.l10n.t('Uncommitted changes: {0}', plan.patch === undefined ? none : vscode.l10n.t('a stored patch')),
    vscode.l10n.t(
      'Entry point: {0}',
      plan.inside === '' ? plan.entryPoint.name : `${plan.entryPoint.name} (${plan.inside})`,
    ),
    vscode.l10n.t('Parameters: {0}', parameters || none),
    vscode.l10n.t('Environment: {0}', plan.environment ?? plan.modelEnvironment?.from ?? none),
    vscode.l10n.t('Datasets: {0}', datasets || none),
  ];
  const logged = plan.loggedByProgram.slice(0, 10).join(', ');
  const notes = [
    ...plan.missing,
    ...(logged === '' ? [] : [vscode.l10n.t('Not passed on, since the program logs them itself: {0}.', logged)]),
  ];
  return [
    ...lines,
    ...(notes.length > 0 ? ['', vscode.l10n.t('Missing:'), ...notes.map((note) => `• ${note}`)] : []),
  ].join('\n');
}

async function requestFor(
  plan: ReproducePlan,
  manager: EnvironmentManager,
  store: TrackingStore,
): Promise<LaunchRequest> {
  const experiment = await store.getExperiment(plan.run.experimentId);
  return {
    entryPoint: plan.entryPoint.name,
    project: plan.inside,
    parameters: plan.parameters,
    experiment: experiment.name,
    runName: vscode.l10n.t('{0} reproduced', plan.run.name),
    environmentManager: manager,
    version: plan.commit,
  };
}

async function finish(room: LaunchRoom, before: Run, { runId, name }: EndedRun): Promise<void> {
  if (runId === undefined) return;
  const { store } = await room.connections.require();
  const [old, after] = await Promise.all([store.getRun(before.runId), store.getRun(runId)]);
  const tolerance = settings.metricTolerance.get();
  const rows = compareRuns(old, after, tolerance);
  const document = verdictDocument(rows, old, after, tolerance);
  const { same, differs, unknown } = countVerdicts(rows);
  const message = vscode.l10n.t(
    'Run {0} ended as {1}: {2} values are the same as those of {3}, {4} differ, {5} are unknown.',
    name,
    after.status,
    same,
    old.name,
    differs,
    unknown,
  );
  await offerVerdict(room, { message, isSame: differs === 0, document, runIds: [old.runId, runId] });
}

interface Offer {
  readonly message: string;
  readonly isSame: boolean;
  readonly document: string;
  /** Of the old run and of the new one. */
  readonly runIds: readonly [string, string];
  readonly isSaved?: true;
}

/** Who has looked at the verdict is asked once more: it may be worth keeping. */
async function offerVerdict(room: LaunchRoom, offer: Offer): Promise<void> {
  const { message, isSame, document, runIds, isSaved } = offer;
  const show = vscode.l10n.t('Show Verdict');
  const save = vscode.l10n.t('Save with Run');
  const compare = vscode.l10n.t('Compare Runs');
  const ask = isSame ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const chosen = await ask(message, show, ...(isSaved ? [] : [save]), compare);
  if (chosen === show) {
    await showDocument(document);
    return offerVerdict(room, offer);
  }
  if (chosen === compare) await vscode.commands.executeCommand(Command.runs.compare, runIds[0], runIds);
  if (chosen !== save) return;
  const [, runId] = runIds;
  const { store, uri } = await room.connections.requireWritable();
  await store.uploadArtifact(runId, verdictPath, Buffer.from(document));
  room.platform.log.audit('save verdict', uri, { runId });
  room.runs.markChanged([runId]);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Saved as {0}', verdictPath), 5_000);
  return offerVerdict(room, { ...offer, isSaved: true });
}

function verdictDocument(rows: readonly VerdictRow[], old: Run, after: Run, tolerance: number): string {
  return verdictMarkdown(rows, {
    title: vscode.l10n.t('{0} reproduced', old.name),
    intro: [
      vscode.l10n.t('Run {0} repeats run {1} and ended as {2}.', after.runId, old.runId, after.status),
      vscode.l10n.t('Metrics count as the same within {0} of the larger value.', tolerance),
    ],
    columns: [vscode.l10n.t('Name'), vscode.l10n.t('Before'), vscode.l10n.t('Now'), vscode.l10n.t('Verdict')],
    kinds: { metric: vscode.l10n.t('Metrics'), param: vscode.l10n.t('Params'), dataset: vscode.l10n.t('Datasets') },
    verdicts: { same: vscode.l10n.t('same'), differs: vscode.l10n.t('differs'), unknown: vscode.l10n.t('unknown') },
    none: vscode.l10n.t('Neither run has any.'),
  });
}

export async function showDocument(content: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('markdown.showPreview', document.uri);
}
