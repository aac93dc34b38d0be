import * as vscode from 'vscode';
import { oneLine } from '../../shared/oneLine';

/** The first of them on one line, and how many more there are: a question is to fit the window. */
export function listed(items: readonly string[], most: number, mostOfEach = 80): string {
  const named = items.slice(0, most).map((item) => oneLine(item, mostOfEach));
  const more = items.length - named.length;
  return [...named, ...(more > 0 ? [vscode.l10n.t('and {0} more', more)] : [])].join(', ');
}
