import * as vscode from 'vscode';
import type { Connections } from '../../connections/connection';
import type { TrackingStore } from '../../mlflow/trackingStore';
import type { RunsService } from '../runsService';
import { RunDetails } from './runDetails';

/** Runs looked at last whose details are kept: going back to one asks nothing that has not changed. */
const mostKept = 8;

/** The details of the selected run. Asks nothing by itself: a change of selection is only told. */
export class RunDetailsStore implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly listening: vscode.Disposable[];
  private readonly kept = new Map<string, RunDetails>();
  private server: TrackingStore | undefined;
  private shownId: string | undefined;

  constructor(
    private readonly connections: Connections,
    private readonly runs: RunsService,
  ) {
    this.shownId = runs.selectedRunId;
    this.listening = [
      runs.onDidSelectionChange(() => this.followSelection()),
      runs.onDidRunsChange(() => this.followRuns()),
      connections.onDidChange(() => this.followConnection()),
    ];
  }

  /** Undefined when no run is selected. */
  get current(): RunDetails | undefined {
    const runId = this.runs.selectedRunId;
    if (runId === undefined) return undefined;
    const details = this.kept.get(runId) ?? new RunDetails(runId, () => this.tracking(), this.runs.cachedRun(runId));
    // Used last stands last.
    this.kept.delete(runId);
    this.kept.set(runId, details);
    for (const [id, old] of this.kept) {
      if (this.kept.size <= mostKept) break;
      this.kept.delete(id);
      old.dispose();
    }
    return details;
  }

  /** What is kept of a run; undefined when it was left long ago. */
  of(runId: string): RunDetails | undefined {
    return this.kept.get(runId);
  }

  /** Reads the selected run anew and tells; throws what the server says. */
  async refresh(details: RunDetails | undefined = this.current): Promise<void> {
    try {
      await details?.refresh();
    } finally {
      this.changed.fire();
    }
  }

  dispose(): void {
    for (const listener of this.listening) listener.dispose();
    this.changed.dispose();
    this.forget();
  }

  private followSelection(): void {
    // The event also tells of checked runs.
    if (this.runs.selectedRunId === this.shownId) return;
    this.shownId = this.runs.selectedRunId;
    this.changed.fire();
  }

  private followRuns(): void {
    let isNews = false;
    for (const [runId, details] of this.kept)
      if (details.follow(this.runs.cachedRun(runId)) && runId === this.runs.selectedRunId) isNews = true;
    if (isNews || this.runs.selectedRunId !== this.shownId) this.changed.fire();
    this.shownId = this.runs.selectedRunId;
  }

  private followConnection(): void {
    const { state } = this.connections;
    if (state.kind === 'connecting') return;
    const isOther = state.kind === 'connected' && this.server !== undefined && state.connection.store !== this.server;
    // A server that went away leaves what was read from it; another server does not.
    if (isOther || state.kind === 'none') this.forget();
    else for (const details of this.kept.values()) if (details.problem) details.markStale();
    this.changed.fire();
  }

  private async tracking(): Promise<TrackingStore> {
    const { store } = await this.connections.require();
    this.server = store;
    return store;
  }

  private forget(): void {
    for (const details of this.kept.values()) details.dispose();
    this.kept.clear();
    this.server = undefined;
  }
}
