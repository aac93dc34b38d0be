import type { Run } from '../domain';
import {
  type AttributeName,
  type Comparator,
  type Comparison,
  type Field,
  type Filter,
  type LikePredicate,
  unclamped,
} from './ast';
import { charactersOf, foldText, likeMatches } from './like';
import { numberOf } from './values';

/** What a filter asks of a run, so that it can judge runs and rows of a table alike. Undefined is what is not there. */
export interface FilterRow {
  metric(key: string): number | undefined;
  param(key: string): string | undefined;
  tag(key: string): string | undefined;
  /** ms for times. `duration` is never asked for: it is the end less the start. */
  attribute(name: Exclude<AttributeName, 'duration'>): string | number | undefined;
  datasets(): readonly { readonly name: string; readonly digest: string; readonly context?: string | undefined }[];
}

/** True, false, or undefined for unknown, as in SQL. */
type Truth = boolean | undefined;

/**
 * Does the run match? Logic is SQL's of three values: comparing what is missing is unknown, so is its opposite, and
 * unknown does not match. NaN is not equal to any number; being smaller or greater is unknown of it.
 */
export function evaluateFilter(filter: Filter, row: FilterRow): boolean {
  return truthOf(filter, row) === true;
}

function truthOf(filter: Filter, row: FilterRow): Truth {
  switch (filter.kind) {
    case 'all':
      return true;
    case 'and':
      return every(filter.parts, row);
    case 'or':
      return some(filter.parts.map((part) => truthOf(part, row)));
    case 'not':
      return not(truthOf(filter.part, row));
    case 'null':
      return filter.field.kind === 'dataset'
        ? valuesOf(filter.field, row).length === 0
        : singleValue(filter.field, row) === undefined;
    case 'text': {
      const name = row.attribute('run_name');
      return name === undefined ? undefined : foldText(String(name)).includes(foldText(filter.text));
    }
    default:
      if (filter.field.kind !== 'dataset') return judge(filter, singleValue(filter.field, row));
      // One dataset of several is enough, for != and NOT IN too: so does MLflow, which joins them.
      return some(valuesOf(filter.field, row).map((value) => judge(filter, value)));
  }
}

const not = (truth: Truth): Truth => (truth === undefined ? undefined : !truth);

function every(parts: readonly Filter[], row: FilterRow): Truth {
  let all: Truth = true;
  for (const part of parts) {
    const truth = truthOf(part, row);
    if (truth === false) return false;
    if (truth === undefined) all = undefined;
  }
  return all;
}

function some(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.length === 0 || truths.includes(undefined) ? undefined : false;
}

function judge(
  predicate: Extract<Filter, { kind: 'compare' | 'like' | 'in' }>,
  value: string | number | undefined,
): Truth {
  if (value === undefined) return undefined;
  switch (predicate.kind) {
    case 'compare':
      return compare(predicate, value);
    case 'like':
      return likeMatches(patternOf(predicate), textOf(value, predicate.fold));
    case 'in':
      return membersOf(predicate.values).has(String(value)) !== predicate.negated;
  }
}

function compare({ comparator, value: wanted }: Comparison, value: string | number): Truth {
  if (typeof wanted === 'string') return (String(value) === wanted) === (comparator === '=');
  const number = typeof value === 'number' ? unclamped(value) : numberOf(value);
  return number === undefined ? undefined : compareNumbers(number, comparator, wanted);
}

function compareNumbers(number: number, comparator: Comparator, wanted: number): Truth {
  if (comparator === '=' || comparator === '!=') {
    // A person who asks for NaN means those that are NaN.
    const equal = Number.isNaN(wanted) ? Number.isNaN(number) : number === wanted;
    return equal === (comparator === '=');
  }
  if (Number.isNaN(number) || Number.isNaN(wanted)) return undefined;
  if (comparator === '<') return number < wanted;
  if (comparator === '<=') return number <= wanted;
  return comparator === '>' ? number > wanted : number >= wanted;
}

function singleValue(field: Exclude<Field, { kind: 'dataset' }>, row: FilterRow): string | number | undefined {
  switch (field.kind) {
    case 'metric':
      return row.metric(field.key);
    case 'param':
      return row.param(field.key);
    case 'tag':
      return row.tag(field.key);
    case 'attribute':
      return field.name === 'duration' ? durationOfRow(row) : row.attribute(field.name);
  }
}

function durationOfRow(row: FilterRow): number | undefined {
  const [start, end] = [row.attribute('start_time'), row.attribute('end_time')];
  return typeof start === 'number' && typeof end === 'number' ? end - start : undefined;
}

function valuesOf(field: Extract<Field, { kind: 'dataset' }>, row: FilterRow): readonly string[] {
  return row.datasets().flatMap((dataset) => dataset[field.name] ?? []);
}

const textOf = (value: string | number, fold: boolean) => charactersOf(fold ? foldText(String(value)) : String(value));

/** Lists and patterns are prepared once for all rows. Keyed by what the tree holds, so they go with it. */
const members = new WeakMap<readonly string[], ReadonlySet<string>>();
function membersOf(values: readonly string[]): ReadonlySet<string> {
  const known = members.get(values) ?? new Set(values);
  members.set(values, known);
  return known;
}

const patterns = new WeakMap<LikePredicate, readonly string[]>();
function patternOf(predicate: LikePredicate): readonly string[] {
  const known = patterns.get(predicate) ?? textOf(predicate.pattern, predicate.fold);
  patterns.set(predicate, known);
  return known;
}

/** A run as a filter sees it. */
export function rowOfRun(run: Run): FilterRow {
  return {
    metric: (key) => (Object.hasOwn(run.metrics, key) ? run.metrics[key]?.value : undefined),
    param: (key) => (Object.hasOwn(run.params, key) ? run.params[key] : undefined),
    tag: (key) => (Object.hasOwn(run.tags, key) ? run.tags[key] : undefined),
    attribute: (name) => attributeOfRun(run, name),
    datasets: () => run.datasets,
  };
}

function attributeOfRun(run: Run, name: Exclude<AttributeName, 'duration'>): string | number | undefined {
  switch (name) {
    case 'run_id':
      return run.runId;
    case 'run_name':
      return run.name || undefined;
    case 'status':
      return run.status;
    case 'user_id':
      return run.userId;
    case 'artifact_uri':
      return run.artifactUri || undefined;
    case 'experiment_id':
      return run.experimentId;
    case 'lifecycle_stage':
      return run.lifecycleStage;
    case 'start_time':
      return run.startTime;
    case 'end_time':
      return run.endTime;
  }
}
