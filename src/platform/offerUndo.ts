import * as vscode from 'vscode';
import type { Commands } from './commands';
import { messages } from './messages';

/**
 * Says what was done, with a button that undoes it; `partly` when not all of it was. Not to be awaited: what was done is
 * done, whatever becomes of this.
 */
export function offerUndo(
  commands: Pick<Commands, 'report'>,
  done: string,
  undo: () => Promise<void>,
  partly = false,
): void {
  const button = vscode.l10n.t('Undo');
  const shown = partly ? messages.showWarningMessage(done, button) : messages.showInformationMessage(done, button);
  shown
    .then((chosen) => (chosen === button ? undo() : undefined))
    .then(undefined, (error: unknown) => commands.report(vscode.l10n.t('undo'), error));
}
