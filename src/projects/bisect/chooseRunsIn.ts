import * as vscode from 'vscode';
import { messages } from '../../platform/messages';
import { oneLine } from '../../shared/oneLine';
import type { ReproducePlan } from '../reproduce/plan';
import { type RunsIn, waysOf } from '../reproduce/runsIn';

/**
 * In what all commits are launched: asked once, where there is a choice, and not again of a bisection that is gone on with.
 * Undefined when the person leaves it.
 */
export async function chooseRunsIn(plan: ReproducePlan, before: RunsIn | undefined): Promise<RunsIn | undefined> {
  const ways = waysOf(plan);
  const [only] = ways;
  if (ways.length === 1) return only;
  if (before !== undefined && ways.includes(before)) return before;
  const buttons = ways.map((runsIn) => ({ title: titleOf(plan, runsIn), runsIn }));
  const { environment, modelEnvironment, backend } = plan;
  const known = environment ?? modelEnvironment?.from;
  const detail = [
    ...(known === undefined ? [] : [vscode.l10n.t('Environment: {0}', known)]),
    ...(backend?.problem === undefined ? [] : [backend.problem]),
    vscode.l10n.t('This Python is the same at every commit. The others take what each commit says of its environment.'),
  ].join('\n');
  const message = vscode.l10n.t('What are the commits to be launched with?');
  const titles = buttons.map(({ title }) => title);
  const chosen = await messages.showInformationMessage(message, { modal: true, detail }, ...titles);
  return buttons.find(({ title }) => title === chosen)?.runsIn;
}

function titleOf({ backend }: ReproducePlan, runsIn: RunsIn): string {
  if (runsIn === 'backend') return vscode.l10n.t('Bisect on {0}', oneLine(backend?.name ?? '', 40));
  return runsIn === 'local' ? vscode.l10n.t('Bisect with This Python') : vscode.l10n.t('Bisect with {0}', runsIn);
}
