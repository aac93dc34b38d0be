import { quoteKey, runIdIn } from '../../mlflow/filterQuoting';
import { MlflowError } from '../../mlflow/mlflowError';
import { compareRuns } from '../../mlflow/runOrder';
import type { RunSearch } from '../../mlflow/trackingStore';
import type { UnionSearch } from '../../mlflow/unionSearch';
import type { Run, ViewType } from '../../shared/domain';
import type { Filter } from '../../shared/filter/ast';
import { evaluateFilter, rowOfRun } from '../../shared/filter/evaluate';
import type { Dialect } from '../../shared/filter/lowering';
import { parseFilter } from '../../shared/filter/parse';
import { serverQueriesOf } from '../../shared/filter/serverQueries';
import { allowsStage, namesStage } from '../../shared/filter/stages';
import type { RunsQuestion } from '../../shared/protocol/runs';
import { parseColumnId } from '../../shared/runs/column';
import type { Scope, Sort } from '../../shared/view/runsView';

/** A page's question as questions for the server, and as a judgement of what it answers. */
export interface FilteredSearch {
  readonly union: Omit<UnionSearch, 'pageSize'>;
  /** The one search that finds exactly what matches; undefined where it takes several, or some of what they find goes. */
  readonly exact: Omit<RunSearch, 'maxResults' | 'pageToken'> | undefined;
  /** Whether a run of these experiments is one that is asked for, however it was found. */
  readonly matches: (run: Run) => boolean;
}

export interface SearchSetting {
  readonly scope: Scope;
  readonly experimentIds: readonly string[];
  readonly dialect: Dialect;
  /** ms; what relative times count from. */
  readonly now: number;
}

/** @throws MlflowError of kind `invalid` that says where the filter goes wrong */
export function filteredSearch(question: RunsQuestion, setting: SearchSetting): FilteredSearch {
  const { scope, experimentIds, dialect, now } = setting;
  const parsed = parseFilter(question.filter, now);
  if (!parsed.ok) throw refusedFilter(parsed.error, question.filter);
  const filter = within(scope, parsed.filter);
  const { filters, exact } = serverQueriesOf(filter, dialect);
  const orderBy = orderByOf(question.sort);
  // A run that was chosen is shown whatever became of it, and a deleted one to whom the filter speaks of such.
  const showDeleted = question.showDeleted || 'runIds' in scope || namesStage(filter);
  const viewType = showDeleted ? viewTypeOf(filter) : 'ACTIVE_ONLY';
  const common = { experimentIds, orderBy, viewType } as const;
  const [only] = filters;
  const keep = exact ? {} : { keep: (run: Run) => evaluateFilter(parsed.filter, rowOfRun(run)) };
  return {
    union: { ...common, filters, compare: compareRuns(orderBy), ...keep },
    exact: exact && filters.length === 1 && only !== undefined ? { ...common, filter: only } : undefined,
    matches: (run) => (showDeleted || run.lifecycleStage === 'active') && evaluateFilter(filter, rowOfRun(run)),
  };
}

/** The stages of which a run can match: the server need not look through the others. */
function viewTypeOf(filter: Filter): ViewType {
  if (!allowsStage(filter, 'deleted')) return 'ACTIVE_ONLY';
  return allowsStage(filter, 'active') ? 'ALL' : 'DELETED_ONLY';
}

function within(scope: Scope, filter: Filter): Filter {
  if (!('runIds' in scope)) return filter;
  // What is no id of MLflow's making no run has.
  const values = scope.runIds.filter((runId) => runIdIn([runId]) !== undefined);
  const chosen: Filter = { kind: 'in', field: { kind: 'attribute', name: 'run_id' }, values, negated: false };
  return filter.kind === 'all' ? chosen : { kind: 'and', parts: [filter, chosen] };
}

function refusedFilter(
  { message, from, to }: { message: string; from: number; to: number },
  text: string,
): MlflowError {
  const there = text.slice(from, Math.min(to, from + 40));
  const place = there === '' ? `at character ${from + 1}` : `at character ${from + 1}: ${there}`;
  return new MlflowError('invalid', `The filter cannot be read. ${message.replace(/\.$/, '')} (${place}).`);
}

export const newestFirst = 'attributes.start_time DESC';

/** MLflow's `order_by`. The start time settles what is equal, so that pages do not overlap. */
export function orderByOf(sorts: readonly Sort[]): readonly string[] {
  const clauses = sorts.flatMap(({ column: id, descending }) => {
    const column = parseColumnId(id);
    if (!column) return [];
    const direction = descending ? 'DESC' : 'ASC';
    if (column.kind === 'attribute') return [`attributes.${column.key} ${direction}`];
    return [`${column.kind}s.${quoteKey(column.key)} ${direction}`];
  });
  return clauses.some((clause) => clause.startsWith('attributes.start_time ')) ? clauses : [...clauses, newestFirst];
}

/** Whether the first run of all pages is the newest. */
export const isNewestFirst = ({ union }: FilteredSearch): boolean => union.orderBy[0] === newestFirst;

/** The same runs, the newest first, whatever the page is sorted by. */
export const newestOf = ({ union }: FilteredSearch, pageSize: number): UnionSearch => ({
  ...union,
  orderBy: [newestFirst],
  compare: compareRuns([newestFirst]),
  pageSize,
});
