import type { Condition, Filter } from './ast';
import { fieldKindOf } from './fields';
import { endsUnquoted, isOperator, PredicateParser, partsOf } from './predicates';
import { type FilterError, FilterProblem, quotesHint, TokenReader } from './reader';
import { type Token, tokenize } from './tokens';

export type ParsedFilter =
  | { readonly ok: true; readonly filter: Filter }
  | { readonly ok: false; readonly error: FilterError };

const mostCharacters = 200_000;
const mostTokens = 10_000;
const mostConditions = 500;
const mostDepth = 64;

/**
 * Reads a filter: MLflow's search grammar for runs, with OR, NOT, parentheses, lists, BETWEEN, relative and local times,
 * numbers in params and tags, and texts alone, which names contain. `now` (ms) is what relative times count from. Never
 * throws. The grammar it extends: https://mlflow.org/docs/latest/ml/search/search-runs
 */
export function parseFilter(text: string, now: number): ParsedFilter {
  if (text.length > mostCharacters)
    return failed(`Expected at most ${mostCharacters} characters.`, mostCharacters, text.length);
  const tokens = tokenize(text, mostTokens + 1);
  const beyond = tokens[mostTokens];
  if (beyond) return failed(`Expected at most ${mostTokens} words and signs.`, beyond.from, text.length);
  const open = tokens.find((token) => (token.kind === 'quoted' || token.kind === 'name') && !token.closed);
  if (open) return failed('Expected a closing quote: this one is never closed.', open.from, open.to);
  try {
    return { ok: true, filter: new Parser(tokens, text.length, now).filter() };
  } catch (error) {
    if (error instanceof FilterProblem) return { ok: false, error: error.at };
    throw error;
  }
}

const failed = (message: string, from: number, to: number): ParsedFilter => ({
  ok: false,
  error: { message, from, to },
});

class Parser {
  private readonly reader: TokenReader;
  private readonly predicates: PredicateParser;
  private depth = 0;
  private conditions = 0;

  constructor(tokens: readonly Token[], end: number, now: number) {
    this.reader = new TokenReader(tokens, end);
    this.predicates = new PredicateParser(this.reader, now);
  }

  filter(): Filter {
    // MLflow takes ANDs that join nothing, before, between and after conditions.
    let ahead = 0;
    while (this.reader.isKeyword('AND', ahead)) ahead++;
    if (!this.reader.peek(ahead)) return { kind: 'all' };
    const filter = this.or('a condition');
    const rest = this.reader.peek();
    if (!rest) return filter;
    throw this.reader.wrong(unexpected(rest), rest);
  }

  private or(expected: string): Condition {
    const parts = [this.and(expected)];
    while (this.reader.takeKeyword('OR')) parts.push(this.and('a condition after OR'));
    return joined('or', parts);
  }

  /** Conditions beside each other are joined as with AND. */
  private and(expected: string): Condition {
    const parts: Condition[] = [];
    let before = expected;
    for (;;) {
      while (this.reader.takeKeyword('AND')) before = 'a condition after AND';
      const next = this.reader.peek();
      const ends = !next || this.reader.isKeyword('OR') || this.reader.isSign(')') || this.reader.isSign(',');
      if (ends) {
        const trailing = !next && parts.length > 0 && this.depth === 0;
        if (parts.length === 0 || (before !== expected && !trailing)) throw this.reader.missing(before);
        return joined('and', parts);
      }
      if (parts.length > 0 && before === expected) this.refuseSecondWord(next);
      before = expected;
      parts.push(this.not());
    }
  }

  /** `run_name = my run` is rather a value with a space than two conditions. */
  private refuseSecondWord(next: Token): void {
    if (!endsUnquoted(this.reader.peek(-1), this.reader.peek(-2))) return;
    if (next.kind === 'word' && !this.reader.isKeyword('NOT') && !isOperator(this.reader, 1))
      throw this.reader.wrong('Expected AND, OR or the end. A value with spaces goes in quotes.', next);
  }

  private not(): Condition {
    const at = this.reader.peek();
    if (!this.reader.takeKeyword('NOT')) return this.primary();
    this.deeper(at);
    const part = this.reader.peek() ? this.not() : this.fail('a condition after NOT');
    this.depth--;
    return { kind: 'not', part };
  }

  private primary(): Condition {
    const token = this.reader.peek();
    if (!this.reader.takeSign('(')) return this.predicate();
    this.deeper(token);
    const inside = this.or('a condition after (');
    if (!this.reader.takeSign(')')) throw this.reader.missing('AND, OR or )');
    this.depth--;
    return inside;
  }

  private predicate(): Condition {
    const token = this.reader.take('a condition');
    if (++this.conditions > mostConditions)
      throw this.reader.wrong(`Expected at most ${mostConditions} conditions.`, token);
    if (token.kind === 'sign') throw this.reader.wrong(`Expected a condition before ${token.text}.`, token);
    if (isOperator(this.reader)) return this.predicates.after(token);
    if (token.kind === 'quoted') return { kind: 'text', text: token.text };
    const isField = token.kind === 'name' || fieldKindOf(partsOf(token).prefix ?? '') !== undefined;
    if (isField) throw this.reader.missing('an operator such as =, <, LIKE or IS NULL after the field', quotesHint);
    const isLost = /^(?:or|in|is|i?like|between|null)$/i.test(token.text);
    if (isLost)
      throw this.reader.wrong(`Expected a condition before ${token.text.toUpperCase()}. ${quotesHint}`, token);
    return { kind: 'text', text: token.text };
  }

  private deeper(at: Token | undefined): void {
    if (++this.depth > mostDepth)
      throw this.reader.wrong(`Expected at most ${mostDepth} levels of parentheses and NOT.`, at ?? { from: 0, to: 0 });
  }

  private fail(expected: string): never {
    throw this.reader.missing(expected);
  }
}

function joined(kind: 'and' | 'or', parts: readonly Condition[]): Condition {
  const [only, second] = parts;
  return only && !second ? only : { kind, parts };
}

function unexpected(token: Token): string {
  if (token.kind === 'sign' && token.text === ')')
    return 'Expected AND, OR or the end: nothing opens this parenthesis.';
  if (token.kind === 'sign' && token.text === ',')
    return 'Expected AND, OR or the end. A value with a comma goes in quotes.';
  return 'Expected AND, OR or the end.';
}
