import * as vscode from 'vscode';
import type { TrackingStore } from '../../mlflow/trackingStore';
import type { Log } from '../../platform/log';
import type { Run } from '../../shared/domain';
import type { Checkout } from '../checkouts/checkouts';
import { sweepTag } from '../request/givenTags';
import type { SweepSpec } from '../request/sweepSpec';
import type { LaunchRequest } from '../request/taskDefinition';
import { experimentIdOf } from './launch';
import { projectRunTags } from './runTags';

/** What its runs are launched from, and how many they are. */
interface Swept {
  readonly total: number;
  /** Of the project, absolute. */
  readonly folder: string;
  readonly checkout: Checkout | undefined;
}

/** The run that those of a sweep stand under. */
export async function createParent(
  store: TrackingStore,
  { entryPoint, sweep, runName, experiment }: LaunchRequest & { readonly sweep: SweepSpec },
  { total, folder, checkout }: Swept,
  log: Log,
  signal: AbortSignal,
): Promise<Run> {
  const experimentId = await experimentIdOf(store, experiment);
  const own = await projectRunTags(folder, entryPoint, (message) => log.warn(message));
  signal.throwIfAborted();
  return store.createRun({
    experimentId,
    startTime: Date.now(),
    name: runName ?? vscode.l10n.t('sweep of {0}', entryPoint),
    tags: { ...own, ...checkout?.tags, [sweepTag]: sweepText(sweep, total) },
  });
}

/** Of a sweep that is gone on with. */
export async function reopenParent(store: TrackingStore, runId: string): Promise<Run> {
  const run = await store.getRun(runId);
  await store.updateRun(runId, { status: 'RUNNING' });
  return run;
}

/** `grid of 6: rate in 0.1, 0.01; depth in 1..3` */
function sweepText({ method, values, seed }: SweepSpec, total: number): string {
  const axes = [...values].map(([name, text]) => `${name} in ${text}`).join('; ');
  return `${method} of ${total}${method === 'random' ? `, seed ${seed}` : ''}: ${axes}`.slice(0, 4_000);
}
