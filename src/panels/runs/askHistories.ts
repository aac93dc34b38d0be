import * as vscode from 'vscode';
import { messages } from '../../platform/messages';

/** Histories that are read without asking: some seconds on a usual server. */
const mostUnasked = 2_000;

/**
 * Whether columns that are computed from histories are to be in an export. Asked only where that takes a while: all
 * points of each history are read. Undefined when the person cancelled.
 * @param reads histories; undefined where nobody knows how many runs there are
 */
export async function askHistories(reads: number | undefined, server: string): Promise<boolean | undefined> {
  if (reads !== undefined && reads <= mostUnasked) return true;
  const include = vscode.l10n.t('Include Them');
  const leaveOut = vscode.l10n.t('Leave Them Out');
  const title =
    reads === undefined
      ? vscode.l10n.t('Include columns that are computed from the history of every run?')
      : vscode.l10n.t(
          'Include columns that are computed from {0} histories?',
          reads.toLocaleString(vscode.env.language),
        );
  const detail = vscode.l10n.t(
    'Min, max and best are not kept by MLflow. All of their points are read from {0}, which may take minutes. It can be cancelled, and leaves no file then.',
    server,
  );
  const chosen = await messages.showInformationMessage(title, { modal: true, detail }, include, leaveOut);
  return chosen === undefined ? undefined : chosen === include;
}
