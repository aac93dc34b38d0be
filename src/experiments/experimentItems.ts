import * as vscode from 'vscode';
import { Command } from '../platform/ids';
import { type Fact, factsTooltip, instantFact } from '../platform/tooltip';
import { type Experiment, TagKey } from '../shared/domain';
import { oneLine } from '../shared/oneLine';
import { count } from '../shared/series/format';
import { greyScheme } from './runItem';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

interface Folder {
  readonly path: string;
  readonly label: string;
  /** Experiments in it, at any depth. */
  readonly count: number;
}

/** `open`: how it is shown before the person decides. */
export function folderItem(folder: Folder, open: boolean): vscode.TreeItem {
  const item = new vscode.TreeItem(oneLine(folder.label) || '…', open ? Expanded : Collapsed);
  item.id = `folder ${folder.path}`;
  item.contextValue = 'folder';
  item.iconPath = vscode.ThemeIcon.Folder;
  const inside =
    folder.count === 1 ? vscode.l10n.t('1 experiment') : vscode.l10n.t('{0} experiments', count(folder.count));
  item.tooltip = inside;
  // A tooltip of plain text would take the place of the name for screen readers.
  item.accessibilityInformation = { label: `${oneLine(folder.label)}, ${inside}` };
  return item;
}

export function experimentItem(experiment: Experiment, label: string): vscode.TreeItem {
  const item = new vscode.TreeItem(oneLine(label) || experiment.experimentId, Collapsed);
  const isDeleted = experiment.lifecycleStage === 'deleted';
  item.id = `experiment ${experiment.experimentId}`;
  item.contextValue = `experiment ${experiment.lifecycleStage}`;
  item.iconPath = new vscode.ThemeIcon('beaker');
  if (isDeleted) {
    item.description = vscode.l10n.t('deleted');
    item.resourceUri = vscode.Uri.from({ scheme: greyScheme, path: `/experiment/${experiment.experimentId}` });
  }
  return item;
}

/** Made only when somebody points at the experiment: there may be thousands. */
export function experimentTooltip(experiment: Experiment): vscode.MarkdownString {
  const { [TagKey.note]: note, ...tags } = experiment.tags;
  return factsTooltip(experiment.name, note ?? '', [
    [vscode.l10n.t('Experiment ID'), experiment.experimentId],
    instantFact(vscode.l10n.t('Created'), experiment.creationTime),
    instantFact(vscode.l10n.t('Updated'), experiment.lastUpdateTime),
    [vscode.l10n.t('Artifacts'), experiment.artifactLocation],
    ...Object.entries(tags)
      .slice(0, 20)
      .map((tag): Fact => tag),
  ]);
}

interface More {
  readonly experimentId: string;
  readonly loaded: number;
  readonly total?: number;
}

/** `Load more (100 of 5,213)`. */
export function moreItem(more: More): vscode.TreeItem {
  const { experimentId, loaded, total } = more;
  const label =
    total === undefined
      ? vscode.l10n.t('Load more ({0} loaded)', count(loaded))
      : vscode.l10n.t('Load more ({0} of {1})', count(loaded), count(total));
  const item = new vscode.TreeItem(label, None);
  item.id = `more ${experimentId}`;
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.contextValue = 'more';
  item.command = { command: Command.runs.loadMore, title: label, arguments: [more] };
  return item;
}

export function emptyItem(experimentId: string, filtered: boolean): vscode.TreeItem {
  const label = filtered ? vscode.l10n.t('No runs match the filter') : vscode.l10n.t('No runs yet');
  const item = new vscode.TreeItem(label, None);
  item.id = `empty ${experimentId}`;
  item.iconPath = new vscode.ThemeIcon('info');
  item.contextValue = 'empty';
  if (filtered) {
    item.description = vscode.l10n.t('click to change it');
    item.command = { command: Command.runs.filter, title: vscode.l10n.t('Filter Runs') };
  } else
    item.tooltip = new vscode.MarkdownString(vscode.l10n.t('Runs that are logged to this experiment appear here.'));
  return item;
}
