import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { isCancelled, MlflowError } from '../mlflow/mlflowError';
import { Command } from '../platform/ids';
import { problemItem } from '../platform/problemItem';
import { settings } from '../platform/settings';
import type { Experiment } from '../shared/domain';
import { CommitTexts } from './commitTexts';
import { type ExperimentEntry, foldersAbove, inFolders } from './experimentFolders';
import { emptyItem, experimentItem, experimentTooltip, folderItem, moreItem } from './experimentItems';
import type { ExperimentsStore } from './experimentsStore';
import { parentOf, type RunRow } from './nesting';
import type { RunColors } from './runColors';
import { type GroupNode, RunGroups } from './runGroups';
import { type RunItemOptions, runItem, runTooltip } from './runItem';
import type { RunSelection } from './runSelection';
import type { ViewOptions } from './viewOptions';

export type ExperimentsNode =
  | Extract<ExperimentEntry, { kind: 'folder' }>
  | { readonly kind: 'experiment'; readonly experiment: Experiment; readonly label: string }
  | { readonly kind: 'run'; readonly row: RunRow; readonly runId: string; readonly experimentId: string }
  | { readonly kind: 'more'; readonly experimentId: string; readonly loaded: number; readonly total?: number }
  | { readonly kind: 'empty'; readonly experimentId: string }
  | { readonly kind: 'problem'; readonly error: unknown }
  | GroupNode;

/** So many fit into a glance: their folders start open. */
const fewExperiments = 50;

/** Folders of experiments, experiments, runs and child runs. Renders what the store holds; failures are rows. */
export class ExperimentsTree implements vscode.TreeDataProvider<ExperimentsNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<ExperimentsNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  readonly groups = new RunGroups();
  readonly commits: CommitTexts;
  private readonly listening: vscode.Disposable;
  private entries: readonly ExperimentEntry[] = [];
  /** What `entries` were made of. */
  private builtOf: readonly unknown[] = [];
  private readonly experimentNodes = new Map<string, ExperimentsNode>();

  constructor(
    private readonly store: ExperimentsStore,
    private readonly options: ViewOptions,
    private readonly selection: RunSelection,
    private readonly colors: RunColors,
  ) {
    this.commits = new CommitTexts(() => store.loadedRuns);
    this.listening = vscode.Disposable.from(
      store.onDidChange((experimentId) => this.refresh(experimentId)),
      colors.onDidChange(() => this.refresh(undefined)),
      settings.folderSeparator.onDidChange(() => this.refresh(undefined)),
      this.groups.onDidChange((node) => this.changed.fire(node)),
      this.groups,
    );
  }

  /** The rows of one experiment, or all. */
  refresh(experimentId: string | undefined): void {
    const node = experimentId === undefined ? undefined : this.experimentNodes.get(experimentId);
    if (experimentId === undefined || node) this.changed.fire(node);
  }

  getTreeItem(node: ExperimentsNode): vscode.TreeItem {
    switch (node.kind) {
      case 'folder':
        return folderItem(node, this.experimentNodes.size <= fewExperiments);
      case 'experiment':
        return experimentItem(node.experiment, node.label);
      case 'run':
        return runItem(node.row, this.runOptions(node.runId));
      case 'more':
        return moreItem(node);
      case 'empty':
        return emptyItem(node.experimentId, this.store.query.filter !== '');
      case 'problem':
        return problemItem(node.error, Command.experiments.refresh);
      case 'group':
      case 'groupRun':
      case 'groupMore':
      case 'groupEmpty':
      case 'groupProblem':
        return this.groups.item(node, (runId) => this.runOptions(runId));
    }
  }

  async resolveTreeItem(item: vscode.TreeItem, node: ExperimentsNode): Promise<vscode.TreeItem> {
    const run = node.kind === 'run' ? node.row.run : node.kind === 'groupRun' ? node.run : undefined;
    if (run) item.tooltip = runTooltip(run, await this.commits.ofRun(run));
    if (node.kind === 'experiment') item.tooltip = experimentTooltip(node.experiment);
    return item;
  }

  async getChildren(node?: ExperimentsNode): Promise<ExperimentsNode[]> {
    if (!node) return this.roots();
    switch (node.kind) {
      case 'folder':
        return node.entries.map((entry) => this.entryNode(entry));
      case 'experiment':
        return this.runs(node.experiment.experimentId);
      case 'run':
        return node.row.children.map((row) => runNode(row, node.experimentId));
      case 'group':
        return this.groups.children(node.group);
      case 'more':
      case 'empty':
      case 'problem':
      case 'groupRun':
      case 'groupMore':
      case 'groupEmpty':
      case 'groupProblem':
        return [];
    }
  }

  getParent(node: ExperimentsNode): ExperimentsNode | undefined {
    switch (node.kind) {
      case 'experiment': {
        const folder = foldersAbove(this.entries, node.experiment.experimentId).at(-1);
        return folder && this.entryNode(folder);
      }
      case 'folder':
        return this.parentFolder(node.path);
      case 'run': {
        const parent = parentOf(node.row.run);
        const row = parent === undefined ? undefined : this.rowOf(parent, node.experimentId);
        const isUnder = row?.children.some(({ run }) => run.runId === node.runId);
        return row && isUnder ? runNode(row, node.experimentId) : this.experimentNodes.get(node.experimentId);
      }
      case 'more':
      case 'empty':
        return this.experimentNodes.get(node.experimentId);
      case 'problem':
        return undefined;
      case 'group':
      case 'groupRun':
      case 'groupMore':
      case 'groupEmpty':
      case 'groupProblem':
        return this.groups.parentOf(node);
    }
  }

  /** The node of a run that is shown; undefined when its list has no such row. */
  runNode(runId: string, experimentId: string): ExperimentsNode | undefined {
    const row = this.rowOf(runId, experimentId);
    return row && runNode(row, experimentId);
  }

  experimentNode(experimentId: string): ExperimentsNode | undefined {
    return this.experimentNodes.get(experimentId);
  }

  dispose(): void {
    this.listening.dispose();
    this.changed.dispose();
  }

  private runOptions(runId: string): RunItemOptions {
    return {
      metric: this.options.metric,
      checked: this.selection.isChecked(runId),
      color: this.colors.assigned(runId),
      filtered: this.store.query.filter !== '',
    };
  }

  private async roots(): Promise<ExperimentsNode[]> {
    try {
      await this.store.getExperiments();
      // Not what was answered: that may have come from the server before this one.
      return this.rootRows(this.knownExperiments);
    } catch (error) {
      return this.afterFailure(error);
    }
  }

  private get knownExperiments(): readonly Experiment[] | undefined {
    const resource = this.store.experimentsNow;
    return resource.state === 'idle' ? undefined : resource.value;
  }

  /** The rows known before stay, under one that says what went wrong. Without any, the welcome view says it. */
  private afterFailure(error: unknown): ExperimentsNode[] {
    const old = this.knownExperiments;
    if (isCancelled(error)) return this.rootRows(old);
    const noConnection = error instanceof MlflowError && (error.kind === 'unreachable' || error.kind === 'auth');
    if (!old) return noConnection ? [] : [{ kind: 'problem', error }];
    return [{ kind: 'problem', error }, ...this.rootRows(old)];
  }

  /** Groups alone would hide the words of an empty view. */
  private rootRows(experiments: readonly Experiment[] | undefined): ExperimentsNode[] {
    const rows = this.experimentRows(experiments);
    return rows.length > 0 ? [...this.groups.rows(), ...rows] : rows;
  }

  private experimentRows(experiments: readonly Experiment[] | undefined): ExperimentsNode[] {
    const of = [experiments, settings.folderSeparator.get(), this.options.order];
    // Sorting 20,000 takes longer than a refresh may.
    if (of.every((part, at) => part === this.builtOf[at])) return this.entries.map((entry) => this.entryNode(entry));
    this.builtOf = of;
    const before = new Map(this.experimentNodes);
    this.experimentNodes.clear();
    this.entries = inFolders(experiments ?? [], settings.folderSeparator.get(), this.options.order);
    const remember = (entries: readonly ExperimentEntry[]): void => {
      for (const entry of entries) {
        if (entry.kind === 'folder') {
          remember(entry.entries);
          continue;
        }
        const { experimentId } = entry.experiment;
        const known = before.get(experimentId);
        this.experimentNodes.set(experimentId, known && isDeepStrictEqual(known, entry) ? known : entry);
      }
    };
    remember(this.entries);
    return this.entries.map((entry) => this.entryNode(entry));
  }

  /** VS Code knows rows by identity: what has not changed keeps its object, and events name the very same. */
  private entryNode(entry: ExperimentEntry): ExperimentsNode {
    return entry.kind === 'folder' ? entry : (this.experimentNodes.get(entry.experiment.experimentId) ?? entry);
  }

  private parentFolder(path: string): ExperimentsNode | undefined {
    const find = (entries: readonly ExperimentEntry[]): ExperimentsNode | undefined => {
      for (const entry of entries) {
        if (entry.kind !== 'folder') continue;
        if (entry.entries.some((inner) => inner.kind === 'folder' && inner.path === path)) return entry;
        const below = find(entry.entries);
        if (below) return below;
      }
      return undefined;
    };
    return find(this.entries);
  }

  private async runs(experimentId: string): Promise<ExperimentsNode[]> {
    const list = this.store.list(experimentId);
    try {
      await list.get();
      return this.runRows(experimentId);
    } catch (error) {
      // Another query or server took its place: no empty rows in between.
      if (list !== this.store.list(experimentId)) return this.runs(experimentId);
      if (isCancelled(error)) return [];
      const old = list.listing.loaded > 0 ? this.runRows(experimentId) : [];
      return [{ kind: 'problem', error }, ...old];
    }
  }

  private runRows(experimentId: string): ExperimentsNode[] {
    const { rows, loaded, more, total } = this.store.list(experimentId).listing;
    const nodes = rows.map((row) => runNode(row, experimentId));
    if (nodes.length === 0 && !more) return [{ kind: 'empty', experimentId }];
    if (!more) return nodes;
    return [...nodes, { kind: 'more', experimentId, loaded, ...(total === undefined ? {} : { total }) }];
  }

  private rowOf(runId: string, experimentId: string): RunRow | undefined {
    const find = (rows: readonly RunRow[]): RunRow | undefined => {
      for (const row of rows) {
        const found = row.run.runId === runId ? row : find(row.children);
        if (found) return found;
      }
      return undefined;
    };
    return find(this.store.list(experimentId).listing.rows);
  }
}

const runNode = (row: RunRow, experimentId: string): ExperimentsNode => ({
  kind: 'run',
  row,
  runId: row.run.runId,
  experimentId,
});
