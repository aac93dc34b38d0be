import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import type { Run } from '../../shared/domain';
import type { LaunchRoom } from '../launch/launchTypes';
import { goOnArguments } from './leftBisections';
import type { OpenBisection } from './openBisections';

/** Between which runs, and what of them. */
export interface Chosen {
  readonly good: Run;
  readonly bad: Run;
  readonly metric: string;
}

/** A bisection that has not ended: what was answered then is not asked again. */
interface Begun {
  readonly good: string;
  readonly metric: string;
}

/** Asks what `args` do not say; undefined when a person leaves it. `open` are those that could be gone on with. */
export async function chooseBisection(
  room: LaunchRoom,
  args: readonly unknown[],
  open: readonly OpenBisection[],
): Promise<Chosen | undefined> {
  const given = args.length > 0 || open.length === 0 ? args : await askToGoOn(open);
  if (!given) return undefined;
  const begun = decodeBegun(given[2]);
  const pair = await pickPair(room, given, begun);
  if (!pair) return undefined;
  const metric = begun?.metric ?? (await pickMetric(pair));
  return metric === undefined ? undefined : { ...pair, metric };
}

/** Arguments of this command once more. */
async function askToGoOn(open: readonly OpenBisection[]): Promise<readonly unknown[] | undefined> {
  const items = [
    ...open.map((one) => ({
      label: vscode.l10n.t('$(debug-continue) Go on bisecting {0}', one.metric.replaceAll('$(', '$ (')),
      description: `${one.names.join(' → ')}`,
      detail: vscode.l10n.t('{0} of its commits are still open', one.open),
      args: goOnArguments(one),
    })),
    { label: vscode.l10n.t('$(add) Bisect something else'), args: [] },
  ];
  const placeHolder = vscode.l10n.t('What has not ended can be gone on with');
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Bisect Metric'), placeHolder }))?.args;
}

function decodeBegun(value: unknown): Begun | undefined {
  if (typeof value !== 'object' || value === null || !('good' in value) || !('metric' in value)) return undefined;
  const { good, metric } = value;
  return typeof good === 'string' && typeof metric === 'string' ? { good, metric } : undefined;
}

type Pair = Omit<Chosen, 'metric'>;

async function pickPair(
  { runs }: LaunchRoom,
  args: readonly unknown[],
  begun: Begun | undefined,
): Promise<Pair | undefined> {
  const title = vscode.l10n.t('Bisect Metric: the Good Run');
  const picked = (await runs.pickRuns(args, { title, many: true })) ?? [];
  const [first, second] = picked;
  if (!first) return undefined;
  if (picked.length > 2) throw new MlflowError('invalid', vscode.l10n.t('Choose two runs: a good and a bad one.'));
  const other =
    second ??
    (await runs.pickRuns([], { title: vscode.l10n.t('Bisect Metric: the Bad Run'), many: false, ask: true }))?.[0];
  if (!other) return undefined;
  if (!second) return { good: first, bad: other };
  if (begun) return begun.good === first.runId ? { good: first, bad: other } : { good: other, bad: first };
  const items = [first, other].map((run) => ({ label: run.name, description: run.runId, run }));
  const placeHolder = vscode.l10n.t('Which of the two is the good one?');
  const good = (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Bisect Metric'), placeHolder }))?.run;
  return good && { good, bad: good === first ? other : first };
}

async function pickMetric({ good, bad }: Pair): Promise<string | undefined> {
  const shared = Object.keys(good.metrics).filter((key) => Object.hasOwn(bad.metrics, key));
  const items = shared.map((key) => ({
    label: key,
    description: `${good.metrics[key]?.value} → ${bad.metrics[key]?.value}`,
  }));
  if (items.length === 0)
    throw new MlflowError('invalid', vscode.l10n.t('{0} and {1} have no metric in common.', good.name, bad.name));
  const options = { title: vscode.l10n.t('Bisect Metric'), placeHolder: vscode.l10n.t('Metric that moved') };
  return (await vscode.window.showQuickPick(items, options))?.label;
}
