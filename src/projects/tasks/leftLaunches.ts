import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Connection, Connections } from '../../connections/connection';
import type { RunsService } from '../../experiments/runsService';
import { removeUnused } from '../../git/workingTrees';
import { Command } from '../../platform/ids';
import type { Platform } from '../../platform/services';
import type { LeftCheckout } from '../checkouts/checkouts';
import { isBackAt } from '../launch/launchedAt';
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

/**
 * What windows that are gone left behind on the server of this connection: runs that nobody closed are closed, working
 * trees taken away, and a person is told and may launch again.
 */
export async function settleLeft(
  services: LeftServices,
  { uri, store, readOnly }: Pick<Connection, 'uri' | 'store' | 'readOnly'>,
  longestWait = mostWait,
): Promise<void> {
  const { platform, runs, underWay } = services;
  const others = underWay.all().filter((launch) => launch.uri === uri && !isOfThisWindow(launch));
  // Another window may have the same folder open, and be at it.
  const over = await Promise.all(others.map((launch) => isOver(launch, longestWait)));
  const settled: { readonly launch: UnderWay; readonly name: string; readonly finished: boolean }[] = [];
  for (const launch of others.filter((_, at) => over[at])) {
    const { runId } = launch;
    try {
      const run = runId === undefined ? undefined : await store.getRun(runId);
      if (run && isOpen(run.status) && !readOnly) {
        await store.updateRun(run.runId, { status: 'KILLED', endTime: Date.now() });
        platform.log.audit('close run', uri, { runId: run.runId, status: 'KILLED' });
        runs.markChanged([run.runId]);
      }
      settled.push({ launch, name: run?.name ?? '', finished: run?.status === 'FINISHED' });
    } catch (error) {
      // Deleted in between, say: there is nothing to be closed.
      platform.log.warn(`the run ${runId} of a window that is gone: ${String(error)}`);
      settled.push({ launch, name: '', finished: true });
    }
    if (launch.checkout) await release(launch.checkout, platform);
  }
  await underWay.forget(settled.map(({ launch }) => launch.key));
  await tell(
    services,
    settled.filter(({ launch, finished }) => !finished && !launch.quiet),
  );
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

interface Told {
  readonly launch: UnderWay;
  /** Of the run. */
  readonly name: string;
}

async function tell(services: LeftServices, told: readonly Told[]): Promise<void> {
  const [first] = told;
  if (!first) return;
  if (told.length > 1) return tellOfMany(services, told);
  const { launch, name } = first;
  const show = vscode.l10n.t('Show Run');
  const again = vscode.l10n.t('Launch Again');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('{0} was stopped when its window closed: run {1}.', launch.what, name || '–'),
    ...(launch.runId === undefined ? [] : [show]),
    again,
  );
  if (chosen === show && (await isBackAt(services.connections, launch.uri)))
    await vscode.commands.executeCommand(Command.runs.show, launch.runId);
  if (chosen === again) await launchAgain(services, launch);
}

async function tellOfMany(services: LeftServices, told: readonly Told[]): Promise<void> {
  const again = vscode.l10n.t('Launch Again…');
  const names = [...new Set(told.map(({ launch }) => launch.what))].join(', ');
  const message = vscode.l10n.t('{0} launches were stopped when their window closed: {1}.', told.length, names);
  if ((await vscode.window.showWarningMessage(message, again)) !== again) return;
  const items = told.map(({ launch, name }) => ({ label: launch.what, description: name, picked: true, launch }));
  const title = vscode.l10n.t('Launch Again');
  const chosen = await vscode.window.showQuickPick(items, { title, canPickMany: true });
  for (const { launch } of chosen ?? []) await launchAgain(services, launch);
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
