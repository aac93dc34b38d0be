import * as vscode from 'vscode';
import { recordedOrigin } from '../../mlflow/recordedOrigin';
import { recordedPatch } from '../../mlflow/runSource';
import type { TrackingStore } from '../../mlflow/trackingStore';
import { messages } from '../../platform/messages';
import type { Run } from '../../shared/domain';
import { oneLine } from '../../shared/oneLine';
import type { EntryPoint } from '../mlproject/mlproject';
import { differingParams, hasOtherArguments } from '../request/givenParams';
import type { Chosen } from './bisectionPair';
import { isOf, type Program, programText } from './program';

/** Those of the two that were made with changes that no commit holds. */
export async function dirtyOf(
  { good, bad }: Chosen,
  store: TrackingStore,
  signal: AbortSignal,
): Promise<readonly Run[]> {
  const dirty: Run[] = [];
  for (const run of [good, bad]) {
    const { origin, tags } = await recordedOrigin(store, run, signal);
    if (origin.dirty === true || recordedPatch({ tags })) dirty.push(run);
  }
  return dirty;
}

/** The metric may have moved for something else than a commit: asked once, before anything is launched. */
export async function isMeant(
  { good, bad }: Chosen,
  { parameters }: EntryPoint,
  program: Program,
  dirty: readonly Run[],
): Promise<boolean> {
  const params = differingParams(good, bad, parameters).slice(0, 10).join(', ');
  const changed = dirty.map(({ name }) => name).join(', ');
  const [reason, ...others] = [
    ...(isOf(program, good) ? [] : [programsText(good, bad)]),
    ...(hasOtherArguments(good, bad)
      ? [vscode.l10n.t('{0} and {1} were given other arguments.', good.name, bad.name)]
      : []),
    ...(params === '' ? [] : [vscode.l10n.t('{0} and {1} differ in their params: {2}.', good.name, bad.name, params)]),
    ...(changed === '' ? [] : [vscode.l10n.t('Made with uncommitted changes: {0}.', changed)]),
  ];
  if (reason === undefined) return true;
  const goOn = vscode.l10n.t('Bisect All the Same');
  const why = vscode.l10n.t(
    'The metric may have moved for these and not for a commit. Commits are tried as they are, with the params of {0}.',
    bad.name,
  );
  const detail = [...others, why].join('\n');
  return (await messages.showWarningMessage(reason, { modal: true, detail }, goOn)) === goOn;
}

const programsText = (good: Run, bad: Run) =>
  vscode.l10n.t(
    '{0} and {1} are of different programs: {2}, and {3}.',
    good.name,
    bad.name,
    oneLine(programText(good), 120),
    oneLine(programText(bad), 120),
  );
