import * as vscode from 'vscode';
import type { Run } from '../../shared/domain';
import { shortNumber } from '../../shared/series/format';
import { type BestMetric, bestValue } from './bestValue';

const memoryKey = 'flowdeck.runsOfCommit.metric';

export function rememberedMetric(memory: Pick<vscode.Memento, 'get'>): BestMetric | undefined {
  const raw = memory.get<unknown>(memoryKey);
  if (typeof raw !== 'object' || raw === null || !('key' in raw) || !('better' in raw)) return undefined;
  const { key, better } = raw;
  return typeof key === 'string' && (better === 'lower' || better === 'higher') ? { key, better } : undefined;
}

/** Asks for the metric, then which is better. Undefined when cancelled. */
export async function askForMetric(
  keys: readonly string[],
  memory: Pick<vscode.Memento, 'update'>,
): Promise<BestMetric | undefined> {
  const title = vscode.l10n.t('Best Metric of a Commit');
  const key = await vscode.window.showQuickPick([...keys], { title, placeHolder: vscode.l10n.t('Which metric?') });
  if (key === undefined) return undefined;
  const items = [
    { label: vscode.l10n.t('Higher is better'), better: 'higher' as const },
    { label: vscode.l10n.t('Lower is better'), better: 'lower' as const },
  ];
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: key });
  if (!picked) return undefined;
  const metric = { key, better: picked.better };
  await memory.update(memoryKey, metric);
  return metric;
}

/** `accuracy 0.93`, '' where there is none. */
export function bestText(runs: readonly Run[], metric: BestMetric | undefined): string {
  const value = metric && bestValue(runs, metric);
  return metric && value !== undefined ? vscode.l10n.t('best {0} {1}', metric.key, shortNumber(value)) : '';
}
