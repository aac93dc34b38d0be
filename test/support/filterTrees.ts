import fc from 'fast-check';
import type { Condition, Field, Filter } from '../../src/shared/filter/ast';
import type { FilterRow } from '../../src/shared/filter/evaluate';

/** What random filters are made of; few words, so that they often match. */
export interface Words {
  readonly metrics: readonly string[];
  readonly params: readonly string[];
  readonly tags: readonly string[];
  readonly texts: readonly string[];
  readonly patterns: readonly string[];
  readonly numbers: readonly number[];
  readonly times: readonly number[];
  readonly runIds: readonly string[];
}

const statuses = ['FINISHED', 'RUNNING', 'FAILED', 'KILLED', 'SCHEDULED'];
const stages = ['active', 'deleted'];
const textAttributes = ['run_name', 'user_id', 'artifact_uri', 'experiment_id'] as const;
const comparators = ['=', '!=', '<', '<=', '>', '>='] as const;

/** Random filters as `parseFilter` makes them: statuses in upper case, texts where texts are compared. */
export function filterTrees(words: Words): fc.Arbitrary<Filter> {
  const some = <T>(items: readonly T[]) => fc.constantFrom(...items);
  const metric = some(words.metrics).map((key): Field => ({ kind: 'metric', key }));
  const keyed = fc.oneof(
    some(words.params).map((key): Field => ({ kind: 'param', key })),
    some(words.tags).map((key): Field => ({ kind: 'tag', key })),
  );
  const attribute = some(textAttributes).map((name): Field => ({ kind: 'attribute', name }));
  const dataset = some(['name', 'digest', 'context'] as const).map((name): Field => ({ kind: 'dataset', name }));
  const texts = fc.oneof({ arbitrary: keyed, weight: 4 }, attribute, dataset);
  const statusField: Field = { kind: 'attribute', name: 'status' };
  const stageField: Field = { kind: 'attribute', name: 'lifecycle_stage' };
  const idField: Field = { kind: 'attribute', name: 'run_id' };
  const length: Field = { kind: 'attribute', name: 'duration' };
  const time = some(['start_time', 'end_time'] as const).map((name): Field => ({ kind: 'attribute', name }));
  const others = fc.constantFrom(statusField, stageField, idField, length);
  const equality = some(['=', '!='] as const);
  const record = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
    fc.record(model, { noNullPrototype: true });
  const compare = (
    field: fc.Arbitrary<Field>,
    comparator: fc.Arbitrary<(typeof comparators)[number]>,
    value: fc.Arbitrary<string | number>,
  ) => record({ kind: fc.constant('compare' as const), field, comparator, value });
  const list = (field: fc.Arbitrary<Field>, value: readonly string[]) =>
    record({
      kind: fc.constant('in' as const),
      field,
      values: fc.array(some(value), { minLength: 1, maxLength: 4 }),
      negated: fc.boolean(),
    });
  const predicate: fc.Arbitrary<Condition> = fc.oneof(
    { arbitrary: compare(metric, some(comparators), some([...words.numbers, Number.NaN])), weight: 4 },
    { arbitrary: compare(texts, equality, some(words.texts)), weight: 4 },
    compare(keyed, some(['<', '<=', '>', '>='] as const), some([...words.numbers, Number.NaN])),
    compare(fc.constant(statusField), equality, some(statuses)),
    compare(fc.constant(stageField), equality, some(stages)),
    compare(fc.constant(idField), equality, some(words.runIds)),
    compare(time, some(comparators), some(words.times)),
    compare(fc.constant(length), some(comparators), some([0, 1000, 60_000, 5_400_000])),
    record({ kind: fc.constant('like' as const), field: texts, pattern: some(words.patterns), fold: fc.boolean() }),
    list(texts, words.texts),
    list(fc.constant(idField), words.runIds),
    list(fc.constant(statusField), statuses),
    list(fc.constant(stageField), stages),
    record({ kind: fc.constant('null' as const), field: fc.oneof(metric, keyed, attribute, dataset, time, others) }),
    record({ kind: fc.constant('text' as const), text: some(words.texts) }),
  );
  const { tree } = fc.letrec<{ tree: Condition }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      predicate,
      record({
        kind: some(['and', 'or'] as const),
        parts: fc.array(tie('tree'), { minLength: 2, maxLength: 4 }),
      }),
      record({ kind: fc.constant('not' as const), part: tie('tree') }),
    ),
  }));
  return fc.oneof({ arbitrary: fc.constant<Filter>({ kind: 'all' }), weight: 1 }, { arbitrary: tree, weight: 40 });
}

/** A row made by hand; what is left out is missing. */
export interface RowFacts {
  readonly metrics?: Readonly<Record<string, number>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly attributes?: Readonly<Record<string, string | number | undefined>>;
  readonly datasets?: readonly {
    readonly name: string;
    readonly digest: string;
    readonly context?: string | undefined;
  }[];
}

export function rowOf({ metrics = {}, params = {}, tags = {}, attributes = {}, datasets = [] }: RowFacts): FilterRow {
  const own = <T>(record: Readonly<Record<string, T>>, key: string) =>
    Object.hasOwn(record, key) ? record[key] : undefined;
  return {
    metric: (key) => own(metrics, key),
    param: (key) => own(params, key),
    tag: (key) => own(tags, key),
    attribute: (name) => own(attributes, name),
    datasets: () => datasets,
  };
}
