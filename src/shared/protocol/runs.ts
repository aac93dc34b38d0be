import type { RunBatch } from '../runs/runBatch';
import type { RunsView, Scope, Sort } from '../view/runsView';
import type { Contact } from './contact';

/** What the host says of a panel; complete each time. */
export interface PanelSnapshot {
  readonly serverUri: string;
  readonly title: string;
  readonly scope: Scope;
  /** Names of the experiments the runs belong to, by id, as far as they are known. */
  readonly experiments: Readonly<Record<string, string>>;
  /** No writes are offered. */
  readonly readOnly: boolean;
  /** 2 or 3: what the server can sort and filter by. */
  readonly generation: 2 | 3;
  readonly contact: Contact;
  /** s; 0 is off. */
  readonly refreshSeconds: number;
  /** Runs per page. */
  readonly pageSize: number;
  /** Points per run that are asked for at first. */
  readonly pointBudget: number;
  /** The run that is selected in the Experiments view. */
  readonly selectedRunId?: string;
  /** To be shown instead of what the page kept: it was asked for while the page was hidden. */
  readonly view?: RunsView;
}

/** Which runs, and in which order the server is to give them. */
export interface RunsQuestion {
  readonly filter: string;
  readonly showDeleted: boolean;
  /** Columns the server can sort by; others are sorted by whoever asks, once everything is there. */
  readonly sort: readonly Sort[];
}

/** Pages of one question; the first comes with the question's number. */
export interface RunsPage {
  readonly queryId: number;
  /** Runs that match, in the order asked for, and parents that do not or not yet, marked so. */
  readonly batch: RunBatch;
  readonly more: boolean;
  /** The first runs of a page, whose rest is the next answer: what fills a screen need not wait for it. */
  readonly begun: boolean;
}

export interface RunsMethods {
  /** Asked when a page starts, also when a hidden tab comes back. */
  open: (params: Record<string, never>) => PanelSnapshot;
  /** The first page. Fails with kind `invalid` and, where the text is at fault, `FilterProblem` in `advice`. */
  queryRuns: (question: RunsQuestion) => RunsPage;
  /** The next page; `all` gives larger ones, since everything is wanted. */
  moreRuns: (params: { readonly queryId: number; readonly all: boolean }) => RunsPage;
  /** How many runs match; undefined where the server cannot tell. */
  countRuns: (params: { readonly queryId: number }) => { readonly total?: number };
  /**
   * These runs as they are now, marked where they match the question no more; what the server no longer has is missing
   * from the answer.
   */
  runsById: (params: { readonly runIds: readonly string[]; readonly queryId?: number }) => RunBatch;
  /** Whether a run has come since the question was asked; until it is asked anew. */
  hasNewRuns: (params: { readonly queryId: number }) => boolean;
  /** How many runs that the page lacks have begun to match since the question was asked, as far as was looked. */
  begunToMatch: (params: { readonly queryId: number }) => number;
  /** Least and largest value of a metric in each run's history, in the order of `runIds`; NaN where it has none. */
  metricExtremes: (params: { readonly key: string; readonly runIds: readonly string[] }) => MetricExtremes;
  /** The colours of runs, 1 … 12, in the order of `runIds`. */
  runColors: (params: { readonly runIds: readonly string[] }) => readonly number[];
  /** A run is pointed at in a chart; none any more where there is no id. */
  highlight: (params: { readonly runId?: string }) => void;
  /** Shows the run in the tree and the Run view. */
  reveal: (params: { readonly runId: string }) => void;
  /** Opens a menu's command of the extension on runs: delete, restore, tag with commit, open source … */
  runCommand: (params: { readonly command: RunCommandName; readonly runIds: readonly string[] }) => void;
  /** Changes one thing of a run on the server. */
  editRun: (params: RunEdit) => void;
  copy: (params: { readonly text: string }) => void;
  /** The page's view, for the host to save or to make a link of. */
  keepView: (params: { readonly view: RunsView }) => void;
}

/** The names of the commands a page may ask for. */
export const runCommandNames = [
  'delete',
  'restore',
  'rename',
  'setTag',
  'removeTag',
  'openWebUi',
  'copyLink',
  'openSource',
  'compareCode',
  'showCommit',
  'fetchCommit',
  'openOnRemote',
  'checkOut',
  'diffCode',
  'reproduce',
  'bisectMetric',
  'tagWithCommit',
  'runsOfCommit',
  'openCharts',
] as const;
export type RunCommandName = (typeof runCommandNames)[number];

/** `before` is what the person saw, null where there was nothing: what somebody else wrote since is not overwritten. */
export type RunEdit = { readonly runId: string; readonly before: string | null } & (
  | { readonly field: 'name'; readonly value: string }
  /** `mlflow.note.content` is the description. */
  | { readonly field: 'tag'; readonly key: string; readonly value: string | null }
);

export interface MetricExtremes {
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly minSteps: Float64Array;
  readonly maxSteps: Float64Array;
}

/** Events of the host. Always complete: a page that missed one has lost nothing. */
export interface RunsEvents {
  snapshot: PanelSnapshot;
  /** Runs changed on the server or elsewhere in the window: read them again. */
  runsChanged: { readonly runIds: readonly string[] };
  /** Colours were given anew. */
  colorsChanged: Record<string, never>;
  /** A run is pointed at in a chart of some panel; none where there is no id. */
  highlighted: { readonly runId?: string };
  /** A named view or a link is to be shown. */
  showView: { readonly view: RunsView };
  /** A person asked for an export: the page asks of which runs. */
  exportWanted: Record<string, never>;
  /** Time to look for news. */
  poll: Record<string, never>;
}
