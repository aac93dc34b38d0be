import * as vscode from 'vscode';
import { GitError } from '../git/gitError';
import { describedPatch } from '../git/patchHead';
import { readPatch } from '../git/patchText';
import { findSecrets, type SecretFinding } from '../git/secretScan';
import { type UntrackedFile, untrackedFiles, workingPatch } from '../git/workingPatch';
import { withProgress } from '../platform/cancellation';
import { messages } from '../platform/messages';
import { settings } from '../platform/settings';
import { formatBytes } from '../shared/bytes';
import type { TagQuestion } from './tagDialogs';

/** `without`: the person would rather tag and store nothing. Undefined: cancelled. */
export type ChosenPatch = Uint8Array | 'without' | undefined;

const listed = 8;
/** Nobody ticks more boxes than these. */
const mostOffered = 2_000;

/** Makes the patch of what is not committed and lets the person decide about whatever nobody should publish by accident. */
export async function choosePatch({ repository, state, runs }: TagQuestion): Promise<ChosenPatch> {
  const { submodules } = state.changes;
  const looking = vscode.l10n.t('Looking for untracked files in {0}', repository.name);
  const known = await withProgress(looking, (signal) => untrackedFiles(repository, signal));
  const untracked = await chooseUntracked(known);
  if (!untracked) return undefined;
  const maxBytes = settings.patchMaxKilobytes.get() * 1000;
  let patch: Buffer;
  try {
    const making = vscode.l10n.t('Making the patch of what is not committed in {0}', repository.name);
    patch = await withProgress(making, (signal) =>
      workingPatch(repository, { commit: state.commit, untracked, maxBytes, signal }),
    );
  } catch (error) {
    if (error instanceof GitError && error.kind === 'tooLarge') return tooLarge(error.message);
    throw error;
  }
  if (patch.length === 0) return nothingToStore(submodules);
  const leftOut = known.map(({ file }) => file).filter((file) => !untracked.includes(file));
  const whole = describedPatch(patch, { commit: state.commit, leftOut, submodules });
  return confirmContent(whole, runs.length, [vscode.l10n.t('Tag without Patch')]);
}

/** None is included unless the person ticks it. Undefined when cancelled. */
async function chooseUntracked(known: readonly UntrackedFile[]): Promise<readonly string[] | undefined> {
  if (known.length === 0) return [];
  const items = known
    .slice(0, mostOffered)
    .map(({ file, size }) => ({ label: file, description: formatBytes(size), file }));
  const placeHolder =
    known.length > items.length
      ? vscode.l10n.t(
          'Tick those that belong into it; the others, and {0} that are not listed, are only named',
          known.length - items.length,
        )
      : vscode.l10n.t('Tick those that belong into it; the others are only named');
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Untracked Files in the Patch'),
    placeHolder,
    canPickMany: true,
    ignoreFocusOut: true,
  });
  return picked?.map(({ file }) => file);
}

async function tooLarge(message: string): Promise<ChosenPatch> {
  const without = vscode.l10n.t('Tag without Patch');
  const change = vscode.l10n.t('Change the Limit…');
  const detail = vscode.l10n.t('The limit is the setting flowdeck.source.patchMaxKilobytes.');
  const chosen = await messages.showWarningMessage(message, { modal: true, detail }, without, change);
  if (chosen === change)
    await vscode.commands.executeCommand('workbench.action.openSettings', 'flowdeck.source.patchMaxKilobytes');
  return chosen === without ? 'without' : undefined;
}

async function nothingToStore(submodules: readonly string[]): Promise<ChosenPatch> {
  const without = vscode.l10n.t('Tag without Patch');
  const message =
    submodules.length > 0
      ? vscode.l10n.t(
          'The patch is empty: the changes are inside submodules ({0}), of which a patch holds only the commit. Tag from the submodule, or commit there first.',
          submodules.join(', '),
        )
      : vscode.l10n.t('The patch is empty: only untracked files were there, and none of them was chosen.');
  return (await messages.showWarningMessage(message, { modal: true }, without)) === without ? 'without' : undefined;
}

/** What in a patch is better looked at before others can read it: what resembles a secret, and what cannot be read. */
export function doubtsOf(patch: Uint8Array): {
  readonly secrets: readonly SecretFinding[];
  readonly binary: readonly string[];
} {
  const files = readPatch(Buffer.from(patch).toString('utf8'));
  const binary = files.filter((file) => file.binary).map(({ path }) => path);
  return { secrets: findSecrets(files), binary };
}

/** Asks only when there are doubts. `without`: what may be done in place of storing it. */
export async function confirmContent(
  whole: Uint8Array,
  runs: number,
  without: readonly [string] | readonly [] = [],
): Promise<ChosenPatch> {
  const { secrets, binary } = doubtsOf(whole);
  if (secrets.length === 0 && binary.length === 0) return whole;
  const upload = vscode.l10n.t('Store the Patch');
  const review = vscode.l10n.t('Review the Patch');
  const message =
    secrets.length > 0
      ? vscode.l10n.t('The patch holds what looks like a secret. Whoever sees the run will be able to read it.')
      : vscode.l10n.t('The patch holds binary files, which were not searched for secrets.');
  const detail = [
    ...(secrets.length > 0 ? secretLines(secrets) : []),
    ...(binary.length > 0 ? binaryLines(binary) : []),
    runs === 1
      ? vscode.l10n.t('The patch has {0} and would be stored with the run.', formatBytes(whole.length))
      : vscode.l10n.t('The patch has {0} and would be stored with each of {1} runs.', formatBytes(whole.length), runs),
  ].join('\n');
  // What Enter does comes first, and nothing leaves this machine by it.
  const chosen = await messages.showWarningMessage(message, { modal: true, detail }, review, ...without, upload);
  return chosen === review ? reviewed(whole, upload, without) : decided(whole, chosen, upload);
}

/** The patch in an editor; a dialog in front of it would hide it, so the question stands in a notification. */
async function reviewed(whole: Uint8Array, upload: string, without: readonly string[]): Promise<ChosenPatch> {
  const content = Buffer.from(whole).toString('utf8');
  const document = await vscode.workspace.openTextDocument({ language: 'diff', content });
  await vscode.window.showTextDocument(document, { preview: true });
  const chosen = await messages.showWarningMessage(
    vscode.l10n.t('This patch would be stored with the run.'),
    upload,
    ...without,
  );
  return decided(whole, chosen, upload);
}

const decided = (whole: Uint8Array, chosen: string | undefined, upload: string): ChosenPatch =>
  chosen === undefined ? undefined : chosen === upload ? whole : 'without';

function secretLines(secrets: readonly SecretFinding[]): readonly string[] {
  const lines = secrets.slice(0, listed).map(({ file, line, rule, masked }) => {
    const place = line === undefined ? file : `${file}:${line}`;
    return [`  ${place}`, rule, masked].filter(Boolean).join('  ');
  });
  if (secrets.length > lines.length) lines.push(vscode.l10n.t('  and {0} more', secrets.length - lines.length));
  return [...lines, ''];
}

function binaryLines(files: readonly string[]): readonly string[] {
  const names = files.slice(0, listed).map((file) => `  ${file}`);
  if (files.length > names.length) names.push('  …');
  return [vscode.l10n.t('Binary files, not searched:'), ...names, ''];
}
