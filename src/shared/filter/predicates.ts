import { type Comparator, type Condition, type Field, unclamped } from './ast';
import { fieldKindOf, fieldOf, typeOf } from './fields';
import { quotesHint, type TokenReader } from './reader';
import type { Token } from './tokens';
import { dateOf, durationOf, numberOf, type TimeSpan } from './values';

const comparators: Readonly<Record<string, Comparator>> = {
  '=': '=',
  '==': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

const wordOperators = ['LIKE', 'ILIKE', 'IN', 'BETWEEN'] as const;

/** True when what comes is an operator, so that what is before it is meant as a field. */
export function isOperator(reader: TokenReader, ahead = 0): boolean {
  const token = reader.peek(ahead);
  if (token?.kind === 'sign') return /^[<>=!~]/.test(token.text);
  if (reader.isKeyword('IS', ahead)) return true;
  const word = reader.isKeyword('NOT', ahead) ? ahead + 1 : ahead;
  return wordOperators.some((operator) => reader.isKeyword(operator, word));
}

/** True when a condition ended with a value that has no quotes and is no number: the next word may belong to it. */
export function endsUnquoted(last: Token | undefined, operator: Token | undefined): boolean {
  if (last?.kind !== 'word' || numberOf(last.text) !== undefined) return false;
  return operator?.kind === 'sign' ? /[<>=!]/.test(operator.text) : /^i?like$/i.test(textOf(operator));
}

const textOf = (token: Token | undefined) => (token?.kind === 'word' ? token.text : '');

/** A field's prefix, where it has one, and its key: MLflow splits at the first dot. */
export function partsOf(token: Exclude<Token, { kind: 'sign' }>): { readonly prefix?: string; readonly key: string } {
  if (token.kind === 'name') return token;
  const dot = token.kind === 'word' ? token.text.indexOf('.') : -1;
  return dot > 0 ? { prefix: token.text.slice(0, dot), key: token.text.slice(dot + 1) } : { key: token.text };
}

/** Reads what follows a field. */
export class PredicateParser {
  constructor(
    private readonly reader: TokenReader,
    private readonly now: number,
  ) {}

  /** The condition that begins with this token; its operator comes next. */
  after(token: Exclude<Token, { kind: 'sign' }>): Condition {
    const field = this.field(token);
    const operator = this.reader.take('an operator');
    if (operator.kind === 'sign') return this.comparison(field, operator);
    if (this.isWord(operator, 'IS')) return this.isNull(field);
    const negated = this.isWord(operator, 'NOT');
    const word = negated ? this.reader.take('an operator') : operator;
    if (this.isWord(word, 'IN')) return this.list(field, negated, word);
    const positive = this.isWord(word, 'BETWEEN') ? this.between(field, word) : this.like(field, word);
    return negated ? { kind: 'not', part: positive } : positive;
  }

  private isWord(token: Token, word: string): boolean {
    return token.kind === 'word' && token.text.toUpperCase() === word;
  }

  private field(token: Exclude<Token, { kind: 'sign' }>): Field {
    const { prefix, key } = partsOf(token);
    const qualified = prefix !== undefined;
    const kind = qualified ? fieldKindOf(prefix) : 'attribute';
    const field = kind && fieldOf(kind, key);
    if (field) return field;
    throw this.reader.wrong(unknownField(kind, key, qualified), token);
  }

  private comparison(field: Field, operator: Token & { kind: 'sign' }): Condition {
    const comparator = Object.hasOwn(comparators, operator.text) ? comparators[operator.text] : undefined;
    if (!comparator)
      throw this.reader.wrong('Expected an operator: =, !=, <, <=, >, >=, LIKE, IN or IS NULL.', operator);
    const isOrder = comparator !== '=' && comparator !== '!=';
    if (isOrder && typeOf(field) === 'text')
      throw this.reader.wrong('Expected =, !=, LIKE, ILIKE, IN or IS NULL: this field holds no numbers.', operator);
    if (typeOf(field) === 'time') return compareTime(field, comparator, this.time());
    return { kind: 'compare', field, comparator, value: this.value(field, isOrder) };
  }

  private isNull(field: Field): Condition {
    const negated = this.reader.takeKeyword('NOT');
    if (!this.reader.takeKeyword('NULL')) throw this.reader.missing(negated ? 'NULL' : 'NULL or NOT NULL');
    const part: Condition = { kind: 'null', field };
    return negated ? { kind: 'not', part } : part;
  }

  private like(field: Field, operator: Token): Condition {
    const type = typeOf(field);
    if (type !== 'text' && type !== 'keyed')
      throw this.reader.wrong('Expected =, !=, <, <=, > or >=: this field holds numbers.', operator);
    return { kind: 'like', field, pattern: this.text('a pattern'), fold: this.isWord(operator, 'ILIKE') };
  }

  private between(field: Field, operator: Token): Condition {
    if (typeOf(field) === 'text')
      throw this.reader.wrong('Expected =, !=, LIKE or IN: this field holds no numbers.', operator);
    const bound = (comparator: '>=' | '<='): Condition =>
      typeOf(field) === 'time'
        ? compareTime(field, comparator, this.time())
        : { kind: 'compare', field, comparator, value: this.value(field, true) };
    const low = bound('>=');
    if (!this.reader.takeKeyword('AND')) throw this.reader.missing('AND and the upper bound');
    return { kind: 'and', parts: [low, bound('<=')] };
  }

  private list(field: Field, negated: boolean, operator: Token): Condition {
    if (!this.reader.takeSign('(')) throw this.reader.missing('( and a list of values');
    const type = typeOf(field);
    const isText = type === 'text' || type === 'keyed';
    const texts: string[] = [];
    const parts: Condition[] = [];
    do {
      // Python, and so MLflow, takes a comma after the last value.
      if (texts.length + parts.length > 0 && this.reader.isSign(')')) break;
      if (isText) texts.push(cased(field, this.text('a value')));
      else if (type === 'time') parts.push(compareTime(field, '=', this.time()));
      else parts.push({ kind: 'compare', field, comparator: '=', value: this.value(field, true) });
    } while (this.reader.takeSign(','));
    if (!this.reader.takeSign(')')) throw this.reader.missing(', or )');
    if (isText) return { kind: 'in', field, values: texts, negated };
    if (parts.length > 500) throw this.reader.wrong('Expected at most 500 numbers in a list.', operator);
    const [only, second] = parts;
    const part: Condition = only && !second ? only : { kind: 'or', parts };
    return negated ? { kind: 'not', part } : part;
  }

  /** A number for fields that hold numbers and for comparisons by size; else a text. */
  private value(field: Field, isOrder: boolean): string | number {
    const type = typeOf(field);
    if (type === 'duration') return this.duration();
    if (type === 'number') return unclamped(this.number('a number'));
    if (type === 'keyed' && isOrder) return this.number('a number: by size, params and tags compare as numbers');
    return cased(field, this.text('a value'));
  }

  private text(expected: string): string {
    const token = this.reader.peek();
    const isTaken = token?.kind === 'word' || (token?.kind === 'quoted' && token.quote !== '`');
    if (!isTaken) throw this.reader.missing(expected);
    if (token.kind === 'word' && /^(?:and|or|not)$/i.test(token.text))
      throw this.reader.wrong(`Expected ${expected}; the word ${token.text} as a value goes in quotes.`, token);
    this.reader.skip();
    return token.text;
  }

  private number(expected: string): number {
    const token = this.reader.peek();
    const number = token && (token.kind === 'word' || token.kind === 'quoted') ? numberOf(token.text) : undefined;
    if (number === undefined) throw this.reader.missing(expected);
    this.reader.skip();
    return number;
  }

  private duration(): number {
    const token = this.reader.peek();
    const ms = token && (token.kind === 'word' || token.kind === 'quoted') ? durationOf(token.text) : undefined;
    if (ms === undefined) throw this.reader.missing('a duration such as 90s, 5m or 1h30m');
    this.reader.skip();
    return ms;
  }

  /** ms since 1970, `now`, `now-7d`, or a date in local time. */
  private time(): TimeSpan {
    const expected = "ms since 1970, now-7d, or a date such as '2026-11-01'";
    const token = this.reader.peek();
    if (token?.kind !== 'word' && token?.kind !== 'quoted') throw this.reader.missing(expected);
    const relative = /^now(?:([+-])(.+))?$/i.exec(token.text);
    const number = numberOf(token.text);
    const span = Number.isFinite(number) ? { at: number ?? 0 } : dateOf(token.text);
    if (!relative && !span) throw this.reader.missing(expected);
    this.reader.skip();
    if (span) return span;
    return { at: relative?.[2] ? this.shifted(relative[1] === '-', relative[2], token) : this.spacedShift() };
  }

  /** `now - 7d` and `now -7d`, with spaces. */
  private spacedShift(): number {
    const sign = this.reader.peek();
    const parts = sign?.kind === 'word' ? /^([+-])(.*)$/.exec(sign.text) : undefined;
    if (!sign || !parts) return this.now;
    this.reader.skip();
    if (parts[2]) return this.shifted(parts[1] === '-', parts[2], sign);
    const count = this.reader.peek();
    if (count?.kind !== 'word') throw this.reader.missing('a time such as 7d; units are s, m, h, d and w');
    this.reader.skip();
    return this.shifted(parts[1] === '-', count.text, count);
  }

  private shifted(isPast: boolean, text: string, at: Token): number {
    const ms = /^\d/.test(text) ? durationOf(text) : undefined;
    if (ms === undefined) throw this.reader.wrong('Expected a time such as 7d; units are s, m, h, d and w.', at);
    return isPast ? this.now - ms : this.now + ms;
  }
}

/** Statuses and stages are known words, so their case says nothing. */
function cased(field: Field, text: string): string {
  if (field.kind !== 'attribute') return text;
  if (field.name === 'status') return text.toUpperCase();
  return field.name === 'lifecycle_stage' ? text.toLowerCase() : text;
}

/** A day is equal to every instant in it; what is before or after it is outside of all of it. */
function compareTime(field: Field, comparator: Comparator, { at, until }: TimeSpan): Condition {
  const compare = (by: Comparator, value: number): Condition => ({ kind: 'compare', field, comparator: by, value });
  if (until === undefined || comparator === '<' || comparator === '>=') return compare(comparator, at);
  if (comparator === '<=') return compare('<', until);
  if (comparator === '>') return compare('>=', until);
  const part: Condition = { kind: 'and', parts: [compare('>=', at), compare('<', until)] };
  return comparator === '=' ? part : { kind: 'not', part };
}

function unknownField(kind: Field['kind'] | undefined, key: string, qualified: boolean): string {
  if (qualified && kind && key === '') return 'Expected a key after the dot.';
  if (kind === 'dataset') return 'Expected datasets.name, datasets.digest or datasets.context.';
  if (kind === 'attribute' && qualified) return attributesHint;
  return `Expected a field: metrics.…, params.…, tags.…, datasets.…, or an attribute. ${attributesHint} ${quotesHint}`;
}

const attributesHint =
  'Attributes are run_id, run_name, status, user_id, start_time, end_time, duration, artifact_uri, experiment_id and lifecycle_stage.';
