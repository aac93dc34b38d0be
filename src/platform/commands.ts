import * as vscode from 'vscode';
import { isCancelled } from '../mlflow/mlflowError';
import { describeFailure } from './failure';
import type { CommandId } from './ids';
import type { Log } from './log';

type Handler = (...args: readonly unknown[]) => unknown;

/**
 * The one place where commands are registered and where an error becomes user interface: a cancelled action is
 * silent; a failure says what failed, on which server, why and what to do next, with a button that does it.
 */
export class CommandRegistry {
  constructor(
    private readonly log: Log,
    private readonly subscriptions: vscode.Disposable[],
  ) {}

  /** `action` completes "Could not …": `rename the run`. Arguments come from anywhere: decode them. */
  register(id: CommandId, action: string, handler: Handler): void {
    const guarded = async (...args: readonly unknown[]) => {
      try {
        return await handler(...args);
      } catch (error) {
        this.report(action, error);
        return undefined;
      }
    };
    this.subscriptions.push(vscode.commands.registerCommand(id, guarded));
  }

  /** Shows a failure that no command caused, a background refresh for instance. */
  report(action: string, error: unknown): void {
    if (isCancelled(error) || error instanceof vscode.CancellationError) return;
    const failure = describeFailure(action, error);
    this.log.error(failure.logLine);
    const titles = failure.buttons.map((button) => button.title);
    vscode.window.showErrorMessage(failure.message, ...titles).then(
      (chosen) => {
        const button = failure.buttons.find(({ title }) => title === chosen);
        if (button) void vscode.commands.executeCommand(button.command);
      },
      (shown: unknown) => this.log.error(String(shown)),
    );
  }
}
