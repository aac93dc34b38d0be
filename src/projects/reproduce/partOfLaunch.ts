import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import { type RunSource, runSource } from '../../mlflow/runSource';
import type { TrackingStore } from '../../mlflow/trackingStore';
import { type Run, TagKey } from '../../shared/domain';
import { sweepTag } from '../request/givenTags';

/** A run that no launch makes by itself: launched again, its script would do something else than it. */
export class PartOfLaunch extends MlflowError {
  constructor(
    message: string,
    advice: string,
    /** What can be launched in its place. */
    readonly parent?: Run,
  ) {
    super('invalid', message, { advice });
  }
}

/** Throws `PartOfLaunch` for a run that was made inside the script of its parent, and for the parent of a sweep. */
export async function requireOwnLaunch(
  run: Run,
  store: Pick<TrackingStore, 'getRun'>,
  signal: AbortSignal,
): Promise<void> {
  if (isSweep(run))
    throw new PartOfLaunch(
      vscode.l10n.t('{0} is the parent of a sweep: no program ran for it.', run.name),
      vscode.l10n.t('Choose one of its runs: each was launched by itself.'),
    );
  const parent = mayBeInside(run) ? await parentOf(run, store, signal) : undefined;
  if (!parent || !isSameProgram(runSource(run), runSource(parent))) return;
  throw new PartOfLaunch(
    vscode.l10n.t('{0} was made inside the script of {1}, which did more than this run.', run.name, parent.name),
    vscode.l10n.t('Choose {0}: its script makes its runs again.', parent.name),
    parent,
  );
}

const isSweep = ({ tags }: Pick<Run, 'tags'>) => tags[sweepTag] !== undefined;

/** Nothing but a script says of a run what it made by itself: a launched project is a program of its own. */
const mayBeInside = (run: Pick<Run, 'tags'>) => Boolean(run.tags[TagKey.parentRunId]) && runSource(run).kind === 'file';

/** As `requireOwnLaunch`, without a question to the server: what is not sure counts for nothing. */
export const isOwnLaunch = (run: Pick<Run, 'tags'>) => !isSweep(run) && !mayBeInside(run);

/** Undefined where the server does not have it: nobody can tell then. */
async function parentOf(run: Run, store: Pick<TrackingStore, 'getRun'>, signal: AbortSignal): Promise<Run | undefined> {
  try {
    return await store.getRun(run.tags[TagKey.parentRunId] ?? '', signal);
  } catch (error) {
    if (error instanceof MlflowError && (error.kind === 'notFound' || error.kind === 'invalid')) return undefined;
    throw error;
  }
}

/** The program of a project is some script of it. */
function isSameProgram(child: RunSource, parent: RunSource): boolean {
  if (child.kind !== 'file' || parent.kind !== 'file') return parent.kind === 'project';
  const [a, b] = [child.path, parent.path];
  return a === b || a.endsWith(`/${b}`) || b.endsWith(`/${a}`);
}
