import * as vscode from 'vscode';
import type { ContextKey } from './ids';

export function setContext(key: (typeof ContextKey)[keyof typeof ContextKey], value: string | number | boolean): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
