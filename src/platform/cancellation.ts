import * as vscode from 'vscode';
import { unlinked } from './messages';

/** An AbortSignal that follows VS Code's token. */
export function signalOf(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

/** Runs `task` under a notification with a working Cancel. It is shown only when the work lasts. */
export async function withProgress<T>(
  title: string,
  task: (signal: AbortSignal, report: (message: string, increment?: number) => void) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: unlinked(title), cancellable: true },
    (progress, token) =>
      task(signalOf(token), (text, increment) => {
        const message = unlinked(text);
        progress.report(increment === undefined ? { message } : { message, increment });
      }),
  );
}
