import * as vscode from 'vscode';
import type { Run } from '../../shared/domain';
import { taggedModels } from './modelTag';
import type { RunNode, SectionId } from './runNodes';

/** The rows of the first level. */
export function sectionRows(run: Run): readonly RunNode[] {
  const { runId } = run;
  const section = (id: SectionId, label: string, count?: number): RunNode => ({
    kind: 'section',
    runId,
    id: `${runId}/${id}`,
    label,
    section: id,
    run,
    ...(count === undefined ? {} : { count }),
  });
  const size = (record: Readonly<Record<string, unknown>>) => Object.keys(record).length;
  const models = new Set(run.modelIds).size + taggedModels(run).models.length;
  return [
    { kind: 'header', runId, id: `${runId}/header`, label: run.name || runId, copyText: run.name || runId, run },
    section('overview', vscode.l10n.t('Overview')),
    section('source', vscode.l10n.t('Source')),
    section('params', vscode.l10n.t('Params'), size(run.params)),
    section('metrics', vscode.l10n.t('Metrics'), size(run.metrics)),
    section('tags', vscode.l10n.t('Tags'), size(run.tags)),
    section('datasets', vscode.l10n.t('Datasets'), run.datasets.length),
    // Versions may be registered from a run that logged no model: nobody knows before asking.
    section('models', vscode.l10n.t('Models'), models || undefined),
    section('artifacts', vscode.l10n.t('Artifacts')),
  ];
}
