import { inflateSync } from 'node:zlib';
import { isRecord, texts } from '../shared/view/decode';

/** What of a set-up in MLflow's web UI has no like here. */
export type NotTaken = 'sort' | 'columns' | 'groups' | 'charts' | 'modelVersions';

/** A set-up as the Share button and saved views of MLflow's web UI keep it, but for what a link's query may hold too. */
export interface SharedSetUp {
  /** As in the query of a link. */
  readonly facets: URLSearchParams;
  /** As the web UI calls columns, `params.`lr``. */
  readonly columns?: readonly string[];
  readonly groupBy?: readonly string[];
  readonly aggregate?: 'min' | 'max' | 'mean';
  readonly pinnedRuns?: readonly string[];
  readonly hiddenRuns?: readonly string[];
  readonly notTaken: readonly NotTaken[];
}

/** What a link of the web UI may say itself (`EXPERIMENT_PAGE_QUERY_PARAM_KEYS` in mlflow/server/js). */
export const facetNames = [
  'searchFilter',
  'orderByKey',
  'orderByAsc',
  'startTime',
  'lifecycleFilter',
  'modelVersionFilter',
  'datasetsFilter',
] as const;

/** The experiment's tag that holds what a link shares. */
export const sharedViewTag = (key: string): string => `mlflow.sharedViewState.${key}`;

/**
 * Reads such a tag: JSON, packed or not, as 2.x and early 3.x write it; within an envelope that names it since
 * (mlflow/server/js/src/experiment-tracking/components/experiment-page). Undefined for anything else.
 */
export function decodeSharedView(tag: string): SharedSetUp | undefined {
  const outer = unpacked(tag);
  const state = isRecord(outer) && typeof outer.state === 'string' ? unpacked(outer.state) : outer;
  return isRecord(state) ? setUpOf(state) : undefined;
}

const packed = 'deflate;';
const mostBytes = 5_000_000;

function unpacked(text: string): unknown {
  try {
    if (!text.startsWith(packed)) return JSON.parse(text);
    const bytes = inflateSync(Buffer.from(text.slice(packed.length), 'base64'), { maxOutputLength: mostBytes });
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // Cut off, damaged or of somebody else's making: all the same to whoever follows the link.
    return undefined;
  }
}

function setUpOf(state: Readonly<Record<string, unknown>>): SharedSetUp {
  const facets = new URLSearchParams();
  for (const name of facetNames) {
    const value = state[name];
    if (typeof value === 'string' || typeof value === 'boolean') facets.set(name, String(value));
    else if (name === 'datasetsFilter' && Array.isArray(value)) facets.set(name, packedList(value));
  }
  const groups = groupsOf(state.groupBy);
  const charts = Array.isArray(state.compareRunCharts) ? state.compareRunCharts : [];
  const hasOwnChart = charts.some((card) => isRecord(card) && card.isGenerated === false && card.deleted !== true);
  const [pinnedRuns, hiddenRuns] = [texts(state.runsPinned), texts(state.runsHidden)];
  return {
    facets,
    ...(Array.isArray(state.selectedColumns) ? { columns: texts(state.selectedColumns) } : {}),
    ...(groups ?? {}),
    ...(pinnedRuns.length > 0 ? { pinnedRuns } : {}),
    ...(hiddenRuns.length > 0 ? { hiddenRuns } : {}),
    notTaken: [...(state.groupBy && !groups ? ['groups' as const] : []), ...(hasOwnChart ? ['charts' as const] : [])],
  };
}

/** As the web UI puts lists into a query. */
const packedList = (list: readonly unknown[]) => Buffer.from(JSON.stringify(list)).toString('base64');

/** A list of the query; what is none is empty. */
export function unpackedList(text: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
    return Array.isArray(list) ? list : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

const aggregates: Readonly<Record<string, SharedSetUp['aggregate']>> = { min: 'min', max: 'max', average: 'mean' };

/** `param.min.lr`, or an object that names several. Undefined where it is nothing or is not understood. */
function groupsOf(raw: unknown): Pick<SharedSetUp, 'groupBy' | 'aggregate'> | undefined {
  const [, mode, how, of] = (typeof raw === 'string' && /^([a-z]+)\.([a-z]+)\.(.+)$/s.exec(raw)) || [];
  const fields = isRecord(raw) ? raw : { aggregateFunction: how, groupByKeys: [{ mode, groupByData: of }] };
  const keys = Array.isArray(fields.groupByKeys) ? fields.groupByKeys : [];
  const groupBy = keys.map(groupColumn);
  const isKnown = groupBy.length > 0 && groupBy.every((column) => column !== undefined);
  if (!isKnown) return undefined;
  const aggregate = typeof fields.aggregateFunction === 'string' ? aggregates[fields.aggregateFunction] : undefined;
  return { groupBy, ...(aggregate ? { aggregate } : {}) };
}

function groupColumn(raw: unknown): string | undefined {
  if (!isRecord(raw)) return undefined;
  const { mode, groupByData: of } = raw;
  if (mode === 'dataset') return 'attributes.datasets';
  if (typeof of !== 'string' || of === '') return undefined;
  return mode === 'param' || mode === 'tag' ? `${mode}s.${of}` : undefined;
}
