import * as vscode from 'vscode';

/**
 * VS Code makes a link of `[text](command:…)` in a notification, and a click on it runs the command: what servers,
 * repositories and files of a workspace are called is for reading.
 */
export const unlinked = (text: string) => text.replaceAll('](', '] (');

type Kind = 'showInformationMessage' | 'showWarningMessage' | 'showErrorMessage';

const unlinking = <K extends Kind>(kind: K) =>
  ((message: string, ...rest: readonly unknown[]) =>
    Reflect.apply(vscode.window[kind], vscode.window, [unlinked(message), ...rest])) as (typeof vscode.window)[K];

/** What the window has of these names, without links in the message. */
export const messages = {
  showInformationMessage: unlinking('showInformationMessage'),
  showWarningMessage: unlinking('showWarningMessage'),
  showErrorMessage: unlinking('showErrorMessage'),
};
