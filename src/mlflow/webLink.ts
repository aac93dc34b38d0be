import { boxText } from '../shared/filter/quoting';
import { isRecord } from '../shared/view/decode';
import { parseServerAddress, type WebTarget } from './serverAddress';
import { facetNames, type NotTaken, type SharedSetUp, unpackedList } from './sharedView';

/** Experiments as they are set up in the web UI. */
export interface ShownExperiments {
  readonly kind: 'experiments';
  readonly experimentIds: readonly string[];
  readonly tab: 'table' | 'charts';
  readonly filter: string;
  /** As in the link, `metrics.`loss``; undefined where the link says nothing. */
  readonly orderBy?: { readonly key: string; readonly descending: boolean };
  readonly showDeleted: boolean;
  /** The set-up stands on the server, under this key (see `sharedViewTag`). */
  readonly shareKey?: string;
  /** What came from there besides. */
  readonly shared?: Omit<SharedSetUp, 'facets' | 'notTaken'>;
  readonly notTaken?: readonly NotTaken[];
}

/** What a link of MLflow's own web UI shows. */
export interface WebLink {
  /** Normalised address of the server, without credentials. */
  readonly uri: string;
  readonly shows:
    | { readonly kind: 'run'; readonly runId: string }
    | { readonly kind: 'runs'; readonly runIds: readonly string[]; readonly tab: 'charts' | 'compare' }
    | ShownExperiments
    | { readonly kind: 'model'; readonly name?: string; readonly version?: string }
    | { readonly kind: 'server' };
}

/**
 * Reads a link copied from MLflow's web UI, 2.x and 3.x (mlflow/server/js/src/experiment-tracking/routes.ts).
 * @throws MlflowError of kind `invalid` for what is no address
 */
export function parseWebLink(text: string): WebLink {
  const { uri, target } = parseServerAddress(text);
  const { route, query } = hashOf(text);
  return { uri, shows: shown(route, query, target) };
}

function hashOf(text: string): { route: readonly string[]; query: URLSearchParams } {
  const at = text.indexOf('#');
  const [path = '', query = ''] = (at < 0 ? '' : text.slice(at + 1)).split('?', 2);
  return { route: path.split('/').filter(Boolean), query: new URLSearchParams(query) };
}

function shown(route: readonly string[], query: URLSearchParams, target: WebTarget = {}): WebLink['shows'] {
  const { runId, experimentId, modelName, version } = target;
  const [section, first = '', kind, second = ''] = route;
  if (modelName !== undefined) return { kind: 'model', name: modelName, ...(version ? { version } : {}) };
  if (section === 'models' || section === 'compare-model-versions') return { kind: 'model' };
  if (runId !== undefined) return { kind: 'run', runId };
  // Without its experiment, and where MLflow 3 lists runs that evaluate.
  const alone = section === 'runs' ? first : section === 'experiments' && kind === 'evaluation-runs' ? second : '';
  if (isId(alone)) return { kind: 'run', runId: alone };
  if (section === 'compare-runs' || section === 'metric') {
    const runIds = idsIn(query.get('runs'));
    if (runIds.length > 0) return { kind: 'runs', runIds, tab: section === 'metric' ? 'charts' : 'compare' };
  }
  if (section === 'compare-experiments') {
    const experimentIds = idsIn(query.get('experiments'));
    if (experimentIds.length > 0) return { kind: 'experiments', experimentIds, ...setUp(query) };
  }
  if (experimentId !== undefined) return { kind: 'experiments', experimentIds: [experimentId], ...setUp(query) };
  return { kind: 'server' };
}

/** With what the web UI kept on the server for the link. */
export function withShared(shows: ShownExperiments, { facets, notTaken, ...shared }: SharedSetUp): ShownExperiments {
  const { kind, experimentIds, tab } = shows;
  const { notTaken: others = [], ...set } = setUp(facets);
  return { kind, experimentIds, ...set, tab, shared, notTaken: [...others, ...notTaken] };
}

function setUp(query: URLSearchParams): Omit<ShownExperiments, 'kind' | 'experimentIds'> {
  const key = query.get('orderByKey');
  const shareKey = query.get('viewStateShareKey');
  // The web UI shows either those that are deleted or the others.
  const showDeleted = query.get('lifecycleFilter')?.toLowerCase() === 'deleted';
  const versions = query.get('modelVersionFilter') ?? allRuns;
  const parts = [
    query.get('searchFilter') ?? '',
    since(query.get('startTime') ?? ''),
    ofDatasets(query.get('datasetsFilter') ?? ''),
    showDeleted ? "lifecycle_stage = 'deleted'" : '',
  ];
  return {
    tab: query.get('compareRunsMode') === 'CHART' ? 'charts' : 'table',
    // The web UI knows no OR, so that no parentheses are needed.
    filter: parts.filter((part) => part.trim() !== '').join(' AND '),
    ...(key ? { orderBy: { key, descending: query.get('orderByAsc') !== 'true' } } : {}),
    showDeleted,
    // What such a link says itself is newer than what it shared.
    ...(shareKey && !facetNames.some((name) => query.has(name)) ? { shareKey } : {}),
    ...(versions === allRuns ? {} : { notTaken: ['modelVersions' as const] }),
  };
}

const allRuns = 'All Runs';

/** The web UI's own choices of a time (mlflow/server/js/src/experiment-tracking/constants.ts). */
const periods: Readonly<Record<string, string>> = {
  LAST_HOUR: '1h',
  LAST_24_HOURS: '24h',
  LAST_7_DAYS: '7d',
  LAST_30_DAYS: '30d',
  LAST_YEAR: '360d',
};

function since(startTime: string): string {
  const period = Object.hasOwn(periods, startTime) ? periods[startTime] : undefined;
  return period === undefined ? '' : `start_time > now-${period}`;
}

/** As the web UI asks for runs of any of these datasets. */
function ofDatasets(list: string): string {
  const datasets = unpackedList(list).flatMap((one) =>
    isRecord(one) && typeof one.name === 'string' && typeof one.digest === 'string' ? [[one.name, one.digest]] : [],
  );
  if (datasets.length === 0) return '';
  const among = (at: 0 | 1) => [...new Set(datasets.map((one) => boxText(one[at] ?? '')))].join(', ');
  return `datasets.name IN (${among(0)}) AND datasets.digest IN (${among(1)})`;
}

const isId = (text: string) => /^[\w-]{1,64}$/.test(text);

/** `["a","b"]`; what is no id is left out. */
function idsIn(text: string | null): readonly string[] {
  if (!text) return [];
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter((id): id is string => typeof id === 'string' && isId(id)) : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
