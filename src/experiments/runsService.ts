import type * as vscode from 'vscode';
import type { Run } from '../shared/domain';

/** Runs of all experiments that belong together in another way, as another feature knows it. */
export interface RunGroup {
  readonly id: string;
  /** Another answer of `describe` or `runs` is to be had. */
  readonly onDidChange: vscode.Event<void>;
  /** What its row says; undefined when there is none to show. Asks no server; nobody waits for it. */
  describe(): Promise<RunGroupText | undefined>;
  /** The newest first; asked when the row is expanded. */
  runs(): Promise<{ readonly runs: readonly Run[]; readonly more: boolean }>;
  /** Shows all of them elsewhere. */
  readonly openAll: vscode.Command;
}

export interface RunGroupText {
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
}

/**
 * What other features may know of runs and ask of the Experiments view. Commands of other features are handed tree
 * nodes, webview messages or nothing at all: `pickRuns` turns any of these into runs.
 */
export interface RunsService {
  /** Runs were loaded, changed or went away. */
  readonly onDidRunsChange: vscode.Event<void>;
  /** Somebody in this window changed these runs on the server. */
  readonly onDidMarkChanged: vscode.Event<readonly string[]>;
  /** The selected run or the chosen (checked) runs changed. */
  readonly onDidSelectionChange: vscode.Event<void>;
  readonly selectedRunId: string | undefined;
  /** Ids of the runs whose boxes are checked, in the order they were checked. */
  readonly checkedRunIds: readonly string[];
  /** The run as last loaded; undefined when it was not. */
  cachedRun(runId: string): Run | undefined;
  /** The run as last loaded, fetched when it was not. */
  run(runId: string, signal?: AbortSignal): Promise<Run>;
  /**
   * Runs a command is about: from its arguments (a tree node, several selected nodes, a run id), else the selected
   * run, else by asking with a quick pick titled `title`; with `ask` whatever is selected. Undefined when the person
   * cancelled.
   */
  pickRuns(
    args: readonly unknown[],
    options: { title: string; many: boolean; ask?: boolean },
  ): Promise<readonly Run[] | undefined>;
  /** The name of an experiment that was loaded. */
  experimentName(experimentId: string): string | undefined;
  /** Something changed these runs on the server: fetch them again where they are shown. */
  markChanged(runIds: readonly string[]): void;
  /** Selects the run in the Experiments view, loading what is needed, and shows it in the Run view. */
  reveal(runId: string): Promise<void>;
  /** The run's colour, 1 … `runColorCount`; assigned on the first question and kept. */
  colorOf(runId: string): number;
  /** Gives runs the colours that a view has, so that its picture is the same in every window. */
  adoptColors(colors: Readonly<Record<string, number>>): void;
  onDidColorsChange: vscode.Event<void>;
  /** The run that is pointed at in a chart, in whatever panel; undefined for none. Marked where it is shown. */
  readonly highlightedRunId: string | undefined;
  readonly onDidHighlightChange: vscode.Event<void>;
  highlight(runId: string | undefined): void;
  /** Puts runs under a row of their own above the experiments. */
  addGroup(group: RunGroup): void;
}
