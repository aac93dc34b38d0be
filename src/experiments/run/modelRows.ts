import * as vscode from 'vscode';
import type { LoggedModel, ModelVersion, Run } from '../../shared/domain';
import { count } from '../../shared/series/format';
import { modelUris } from '../../shared/versionText';
import { type TaggedModel, taggedModels, versionsOfArtifact, versionsOfLoggedModel } from './modelTag';
import { detail } from './runFacts';
import type { RegisteredVersions } from './runModels';
import { type Parent, paged, type RunNode } from './runNodes';
import { exactTime, localTime } from './texts';

/**
 * The models of a run: those of MLflow 3, those of MLflow 2's tag, and versions registered from neither. Parts that are
 * not known yet are undefined.
 */
export function modelNodes(
  parent: Parent,
  run: Run,
  logged: ReadonlyMap<string, LoggedModel> | undefined,
  registered: RegisteredVersions | undefined,
): readonly RunNode[] {
  const versions = registered?.versions ?? [];
  const tagged = taggedModels(run);
  const loggedRows = [...new Set(run.modelIds)].map((modelId) => loggedRow(parent, modelId, logged, versions));
  const taggedRows = tagged.models.map((model) => taggedRow(parent, model, versions));
  const placed = new Set([...loggedRows, ...taggedRows].flatMap(({ versions: below }) => below));
  const rows: RunNode[] = [
    ...loggedRows,
    ...taggedRows,
    ...versions.filter((version) => !placed.has(version)).map((version) => versionRow(parent, version)),
  ];
  const notes = [
    ...(tagged.unreadable ? [vscode.l10n.t('The tag with the logged models is not as MLflow writes it')] : []),
    ...(registered?.more ? [vscode.l10n.t('The first {0} registered versions are shown', count(versions.length))] : []),
  ];
  if (rows.length === 0 && notes.length === 0 && registered) notes.push(vscode.l10n.t('No models were logged'));
  return [
    ...paged(parent, rows),
    ...notes.map((label, at): RunNode => ({ kind: 'note', runId: run.runId, id: `${parent.id}/note${at}`, label })),
  ];
}

function loggedRow(
  parent: Parent,
  modelId: string,
  logged: ReadonlyMap<string, LoggedModel> | undefined,
  versions: readonly ModelVersion[],
): RunNode & { readonly kind: 'loggedModel' } {
  const model = logged?.get(modelId);
  return {
    kind: 'loggedModel',
    runId: parent.runId,
    id: `${parent.id}/logged/${modelId}`,
    label: model?.name || modelId,
    copyText: `models:/${modelId}`,
    modelId,
    ...(model ? { model } : {}),
    versions: versionsOfLoggedModel(versions, modelId),
  };
}

function taggedRow(
  parent: Parent,
  model: TaggedModel,
  versions: readonly ModelVersion[],
): RunNode & { readonly kind: 'taggedModel' } {
  const { runId } = parent;
  return {
    kind: 'taggedModel',
    runId,
    id: `${parent.id}/tagged/${model.artifactPath}`,
    label: model.artifactPath,
    copyText: `runs:/${runId}/${model.artifactPath}`,
    model,
    versions: versionsOfArtifact(versions, runId, model.artifactPath),
  };
}

const versionRow = (parent: Parent, version: ModelVersion): RunNode => ({
  kind: 'version',
  runId: parent.runId,
  id: `${parent.id}/version/${version.version}/${version.name}`,
  label: vscode.l10n.t('{0}, version {1}', version.name, version.version),
  copyText: modelUris(version)[0] ?? version.name,
  version,
});

export function loggedModelRows(node: RunNode & { readonly kind: 'loggedModel' }): readonly RunNode[] {
  const { model, modelId } = node;
  const created = model?.creationTime;
  return [
    ...node.versions.map((version) => versionRow(node, version)),
    detail(node, 'uri', vscode.l10n.t('URI'), `models:/${modelId}`),
    ...(model ? [detail(node, 'status', vscode.l10n.t('Status'), model.status)] : []),
    ...(created
      ? [detail(node, 'created', vscode.l10n.t('Created'), exactTime(created), { shown: localTime(created) })]
      : []),
    ...(model ? [detail(node, 'location', vscode.l10n.t('Artifact Location'), model.artifactUri)] : []),
  ];
}

export function taggedModelRows(node: RunNode & { readonly kind: 'taggedModel' }): readonly RunNode[] {
  const { flavors, created, mlflowVersion, uuid, artifactPath } = node.model;
  const text = (key: string, label: string, value: string | undefined) =>
    value ? [detail(node, key, label, value)] : [];
  return [
    ...node.versions.map((version) => versionRow(node, version)),
    detail(node, 'uri', vscode.l10n.t('URI'), `runs:/${node.runId}/${artifactPath}`),
    ...text('flavors', vscode.l10n.t('Flavors'), flavors.join(', ')),
    ...text('created', vscode.l10n.t('Created'), created ? `${created} UTC` : undefined),
    ...text('mlflow', vscode.l10n.t('MLflow Version'), mlflowVersion),
    ...text('uuid', vscode.l10n.t('Model ID'), uuid),
  ];
}
