import * as vscode from 'vscode';
import type { CommandRegistry } from './commands';

/** Says what was done, with a button that undoes it. Not to be awaited: what was done is done, whatever becomes of this. */
export function offerUndo(commands: CommandRegistry, done: string, undo: () => Promise<void>): void {
  const button = vscode.l10n.t('Undo');
  vscode.window
    .showInformationMessage(done, button)
    .then((chosen) => (chosen === button ? undo() : undefined))
    .then(undefined, (error: unknown) => commands.report(vscode.l10n.t('undo'), error));
}
