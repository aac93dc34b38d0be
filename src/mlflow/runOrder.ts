import type { Run } from '../shared/domain';
import type { Field } from '../shared/filter/ast';
import { rowOfRun } from '../shared/filter/evaluate';
import { fieldKindOf, fieldOf } from '../shared/filter/fields';
import { partsOf } from '../shared/filter/predicates';
import { tokenize } from '../shared/filter/tokens';

type CompareRuns = (a: Run, b: Run) => number;

interface Key {
  readonly field: Exclude<Field, { kind: 'dataset' }>;
  readonly sign: 1 | -1;
}

/**
 * The order in which servers give runs, from what is asked for in `order_by`: numbers, then NaN, then what is missing, in
 * both directions; texts by code point; then the newest, then by id. Clauses that no server takes order nothing.
 * After `_get_orderby_clauses` in mlflow/store/tracking/sqlalchemy_store.py.
 */
export function compareRuns(orderBy: readonly string[]): CompareRuns {
  const keys = orderBy.flatMap((clause) => keyOf(clause) ?? []);
  const isTimed = keys.some(({ field }) => field.kind === 'attribute' && field.name === 'start_time');
  const all: readonly Key[] = isTimed ? keys : [...keys, newestFirst];
  return (a, b) => {
    for (const key of all) {
      const order = compareValues(valueOfRun(a, key.field), valueOfRun(b, key.field), key.sign);
      if (order !== 0) return order;
    }
    return compareTexts(a.runId, b.runId);
  };
}

const newestFirst: Key = { field: { kind: 'attribute', name: 'start_time' }, sign: -1 };

function keyOf(clause: string): Key | undefined {
  const [name, direction] = tokenize(clause);
  if (!name || name.kind === 'sign') return undefined;
  const { prefix, key } = partsOf(name);
  const kind = prefix === undefined ? 'attribute' : fieldKindOf(prefix);
  const field = kind && fieldOf(kind, key);
  if (!field || field.kind === 'dataset') return undefined;
  return { field, sign: direction?.kind === 'word' && direction.text.toLowerCase() === 'desc' ? -1 : 1 };
}

type Value = string | number | undefined;

function valueOfRun(run: Run, field: Key['field']): Value {
  const row = rowOfRun(run);
  // The length of a run is nothing that servers sort by.
  if (field.kind === 'attribute') return field.name === 'duration' ? undefined : row.attribute(field.name);
  if (field.kind === 'metric') return row.metric(field.key);
  return field.kind === 'param' ? row.param(field.key) : row.tag(field.key);
}

function compareValues(a: Value, b: Value, sign: 1 | -1): number {
  const places = placeOf(a) - placeOf(b);
  if (places !== 0 || a === undefined || b === undefined) return places;
  if (typeof a === 'number' && typeof b === 'number') return a === b || Number.isNaN(a) ? 0 : sign * (a < b ? -1 : 1);
  return sign * compareTexts(String(a), String(b));
}

const placeOf = (value: Value) => (value === undefined ? 2 : Number.isNaN(value) ? 1 : 0);

/** By code point, as databases compare UTF-8; `<` compares UTF-16, which has emoji before some other characters. */
export function compareTexts(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  for (let at = 0; at < most; at++) {
    if (a.charCodeAt(at) === b.charCodeAt(at)) continue;
    // The second half of a pair is the same question as the pair: the first halves are equal.
    return (a.codePointAt(at) ?? 0) - (b.codePointAt(at) ?? 0);
  }
  return a.length - b.length;
}
