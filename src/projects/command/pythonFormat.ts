import { pythonRepr } from '../mlproject/pythonScalars';

/**
 * MLflow fills a command with Python's `str.format`, every value being a text that is quoted for the shell already. The
 * grammar is CPython's: https://github.com/python/cpython/blob/3.11/Objects/stringlib/unicode_format.h
 * Offsets count UTF-16 units of the command.
 */
export interface Placeholder {
  readonly name: string;
  /** Of the whole `{name!r:>4}`. */
  readonly start: number;
  readonly end: number;
  readonly nameStart: number;
  readonly nameEnd: number;
}

export interface FormatProblem {
  readonly kind: /** A brace that stands alone, and would have to be doubled. */
    | 'brace'
    /** `{}` or `{0}`: MLflow passes no values by number. */
    | 'number'
    /** `{a.b}`, `{a!x}`, `{a:z}`: more than a name, and nothing that a text can do. */
    | 'form';
  readonly start: number;
  readonly end: number;
}

export interface Field extends Placeholder {
  /** `[0]` behind the name, as character numbers. */
  readonly parts: readonly number[];
  readonly conversion: string;
  readonly spec: CommandFormat;
}

export interface CommandFormat {
  readonly pieces: readonly (string | Field)[];
  /** Python stops at the first; what stands before it is in `pieces`. */
  readonly problem?: FormatProblem;
}

class FormatError extends Error {
  constructor(readonly problem: FormatProblem) {
    super(problem.kind);
  }
}

const fail = (kind: FormatProblem['kind'], start: number, end: number): never => {
  throw new FormatError({ kind, start, end });
};

/** Reads a command. Never throws. */
export function parseFormat(command: string): CommandFormat {
  return parse(command, 0, command.length, 0);
}

/** A text in braces may hold braces of its own once: `{a:{b}}`. */
const deepest = 1;

function parse(source: string, from: number, end: number, depth: number): CommandFormat {
  const pieces: (string | Field)[] = [];
  const reader = new Reader(source, from, end, depth);
  try {
    while (!reader.atEnd) pieces.push(...reader.next());
  } catch (error) {
    if (error instanceof FormatError) return { pieces, problem: error.problem };
    throw error;
  }
  return { pieces };
}

class Reader {
  constructor(
    private readonly source: string,
    private at: number,
    private readonly end: number,
    private readonly depth: number,
  ) {}

  get atEnd(): boolean {
    return this.at >= this.end;
  }

  /** Text up to the next brace, and the field that begins there. */
  next(): readonly (string | Field)[] {
    const from = this.at;
    while (!this.atEnd && !'{}'.includes(this.source[this.at] ?? '')) this.at++;
    const text = this.source.slice(from, this.at);
    if (this.atEnd) return [text];
    const brace = this.source[this.at] ?? '';
    const start = this.at++;
    if (!this.atEnd && this.source[this.at] === brace) {
      this.at++;
      return [text + brace];
    }
    if (brace === '}' || this.atEnd) fail('brace', start, start + 1);
    return text === '' ? [this.field(start)] : [text, this.field(start)];
  }

  private field(start: number): Field {
    const nameFrom = this.at;
    const stop = this.toEndOfName(start);
    const path = this.source.slice(nameFrom, this.at);
    this.at++;
    const conversion = stop === '!' ? this.conversion(start) : '';
    const hasSpec = stop === ':' || (stop === '!' && this.source[this.at - 1] === ':');
    const spec = hasSpec ? this.spec(start) : { pieces: [] };
    const name = /^[^.[]*/.exec(path)?.[0] ?? '';
    const field = { name, start, end: this.at, nameStart: nameFrom, nameEnd: nameFrom + name.length };
    if (name === '' || /^\p{Nd}+$/u.test(name)) fail('number', start, this.at);
    const rest = path.slice(name.length);
    if (!/^(\[\d+\])*$/.test(rest) || !/^[rsa]?$/.test(conversion)) fail('form', start, this.at);
    if (spec.problem) fail('form', start, this.at);
    return { ...field, parts: [...rest.matchAll(/\d+/g)].map(Number), conversion, spec };
  }

  /** The character that ends the name; the reader stands on it. */
  private toEndOfName(start: number): string {
    for (; !this.atEnd; this.at++) {
      const character = this.source[this.at] ?? '';
      if ('}:!'.includes(character)) return character;
      if (character === '{') fail('brace', start, start + 1);
      // Whatever stands in brackets belongs to the name.
      if (character === '[') while (this.at + 1 < this.end && this.source[this.at + 1] !== ']') this.at++;
    }
    return fail('brace', start, start + 1);
  }

  private conversion(start: number): string {
    if (this.atEnd) fail('brace', start, start + 1);
    const conversion = this.source[this.at++] ?? '';
    if (this.atEnd) fail('brace', start, start + 1);
    const next = this.source[this.at++];
    if (next !== '}' && next !== ':') fail('form', start, this.at);
    return conversion;
  }

  private spec(start: number): CommandFormat {
    const from = this.at;
    for (let open = 1; !this.atEnd; ) {
      const character = this.source[this.at++];
      if (character === '{') open++;
      if (character === '}' && --open === 0) {
        const text = this.source.slice(from, this.at - 1);
        // Without braces in it Python takes it as it is.
        if (!text.includes('{')) return { pieces: text === '' ? [] : [text] };
        if (this.depth >= deepest) fail('form', start, this.at);
        return parse(this.source, from, this.at - 1, this.depth + 1);
      }
    }
    return fail('brace', start, start + 1);
  }
}

/** Every placeholder, those inside of others too. */
export function placeholdersOf(format: CommandFormat): readonly Placeholder[] {
  return format.pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece, ...placeholdersOf(piece.spec)]));
}

/** What Python makes of a command. Undefined where it raises an error. */
export function fillFormat(format: CommandFormat, values: ReadonlyMap<string, string>): string | undefined {
  if (format.problem) return undefined;
  const texts = format.pieces.map((piece) => (typeof piece === 'string' ? piece : fillField(piece, values)));
  return texts.some((text) => text === undefined) ? undefined : texts.join('');
}

function fillField(field: Field, values: ReadonlyMap<string, string>): string | undefined {
  let text = values.get(field.name);
  for (const part of field.parts) text = text === undefined ? undefined : [...text][part];
  const spec = fillFormat(field.spec, values);
  if (text === undefined || spec === undefined) return undefined;
  return formatText(converted(text, field.conversion), spec);
}

function converted(text: string, conversion: string): string {
  if (conversion !== 'r' && conversion !== 'a') return text;
  const repr = pythonRepr(text);
  return conversion === 'r' ? repr : [...repr].map(asciiOf).join('');
}

function asciiOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 128) return character;
  const hex = code.toString(16);
  if (code < 256) return `\\x${hex.padStart(2, '0')}`;
  return code < 65_536 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

const textSpec = /^(?:(.)?([<>^]))?(0?)(\d*)(?:\.(\d+))?s?$/su;

/** `format(text, spec)` of a text: fill, side, width and longest length. Undefined for what only numbers can do. */
function formatText(text: string, spec: string): string | undefined {
  const match = textSpec.exec(spec);
  if (!match) return undefined;
  const [, fill, side = '<', zero, widthText = '', precision] = match;
  const characters = [...text].slice(0, precision === undefined ? undefined : Number(precision));
  const missing = Math.max(0, Number(widthText) - characters.length);
  // A width of millions is no command.
  if (missing > 100_000) return undefined;
  const filler = fill ?? (zero ? '0' : ' ');
  const before = side === '>' ? missing : side === '^' ? Math.floor(missing / 2) : 0;
  return filler.repeat(before) + characters.join('') + filler.repeat(missing - before);
}
