import * as vscode from 'vscode';
import { isCancelled } from '../mlflow/mlflowError';
import { describeFailure } from './failure';
import type { CommandId } from './ids';
import type { Log } from './log';
import { messages } from './messages';

type Handler = (...args: readonly unknown[]) => unknown;

/** Where a feature's commands are registered and its failures reported. */
export interface Commands {
  /** `action` completes "Could not …": `rename the run`. Arguments come from anywhere: decode them. */
  register(id: CommandId, action: string, handler: Handler): void;
  /** Commands whose code is read when the first of them is run: `load` then registers them all. */
  registerLater(ids: readonly CommandId[], load: (commands: Commands) => Promise<void>): void;
  /** Shows a failure that no command caused, a background refresh for instance. */
  report(action: string, error: unknown): void;
}

interface Registered {
  readonly action: string;
  readonly handler: Handler;
}

/**
 * The one place where commands are registered and where an error becomes user interface: a cancelled action is
 * silent; a failure says what failed, on which server, why and what to do next, with a button that does it.
 */
export class CommandRegistry implements Commands {
  constructor(
    private readonly log: Log,
    private readonly subscriptions: vscode.Disposable[],
  ) {}

  register(id: CommandId, action: string, handler: Handler): void {
    const run = (...args: readonly unknown[]) => this.guard({ action, handler }, args);
    this.subscriptions.push(vscode.commands.registerCommand(id, run));
  }

  registerLater(ids: readonly CommandId[], load: (commands: Commands) => Promise<void>): void {
    let loaded: Promise<ReadonlyMap<CommandId, Registered>> | undefined;
    for (const id of ids) {
      const run = async (...args: readonly unknown[]) => {
        loaded ??= this.collect(load);
        const found = (await loaded).get(id);
        if (!found) throw new Error(`${id} was not registered`);
        return await this.guard(found, args);
      };
      this.subscriptions.push(vscode.commands.registerCommand(id, run));
    }
  }

  private async collect(load: (commands: Commands) => Promise<void>): Promise<ReadonlyMap<CommandId, Registered>> {
    const found = new Map<CommandId, Registered>();
    await load({
      register: (id, action, handler) => void found.set(id, { action, handler }),
      registerLater: (ids, more) => this.registerLater(ids, more),
      report: (action, error) => this.report(action, error),
    });
    return found;
  }

  private async guard({ action, handler }: Registered, args: readonly unknown[]): Promise<unknown> {
    try {
      return await handler(...args);
    } catch (error) {
      this.report(action, error);
      return undefined;
    }
  }

  report(action: string, error: unknown): void {
    if (isCancelled(error) || error instanceof vscode.CancellationError) return;
    const failure = describeFailure(action, error);
    this.log.error(failure.logLine);
    const titles = failure.buttons.map((button) => button.title);
    messages.showErrorMessage(failure.message, ...titles).then(
      (chosen) => {
        const button = failure.buttons.find(({ title }) => title === chosen);
        if (button) void vscode.commands.executeCommand(button.command);
      },
      (shown: unknown) => this.log.error(String(shown)),
    );
  }
}
