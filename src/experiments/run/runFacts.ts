import * as vscode from 'vscode';
import type { RunOrigin, RunSource } from '../../mlflow/runSource';
import { mayNameCommit, namesCommit, runOrigin } from '../../mlflow/runSource';
import { age } from '../../shared/age';
import { type DatasetInput, type Metric, type Run, TagKey } from '../../shared/domain';
import { naturalCompare } from '../../shared/naturalCompare';
import { count } from '../../shared/series/format';
import { durationText, statusText } from '../runStatus';
import { metricLevel } from './metricGroups';
import type { MetricStats } from './metricStats';
import { type DetailRow, foldersFirst, type Parent, paged, type RunNode } from './runNodes';
import { atStep, exactTime, localTime } from './texts';

/** The rows of the run's sections, made of what the run itself says. */

type DetailOptions = Pick<Partial<DetailRow>, 'shown' | 'note' | 'icon'>;

export const detail = (
  parent: Parent,
  key: string,
  label: string,
  value: string,
  options: DetailOptions = {},
): DetailRow => ({
  kind: 'detail',
  runId: parent.runId,
  id: `${parent.id}/${key}`,
  label,
  copyText: value,
  ...options,
});

/** A detail where there is a value. */
const optional = (parent: Parent, key: string, label: string, value: string | undefined, options?: DetailOptions) =>
  value ? [detail(parent, key, label, value, options)] : [];

function instant(parent: Parent, key: string, label: string, at: number | undefined): readonly DetailRow[] {
  if (at === undefined || at <= 0) return [];
  const note = age(at, Date.now(), vscode.env.language);
  return [detail(parent, key, label, exactTime(at), { shown: localTime(at), note, icon: 'calendar' })];
}

export function overviewRows(parent: Parent, run: Run): readonly RunNode[] {
  const lasting = durationText(run, Date.now());
  const parentRun = run.tags[TagKey.parentRunId];
  return [
    detail(parent, 'status', vscode.l10n.t('Status'), run.status, { shown: statusText(run), icon: 'pulse' }),
    ...optional(parent, 'duration', vscode.l10n.t('Duration'), lasting, { icon: 'watch' }),
    ...instant(parent, 'start', vscode.l10n.t('Started'), run.startTime),
    ...instant(parent, 'end', vscode.l10n.t('Ended'), run.endTime),
    ...optional(parent, 'user', vscode.l10n.t('User'), run.userId, { icon: 'account' }),
    ...optional(parent, 'parent', vscode.l10n.t('Parent Run'), parentRun, { icon: 'type-hierarchy' }),
    detail(parent, 'experiment', vscode.l10n.t('Experiment ID'), run.experimentId, { icon: 'beaker' }),
    detail(parent, 'id', vscode.l10n.t('Run ID'), run.runId, { icon: 'key' }),
    ...optional(parent, 'artifacts', vscode.l10n.t('Artifact Location'), run.artifactUri, { icon: 'archive' }),
  ];
}

/** `recorded` by the run or by a model that it logged; without it nobody knows what its models say. */
export function sourceRows(parent: Parent, run: Run, recorded?: RunOrigin): readonly RunNode[] {
  const origin = recorded ?? runOrigin(run);
  return [
    ...sourceNameRows(parent, origin.source),
    commitRow(parent, run, origin, recorded === undefined && !namesCommit(run)),
    ...(origin.commit === undefined
      ? optional(parent, 'branch', vscode.l10n.t('Branch'), origin.branch, { icon: 'git-branch' })
      : []),
    ...optional(parent, 'repository', vscode.l10n.t('Repository'), origin.repoUrl, { icon: 'repo' }),
  ];
}

function sourceNameRows(parent: Parent, source: RunSource): readonly RunNode[] {
  switch (source.kind) {
    case 'file':
      return [detail(parent, 'name', vscode.l10n.t('File'), source.path, { icon: 'file-code' })];
    case 'notebook':
      return [detail(parent, 'name', vscode.l10n.t('Notebook'), source.path, { icon: 'notebook' })];
    case 'project':
      return [
        ...optional(parent, 'name', vscode.l10n.t('Project'), source.folder || source.url, { icon: 'rocket' }),
        detail(parent, 'entryPoint', vscode.l10n.t('Entry Point'), source.entryPoint, { icon: 'play' }),
      ];
    case 'none':
      return optional(parent, 'name', vscode.l10n.t('Source'), source.name, { icon: 'file-code' });
  }
}

function commitRow(parent: Parent, run: Run, origin: RunOrigin, isOpen: boolean): RunNode {
  const base = { runId: parent.runId, id: `${parent.id}/commit` };
  const { commit, branch, repoUrl, dirty, strangeCommit } = origin;
  const taggable = run.lifecycleStage === 'active';
  if (commit === undefined)
    return {
      ...base,
      kind: 'noCommit',
      label: isOpen ? vscode.l10n.t('No commit in its tags') : vscode.l10n.t('No commit recorded'),
      taggable,
      ofModel: isOpen && mayNameCommit(run),
      ...(strangeCommit === undefined ? {} : { strange: strangeCommit, copyText: strangeCommit }),
    };
  return {
    ...base,
    kind: 'commit',
    label: vscode.l10n.t('Commit'),
    copyText: commit,
    commit,
    ...(namesCommit(run) ? {} : { ofModel: { taggable } }),
    ...(branch === undefined ? {} : { branch }),
    ...(repoUrl === undefined ? {} : { repoUrl }),
    ...(dirty === undefined ? {} : { dirty }),
  };
}

export function paramRows(parent: Parent, run: Run): readonly RunNode[] {
  const params = Object.entries(run.params).sort(([a], [b]) => naturalCompare(a, b));
  return paged(
    parent,
    params.map(([key, value]) => detail(parent, `:${key}`, key, value, { icon: 'symbol-constant' })),
  );
}

/** `members` are sorted; `prefix` is what their keys begin with and their labels leave out. */
export function metricRows(parent: Parent, run: Run, members: readonly Metric[], prefix = ''): readonly RunNode[] {
  const rows = metricLevel(members, prefix).map((entry): RunNode => {
    const key = entry.kind === 'metric' ? entry.metric.key : entry.prefix;
    const base = { runId: run.runId, id: `${run.runId}/${entry.kind}/${key}`, label: key.slice(prefix.length), run };
    return entry.kind === 'metric'
      ? { ...base, kind: 'metric', metric: entry.metric, copyText: String(entry.metric.value) }
      : { ...base, kind: 'folder', prefix: entry.prefix, members: entry.members };
  });
  return foldersFirst(
    parent,
    rows.filter(({ kind }) => kind === 'folder'),
    rows.filter(({ kind }) => kind === 'metric'),
  );
}

export function statsRows(parent: Parent, metric: Metric, stats: MetricStats): readonly RunNode[] {
  const none = vscode.l10n.t('none: every value is NaN');
  const extreme = (key: string, label: string, point: MetricStats['min'], icon: string) =>
    point
      ? detail(parent, key, label, String(point.value), { shown: atStep(point), icon })
      : detail(parent, key, label, 'NaN', { shown: none, icon });
  const points = [count(stats.points), ...(stats.nan > 0 ? [vscode.l10n.t('{0} NaN', count(stats.nan))] : [])];
  return [
    detail(parent, 'last', vscode.l10n.t('Last'), String(metric.value), {
      shown: atStep(metric),
      note: vscode.l10n.t('Logged {0}', exactTime(metric.timestamp)),
      icon: 'debug-breakpoint',
    }),
    ...(stats.points > 0
      ? [
          extreme('min', vscode.l10n.t('Minimum'), stats.min, 'arrow-down'),
          extreme('max', vscode.l10n.t('Maximum'), stats.max, 'arrow-up'),
        ]
      : []),
    detail(parent, 'points', vscode.l10n.t('Points'), String(stats.points), {
      shown: points.join(' · '),
      icon: 'graph-scatter',
    }),
  ];
}

const isSystemTag = (key: string) => key.startsWith('mlflow.');

/** The run's description first, then what people tagged, then what MLflow tagged in a group. */
export function tagRows(parent: Parent, run: Run): readonly RunNode[] {
  const tags = Object.entries(run.tags).sort(([a], [b]) => naturalCompare(a, b));
  const row = ([key, value]: readonly [string, string]) => detail(parent, `:${key}`, key, value, { icon: 'tag' });
  const note = run.tags[TagKey.note];
  const system = tags.filter(([key]) => isSystemTag(key)).map(row);
  const group: RunNode = {
    kind: 'group',
    runId: parent.runId,
    id: `${parent.id}/system`,
    label: vscode.l10n.t('System Tags'),
    items: system,
    icon: 'gear',
  };
  return [
    ...optional(parent, 'description', vscode.l10n.t('Description'), note, { icon: 'note' }),
    ...paged(parent, tags.filter(([key]) => !isSystemTag(key)).map(row)),
    ...(system.length > 0 ? [group] : []),
  ];
}

export function datasetNodes(parent: Parent, run: Run): readonly RunNode[] {
  return paged(
    parent,
    run.datasets.map((dataset, at): RunNode => {
      const id = `${parent.id}/${at}`;
      return { kind: 'dataset', runId: run.runId, id, label: dataset.name, dataset, copyText: dataset.digest };
    }),
  );
}

export function datasetRows(parent: Parent, dataset: DatasetInput): readonly RunNode[] {
  return [
    ...optional(parent, 'digest', vscode.l10n.t('Digest'), dataset.digest),
    ...optional(parent, 'context', vscode.l10n.t('Context'), dataset.context),
    ...optional(parent, 'sourceType', vscode.l10n.t('Source Type'), dataset.sourceType),
    ...optional(parent, 'source', vscode.l10n.t('Source'), dataset.source),
    ...optional(parent, 'schema', vscode.l10n.t('Schema'), dataset.schema),
    ...optional(parent, 'profile', vscode.l10n.t('Profile'), dataset.profile),
  ];
}
