import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Connection, Connections } from '../../connections/connection';
import type { RunsService } from '../../experiments/runsService';
import { removeUnused } from '../../git/workingTrees';
import { Command } from '../../platform/ids';
import { messages } from '../../platform/messages';
import type { Platform } from '../../platform/services';
import type { LeftCheckout } from '../checkouts/checkouts';
import { isBackAt } from '../launch/launchedAt';
import type { LaunchedChanges } from '../launch/launchedChanges';
import { isAlive, isOfThisWindow, type LaunchesUnderWay, type UnderWay } from '../launch/underWay';
import { isOpen } from '../process/runEnd';
import { decodeRetry } from '../request/sweepSpec';
import { decodeDefinition } from '../request/taskDefinition';
import type { ProjectTasks } from './projectTasks';

/** ms; a supervisor gives its programs 5 s to end. */
const mostWait = 20_000;
const pollMs = 500;

export interface LeftServices {
  readonly platform: Platform;
  readonly connections: Connections;
  readonly runs: RunsService;
  readonly tasks: Pick<ProjectTasks, 'run'>;
  readonly underWay: LaunchesUnderWay;
}

interface Settled {
  readonly launch: UnderWay;
  /** Of the run. */
  readonly name: string;
  /** `gone`: with its run, or nobody knows. */
  readonly end: 'finished' | 'stopped' | 'gone';
}

/**
 * What windows that are gone left behind on the server of this connection: runs that nobody closed are closed, working
 * trees taken away, and a person is told, may launch again, and store what was not committed.
 */
export async function settleLeft(
  services: LeftServices,
  connection: Pick<Connection, 'uri' | 'store' | 'readOnly'>,
  longestWait = mostWait,
): Promise<void> {
  const { platform, underWay } = services;
  const { uri } = connection;
  const others = underWay.all().filter((launch) => launch.uri === uri && !isOfThisWindow(launch));
  // Another window may have the same folder open, and be at it.
  const over = await Promise.all(others.map((launch) => isOver(launch, longestWait)));
  const settled: Settled[] = [];
  for (const launch of others.filter((_, at) => over[at])) {
    settled.push(await close(services, connection, launch));
    if (launch.checkout) await release(launch.checkout, platform);
  }
  const changed = settled.filter(({ launch, end }) => end !== 'gone' && (launch.changes ?? []).length > 0);
  const changes = connection.readOnly ? [] : await underWay.changesOf(changed.map(({ launch }) => launch));
  await underWay.forget(settled.map(({ launch }) => launch.key));
  const stopped = settled.filter(({ launch, end }) => end === 'stopped' && !launch.quiet);
  await tell(services, { uri, stopped, changes, of: changed });
}

async function close(
  { platform, runs }: LeftServices,
  { uri, store, readOnly }: Pick<Connection, 'uri' | 'store' | 'readOnly'>,
  launch: UnderWay,
): Promise<Settled> {
  const { runId } = launch;
  try {
    const run = runId === undefined ? undefined : await store.getRun(runId);
    if (run && isOpen(run.status) && !readOnly) {
      await store.updateRun(run.runId, { status: 'KILLED', endTime: Date.now() });
      platform.log.audit('close run', uri, { runId: run.runId, status: 'KILLED' });
      runs.markChanged([run.runId]);
    }
    return { launch, name: run?.name ?? '', end: run?.status === 'FINISHED' ? 'finished' : 'stopped' };
  } catch (error) {
    // Deleted in between, say: there is nothing to be closed.
    platform.log.warn(`the run ${runId} of a window that is gone: ${String(error)}`);
    return { launch, name: '', end: 'gone' };
  }
}

async function isOver(launch: UnderWay, longestWait: number): Promise<boolean> {
  const end = Date.now() + longestWait;
  for (; Date.now() < end; await delay(pollMs)) if (!isAlive(launch)) return true;
  return false;
}

async function release({ repository, root, known }: LeftCheckout, { log }: Platform): Promise<void> {
  if (!fs.existsSync(root)) return;
  await removeUnused({ root: repository }, root, new Set(known)).catch((error: unknown) =>
    log.warn(`the working tree ${root} stays: ${String(error)}`),
  );
}

interface Left {
  readonly uri: string;
  readonly stopped: readonly Settled[];
  /** What was not committed when `of` were launched. */
  readonly changes: readonly LaunchedChanges[];
  readonly of: readonly Settled[];
}

async function tell(services: LeftServices, left: Left): Promise<void> {
  const { stopped, changes, of } = left;
  if (stopped.length === 0 && changes.length === 0) return;
  const [only] = stopped.length === 1 ? stopped : [];
  const show = vscode.l10n.t('Show Run');
  const store = vscode.l10n.t('Store Changes');
  const again = only ? vscode.l10n.t('Launch Again') : vscode.l10n.t('Launch Again…');
  const message = only
    ? vscode.l10n.t('{0} was stopped when its window closed: run {1}.', only.launch.what, only.name || '–')
    : stopped.length > 1
      ? vscode.l10n.t('{0} launches were stopped when their window closed: {1}.', stopped.length, whatOf(stopped))
      : vscode.l10n.t('What was not committed when {0} was launched is not stored with the run.', whatOf(of));
  const chosen = await messages.showWarningMessage(
    message,
    ...(only?.launch.runId === undefined ? [] : [show]),
    ...(changes.length > 0 ? [store] : []),
    ...(stopped.length > 0 ? [again] : []),
  );
  if (chosen === show && (await isBackAt(services.connections, left.uri)))
    await vscode.commands.executeCommand(Command.runs.show, only?.launch.runId);
  if (chosen === store) {
    const isStored =
      (await isBackAt(services.connections, left.uri)) &&
      (await vscode.commands.executeCommand(Command.source.storeChanges, { changes })) === true;
    // The other things are to be chosen still.
    await tell(services, isStored ? { ...left, changes: [] } : left);
  }
  if (chosen === again) for (const { launch } of await chooseOf(stopped)) await launchAgain(services, launch);
}

const whatOf = (settled: readonly Settled[]) => [...new Set(settled.map(({ launch }) => launch.what))].join(', ');

async function chooseOf(stopped: readonly Settled[]): Promise<readonly Settled[]> {
  if (stopped.length === 1) return stopped;
  const items = stopped.map((item) => ({ label: item.launch.what, description: item.name, picked: true, item }));
  const title = vscode.l10n.t('Launch Again');
  const chosen = await vscode.window.showQuickPick(items, { title, canPickMany: true });
  return (chosen ?? []).map(({ item }) => item);
}

async function launchAgain({ connections, tasks }: LeftServices, launch: UnderWay): Promise<void> {
  const { again, definition, folder } = launch;
  if (!(await isBackAt(connections, launch.uri))) return;
  if (again) return void (await vscode.commands.executeCommand(again.command, ...again.args));
  const decoded = decodeDefinition(definition);
  const place = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.toString() === folder);
  const retry = decodeRetry(launch.retry);
  if (place && 'request' in decoded) await tasks.run(decoded.request, place, retry ? { retry } : {});
}
