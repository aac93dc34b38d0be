import * as vscode from 'vscode';
import { count } from '../../shared/series/format';
import type { FoundRuns } from './findRuns';

/** `3 runs`, `more than 100 runs` */
export function countText({ runs, more }: FoundRuns): string {
  if (more) return vscode.l10n.t('more than {0} runs', count(runs.length));
  return runs.length === 1 ? vscode.l10n.t('1 run') : vscode.l10n.t('{0} runs', count(runs.length));
}
