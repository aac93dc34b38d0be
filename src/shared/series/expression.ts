/**
 * Expressions over metrics: `${val/loss} - log10(${loss}) ^ 2`. This file reads them; nothing is ever given to an
 * interpreter. Weakest first: `+ -`, `* /`, unary minus, `^` (from the right, as in Python: -2^2 is -4).
 */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  /** `key` is exactly what stands between `${` and `}`. */
  | { readonly kind: 'metric'; readonly key: string }
  | { readonly kind: 'negative'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Expression[] };

export type Operator = '+' | '-' | '*' | '/' | '^';
export type FunctionName = (typeof functionNames)[number];

export interface ExpressionProblem {
  readonly message: string;
  /** UTF-16 offsets in the text, `end` exclusive. Empty at the end of the text. */
  readonly start: number;
  readonly end: number;
}

export type ParsedExpression =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly problem: ExpressionProblem };

/** `log` is the natural one. `min` and `max` take one argument or more, the others exactly one. */
export const functionNames = ['abs', 'sqrt', 'exp', 'log', 'log2', 'log10', 'min', 'max'] as const;
const manyArguments: readonly FunctionName[] = ['min', 'max'];

/** Longer and deeper ones nobody writes; the limits keep reading and evaluating from running out of stack. */
const mostCharacters = 2000;
const mostLevels = 100;

/** Reads an expression, whatever the text is; never throws. */
export function parseExpression(text: string): ParsedExpression {
  if (text.length > mostCharacters)
    return failed(`An expression has at most ${mostCharacters} characters.`, mostCharacters, text.length);
  try {
    return { ok: true, expression: new Parser(tokensOf(text), text.length).parse() };
  } catch (error) {
    if (error instanceof Refused) return failed(error.message, error.start, error.end);
    throw error;
  }
}

const failed = (message: string, start: number, end: number): ParsedExpression => ({
  ok: false,
  problem: { message, start, end },
});

/** The metrics of an expression, each once, in the order in which they stand. */
export function metricsOf(expression: Expression): readonly string[] {
  const keys = new Set<string>();
  const visit = (part: Expression): void => {
    if (part.kind === 'metric') keys.add(part.key);
    for (const child of childrenOf(part)) visit(child);
  };
  visit(expression);
  return [...keys];
}

function childrenOf(part: Expression): readonly Expression[] {
  switch (part.kind) {
    case 'negative':
      return [part.of];
    case 'binary':
      return [part.left, part.right];
    case 'call':
      return part.args;
    default:
      return [];
  }
}

class Refused extends Error {
  constructor(
    message: string,
    readonly start: number,
    readonly end: number,
  ) {
    super(message);
  }
}

interface Token {
  readonly kind: 'number' | 'metric' | 'name' | 'symbol';
  /** The key for metrics, else what is written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const tokenPattern =
  /\s+|(?<metric>\$\{(?<key>[^{}]*)\})|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_]\w*)|(?<symbol>[-+*/^(),])/y;

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  for (let start = 0; start < text.length; start = tokenPattern.lastIndex) {
    tokenPattern.lastIndex = start;
    const groups = tokenPattern.exec(text)?.groups;
    if (!groups) throw strangeText(text, start);
    const end = tokenPattern.lastIndex;
    const { metric, key = '', number, name, symbol } = groups;
    if (metric !== undefined) {
      if (key.trim() === '') throw new Refused(`The name of a metric is missing between \${ and }.`, start, end);
      tokens.push({ kind: 'metric', text: key, start, end });
    } else if (number !== undefined) tokens.push({ kind: 'number', text: number, start, end });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, start, end });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol, start, end });
  }
  return tokens;
}

function strangeText(text: string, start: number): Refused {
  if (text.startsWith('${', start)) return new Refused('This metric is not closed with }.', start, text.length);
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  const hint = character === '$' || character === '{' ? ` A metric is written \${name}.` : '';
  return new Refused(`“${character}” has no meaning here.${hint}`, start, start + character.length);
}

class Parser {
  private at = 0;
  private levels = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly length: number,
  ) {}

  parse(): Expression {
    const expression = this.sum();
    if (this.tokens[this.at]) throw this.unexpected('an operator');
    return expression;
  }

  private sum(): Expression {
    let left = this.product();
    for (let operator = this.operator('+', '-'); operator; operator = this.operator('+', '-'))
      left = { kind: 'binary', operator, left, right: this.product() };
    return left;
  }

  private product(): Expression {
    let left = this.signed();
    for (let operator = this.operator('*', '/'); operator; operator = this.operator('*', '/'))
      left = { kind: 'binary', operator, left, right: this.signed() };
    return left;
  }

  private signed(): Expression {
    const sign = this.operator('-', '+');
    if (!sign) return this.power();
    const of = this.deeper(() => this.signed());
    return sign === '-' ? { kind: 'negative', of } : of;
  }

  private power(): Expression {
    const left = this.atom();
    const operator = this.operator('^');
    return operator ? { kind: 'binary', operator, left, right: this.deeper(() => this.signed()) } : left;
  }

  private atom(): Expression {
    const token = this.tokens[this.at];
    if (!token || (token.kind === 'symbol' && token.text !== '('))
      throw this.unexpected('a number, metric or function');
    this.at++;
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
    if (token.kind === 'metric') return { kind: 'metric', key: token.text };
    if (token.kind === 'name') return this.call(token);
    const inside = this.deeper(() => this.sum());
    if (!this.symbol(')')) throw this.unexpected('“)”');
    return inside;
  }

  private call(token: Token): Expression {
    const name = functionNames.find((known) => known === token.text);
    if (!name) {
      const hint = `Functions are ${functionNames.join(', ')}; a metric is written \${${token.text}}.`;
      throw new Refused(`There is no function “${token.text}”. ${hint}`, token.start, token.end);
    }
    if (!this.symbol('(')) throw this.unexpected(`“(” after ${name}`);
    const args = [this.deeper(() => this.sum())];
    while (this.symbol(',')) args.push(this.deeper(() => this.sum()));
    if (!this.symbol(')')) throw this.unexpected('“)”');
    const end = this.tokens[this.at - 1]?.end ?? this.length;
    if (args.length > 1 && !manyArguments.includes(name))
      throw new Refused(`${name} takes one argument.`, token.start, end);
    return { kind: 'call', name, args };
  }

  private deeper<T>(read: () => T): T {
    const token = this.tokens[this.at];
    if (++this.levels > mostLevels)
      throw new Refused('This is nested too deeply.', token?.start ?? this.length, token?.end ?? this.length);
    const found = read();
    this.levels--;
    return found;
  }

  private operator<T extends Operator>(...wanted: readonly T[]): T | undefined {
    return wanted.find((text) => this.symbol(text));
  }

  private symbol(text: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== 'symbol' || token.text !== text) return false;
    this.at++;
    return true;
  }

  private unexpected(wanted: string): Refused {
    const token = this.tokens[this.at];
    if (!token) return new Refused(`The expression ends where ${wanted} should follow.`, this.length, this.length);
    const found = token.kind === 'metric' ? `\${${token.text}}` : token.text;
    return new Refused(`“${found}” stands where ${wanted} should.`, token.start, token.end);
  }
}
