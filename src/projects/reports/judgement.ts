import * as vscode from 'vscode';
import type { Connection } from '../../connections/connection';
import { MlflowError } from '../../mlflow/mlflowError';
import type { TrackingStore } from '../../mlflow/trackingStore';
import type { Run } from '../../shared/domain';
import type { RunServices } from '../launch/launchTypes';
import {
  compareRuns,
  countVerdicts,
  type VerdictRow,
  type VerdictTexts,
  verdictMarkdown,
  verdictText,
} from './verdict';

/** Flowdeck's own: the id of the run that this one repeats. */
export const reproducesTag = 'flowdeck.reproduces';
/** Where the verdict is kept with the new run. */
export const verdictPath = 'flowdeck/reproduction.md';

/** What came out again of a run, by the run that repeats it. */
export interface Judgement {
  readonly old: Run;
  readonly after: Run;
  readonly tolerance: number;
  readonly rows: readonly VerdictRow[];
}

/** Reads both runs. Throws `MlflowError` when `runId` repeats none. */
export async function judge(store: TrackingStore, runId: string, tolerance: number): Promise<Judgement> {
  const after = await store.getRun(runId);
  const before = after.tags[reproducesTag];
  if (before === undefined)
    throw new MlflowError('invalid', vscode.l10n.t('Run {0} does not say which run it reproduces.', after.name), {
      advice: vscode.l10n.t('Choose a run that Reproduce Run has launched.'),
    });
  const old = await store.getRun(before);
  return { old, after, tolerance, rows: compareRuns(old, after, tolerance) };
}

/** As a Markdown document, which other programs show too. */
export const judgementMarkdown = (judgement: Judgement): string => verdictMarkdown(judgement.rows, textsOf(judgement));
/** As plain text, which stands under each other. */
export const judgementText = (judgement: Judgement): string => verdictText(judgement.rows, textsOf(judgement));

function textsOf({ rows, old, after, tolerance }: Judgement): VerdictTexts {
  const { same, differs, unknown } = countVerdicts(rows);
  return {
    title: vscode.l10n.t('{0} reproduced', old.name),
    intro: [
      vscode.l10n.t('Run {0} ({1}) ended as {2}.', after.name, after.runId, after.status),
      vscode.l10n.t('It repeats run {0} ({1}).', old.name, old.runId),
      vscode.l10n.t('Metrics count as the same within {0} of the larger value.', tolerance),
      vscode.l10n.t('{0} differ, {1} are unknown, {2} are the same.', differs, unknown, same),
    ],
    columns: [vscode.l10n.t('Name'), vscode.l10n.t('Before'), vscode.l10n.t('Now'), vscode.l10n.t('Verdict')],
    kinds: { metric: vscode.l10n.t('Metrics'), param: vscode.l10n.t('Params'), dataset: vscode.l10n.t('Datasets') },
    verdicts: { same: vscode.l10n.t('same'), differs: vscode.l10n.t('differs'), unknown: vscode.l10n.t('unknown') },
    none: vscode.l10n.t('Neither run has any.'),
  };
}

export async function saveWithRun(
  { platform, runs }: Pick<RunServices, 'platform' | 'runs'>,
  { store, uri }: Pick<Connection, 'store' | 'uri'>,
  judgement: Judgement,
): Promise<void> {
  const { runId } = judgement.after;
  await store.uploadArtifact(runId, verdictPath, Buffer.from(judgementMarkdown(judgement)));
  platform.log.audit('save verdict', uri, { runId });
  runs.markChanged([runId]);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Saved as {0}', verdictPath), 5_000);
}
