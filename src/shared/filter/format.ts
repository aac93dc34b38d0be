import type { Condition, Field, Filter, Predicate } from './ast';
import { fieldName, typeOf } from './fields';
import { boxKey, boxText } from './quoting';

/** The filter as a text of its grammar, which parses back to the same tree. Relative times have become ms. */
export function formatFilter(filter: Filter): string {
  return filter.kind === 'all' ? '' : formatCondition(filter);
}

function formatCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.map(enclosed).join(` ${condition.kind.toUpperCase()} `);
    case 'not':
      return formatNot(condition.part);
    default:
      return formatPredicate(condition);
  }
}

/** `x IS NOT NULL` and `x NOT LIKE y` read better than a NOT before them. */
function formatNot(part: Condition): string {
  if (part.kind === 'null') return `${nameOf(part.field)} IS NOT NULL`;
  if (part.kind === 'like') return `${nameOf(part.field)} NOT ${likeOf(part)}`;
  return `NOT ${enclosed(part)}`;
}

const enclosed = (condition: Condition): string =>
  condition.kind === 'and' || condition.kind === 'or' ? `(${formatCondition(condition)})` : formatCondition(condition);

function formatPredicate(predicate: Predicate): string {
  if (predicate.kind === 'text') return boxText(predicate.text);
  const name = nameOf(predicate.field);
  switch (predicate.kind) {
    case 'null':
      return `${name} IS NULL`;
    case 'like':
      return `${name} ${likeOf(predicate)}`;
    case 'in':
      return `${name} ${predicate.negated ? 'NOT IN' : 'IN'} (${predicate.values.map(boxText).join(', ')})`;
    case 'compare': {
      const { comparator, value, field } = predicate;
      return `${name} ${comparator} ${typeof value === 'string' ? boxText(value) : formatNumber(value, field)}`;
    }
  }
}

const nameOf = (field: Field) => fieldName(field, boxKey);
const likeOf = ({ fold, pattern }: { readonly fold: boolean; readonly pattern: string }) =>
  `${fold ? 'ILIKE' : 'LIKE'} ${boxText(pattern)}`;

const formatNumber = (value: number, field: Field) =>
  typeOf(field) === 'duration' ? durationText(value) : String(value);

const steps = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1000, 's'],
] as const;

/** The largest unit that is exact. */
function durationText(ms: number): string {
  const [size, unit] = steps.find(([step]) => ms !== 0 && ms % step === 0) ?? [1, 'ms'];
  return `${ms / size}${unit}`;
}
