import type * as vscode from 'vscode';
import type { Commands } from './commands';
import type { Log } from './log';

/** What every feature is given. Features that need each other take each other's interface beside it. */
export interface Platform {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly commands: Commands;
}
