import * as vscode from 'vscode';
import { type Fact, factsTooltip } from '../../platform/tooltip';
import { oneLine } from '../../shared/oneLine';
import { badges, modelUris } from '../../shared/versionText';
import type { Look, Of } from './look';

const { Collapsed } = vscode.TreeItemCollapsibleState;

export function dataset({ dataset: { name, digest, context, source } }: Of<'dataset'>): Look {
  return {
    collapsibleState: Collapsed,
    icon: 'table',
    contextValue: 'dataset detail',
    description: [oneLine(digest, 40), context && oneLine(context, 40)].filter(Boolean).join(' · '),
    tooltip: factsTooltip(name, '', [
      [vscode.l10n.t('Digest'), digest],
      context ? [vscode.l10n.t('Context'), context] : undefined,
      [vscode.l10n.t('Source'), source],
    ]),
  };
}

const registeredText = (versions: Of<'loggedModel'>['versions']) =>
  versions
    .slice(0, 3)
    .map((item) => [`${oneLine(item.name, 40)} ${item.version}`, badges(item)].filter(Boolean).join(' '));

export function loggedModel({ model, modelId, versions, label }: Of<'loggedModel'>): Look {
  const status =
    model && model.status !== 'LOGGED_MODEL_READY' ? model.status.replace('LOGGED_MODEL_', '').toLowerCase() : '';
  return {
    collapsibleState: Collapsed,
    icon: 'symbol-class',
    contextValue: 'model detail',
    description: [status, ...registeredText(versions)].filter(Boolean).join(' · '),
    tooltip: factsTooltip(label, '', [['URI', `models:/${modelId}`]]),
  };
}

export function taggedModel({ model, versions, copyText }: Of<'taggedModel'>): Look {
  const flavors = model.flavors.filter((flavor) => flavor !== 'python_function').map((flavor) => oneLine(flavor, 40));
  return {
    collapsibleState: Collapsed,
    icon: 'symbol-class',
    contextValue: 'model detail',
    description: [flavors.join(', '), ...registeredText(versions)].filter(Boolean).join(' · '),
    tooltip: factsTooltip(model.artifactPath, '', [['URI', copyText ?? '']]),
  };
}

export function version({ version: item, label }: Of<'version'>): Look {
  return {
    icon: 'versions',
    contextValue: 'registeredVersion detail',
    description: oneLine(badges(item)),
    tooltip: factsTooltip(label, item.description, [
      ...modelUris(item).map((uri): Fact => ['URI', uri]),
      [vscode.l10n.t('Stage'), item.stage],
      [vscode.l10n.t('Status'), item.status],
      [vscode.l10n.t('Source'), item.source],
    ]),
  };
}
