/** Positions are UTF-16 offsets into the text, the end exclusive. */
interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Word extends Span {
  readonly kind: 'word';
  readonly text: string;
}

export interface Quoted extends Span {
  readonly kind: 'quoted';
  readonly quote: string;
  /** What is between the quotes, a doubled quote being one. */
  readonly text: string;
  /** False when the text ends before the closing quote. */
  readonly closed: boolean;
}

/** A quoted key with its prefix, such as params.`a b`, or a quoted prefix with its key. */
export interface QualifiedName extends Span {
  readonly kind: 'name';
  readonly prefix: string;
  readonly key: string;
  readonly closed: boolean;
}

/** A parenthesis, a comma, or what is meant as an operator. */
export interface Sign extends Span {
  readonly kind: 'sign';
  readonly text: string;
}

export type Token = Word | Quoted | QualifiedName | Sign;

const isQuote = (mark: string | undefined): mark is string => mark === "'" || mark === '"' || mark === '`';
const ofWord = /[^\s()<>=!~,'"`]+/y;
const ofSign = /[(),]|[<>=!~]+/y;
const ofSpace = /\s+/y;

/** Cuts a text into tokens, whatever it holds, in one pass; stops after `most` of them. */
export function tokenize(text: string, most = Number.POSITIVE_INFINITY): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length && tokens.length < most) {
    const space = match(ofSpace, text, at);
    if (space) {
      at += space.length;
      continue;
    }
    const token = isQuote(text[at]) ? quotedToken(text, at) : plainToken(text, at);
    tokens.push(token);
    at = token.to;
  }
  return tokens;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function plainToken(text: string, from: number): Token {
  const word = match(ofWord, text, from);
  if (word === undefined) {
    const sign = match(ofSign, text, from) ?? text.charAt(from);
    return { kind: 'sign', text: sign, from, to: from + sign.length };
  }
  const to = from + word.length;
  if (!word.endsWith('.') || !isQuote(text[to])) return { kind: 'word', text: word, from, to };
  const key = quoted(text, to);
  return { kind: 'name', prefix: word.slice(0, -1), key: key.text, closed: key.closed, from, to: key.to };
}

function quotedToken(text: string, from: number): Token {
  const first = quoted(text, from);
  // MLflow takes `params`.`lr` too; after a single quote a dot is no key.
  if (first.quote === "'" || text[first.to] !== '.') return first;
  const at = first.to + 1;
  if (isQuote(text[at])) {
    const key = quoted(text, at);
    return { kind: 'name', prefix: first.text, key: key.text, closed: key.closed, from, to: key.to };
  }
  const key = match(ofWord, text, at) ?? '';
  return { kind: 'name', prefix: first.text, key, closed: true, from, to: at + key.length };
}

function quoted(text: string, from: number): Quoted {
  const quote = text.charAt(from);
  let inside = '';
  let at = from + 1;
  for (;;) {
    const end = text.indexOf(quote, at);
    if (end < 0) return { kind: 'quoted', quote, text: inside + text.slice(at), closed: false, from, to: text.length };
    inside += text.slice(at, end);
    if (text[end + 1] !== quote) return { kind: 'quoted', quote, text: inside, closed: true, from, to: end + 1 };
    inside += quote;
    at = end + 2;
  }
}
