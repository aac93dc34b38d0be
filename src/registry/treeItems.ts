import * as vscode from 'vscode';
import { Command } from '../platform/ids';
import { type Fact, factsTooltip, instantFact } from '../platform/tooltip';
import { age } from '../shared/age';
import type { ModelVersion, RegisteredModel, Tags } from '../shared/domain';
import { badges, modelUris } from '../shared/versionText';

/** Everything shown comes from a server: texts are appended as text, never read as Markdown. */

export function modelItem(model: RegisteredModel): vscode.TreeItem {
  const item = new vscode.TreeItem(model.name, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `model ${model.name}`;
  item.contextValue = 'model';
  item.iconPath = new vscode.ThemeIcon('package');
  item.description = model.aliases.map(({ alias }) => `@${alias}`).join(' ');
  item.tooltip = factsTooltip(model.name, model.description, [
    ...model.aliases.map(({ alias, version }): Fact => [`@${alias}`, vscode.l10n.t('version {0}', version)]),
    instantFact(vscode.l10n.t('Created'), model.creationTime),
    instantFact(vscode.l10n.t('Updated'), model.lastUpdateTime),
    ...tagFacts(model.tags),
  ]);
  return item;
}

export function versionItem(version: ModelVersion): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Version {0}', version.version), vscode.TreeItemCollapsibleState.None);
  item.id = `version ${version.version} ${version.name}`;
  item.contextValue = version.runId ? 'version run' : 'version';
  item.iconPath = versionIcon(version);
  item.description = [
    badges(version),
    version.status === 'READY' ? '' : statusText(version.status),
    version.creationTime === undefined ? '' : age(version.creationTime, Date.now(), vscode.env.language),
  ]
    .filter(Boolean)
    .join(' · ');
  item.tooltip = factsTooltip(vscode.l10n.t('{0}, version {1}', version.name, version.version), version.description, [
    ...modelUris(version).map((uri): Fact => ['URI', uri]),
    [vscode.l10n.t('Stage'), version.stage],
    [vscode.l10n.t('Status'), statusText(version.status)],
    [vscode.l10n.t('Run'), version.runId ?? vscode.l10n.t('none')],
    [vscode.l10n.t('Source'), version.source],
    instantFact(vscode.l10n.t('Created'), version.creationTime),
    instantFact(vscode.l10n.t('Updated'), version.lastUpdateTime),
    ...tagFacts(version.tags),
  ]);
  if (version.runId)
    item.command = {
      command: Command.models.openRun,
      title: vscode.l10n.t('Show Run of Model Version'),
      arguments: [{ kind: 'version', version }],
    };
  return item;
}

function versionIcon({ status, stage }: ModelVersion): vscode.ThemeIcon {
  if (status.startsWith('FAILED')) return new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  if (status !== 'READY') return new vscode.ThemeIcon('sync~spin');
  switch (stage) {
    case 'Production':
      return new vscode.ThemeIcon('rocket', new vscode.ThemeColor('charts.green'));
    case 'Staging':
      return new vscode.ThemeIcon('beaker', new vscode.ThemeColor('charts.yellow'));
    case 'Archived':
      return new vscode.ThemeIcon('archive', new vscode.ThemeColor('disabledForeground'));
    default:
      return new vscode.ThemeIcon('versions');
  }
}

const statusText = (status: string) => status.toLowerCase().replaceAll('_', ' ');

export function moreItem(node: { readonly name: string | undefined; readonly loaded: number }): vscode.TreeItem {
  const label =
    node.name === undefined
      ? vscode.l10n.t('Load more ({0} models loaded)', node.loaded)
      : vscode.l10n.t('Load more ({0} versions loaded)', node.loaded);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.contextValue = 'more';
  item.command = { command: Command.models.loadMore, title: label, arguments: [node] };
  return item;
}

/** The first of a model's or version's own tags. */
const tagFacts = (tags: Tags): readonly Fact[] => Object.entries(tags).slice(0, 20);
