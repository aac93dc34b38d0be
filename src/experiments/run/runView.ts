import * as vscode from 'vscode';
import type { Connections } from '../../connections/connection';
import { Command, ViewId } from '../../platform/ids';
import { LazyTree } from '../../platform/lazyTree';
import type { Platform } from '../../platform/services';
import type { RunsService } from '../runsService';
import type { RunNode } from './runNodes';

/** The Run view: everything about the selected run. Its code is read, and anything asked, when the view is seen. */
export function registerRunView(platform: Platform, connections: Connections, runs: RunsService): void {
  const { subscriptions } = platform.context;
  const tree: LazyTree<RunNode> = new LazyTree(async () => {
    const { buildRunTree } = await import('./buildRunTree');
    return buildRunTree(connections, runs, view, subscriptions);
  });
  const view = vscode.window.createTreeView(ViewId.run, { treeDataProvider: tree, showCollapseAll: true });
  registerCopyValue(platform, () => view.selection[0]);
  subscriptions.push(view, tree);
}

/** The argument comes from anywhere: anything but a row with a value to copy does nothing. */
export function registerCopyValue({ commands }: Pick<Platform, 'commands'>, selected: () => unknown): void {
  commands.register(Command.runs.copyValue, vscode.l10n.t('copy the value'), async (node) => {
    const row = node ?? selected();
    if (typeof row !== 'object' || row === null || !('copyText' in row) || typeof row.copyText !== 'string') return;
    await vscode.env.clipboard.writeText(row.copyText);
  });
}
