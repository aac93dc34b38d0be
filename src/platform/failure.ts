import * as vscode from 'vscode';
import { MlflowError } from '../mlflow/mlflowError';
import { Command, type CommandId } from './ids';
import { UntrustedError } from './trust';

/** VS Code's own page about trust. */
const manageTrust = 'workbench.trust.manage';

export interface Failure {
  /** For people: what failed, where, why, what to do next. */
  readonly message: string;
  readonly logLine: string;
  readonly buttons: readonly { readonly title: string; readonly command: CommandId | typeof manageTrust }[];
}

/** `action` completes "Could not …". */
export function describeFailure(action: string, error: unknown): Failure {
  const reason = error instanceof Error ? error.message : String(error);
  const details = error instanceof MlflowError ? error.details : {};
  const where = details.server ? vscode.l10n.t(' on {0}', details.server) : '';
  const advice = details.advice ? ` ${details.advice}` : '';
  return {
    message: vscode.l10n.t('Could not {0}{1}: {2}', action, where, withFullStop(reason)) + advice,
    logLine: `${action}${where}: ${reason} ${details.endpoint ?? ''} ${details.status ?? ''} ${stackOf(error)}`.trim(),
    buttons: error instanceof MlflowError ? buttonsFor(error) : [showLog()],
  };
}

function buttonsFor(error: MlflowError): Failure['buttons'] {
  if (error instanceof UntrustedError)
    return [{ title: vscode.l10n.t('Manage Workspace Trust'), command: manageTrust }];
  switch (error.kind) {
    case 'unreachable':
    case 'tls':
    case 'auth':
    case 'protocol':
      return [{ title: vscode.l10n.t('Connect to Server…'), command: Command.server.connect }, showLog()];
    case 'timeout':
    case 'server':
    case 'rateLimited':
      return [{ title: vscode.l10n.t('Show Server Status'), command: Command.server.showStatus }, showLog()];
    case 'forbidden':
    case 'notFound':
    case 'conflict':
    case 'invalid':
    case 'cancelled':
      return [showLog()];
  }
}

function showLog(): Failure['buttons'][number] {
  return { title: vscode.l10n.t('Show Log'), command: Command.server.showLog };
}

const withFullStop = (text: string) => (/[.!?…]$/.test(text) ? text : `${text}.`);
const stackOf = (error: unknown) =>
  error instanceof MlflowError || !(error instanceof Error) ? '' : (error.stack ?? '');
