import * as vscode from 'vscode';
import type { Connections } from '../../connections/connection';
import { Command } from '../../platform/ids';
import { messages } from '../../platform/messages';
import { shortId } from '../../shared/commitId';
import { isBackAt } from '../launch/launchedAt';
import type { BisectionOf, OpenBisection, OpenBisections } from './openBisections';

/** Arguments of the command that goes on with a bisection: nothing that was answered is asked again. */
export const goOnArguments = ({ good, bad, metric }: BisectionOf): readonly unknown[] => [
  good,
  [good, bad],
  { good, metric },
];

/** Offers to go on with what another window did not end at this server. It stays on offer until somebody decides. */
export async function offerLeftBisections(
  bisections: OpenBisections,
  connections: Connections,
  uri: string,
): Promise<void> {
  await Promise.all(
    bisections
      .all()
      .filter((one) => one.uri === uri)
      .map((one) => offer(bisections, connections, one)),
  );
}

async function offer(bisections: OpenBisections, connections: Connections, one: OpenBisection): Promise<void> {
  const goOn = vscode.l10n.t('Go On');
  const stop = stopTitle();
  const [good, bad] = one.names;
  const message =
    one.open === 1
      ? vscode.l10n.t(
          'Bisecting {0} between {1} and {2} has not ended: commit {3} is still open.',
          one.metric,
          good,
          bad,
          shortId(one.next),
        )
      : vscode.l10n.t(
          'Bisecting {0} between {1} and {2} has not ended: {3} commits are still open, {4} is next.',
          one.metric,
          good,
          bad,
          one.open,
          shortId(one.next),
        );
  const chosen = await messages.showInformationMessage(message, goOn, stop);
  if (chosen === goOn && (await isBackAt(connections, one.uri)))
    await vscode.commands.executeCommand(Command.source.bisectMetric, ...goOnArguments(one));
  if (chosen === stop) await bisections.forget(one);
}

export const stopTitle = () => vscode.l10n.t('Stop Bisecting');
