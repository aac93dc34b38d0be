/**
 * A filter of runs as a tree. Values are what is compared with: relative times are milliseconds already, statuses are
 * upper case, numbers of metrics as large as SQL stores can hold stand for infinity.
 */

/** What MLflow calls attributes; the last three, and `duration`, it cannot search for. */
export const stringAttributes = [
  'run_id',
  'run_name',
  'status',
  'user_id',
  'artifact_uri',
  'experiment_id',
  'lifecycle_stage',
] as const;
/** ms */
export const numberAttributes = ['start_time', 'end_time', 'duration'] as const;
export const datasetFields = ['name', 'digest', 'context'] as const;

export type StringAttribute = (typeof stringAttributes)[number];
export type NumberAttribute = (typeof numberAttributes)[number];
export type AttributeName = StringAttribute | NumberAttribute;
export type DatasetField = (typeof datasetFields)[number];

export type Field =
  | { readonly kind: 'metric' | 'param' | 'tag'; readonly key: string }
  | { readonly kind: 'attribute'; readonly name: AttributeName }
  | { readonly kind: 'dataset'; readonly name: DatasetField };

export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** A number compares numerically, also with params and tags; a text compares exactly. */
export interface Comparison {
  readonly kind: 'compare';
  readonly field: Field;
  readonly comparator: Comparator;
  readonly value: string | number;
}

export interface LikePredicate {
  readonly kind: 'like';
  readonly field: Field;
  /** `%` is any text, `_` any one character. */
  readonly pattern: string;
  /** ILIKE: upper and lower case are the same. */
  readonly fold: boolean;
}

export interface InPredicate {
  readonly kind: 'in';
  readonly field: Field;
  readonly values: readonly string[];
  /** NOT IN. Of datasets it says that one is outside, which is not the opposite of that one is inside. */
  readonly negated: boolean;
}

export interface NullPredicate {
  readonly kind: 'null';
  readonly field: Field;
}

/** The run's name contains it, upper and lower case being the same. */
export interface TextPredicate {
  readonly kind: 'text';
  readonly text: string;
}

export type Predicate = Comparison | LikePredicate | InPredicate | NullPredicate | TextPredicate;

export type Condition =
  | Predicate
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition };

/** `all` is the empty filter: every run. */
export type Filter = { readonly kind: 'all' } | Condition;

/** SQL stores keep infinity as the largest double, 1.797…e308. */
export const largestStored = 1.797e308;

/** A metric's value or what it is compared with, so that both know infinity. */
export const unclamped = (value: number): number =>
  Math.abs(value) >= largestStored ? Math.sign(value) * Number.POSITIVE_INFINITY : value;

/** As SQL stores keep it. */
export const clamped = (value: number): number =>
  Math.abs(value) >= largestStored ? Math.sign(value) * Number.MAX_VALUE : value;

export const opposite: Readonly<Record<Comparator, Comparator>> = {
  '=': '!=',
  '!=': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};
