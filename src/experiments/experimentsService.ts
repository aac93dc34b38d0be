import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { WantedCommit } from '../git/linkCommits';
import type { Run } from '../shared/domain';
import type { ExperimentsStore } from './experimentsStore';
import type { ExperimentsNode, ExperimentsTree } from './experimentsTree';
import { eachOfMany } from './manyRuns';
import { askForExperiments, askForRuns, type PickOptions, runIdsOf } from './pickRuns';
import type { RunColors } from './runColors';
import type { RunHighlight } from './runHighlight';
import type { RunSelection } from './runSelection';
import type { CommitFacts, RunGroup, RunsService } from './runsService';

const revealAttempts = 4;

export interface ExperimentsParts {
  readonly store: ExperimentsStore;
  readonly tree: ExperimentsTree;
  readonly view: vscode.TreeView<ExperimentsNode>;
  readonly selection: RunSelection;
  readonly colors: RunColors;
  readonly highlight: RunHighlight;
}

/** What the other features may ask of the Experiments view. */
export class ExperimentsService implements RunsService, vscode.Disposable {
  private readonly runsChanged = new vscode.EventEmitter<void>();
  readonly onDidRunsChange = this.runsChanged.event;
  private readonly marked = new vscode.EventEmitter<readonly string[]>();
  readonly onDidMarkChanged = this.marked.event;
  readonly onDidSelectionChange: vscode.Event<void>;
  readonly onDidColorsChange: vscode.Event<void>;
  readonly onDidHighlightChange: vscode.Event<void>;
  private readonly listening: vscode.Disposable;

  constructor(
    private readonly parts: ExperimentsParts,
    private readonly report: (error: unknown) => void,
  ) {
    this.onDidSelectionChange = parts.selection.onDidChange;
    this.onDidColorsChange = parts.colors.onDidChange;
    this.onDidHighlightChange = parts.highlight.onDidChange;
    const tell = () => this.runsChanged.fire();
    this.listening = vscode.Disposable.from(parts.store.onDidChange(tell), parts.store.onDidRunsChange(tell));
  }

  get selectedRunId(): string | undefined {
    return this.parts.selection.selectedRunId;
  }

  get checkedRunIds(): readonly string[] {
    return this.parts.selection.checkedRunIds;
  }

  cachedRun(runId: string): Run | undefined {
    return this.parts.store.cachedRun(runId);
  }

  run(runId: string, signal?: AbortSignal): Promise<Run> {
    return this.parts.store.run(runId, signal);
  }

  async pickRuns(
    args: readonly unknown[],
    options: { title: string; many: boolean; ask?: boolean },
  ): Promise<readonly Run[] | undefined> {
    const { store } = this.parts;
    const given = runIdsOf(args);
    const ids = given.length > 0 || options.ask ? given : this.selectedRunIds;
    if (ids.length === 0) return this.ask(options);
    const wanted = options.many ? ids : ids.slice(0, 1);
    return eachOfMany(vscode.l10n.t('Reading runs'), wanted, (id, signal) => store.run(id, signal));
  }

  get selectedRunIds(): readonly string[] {
    const { selectedRunId } = this;
    if (selectedRunId === undefined) return [];
    const rows = this.parts.view.selection.flatMap((node) =>
      node.kind === 'run' || node.kind === 'groupRun' ? [node.runId] : [],
    );
    return rows.includes(selectedRunId) ? rows : [selectedRunId];
  }

  /** Asks for runs, whatever is selected. */
  ask(options: PickOptions): Promise<readonly Run[] | undefined> {
    return askForRuns(this.parts.store, options);
  }

  get selectedExperimentIds(): readonly string[] {
    const { selection } = this.parts.view;
    const ids = selection.flatMap((node) => (node.kind === 'experiment' ? [node.experiment.experimentId] : []));
    return ids.length === selection.length ? ids : [];
  }

  pickExperiments(title: string): Promise<readonly string[] | 'runs' | undefined> {
    return askForExperiments(this.parts.store, title);
  }

  experimentName(experimentId: string): string | undefined {
    return this.parts.store.experiment(experimentId)?.name;
  }

  markChanged(runIds: readonly string[]): void {
    this.parts.store.reloadRuns(runIds).catch(this.report);
    this.marked.fire(runIds);
  }

  async reveal(runId: string): Promise<void> {
    const { store, tree, selection } = this.parts;
    const run = await store.run(runId);
    selection.select(runId);
    if (run.lifecycleStage === 'deleted' && !store.query.showDeleted) store.setQuery({ showDeleted: true });
    await store.getExperiments();
    if (!store.experiment(run.experimentId)) store.refresh();
    // What getParent goes by is made when the roots are.
    await tree.getChildren();
    // Beyond what the view lists there is no row to select.
    if (!tree.experimentNode(run.experimentId)) return;
    const list = store.list(run.experimentId);
    await list.get();
    if (!tree.runNode(runId, run.experimentId)) {
      list.pin(runId);
      await list.fetchParents();
      tree.refresh(run.experimentId);
    }
    await this.revealNode(runId, run.experimentId);
  }

  /** VS Code drops a reveal in silence when the rows above are being refreshed at that moment. */
  private async revealNode(runId: string, experimentId: string): Promise<void> {
    const { tree, view } = this.parts;
    for (let attempt = 0; attempt < revealAttempts; attempt++) {
      const node = tree.runNode(runId, experimentId);
      if (!node) return;
      await view.reveal(node, { select: true, focus: false, expand: false });
      if (view.selection.some((selected) => selected.kind === 'run' && selected.runId === runId)) return;
      await sleep(150 * (attempt + 1));
    }
  }

  colorOf(runId: string): number {
    return this.parts.colors.colorOf(runId);
  }

  adoptColors(colors: Readonly<Record<string, number>>): void {
    this.parts.colors.adopt(colors);
  }

  get highlightedRunId(): string | undefined {
    return this.parts.highlight.runId;
  }

  highlight(runId: string | undefined): void {
    this.parts.highlight.set(runId);
  }

  addGroup(group: RunGroup): void {
    this.parts.tree.groups.add(group);
  }

  setCommitFacts(facts: CommitFacts): void {
    this.parts.tree.commits.facts = facts;
  }

  commitText(wanted: WantedCommit): Promise<string | undefined> {
    return this.parts.tree.commits.text(wanted);
  }

  dispose(): void {
    this.listening.dispose();
    this.runsChanged.dispose();
    this.marked.dispose();
  }
}
