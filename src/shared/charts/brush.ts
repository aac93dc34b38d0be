import type { Condition, Field, Predicate } from '../filter/ast';
import { fieldOf } from '../filter/fields';
import { formatFilter } from '../filter/format';
import { parseFilter } from '../filter/parse';
import { tokenize } from '../filter/tokens';
import { type ColumnId, parseColumnId } from '../runs/column';

/** What a person marked on an axis: numbers between two (ms for times, seconds for durations), or texts. */
export type Brush =
  | { readonly kind: 'range'; readonly min: number; readonly max: number }
  | { readonly kind: 'texts'; readonly texts: readonly string[] };

/** A brush as it stands in a filter. */
export interface BrushedColumn {
  readonly column: ColumnId;
  readonly brush: Brush;
}

/** Whether the filter box can speak of a column: it knows no commits, say, nor the least value of a history. */
export const isBrushable = (id: ColumnId): boolean => fieldOfColumn(id) !== undefined;

function fieldOfColumn(id: ColumnId): Field | undefined {
  const column = parseColumnId(id);
  if (!column || (column.kind === 'metric' && column.stat !== 'last')) return undefined;
  return column.kind === 'attribute' ? fieldOf('attribute', column.key) : { kind: column.kind, key: column.key };
}

/**
 * The filter with the brush of a column in place of the one before, or without it. All else stays as it was typed; what
 * has an OR at the top is put in parentheses first. Unchanged when the column cannot be filtered by.
 */
export function withBrush(filter: string, id: ColumnId, brush: Brush | undefined): string {
  const field = fieldOfColumn(id);
  if (!field) return filter;
  const kept = clausesOf(filter).filter((clause) => !sameField(brushFieldOf(clause), field));
  const added = brush ? [formatFilter(conditionOf(field, brush))] : [];
  return [...kept, ...added].join(' AND ');
}

/** The ranges and lists that a filter asks for at its top, column by column. */
export function brushesIn(filter: string): readonly BrushedColumn[] {
  const found = new Map<ColumnId, Brush>();
  for (const clause of clausesOf(filter)) {
    const condition = conditionIn(clause);
    const field = condition && fieldOfBrush(condition);
    if (!condition || !field) continue;
    const column = columnOfField(field);
    const brush = column === undefined ? undefined : merged(found.get(column), brushOf(condition, field));
    if (column !== undefined && brush) found.set(column, brush);
  }
  return [...found].map(([column, brush]) => ({ column, brush }));
}

/** The parts that ANDs at the top join. A filter with OR at the top is one part, in parentheses. */
function clausesOf(filter: string): string[] {
  const clauses: string[] = [];
  let [from, depth, between] = [0, 0, false];
  for (const token of tokenize(filter)) {
    if (token.kind === 'sign' && token.text === '(') depth++;
    if (token.kind === 'sign' && token.text === ')') depth--;
    if (token.kind !== 'word' || depth > 0) continue;
    const word = token.text.toUpperCase();
    if (word === 'OR') return [`(${filter.trim()})`];
    if (word === 'BETWEEN') between = true;
    if (word !== 'AND') continue;
    if (!between) {
      clauses.push(filter.slice(from, token.from));
      from = token.to;
    }
    between = false;
  }
  return [...clauses, filter.slice(from)].map((clause) => clause.trim()).filter((clause) => clause !== '');
}

const dayMs = 86_400_000;

function conditionIn(clause: string): Condition | undefined {
  const parsed = parseFilter(clause, 0);
  if (!parsed.ok || parsed.filter.kind === 'all') return undefined;
  // Times that move with the clock are no brush.
  const later = /now/i.test(clause) ? parseFilter(clause, dayMs) : parsed;
  return later.ok && formatFilter(later.filter) === formatFilter(parsed.filter) ? parsed.filter : undefined;
}

const brushFieldOf = (clause: string) => {
  const condition = conditionIn(clause);
  return condition && fieldOfBrush(condition);
};

/** Undefined for a condition that no brush makes. */
function fieldOfBrush(condition: Condition): Field | undefined {
  switch (condition.kind) {
    case 'compare': {
      const isBound = condition.comparator === '>=' || condition.comparator === '<=';
      return isBound && typeof condition.value === 'number' ? condition.field : undefined;
    }
    case 'in':
      return condition.negated ? undefined : condition.field;
    case 'and': {
      const [first, ...rest] = condition.parts.map(fieldOfBrush);
      return first && rest.every((field) => sameField(field, first)) ? first : undefined;
    }
    default:
      return undefined;
  }
}

const sameField = (a: Field | undefined, b: Field) => a !== undefined && JSON.stringify(a) === JSON.stringify(b);

function columnOfField(field: Field): ColumnId | undefined {
  if (field.kind === 'dataset') return undefined;
  const id = field.kind === 'attribute' ? `attributes.${field.name}` : `${field.kind}s.${field.key}`;
  return parseColumnId(id) ? id : undefined;
}

/** The filter says durations in ms, an axis shows seconds. */
const unitOf = (field: Field) => (field.kind === 'attribute' && field.name === 'duration' ? 1000 : 1);
const isTime = (field: Field) => field.kind === 'attribute' && field.name.endsWith('_time');

function brushOf(condition: Condition, field: Field): Brush | undefined {
  if (condition.kind === 'in') return { kind: 'texts', texts: condition.values };
  if (condition.kind === 'and')
    return condition.parts.reduce<Brush | undefined>((all, part) => merged(all, brushOf(part, field)), undefined);
  if (condition.kind !== 'compare' || typeof condition.value !== 'number') return undefined;
  const value = condition.value / unitOf(field);
  const isLeast = condition.comparator === '>=';
  return {
    kind: 'range',
    min: isLeast ? value : Number.NEGATIVE_INFINITY,
    max: isLeast ? Number.POSITIVE_INFINITY : value,
  };
}

function merged(a: Brush | undefined, b: Brush | undefined): Brush | undefined {
  if (!a || !b) return a ?? b;
  if (a.kind === 'range' && b.kind === 'range')
    return { kind: 'range', min: Math.max(a.min, b.min), max: Math.min(a.max, b.max) };
  if (a.kind === 'texts' && b.kind === 'texts')
    return { kind: 'texts', texts: a.texts.filter((t) => b.texts.includes(t)) };
  return b;
}

function conditionOf(field: Field, brush: Brush): Condition {
  if (brush.kind === 'texts') return { kind: 'in', field, values: brush.texts, negated: false };
  const unit = unitOf(field);
  const bound = (comparator: '>=' | '<=', value: number): Predicate[] => {
    if (!Number.isFinite(value)) return [];
    const whole = isTime(field) || unit === 1000;
    return [{ kind: 'compare', field, comparator, value: whole ? Math.round(value * unit) : value }];
  };
  const parts = [...bound('>=', brush.min), ...bound('<=', brush.max)];
  const [only, second] = parts;
  return only && !second ? only : { kind: 'and', parts };
}

/** A bound as a person would type it: digits that tell a thousandth of the span apart, and no more. */
export function roundedBound(value: number, span: number): number {
  if (!(span > 0) || !Number.isFinite(value) || value === 0) return value;
  const step = span / 1_000;
  // The last digit is worth no more than the step.
  const digits = Math.floor(Math.log10(Math.abs(value))) - Math.floor(Math.log10(step)) + 1;
  return Number(value.toPrecision(Math.min(15, Math.max(1, digits))));
}

/**
 * Texts that a person may choose from, `most` or as many as are chosen: these come first, so that none is lost where there
 * are more than are offered.
 */
export function offeredTexts(
  categories: readonly string[],
  chosen: ReadonlySet<string>,
  most: number,
): { readonly texts: readonly string[]; readonly left: number } {
  const all = [...new Set([...chosen, ...categories])];
  const texts = all.slice(0, Math.max(most, chosen.size));
  return { texts, left: all.length - texts.length };
}
