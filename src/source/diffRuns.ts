import * as vscode from 'vscode';
import { withProgress } from '../platform/cancellation';
import { Command } from '../platform/ids';
import { messages } from '../platform/messages';
import type { Run } from '../shared/domain';
import { unlessAborted } from '../shared/unlessAborted';
import { chooseFiles } from './chooseFiles';
import { openMultiDiff } from './multiDiff';
import { codeLabel, findRunCode, type RunCode } from './runCode';
import type { SourceServices } from './services';
import { sourceText } from './sourceTexts';
import { runFactsUri } from './sourceUris';
import { requireGitTrust } from './workspaceRepositories';

/** What differs between the code of two runs, below what differs in their params and environments. */
export async function diffRuns(services: SourceServices, args: readonly unknown[]): Promise<void> {
  requireGitTrust();
  const title = vscode.l10n.t('Diff Code of Two Runs');
  const runs = await services.runs.pickRuns(args, { title, many: true });
  if (!runs) return;
  const [first, second] = inTime(runs);
  if (!first || !second || runs.length !== 2) {
    const message = vscode.l10n.t('The code of two runs can be compared. Chosen are {0}.', runs.length);
    await messages.showWarningMessage(message);
    return;
  }
  const left = await findRunCode(services, first);
  const right = left && (await findRunCode(services, second));
  if (!left || !right) return;
  const message = comparing(left, right);
  const pair = await withProgress(message, (signal) => inOneRepository(left, right, signal));
  if (!pair) {
    await tellApart(left, right);
    return;
  }
  await openDiff(services, left, right, pair, title);
}

/** The older one stands on the left, whichever was clicked first. */
const inTime = (runs: readonly Run[]) => [...runs].sort((a, b) => a.startTime - b.startTime);

const comparing = (left: RunCode, right: RunCode) =>
  vscode.l10n.t('Comparing the code of {0} and {1}', left.run.name, right.run.name);

async function openDiff(
  services: SourceServices,
  left: RunCode,
  right: RunCode,
  repository: RunCode['repository'],
  title: string,
): Promise<void> {
  const message = comparing(left, right);
  const all =
    left.tree === right.tree
      ? []
      : await withProgress(message, (signal) => repository.changesBetween(left.tree, right.tree, signal));
  const files = all.length > 1 ? await chooseFiles(all, [left, right], title) : all;
  if (!files) return;
  const facts = {
    left: runFactsUri(left.run.runId),
    right: runFactsUri(right.run.runId),
  };
  const same = await withProgress(message, async (signal) => {
    const texts = Promise.all([sourceText(services, facts.left), sourceText(services, facts.right)]);
    const [ofLeft, ofRight] = await unlessAborted(texts, signal);
    return ofLeft === ofRight;
  });
  if (same && files.length === 0) {
    const message = vscode.l10n.t(
      'The runs {0} and {1} have the same code ({2}), params and environment.',
      left.run.name,
      right.run.name,
      codeLabel(left),
    );
    const compare = vscode.l10n.t('Compare Runs');
    if ((await messages.showInformationMessage(message, compare)) === compare)
      await vscode.commands.executeCommand(Command.runs.compare, { runId: left.run.runId }, [
        { runId: left.run.runId },
        { runId: right.run.runId },
      ]);
    return;
  }
  const name = vscode.l10n.t('{0} ({1}) ↔ {2} ({3})', left.run.name, codeLabel(left), right.run.name, codeLabel(right));
  await openMultiDiff(
    services.repositories,
    name,
    files,
    { left: { files: left }, right: { files: right } },
    same ? [] : [facts],
  );
}

/** One that has both commits, with the patches of both: worktrees of one repository share what they have, clones do not. */
async function inOneRepository(
  left: RunCode,
  right: RunCode,
  signal: AbortSignal,
): Promise<RunCode['repository'] | undefined> {
  const trees = [left, right].flatMap(({ patch, tree }) => (patch === undefined ? [] : [tree]));
  if (left.repository.commonDir === right.repository.commonDir) return left.repository.reading(...trees);
  // Either may have got the other's commit from a common remote.
  for (const [{ repository }, there] of [
    [left, right],
    [right, left],
  ] as const) {
    if (!(await repository.present([there.commit], signal)).has(there.commit)) continue;
    if (there.patch !== undefined) await repository.patched(there.commit, there.patch, signal);
    return repository.reading(...trees);
  }
  return undefined;
}

async function tellApart(left: RunCode, right: RunCode): Promise<void> {
  const message = vscode.l10n.t(
    'The runs {0} and {1} were made in different repositories, {2} and {3}: their code cannot be compared.',
    left.run.name,
    right.run.name,
    left.repository.name,
    right.repository.name,
  );
  await messages.showWarningMessage(message);
}
