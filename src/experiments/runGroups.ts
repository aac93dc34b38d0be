import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { Command } from '../platform/ids';
import { problemItem } from '../platform/problemItem';
import type { Run } from '../shared/domain';
import { type RunItemOptions, runItem } from './runItem';
import type { RunGroup, RunGroupText } from './runsService';

export type GroupNode =
  | { readonly kind: 'group'; readonly group: RunGroup }
  | { readonly kind: 'groupRun'; readonly group: RunGroup; readonly run: Run; readonly runId: string }
  | { readonly kind: 'groupMore'; readonly group: RunGroup; readonly shown: number }
  | { readonly kind: 'groupEmpty'; readonly group: RunGroup }
  | { readonly kind: 'groupProblem'; readonly group: RunGroup; readonly error: unknown };

const { Collapsed, None } = vscode.TreeItemCollapsibleState;

/** Rows above the experiments that other features fill. What a row says is found out beside the tree, which does not wait. */
export class RunGroups implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<GroupNode | undefined>();
  /** Gives the group whose runs changed; undefined when groups came, went or are called otherwise. */
  readonly onDidChange = this.changed.event;
  private readonly nodes = new Map<RunGroup, GroupNode & { readonly kind: 'group' }>();
  private readonly texts = new Map<RunGroup, RunGroupText>();
  private readonly listening: vscode.Disposable[] = [];

  add(group: RunGroup): void {
    const node = { kind: 'group', group } as const;
    this.nodes.set(group, node);
    this.listening.push(
      group.onDidChange(() => {
        void this.describe(group);
        if (this.texts.has(group)) this.changed.fire(node);
      }),
    );
  }

  /** Those that have something to show, as far as it is known; what they say is asked anew. */
  rows(): GroupNode[] {
    for (const group of this.nodes.keys()) void this.describe(group);
    return [...this.nodes.values()].filter(({ group }) => this.texts.has(group));
  }

  async children(group: RunGroup): Promise<GroupNode[]> {
    try {
      const { runs, more } = await group.runs();
      if (runs.length === 0) return [{ kind: 'groupEmpty', group }];
      const rows = runs.map((run): GroupNode => ({ kind: 'groupRun', group, run, runId: run.runId }));
      return more ? [...rows, { kind: 'groupMore', group, shown: runs.length }] : rows;
    } catch (error) {
      return [{ kind: 'groupProblem', group, error }];
    }
  }

  parentOf(node: GroupNode): GroupNode | undefined {
    return node.kind === 'group' ? undefined : this.nodes.get(node.group);
  }

  item(node: GroupNode, options: (runId: string) => RunItemOptions): vscode.TreeItem {
    switch (node.kind) {
      case 'group':
        return this.groupItem(node.group);
      case 'groupRun': {
        const item = runItem({ run: node.run, matches: true, children: [] }, options(node.runId));
        // A run may stand in its experiment too.
        item.id = `group ${node.group.id} ${node.runId}`;
        return item;
      }
      case 'groupMore': {
        const item = new vscode.TreeItem(vscode.l10n.t('Open all in the table ({0} shown)', node.shown), None);
        item.id = `group ${node.group.id} more`;
        item.iconPath = new vscode.ThemeIcon('ellipsis');
        item.command = node.group.openAll;
        return item;
      }
      case 'groupEmpty': {
        const item = new vscode.TreeItem(vscode.l10n.t('No runs yet'), None);
        item.id = `group ${node.group.id} empty`;
        item.iconPath = new vscode.ThemeIcon('info');
        return item;
      }
      case 'groupProblem': {
        const item = problemItem(node.error, Command.experiments.refresh);
        item.id = `group ${node.group.id} problem`;
        return item;
      }
    }
  }

  dispose(): void {
    this.changed.dispose();
    for (const listener of this.listening) listener.dispose();
  }

  private groupItem(group: RunGroup): vscode.TreeItem {
    const text = this.texts.get(group);
    const item = new vscode.TreeItem(text?.label ?? '', Collapsed);
    item.id = `group ${group.id}`;
    item.contextValue = `group ${group.id}`;
    item.iconPath = new vscode.ThemeIcon('git-commit');
    item.description = text?.description ?? '';
    // A tooltip of plain text would take the place of the name for screen readers.
    item.accessibilityInformation = { label: `${item.label}, ${item.description}` };
    item.tooltip = text?.tooltip;
    return item;
  }

  private async describe(group: RunGroup): Promise<void> {
    // A group that cannot say what it is has no row: whoever made it has logged why.
    const text = await group.describe().catch(() => undefined);
    if (isDeepStrictEqual(text, this.texts.get(group))) return;
    if (text) this.texts.set(group, text);
    else this.texts.delete(group);
    this.changed.fire(undefined);
  }
}
