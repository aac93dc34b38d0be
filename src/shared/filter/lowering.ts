import type { ServerInfo } from '../domain';
import {
  type Comparator,
  type Comparison,
  type Condition,
  clamped,
  type Field,
  type InPredicate,
  type LikePredicate,
  opposite,
} from './ast';
import { fieldName } from './fields';
import { sendablePattern, serverKey, serverText } from './quoting';

/** What a server understands, and how it judges. */
export interface Dialect {
  /** What MLflow 3 learned, and how a database treats NaN. */
  readonly generation: 2 | 3;
  /** Runs are kept in files and judged in Python: LIKE is a regular expression, infinity and NaN are themselves. */
  readonly files: boolean;
}

export const dialectOf = ({ generation, storeType }: Pick<ServerInfo, 'generation' | 'storeType'>): Dialect => ({
  generation,
  files: storeType === 'FileStore',
});

/**
 * A condition as far as a server can judge it: every run that matches the condition matches this one. `exact` says that
 * no other run does.
 */
export type Lowered = { readonly exact: boolean } & (
  | { readonly kind: 'any' | 'none' }
  /** `joins`: costs the server a join, of which SQLite does 64. */
  | { readonly kind: 'clause'; readonly text: string; readonly joins: boolean }
  | { readonly kind: 'runs'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Lowered[] }
);

/** MLflow's parser gives up at 10,000 tokens: ids of a list in one filter. */
export const mostInList = 500;

const unjudged: Lowered = { kind: 'any', exact: false };

/**
 * Turns a condition, or its opposite, into what a server can judge. NOT is pushed inwards, which is exact: of missing
 * values both a comparison and its opposite are unknown. Only datasets are several values; see `lowerDataset`.
 */
export function lower(condition: Condition, negated: boolean, dialect: Dialect): Lowered {
  switch (condition.kind) {
    case 'not':
      return lower(condition.part, !negated, dialect);
    case 'and':
    case 'or': {
      const kind = negated === (condition.kind === 'and') ? 'or' : 'and';
      return combined(
        kind,
        condition.parts.map((part) => lower(part, negated, dialect)),
      );
    }
    case 'text':
      return lowerLike(
        { kind: 'like', field: nameField, pattern: `%${condition.text}%`, fold: true },
        negated,
        dialect,
        {
          exact: !/[%_]/.test(condition.text),
        },
      );
    case 'null':
      return lowerNull(condition.field, negated, dialect);
    default:
      if (condition.field.kind === 'dataset') return lowerDataset(condition, negated, dialect);
  }
  if (condition.kind === 'compare') return lowerComparison(condition, negated, dialect);
  if (condition.kind === 'like') return lowerLike(condition, negated, dialect);
  return lowerIn(condition, negated !== condition.negated, dialect);
}

const nameField = { kind: 'attribute', name: 'run_name' } as const;
const userTag = { kind: 'tag', key: 'mlflow.user' } as const;
const isUser = (field: Field) => field.kind === 'attribute' && field.name === 'user_id';
const isRunId = (field: Field) => field.kind === 'attribute' && field.name === 'run_id';

function combined(kind: 'and' | 'or', parts: readonly Lowered[], exact = true): Lowered {
  return { kind, parts, exact: exact && parts.every((part) => part.exact) };
}

/** `field rest`, where the server can read the field and knows it. */
function clause(field: Field, rest: string | undefined, exact = true): Lowered {
  const isKeyed = field.kind === 'metric' || field.kind === 'param' || field.kind === 'tag';
  const isLocal = field.kind === 'attribute' && ['experiment_id', 'lifecycle_stage', 'duration'].includes(field.name);
  if (rest === undefined || isLocal || (isKeyed && serverKey(field.key) === undefined)) return unjudged;
  const name = fieldName(field, (key) => serverKey(key) ?? '');
  const joins = field.kind !== 'attribute' || field.name === 'run_name';
  return { kind: 'clause', text: `${field.kind === 'attribute' ? `attributes.${name}` : name} ${rest}`, joins, exact };
}

/** The field is there: of what only local evaluation can judge, so much at least. */
function present(field: Field): Lowered {
  if (field.kind === 'param' || field.kind === 'tag' || field.kind === 'dataset')
    return clause(field, "LIKE '%'", false);
  if (field.kind !== 'attribute') return unjudged;
  if (field.name === 'run_name' || field.name === 'artifact_uri') return clause(field, "LIKE '%'", false);
  if (field.name !== 'end_time' && field.name !== 'duration') return unjudged;
  return clause({ kind: 'attribute', name: 'end_time' }, `>= ${Number.MIN_SAFE_INTEGER}`, false);
}

function lowerComparison(comparison: Comparison, negated: boolean, dialect: Dialect): Lowered {
  const { field, value } = comparison;
  const comparator = negated ? opposite[comparison.comparator] : comparison.comparator;
  if (typeof value === 'string') return lowerText(field, comparator === '=', value, dialect);
  if (field.kind === 'metric') return lowerMetric(field, comparator, value, dialect);
  // Databases other than SQLite take whole numbers only for times; params and tags are texts for all of them.
  const isTime = field.kind === 'attribute' && field.name !== 'duration';
  return isTime && Number.isSafeInteger(value) ? clause(field, `${comparator} ${value}`) : present(field);
}

function lowerText(field: Field, isEqual: boolean, value: string, dialect: Dialect): Lowered {
  if (isRunId(field)) return lowerRunIds([value], !isEqual, dialect);
  const quoted = serverText(value);
  if (!isEqual) {
    if (isUser(field) && value === '') return unjudged;
    return quoted === undefined ? present(field) : clause(field, `!= ${quoted}`, !isUser(field));
  }
  if (quoted !== undefined) return ofUser(field, (asked) => clause(asked, `= ${quoted}`));
  return ofUser(field, (asked) => likeClause(asked, 'LIKE', sendablePattern(value), dialect, false));
}

/** Runs made without a user are shown with the one of their tag. */
function ofUser(field: Field, ask: (field: Field) => Lowered): Lowered {
  return isUser(field) ? combined('or', [ask(field), ask(userTag)], false) : ask(field);
}

/** NaN is equal to nothing, smaller and greater than nothing; a database of MLflow 2 keeps it as 0 and compares that. */
function lowerMetric(field: Field, comparator: Comparator, value: number, dialect: Dialect): Lowered {
  const isOrder = comparator !== '=' && comparator !== '!=';
  const knowsNaN = dialect.generation === 3 || dialect.files;
  const anyNumber = `>= ${numeral(Number.NEGATIVE_INFINITY, dialect)}`;
  if (Number.isNaN(value)) {
    if (isOrder) return { kind: 'none', exact: true };
    if (comparator === '!=') return clause(field, anyNumber, knowsNaN);
    return clause(field, knowsNaN ? '!= 0' : '= 0', false);
  }
  const rest = `${comparator} ${numeral(value, dialect)}`;
  if (knowsNaN) return clause(field, rest);
  if (comparator === '!=') return value === 0 ? clause(field, anyNumber, false) : clause(field, rest);
  const takesNaN =
    (value === 0 && comparator.includes('=')) ||
    (value > 0 ? comparator.includes('<') : value < 0 && comparator.includes('>'));
  return clause(field, rest, !takesNaN);
}

/** MLflow's parser reads no plus sign in an exponent, and no word for infinity: Python takes 1e400 for it. */
function numeral(value: number, { files }: Dialect): string {
  if (files && !Number.isFinite(value)) return value < 0 ? '-1e400' : '1e400';
  return String(clamped(value)).replace('e+', 'e');
}

function lowerLike(like: LikePredicate, negated: boolean, dialect: Dialect, { exact = true } = {}): Lowered {
  if (negated) return present(like.field);
  const folded = like.fold ? foldable(like.pattern) : like.pattern;
  const pattern = sendablePattern(folded);
  const operator = like.fold ? 'ILIKE' : 'LIKE';
  return ofUser(like.field, (field) =>
    likeClause(field, operator, pattern, dialect, exact && pattern === like.pattern),
  );
}

/**
 * Where runs are kept in files, what means something in a regular expression (MLflow 2 escapes none of it) is any
 * character, and texts of several lines are asked for besides, for there no `%` goes beyond the end of a line.
 */
function likeClause(
  field: Field,
  operator: 'LIKE' | 'ILIKE',
  pattern: string,
  { files }: Dialect,
  exact: boolean,
): Lowered {
  const asked = files ? pattern.replaceAll(/[.^$*+?{}[\]\\|()]/g, '_') : pattern;
  const one = clause(field, `${operator} ${serverText(asked) ?? "'%'"}`, exact && !files);
  return !files || asked === '%' ? one : combined('or', [one, clause(field, "LIKE '%\n%'", false)]);
}

/** SQLite folds ASCII only: of what else has an upper and a lower case, any text is asked for. */
const foldable = (pattern: string) =>
  pattern.replaceAll(/[^\0-\x7f]/gu, (character) =>
    character.toLowerCase() === character.toUpperCase() ? character : '%',
  );

function lowerIn({ field, values }: InPredicate, isOutside: boolean, dialect: Dialect): Lowered {
  if (isRunId(field)) return lowerRunIds(values, isOutside, dialect);
  return combined(
    isOutside ? 'and' : 'or',
    values.map((value) => lowerText(field, !isOutside, value, dialect)),
  );
}

/** No run has an id that is not of MLflow's own making. */
const runId = /^[0-9a-fA-F-]{1,64}$/;

function lowerRunIds(ids: readonly string[], isOutside: boolean, dialect: Dialect): Lowered {
  const known = ids.filter((id) => runId.test(id));
  // MLflow 2 leaves out ids without a letter from lists.
  const isAlone = (id: string) => dialect.generation === 2 && !/[a-f]/.test(id);
  const listed = known.filter((id) => !isAlone(id));
  const alone = known.filter(isAlone).map((id) => clause(idField, `${isOutside ? '!=' : '='} '${id}'`));
  if (!isOutside) return combined('or', [...(listed.length > 0 ? [runs(listed)] : []), ...alone]);
  const some = listed.slice(0, mostInList);
  const outside = clause(idField, `NOT IN (${some.map((id) => `'${id}'`).join(',')})`, some.length === listed.length);
  return combined('and', [...(some.length > 0 ? [outside] : []), ...alone]);
}

const idField = { kind: 'attribute', name: 'run_id' } as const;
const runs = (ids: readonly string[]): Lowered => ({ kind: 'runs', ids: new Set(ids), exact: true });

function lowerNull(field: Field, negated: boolean, dialect: Dialect): Lowered {
  const isKeyed = field.kind === 'param' || field.kind === 'tag';
  if (isKeyed && dialect.generation === 3) return clause(field, negated ? 'IS NOT NULL' : 'IS NULL');
  if (!negated) return unjudged;
  if (isKeyed) return clause(field, "LIKE '%'");
  if (field.kind === 'dataset') return dialect.generation === 3 ? present(field) : unjudged;
  if (field.kind !== 'metric') return present(field);
  // NaN is unequal to 0, but in databases of MLflow 2, which keep it as 0.
  return dialect.generation === 3 || dialect.files
    ? combined('or', [clause(field, '= 0'), clause(field, '!= 0')])
    : clause(field, `>= ${numeral(Number.NEGATIVE_INFINITY, dialect)}`);
}

/**
 * Some dataset is like that; of NOT, all are otherwise, and so is some. MLflow 2 joins datasets by a name that another
 * join may have (`anon_1`), and leaves values without small letters out of lists, so it is not asked.
 */
function lowerDataset(
  predicate: Comparison | LikePredicate | InPredicate,
  negated: boolean,
  dialect: Dialect,
): Lowered {
  if (dialect.generation === 2) return unjudged;
  const { field } = predicate;
  if (predicate.kind === 'like') return lowerLike(predicate, negated, dialect);
  if (predicate.kind === 'compare') {
    const isEqual = (predicate.comparator === '=') !== negated;
    const some = lowerText(field, isEqual, String(predicate.value), dialect);
    return negated ? { ...some, exact: false } : some;
  }
  const isOutside = predicate.negated !== negated;
  // Lists are read as Python's, with its escapes.
  const isPlain = predicate.values.every((value) => /^[\w .:/-]+$/.test(value));
  const list = `${isOutside ? 'NOT IN' : 'IN'} (${predicate.values.map((value) => `'${value}'`).join(',')})`;
  if (isPlain) return clause(field, list, !negated);
  const each = lowerIn(predicate, isOutside, dialect);
  // One dataset outside of all is more than one outside of each.
  return { ...each, exact: each.exact && !negated && !isOutside };
}
