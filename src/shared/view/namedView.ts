import { isRunColor } from '../runColor';
import { isRecord, texts } from './decode';
import { decodeRunsView, initialRunsView, mostChosen, type RunsView, type Scope } from './runsView';

/**
 * A set-up of a runs panel under a name, as it is kept and as it stands in `.flowdeck/views/*.json`: which runs, the filter,
 * columns, sorts and groups, the charts and what is compared. It travels: experiments are named, since another server gives
 * them other ids. What was only so at the moment of saving is no part of it: how far was scrolled and loaded, which run's
 * details were open, which parents were closed.
 */
export interface NamedView {
  readonly name: string;
  /** Where it was made: without credentials. Ids of runs and experiments are this server's. */
  readonly server?: string;
  readonly experiments?: readonly NamedExperiment[];
  /** Runs chosen one by one. */
  readonly runs?: readonly string[];
  /** Of the runs that are charted, by id: wherever the view is opened they look the same. */
  readonly colors?: Readonly<Record<string, number>>;
  readonly view: RunsView;
}

export interface NamedExperiment {
  readonly id: string;
  readonly name: string;
}

const formatVersion = 1;
export const longestName = 100;

/** Readable, with what differs between two people's views on lines of its own. */
export function encodeNamedView(view: NamedView): string {
  const { name, server, experiments, runs, colors } = view;
  const file = { version: formatVersion, name, server, experiments, runs, view: kept(view.view), colors };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Undefined when it is no view at all, or says neither experiments nor runs. What is wrong inside is left out. */
export function decodeNamedView(raw: unknown): NamedView | undefined {
  if (!isRecord(raw) || typeof raw.name !== 'string' || raw.name.trim() === '' || !isRecord(raw.view)) return undefined;
  if (typeof raw.version === 'number' && raw.version > formatVersion) return undefined;
  const experiments = Array.isArray(raw.experiments) ? raw.experiments.flatMap(decodeExperiment) : [];
  const runs = texts(raw.runs).slice(0, mostChosen);
  if (experiments.length === 0 && runs.length === 0) return undefined;
  return {
    name: raw.name.trim().slice(0, longestName),
    ...(typeof raw.server === 'string' ? { server: raw.server } : {}),
    ...(experiments.length > 0 ? { experiments } : { runs }),
    ...decodeColors(raw.colors),
    view: withoutMoment(decodeRunsView(raw.view)),
  };
}

/** Files of earlier versions hold how far was scrolled, too. */
export function withoutMoment(view: RunsView): RunsView {
  const { loaded: _, complete: __, details: ___, ...table } = view.table;
  const { table: initial, charts, compare } = initialRunsView;
  const collapsed = table.collapsed.filter((id) => id.startsWith('group:'));
  return {
    ...view,
    table: { ...table, collapsed, scroll: initial.scroll },
    charts: { ...view.charts, scroll: charts.scroll },
    compare: { ...view.compare, scroll: compare.scroll },
  };
}

/** What is written of it: nothing that is the same in every view. */
function kept(view: RunsView): unknown {
  const { table, charts, compare, ...rest } = withoutMoment(view);
  const { scroll: _, ...ofTable } = table;
  const { scroll: __, ...ofCharts } = charts;
  const { scroll: ___, ...ofComparison } = compare;
  return { ...rest, table: ofTable, charts: ofCharts, compare: ofComparison };
}

function decodeColors(raw: unknown): Pick<NamedView, 'colors'> {
  const known = Object.entries(isRecord(raw) ? raw : {}).filter(
    (entry): entry is [string, number] => entry[0].length <= 64 && isRunColor(entry[1]),
  );
  return known.length > 0 ? { colors: Object.fromEntries(known.slice(0, mostChosen)) } : {};
}

const decodeExperiment = (raw: unknown): NamedExperiment[] =>
  isRecord(raw) && typeof raw.id === 'string' && typeof raw.name === 'string' ? [{ id: raw.id, name: raw.name }] : [];

/** @param experimentNames asked with ids, answers in their order */
export async function nameView(
  name: string,
  scope: Scope,
  view: RunsView,
  server: string,
  experimentNames: (ids: readonly string[]) => Promise<readonly string[]>,
): Promise<NamedView> {
  if ('runIds' in scope) return { name, server, runs: scope.runIds, view };
  const names = await experimentNames(scope.experimentIds);
  const experiments = scope.experimentIds.flatMap((id, at) => {
    const known = names[at];
    return known === undefined ? [] : [{ id, name: known }];
  });
  return { name, server, experiments, view };
}

/** The view on a server. Runs that were chosen one by one are those of the server where the view was made. */
export function viewOn({ server, view }: NamedView, uri: string): RunsView {
  const { chosen } = view;
  if (!('runIds' in chosen) || chosen.server !== undefined || server === undefined || server === uri) return view;
  return { ...view, chosen: { ...chosen, server } };
}

/** A file name that every system takes. */
export function fileNameOf(name: string): string {
  const plain = name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  return `${/^(con|prn|aux|nul|com\d|lpt\d)?$/.test(plain) ? `view-${plain}`.replace(/-$/, '') : plain}.json`;
}
