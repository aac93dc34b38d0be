import * as vscode from 'vscode';
import { MlflowError } from '../mlflow/mlflowError';

/** Something that runs programs was asked for in Restricted Mode. Shown with the way to trust. */
export class UntrustedError extends MlflowError {
  constructor(reason: string) {
    super('forbidden', reason, { advice: vscode.l10n.t('Trust the workspace first.') });
    this.name = 'UntrustedError';
  }
}

/** Throws `UntrustedError` in Restricted Mode. `reason` is a sentence that says what would run. */
export function requireTrust(reason: string): void {
  if (!vscode.workspace.isTrusted) throw new UntrustedError(reason);
}
