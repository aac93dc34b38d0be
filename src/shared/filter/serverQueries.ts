import { chunks } from '../chunks';
import type { Filter } from './ast';
import { type Dialect, type Lowered, lower, mostInList } from './lowering';

export interface ServerQueries {
  /** Filters in MLflow's own grammar, '' for all runs. Together they find every run that matches, and none when empty. */
  readonly filters: readonly string[];
  /** False when they find others too, so that each run has to be judged by `evaluateFilter`. */
  readonly exact: boolean;
}

/** More questions than this cost a server more than runs that do not match. */
const mostBranches = 40;
/** SQLite joins 64 tables; sorting takes some of them. */
const mostJoins = 30;

/** The questions for a server that together find what the filter matches: MLflow knows no OR, so each is one branch of it. */
export function serverQueriesOf(filter: Filter, dialect: Dialect): ServerQueries {
  if (filter.kind === 'all') return { filters: [''], exact: true };
  const lowered = lower(filter, false, dialect);
  const { branches, whole } = branchesOf(lowered);
  const spare = branches.map(withinJoins);
  const exact = lowered.exact && whole && spare.every((branch, at) => branch === branches[at]);
  return { filters: absorbed(spare).flatMap(filtersOf), exact };
}

/** Clauses joined by AND, each with whether it costs a join; `ids` are the only runs it is about. */
interface Branch {
  readonly clauses: ReadonlyMap<string, boolean>;
  readonly ids?: ReadonlySet<string>;
}

/** Branches joined by OR. `whole` is false when a part was left out to keep them few. */
interface Branches {
  readonly branches: readonly Branch[];
  readonly whole: boolean;
}

const everything: Branch = { clauses: new Map() };

function branchesOf(lowered: Lowered): Branches {
  switch (lowered.kind) {
    case 'any':
      return { branches: [everything], whole: true };
    case 'none':
      return { branches: [], whole: true };
    case 'clause':
      return { branches: [{ clauses: new Map([[lowered.text, lowered.joins]]) }], whole: true };
    case 'runs':
      return { branches: [{ clauses: new Map(), ids: lowered.ids }], whole: true };
    case 'or':
      return union(lowered.parts.map(branchesOf));
    case 'and':
      return product(lowered.parts.map(branchesOf));
  }
}

function union(parts: readonly Branches[]): Branches {
  let branches: readonly Branch[] = [];
  for (const part of parts) {
    branches = absorbed(mergeIds([...branches, ...part.branches]));
    if (branches.length > mostBranches) return { branches: [everything], whole: false };
  }
  return { branches, whole: parts.every((part) => part.whole) };
}

/** The factor that would make too many branches is left out: what is found without it is more, never less. */
function product(parts: readonly Branches[]): Branches {
  let branches: readonly Branch[] = [everything];
  let whole = true;
  for (const part of parts.toSorted((a, b) => a.branches.length - b.branches.length)) {
    whole &&= part.whole;
    if (branches.length * part.branches.length > mostBranches) whole = false;
    else branches = absorbed(branches.flatMap((left) => part.branches.flatMap((right) => both(left, right))));
  }
  return { branches, whole };
}

/** None when they are about different runs. */
function both(left: Branch, right: Branch): Branch[] {
  const clauses = new Map([...left.clauses, ...right.clauses]);
  const ids =
    left.ids && right.ids ? new Set([...left.ids].filter((id) => right.ids?.has(id))) : (left.ids ?? right.ids);
  if (ids?.size === 0) return [];
  return [ids ? { clauses, ids } : { clauses }];
}

/** Branches that differ in their ids alone are one. */
function mergeIds(branches: readonly Branch[]): readonly Branch[] {
  const merged = new Map<string, Branch>();
  for (const [at, branch] of branches.entries()) {
    const key = branch.ids ? [...branch.clauses.keys()].sort().join('\n') : String(at);
    const same = branch.ids && merged.get(`ids ${key}`);
    const ids = branch.ids && (same?.ids ? new Set([...same.ids, ...branch.ids]) : branch.ids);
    merged.set(`${ids ? 'ids' : 'at'} ${key}`, ids ? { clauses: branch.clauses, ids } : branch);
  }
  return [...merged.values()];
}

/** Without the branches that find nothing that another one does not find. */
function absorbed(branches: readonly Branch[]): readonly Branch[] {
  if (branches.length < 2) return branches;
  return branches.filter(
    (branch, at) =>
      !branches.some(
        (other, place) => place !== at && implies(branch, other) && (place < at || !implies(other, branch)),
      ),
  );
}

/** What `branch` finds, `other` finds too. */
function implies(branch: Branch, other: Branch): boolean {
  if (other.clauses.size > branch.clauses.size) return false;
  const { ids } = other;
  if (ids && !(branch.ids && [...branch.ids].every((id) => ids.has(id)))) return false;
  for (const clause of other.clauses.keys()) if (!branch.clauses.has(clause)) return false;
  return true;
}

function withinJoins(branch: Branch): Branch {
  let joins = 0;
  const kept = [...branch.clauses].filter(([, costs]) => !costs || ++joins <= mostJoins);
  return kept.length === branch.clauses.size ? branch : { ...branch, clauses: new Map(kept) };
}

function filtersOf({ clauses, ids }: Branch): string[] {
  const all = [...clauses.keys()];
  if (!ids) return [all.join(' AND ')];
  return chunks([...ids], mostInList).map((piece) => [...all, idClause(piece)].join(' AND '));
}

function idClause(ids: readonly string[]): string {
  const [first = ''] = ids;
  return ids.length === 1
    ? `attributes.run_id = '${first}'`
    : `attributes.run_id IN (${ids.map((id) => `'${id}'`).join(',')})`;
}
