import * as vscode from 'vscode';
import { Command } from '../../platform/ids';
import { problemItem } from '../../platform/problemItem';
import { type Fact, factsTooltip } from '../../platform/tooltip';
import { age } from '../../shared/age';
import { formatBytes } from '../../shared/bytes';
import { shortId } from '../../shared/commitId';
import type { Metric } from '../../shared/domain';
import { oneLine } from '../../shared/oneLine';
import { count, shortNumber } from '../../shared/series/format';
import { durationText, statusIcon, statusText } from '../runStatus';
import type { Look, Of } from './look';
import type { MetricStats } from './metricStats';
import { dataset, loggedModel, taggedModel, version } from './modelItems';
import type { RunNode, SectionId } from './runNodes';
import { atStep, exactTime, localTime, stepText } from './texts';

/**
 * Everything shown comes from a server: labels are plain, and tooltips take texts as text. A tooltip that is a string
 * takes the place of label and description for screen readers: rows have none, or one in Markdown.
 */

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

export function runItem(node: RunNode): vscode.TreeItem {
  if (node.kind === 'problem') return problemRow(node);
  const { icon, ...look } = lookOf(node);
  const item = new vscode.TreeItem(oneLine(node.label) || vscode.l10n.t('(no name)'), None);
  Object.assign(item, look);
  item.id = node.id;
  if (icon) item.iconPath = typeof icon === 'string' ? new vscode.ThemeIcon(icon) : icon;
  return item;
}

function lookOf(node: Exclude<RunNode, { readonly kind: 'problem' }>): Look {
  switch (node.kind) {
    case 'header':
      return header(node);
    case 'section':
      return section(node);
    case 'group':
      return {
        collapsibleState: Collapsed,
        description: count(node.items.length),
        ...(node.icon ? { icon: node.icon } : {}),
      };
    case 'range':
      return range(node);
    case 'folder':
      return folder(node);
    case 'metric':
      // Without a tooltip: it is made when somebody points at the row.
      return {
        collapsibleState: Collapsed,
        icon: 'graph-line',
        contextValue: 'metric detail',
        description: atStep(node.metric),
      };
    case 'detail':
      return detail(node);
    case 'commit':
      return commit(node);
    case 'noCommit':
      return noCommit(node);
    case 'dataset':
      return dataset(node);
    case 'loggedModel':
      return loggedModel(node);
    case 'taggedModel':
      return taggedModel(node);
    case 'version':
      return version(node);
    case 'artifact':
      return artifact(node);
    case 'refusedArtifact':
      return refusedArtifact(node);
    case 'note':
      return { icon: 'info', contextValue: 'note' };
  }
}

function header({ run, label }: Of<'header'>): Look {
  const facts = [
    statusText(run),
    durationText(run, Date.now()),
    run.startTime > 0 ? age(run.startTime, Date.now(), vscode.env.language) : undefined,
  ];
  return {
    icon: statusIcon(run.status, undefined, run.lifecycleStage === 'deleted'),
    description: facts.filter(Boolean).join(' · '),
    contextValue: 'runHeader detail',
    tooltip: factsTooltip(label, '', [
      [vscode.l10n.t('Status'), statusText(run)],
      run.startTime > 0 ? [vscode.l10n.t('Started'), exactTime(run.startTime)] : undefined,
      run.endTime === undefined ? undefined : [vscode.l10n.t('Ended'), exactTime(run.endTime)],
      [vscode.l10n.t('Run ID'), run.runId],
    ]),
  };
}

const sectionIcons: Readonly<Record<SectionId, string>> = {
  overview: 'info',
  source: 'source-control',
  params: 'settings',
  metrics: 'graph',
  tags: 'tag',
  datasets: 'database',
  models: 'package',
  artifacts: 'files',
};

const openFirst: ReadonlySet<SectionId> = new Set(['overview', 'source', 'metrics']);

function section(node: Of<'section'>): Look {
  return {
    icon: sectionIcons[node.section],
    contextValue: 'section',
    collapsibleState: node.count === 0 ? None : openFirst.has(node.section) ? Expanded : Collapsed,
    ...(node.count === undefined ? {} : { description: node.count === 0 ? vscode.l10n.t('none') : count(node.count) }),
  };
}

function range({ items }: Of<'range'>): Look {
  const [first, last] = [items[0]?.label ?? '', items[items.length - 1]?.label ?? ''];
  return {
    collapsibleState: Collapsed,
    icon: 'list-unordered',
    contextValue: 'range',
    description: `${oneLine(first, 40)} … ${oneLine(last, 40)}`,
  };
}

function folder({ members, prefix }: Of<'folder'>): Look {
  return {
    collapsibleState: Collapsed,
    icon: prefix === 'system/' ? 'server-environment' : 'folder',
    contextValue: 'metricFolder',
    description: count(members.length),
    tooltip: factsTooltip(prefix, '', [[vscode.l10n.t('Metrics'), count(members.length)]]),
  };
}

function detail(node: Of<'detail'>): Look {
  const { label, copyText, shown, note, icon } = node;
  return {
    description: oneLine(shown ?? copyText),
    contextValue: 'detail',
    tooltip: factsTooltip(label, note === undefined ? copyText : `${copyText}\n${note}`, []),
    ...(icon ? { icon } : {}),
  };
}

function commit(node: Of<'commit'>): Look {
  const { ofModel, branch } = node;
  const facts = [
    shortId(node.commit),
    branch && oneLine(branch, 60),
    node.dirty ? vscode.l10n.t('with uncommitted changes') : undefined,
    ofModel ? vscode.l10n.t('named by its model') : undefined,
  ];
  return {
    icon: 'git-commit',
    contextValue: ofModel?.taggable ? 'commit commitMissing detail' : 'commit detail',
    description: facts.filter(Boolean).join(' · '),
    // Without a tooltip: it is made when somebody points at the row.
    command: { command: Command.source.openAtCommit, title: vscode.l10n.t('Open Source at Commit'), arguments: [node] },
  };
}

/** @param known what the open repositories say of the commit */
export function commitTooltip(node: Of<'commit'>, known: string | undefined): vscode.MarkdownString {
  return factsTooltip(vscode.l10n.t('Commit'), '', [
    [vscode.l10n.t('Commit'), [node.commit, known].filter(Boolean).join(' · ')],
    node.branch === undefined ? undefined : [vscode.l10n.t('Branch'), node.branch],
    node.repoUrl === undefined ? undefined : [vscode.l10n.t('Repository'), node.repoUrl],
    [vscode.l10n.t('Uncommitted changes'), dirtyText(node.dirty)],
    node.ofModel ? [vscode.l10n.t('Named by'), vscode.l10n.t('a model that the run logged')] : undefined,
  ]);
}

function dirtyText(dirty: boolean | undefined): string {
  if (dirty === undefined) return vscode.l10n.t('not recorded');
  return dirty ? vscode.l10n.t('yes') : vscode.l10n.t('no');
}

function noCommit({ strange, taggable, ofModel }: Of<'noCommit'>): Look {
  const values = [
    ...(taggable ? ['commitMissing'] : []),
    ...(strange === undefined ? [] : ['detail']),
    ...(ofModel ? ['commit'] : []),
  ];
  return {
    icon: 'git-commit',
    contextValue: values.join(' '),
    ...(strange === undefined
      ? {}
      : {
          description: vscode.l10n.t('its tag holds {0}', oneLine(strange, 40)),
          tooltip: factsTooltip(vscode.l10n.t('The commit tag holds no commit id'), strange, []),
        }),
  };
}

function artifact(node: Of<'artifact'>): Look {
  const { path, isFolder, size } = node.artifact;
  const base = {
    // Of no file system: only its name is looked at, for the icon.
    resourceUri: vscode.Uri.from({ scheme: 'flowdeck-artifact-name', path: `/${path}` }),
    tooltip: factsTooltip(path, '', [
      size === undefined ? undefined : [vscode.l10n.t('Size'), vscode.l10n.t('{0} bytes', count(size))],
    ]),
  };
  if (isFolder)
    return { ...base, icon: vscode.ThemeIcon.Folder, collapsibleState: Collapsed, contextValue: 'artifactFolder' };
  return {
    ...base,
    icon: vscode.ThemeIcon.File,
    contextValue: 'artifactFile',
    ...(size === undefined ? {} : { description: formatBytes(size) }),
    command: { command: Command.artifacts.open, title: vscode.l10n.t('Open Artifact'), arguments: [node] },
  };
}

function refusedArtifact({ listedAs }: Of<'refusedArtifact'>): Look {
  return {
    icon: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
    contextValue: 'artifactRefused',
    description: vscode.l10n.t('not opened: unsafe path'),
    tooltip: factsTooltip(
      vscode.l10n.t(
        'The server lists an artifact whose path leads out of its folder. Flowdeck neither opens nor downloads it.',
      ),
      listedAs,
      [],
    ),
  };
}

function problemRow(node: Of<'problem'>): vscode.TreeItem {
  const since = node.readAt === undefined ? undefined : vscode.l10n.t('as of {0}', localTime(node.readAt));
  const item = problemItem(node.error, Command.experiments.refresh, since);
  item.id = node.id;
  return item;
}

export function metricTooltip(metric: Metric, stats: MetricStats | undefined): vscode.MarkdownString {
  const extreme = (label: string, point: MetricStats['min']): Fact =>
    point && [label, `${point.value} · ${stepText(point)}`];
  return factsTooltip(metric.key, '', [
    [vscode.l10n.t('Last'), `${metric.value} · ${stepText(metric)}`],
    metric.timestamp > 0
      ? [vscode.l10n.t('Logged'), `${localTime(metric.timestamp)} (${exactTime(metric.timestamp)})`]
      : undefined,
    extreme(vscode.l10n.t('Minimum'), stats?.min),
    extreme(vscode.l10n.t('Maximum'), stats?.max),
    stats && [vscode.l10n.t('Points'), count(stats.points)],
    Number.isFinite(metric.value) ? undefined : [vscode.l10n.t('Shown as'), shortNumber(metric.value)],
  ]);
}
