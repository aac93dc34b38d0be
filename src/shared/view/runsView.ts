import type { ColumnId } from '../runs/column';
import { decodeViewState, initialView, type ViewState } from '../viewState';
import { isRecord, number, texts } from './decode';

/** Which runs a panel is about. Ids belong to one server. */
export type Scope =
  | { readonly experimentIds: readonly string[] }
  /** Chosen one by one. */
  | { readonly runIds: readonly string[] };

export type Tab = 'table' | 'charts' | 'compare';

export interface Sort {
  readonly column: ColumnId;
  readonly descending: boolean;
}

/** How the table shows what it holds. */
export interface TableView {
  /** In order; what is not named is hidden. Undefined until somebody chose: then columns follow from the runs. */
  readonly columns?: readonly ColumnId[];
  /** Those of `columns` that stay at the left. */
  readonly pinnedColumns: readonly ColumnId[];
  /** px; only those that were resized. */
  readonly widths: Readonly<Record<ColumnId, number>>;
  readonly hideConstant: boolean;
  readonly hideEmpty: boolean;
  /** Only columns in which the chosen runs differ. */
  readonly onlyDifferences: boolean;
  readonly sort: readonly Sort[];
  /** Rows with equal values in these columns stand under one head. */
  readonly groupBy: readonly ColumnId[];
  /** What heads and parents say of the numbers under them. */
  readonly aggregate: 'mean' | 'min' | 'max' | 'count';
  /** Children under their parents. */
  readonly nested: boolean;
  /** Ids of runs, and `group:…` of heads, whose rows are closed. */
  readonly collapsed: readonly string[];
  /** px */
  readonly scroll: { readonly top: number; readonly left: number };
  /** How many rows were loaded; a page that comes back reads as many. */
  readonly loaded?: number;
  /** They were all there were: what has come since is read too. */
  readonly complete?: true;
  /** The run whose details stand beside the rows. */
  readonly details?: string;
}

/** Which of the runs are charted and compared. */
export type Chosen =
  /** The first of the table as it is sorted and filtered. */
  { readonly first: number } | ChosenRuns;

export interface ChosenRuns {
  readonly runIds: readonly string[];
  /** Whose runs they are, where a view was made on another server than the panel's. */
  readonly server?: string;
}

export interface CompareView {
  readonly baseline?: string;
  readonly onlyDifferences: boolean;
  /** Sections that are closed. */
  readonly closed: readonly string[];
  /** The metric that params are to explain. */
  readonly explained?: string;
  /** The file whose pictures are shown side by side. */
  readonly artifactPath?: string;
  /** What of a metric's history is compared. */
  readonly stat: 'last' | 'min' | 'max' | 'best';
  /** Side by side, or what explains a metric. */
  readonly pane: 'runs' | 'explain';
  /** A part of the keys that are shown. */
  readonly search: string;
  /** px */
  readonly scroll: number;
}

/** The whole set-up of a panel: what is kept through reloading, saved under a name, and opened from a link. */
export interface RunsView {
  readonly tab: Tab;
  readonly filter: string;
  readonly showDeleted: boolean;
  readonly table: TableView;
  readonly pinnedRuns: readonly string[];
  readonly hiddenRuns: readonly string[];
  readonly chosen: Chosen;
  /** Which is better, once the person was asked. */
  readonly better: Readonly<Record<string, 'lower' | 'higher'>>;
  readonly charts: ViewState;
  readonly compare: CompareView;
}

/** Runs that are charted or compared at once. */
export const mostChosen = 200;

export const initialRunsView: RunsView = {
  tab: 'table',
  filter: '',
  showDeleted: false,
  table: {
    pinnedColumns: ['attributes.run_name'],
    widths: {},
    hideConstant: false,
    hideEmpty: true,
    onlyDifferences: false,
    sort: [{ column: 'attributes.start_time', descending: true }],
    groupBy: [],
    aggregate: 'mean',
    nested: true,
    collapsed: [],
    scroll: { top: 0, left: 0 },
  },
  pinnedRuns: [],
  hiddenRuns: [],
  chosen: { first: 20 },
  better: {},
  charts: initialView,
  compare: {
    onlyDifferences: false,
    // These ask the server for files: not before somebody looks.
    closed: ['systemTags', 'environment', 'artifacts'],
    stat: 'last',
    pane: 'runs',
    search: '',
    scroll: 0,
  },
};

/** Takes what fits and the beginning's value for what does not. */
export function decodeRunsView(raw: unknown): RunsView {
  if (!isRecord(raw)) return initialRunsView;
  const { tab, filter } = raw;
  return {
    tab: tab === 'charts' || tab === 'compare' ? tab : 'table',
    filter: typeof filter === 'string' ? filter : '',
    showDeleted: raw.showDeleted === true,
    table: decodeTable(raw.table),
    pinnedRuns: texts(raw.pinnedRuns),
    hiddenRuns: texts(raw.hiddenRuns),
    chosen: decodeChosen(raw.chosen),
    better: decodeBetter(raw.better),
    charts: decodeViewState(raw.charts),
    compare: decodeCompare(raw.compare),
  };
}

/** Undefined until the person was asked, of a metric that is called like a property of all objects too. */
export const betterOf = (better: RunsView['better'], metric: string): 'lower' | 'higher' | undefined =>
  Object.hasOwn(better, metric) ? better[metric] : undefined;

export const decodeBetter = (raw: unknown): RunsView['better'] =>
  Object.fromEntries(
    Object.entries(isRecord(raw) ? raw : {}).filter(
      (entry): entry is [string, 'lower' | 'higher'] => entry[1] === 'lower' || entry[1] === 'higher',
    ),
  );

function decodeTable(raw: unknown): TableView {
  const initial = initialRunsView.table;
  if (!isRecord(raw)) return initial;
  const { columns, widths, sort, aggregate, scroll } = raw;
  return {
    ...(Array.isArray(columns) ? { columns: texts(columns) } : {}),
    pinnedColumns: Array.isArray(raw.pinnedColumns) ? texts(raw.pinnedColumns) : initial.pinnedColumns,
    widths: Object.fromEntries(
      Object.entries(isRecord(widths) ? widths : {}).flatMap(([id, width]) =>
        typeof width === 'number' && width >= 20 && width <= 2_000 ? [[id, width] as const] : [],
      ),
    ),
    hideConstant: raw.hideConstant === true,
    hideEmpty: raw.hideEmpty !== false,
    onlyDifferences: raw.onlyDifferences === true,
    sort: Array.isArray(sort) ? sort.flatMap(decodeSort) : initial.sort,
    groupBy: texts(raw.groupBy),
    aggregate: aggregate === 'min' || aggregate === 'max' || aggregate === 'count' ? aggregate : 'mean',
    nested: raw.nested !== false,
    collapsed: texts(raw.collapsed),
    ...(typeof raw.details === 'string' ? { details: raw.details } : {}),
    ...(typeof raw.loaded === 'number' && raw.loaded > 0 ? { loaded: Math.round(raw.loaded) } : {}),
    ...(raw.complete === true ? { complete: true } : {}),
    scroll: isRecord(scroll) ? { top: number(scroll.top, 0), left: number(scroll.left, 0) } : initial.scroll,
  };
}

const decodeSort = (raw: unknown): Sort[] =>
  isRecord(raw) && typeof raw.column === 'string' ? [{ column: raw.column, descending: raw.descending === true }] : [];

function decodeChosen(raw: unknown): Chosen {
  if (!isRecord(raw)) return initialRunsView.chosen;
  if (Array.isArray(raw.runIds)) {
    const { server } = raw;
    return { runIds: texts(raw.runIds).slice(0, mostChosen), ...(typeof server === 'string' ? { server } : {}) };
  }
  return { first: Math.min(mostChosen, Math.max(1, Math.round(number(raw.first, 20)))) };
}

function decodeCompare(raw: unknown): CompareView {
  if (!isRecord(raw)) return initialRunsView.compare;
  const { baseline, explained, artifactPath, stat, closed } = raw;
  return {
    onlyDifferences: raw.onlyDifferences === true,
    closed: Array.isArray(closed) ? texts(closed) : initialRunsView.compare.closed,
    stat: stat === 'min' || stat === 'max' || stat === 'best' ? stat : 'last',
    pane: raw.pane === 'explain' ? 'explain' : 'runs',
    search: typeof raw.search === 'string' ? raw.search : '',
    scroll: Math.max(0, number(raw.scroll, 0)),
    ...(typeof baseline === 'string' ? { baseline } : {}),
    ...(typeof explained === 'string' ? { explained } : {}),
    ...(typeof artifactPath === 'string' ? { artifactPath } : {}),
  };
}
