import { isHeldByName, readsVariablesIn } from './assignedNames';
import { type Field, parseFormat, placeholdersOf } from './pythonFormat';
import { filled, namesThatMatter, type ShellPlace, SimpleCommand } from './simpleCommand';

export interface FieldPlace {
  readonly name: string;
  /** Of its opening brace. */
  readonly start: number;
  readonly place: ShellPlace;
  /** The value can be no part of these: the end of a here document, names of builtins. */
  readonly forbidden: readonly string[];
}

export interface ShellPlaces {
  readonly fields: readonly FieldPlace[];
  /** Where a word would stand that is put behind all of it. */
  readonly end: ShellPlace;
}

const isBlank = (item: Item) => typeof item === 'string' && /[\s(;|&]/.test(item);

/** Places that are code for other reasons say what there is to repair. */
const read = (field: FieldPlace): FieldPlace =>
  field.place === 'word' || field.place === 'command' ? { ...field, place: 'code' } : field;

type Item = string | Field;
interface HereDocument {
  readonly delimiter: string;
  readonly isIndented: boolean;
  /** Behind its delimiter. */
  readonly from: number;
}

/**
 * Where bash finds the placeholders of a command: the text between them is read as bash reads it, each of them being one
 * word that `shlex.quote` has made. What is not understood to its end makes everything behind it `code`. What a program
 * or a function of the command does with a word that it was given is theirs.
 */
export function shellPlaces(command: string): ShellPlaces {
  return new ShellReader(command).read();
}

class ShellReader {
  private readonly items: readonly Item[];
  private readonly found: (FieldPlace & { readonly variable: string | undefined })[] = [];
  private at = 0;
  private isLost = false;
  private readonly command = new SimpleCommand();
  private documents: HereDocument[] = [];

  constructor(command: string) {
    this.items = parseFormat(command).pieces.flatMap((piece): Item[] =>
      typeof piece === 'string' ? [...piece] : [piece],
    );
  }

  read(): ShellPlaces {
    for (let item = this.next(); item !== undefined; item = this.next())
      if (typeof item === 'string') this.step(item);
      else this.argument(item);
    this.command.endWord();
    const isOpen = this.isLost || this.documents.length > 0;
    const end = isOpen || this.command.place() === 'code' ? 'code' : 'word';
    this.command.end();
    const text = this.items.map((item) => (typeof item === 'string' ? item : filled)).join('');
    // Whatever of it that is.
    if (this.command.runsInput || readsVariablesIn(text))
      return { fields: this.found.map((field) => read(field)), end: 'code' };
    const isHeld = (variable: string | undefined) => variable === undefined || isHeldByName(text, variable);
    return { fields: this.found.map((field) => (isHeld(field.variable) ? field : read(field))), end };
  }

  private next(): Item | undefined {
    return this.items[this.at++];
  }

  /** True, and behind it, where this comes next. */
  private take(text: string): boolean {
    if (this.items[this.at] !== text) return false;
    this.at++;
    return true;
  }

  /** Up to a character that nothing escapes, and behind it. */
  private *upTo(close: string): Generator<Item> {
    for (let item = this.next(); item !== close; item = this.next()) {
      if (item === undefined) this.isLost = true;
      if (item === undefined) return;
      yield item;
    }
  }

  private step(item: string): void {
    const { command } = this;
    if (item === '\\') this.escaped();
    else if (item === "'" || item === '"' || item === '`') this.quoted(item);
    else if (item === '$') this.dollar();
    else if (item === '<' || item === '>') this.redirection(item);
    else if (item === '#' && command.isBetween) this.comment();
    else if (item === '(' && this.take('(')) this.nested(')', 2);
    else if (item === '&' && this.take('>')) command.target();
    else if (item === ' ' || item === '\t') command.endWord();
    else if (item === '(') command.open();
    else if (item === ')') command.close();
    else if ('\n;&|'.includes(item)) command.end();
    else command.add(item);
    if (item === '\n') this.hereDocuments();
  }

  private field(field: Field, place: ShellPlace, forbidden: readonly string[] = []): void {
    const isFormed = field.parts.length > 0 || /[ra]/.test(field.conversion) || field.spec.pieces.length > 0;
    // A part of the quoted word, or quotes by Python: nothing is known of what bash finds behind it.
    this.isLost ||= isFormed;
    const variable = this.command.variable();
    for (const { name, start } of [field, ...placeholdersOf(field.spec)])
      this.found.push({ name, start, place: this.isLost ? 'code' : place, forbidden, variable });
    this.command.add(filled);
  }

  /** Outside of everything. */
  private argument(field: Field): void {
    const place = this.command.place();
    const following = this.items[this.at];
    const goesOn = typeof following === 'string' && /[A-Z\d_/.,:@%+-]/.test(following);
    this.field(field, place, place === 'command' && !goesOn ? namesThatMatter : []);
  }

  private escaped(): void {
    const item = this.next();
    if (item === undefined) this.isLost = true;
    // The quote that would begin its value is the one that is escaped.
    else if (typeof item !== 'string') this.field(item, 'code');
    else if (item !== '\n') this.command.add(item);
  }

  private quoted(quote: string): void {
    this.command.add('');
    if (quote === "'") this.single();
    else if (quote === '"') this.double();
    else this.backticks();
  }

  private single(): void {
    for (const item of this.upTo("'"))
      if (typeof item === 'string') this.command.add(item);
      else this.field(item, 'single');
  }

  private double(): void {
    for (const item of this.upTo('"'))
      if (typeof item !== 'string') this.field(item, 'double');
      else if (item === '\\') this.escaped();
      else if (item === '`') this.backticks();
      else if (item === '$') this.dollarInQuotes();
      else this.command.add(item);
  }

  private dollarInQuotes(): void {
    this.command.add('$');
    this.expansion();
  }

  /** bash takes the first one that is not escaped for its end, in whatever quotes. */
  private backticks(): void {
    let before: Item = ' ';
    for (const item of this.upTo('`')) {
      if (typeof item !== 'string') this.field(item, 'code');
      else if (item === '\\') this.escaped();
      else if (item === '#' && isBlank(before)) this.isLost = true;
      before = item;
    }
    this.command.add('()');
  }

  private dollar(): void {
    this.command.add('$');
    if (this.take("'")) this.ansi();
    else if (this.take('"')) this.double();
    else this.expansion();
  }

  /** `$'…'`, where a backslash escapes. */
  private ansi(): void {
    for (const item of this.upTo("'"))
      if (typeof item !== 'string') this.field(item, 'code');
      else if (item === '\\') this.escaped();
  }

  /** Behind a `$`. */
  private expansion(): void {
    const following = this.items[this.at];
    if (following !== undefined && typeof following !== 'string') {
      this.at++;
      this.field(following, 'code');
    } else if (this.take('(')) this.nested(')');
    else if (this.take('[')) this.nested(']');
    else if (this.take('{')) {
      // A command again, for the newest bash.
      if (/[\s|]/.test(String(this.items[this.at]))) this.isLost = true;
      this.nested('}');
    }
  }

  /**
   * Up to the bracket that closes it. Only plain words get in, so the text of the command says where that is. What bash
   * finds that by more than brackets for is given up.
   */
  private nested(close: ')' | '}' | ']', opened = 1): void {
    const open = { ')': '(', ']': '[', '}': '' }[close];
    let before: Item = open;
    let letters = '';
    let depth = opened;
    while (depth > 0) {
      const item = this.next();
      if (item === undefined) this.isLost = true;
      if (item === undefined) return;
      if (typeof item !== 'string') this.field(item, 'code');
      else if (item === open) depth++;
      else if (item === close) depth--;
      else this.inside(item, before, close);
      letters += typeof item === 'string' ? item : filled;
      before = item;
    }
    // The brackets of patterns close nothing.
    if (close === ')' && /\bcase\b/.test(letters)) this.isLost = true;
    this.command.add('()');
  }

  private inside(item: string, before: Item, close: string): void {
    if (item === '\\') this.escaped();
    // In braces quotes are quotes or not, by what stands around them.
    else if ((item === "'" || item === '"') && close === '}') this.isLost = true;
    else if (item === "'" || item === '"' || item === '`') this.quoted(item);
    else if (item === '$') close === '}' ? this.expansion() : this.dollar();
    else if (item === '#' && isBlank(before)) this.isLost = true;
    else if (item === '<' && before === '<') this.isLost = true;
  }

  private redirection(sign: string): void {
    this.command.redirect();
    if (this.take('(')) this.nested(')');
    else if (sign === '<' && this.take('<')) this.take('<') ? this.command.target(true) : this.hereDocument();
    else {
      // What may belong to the sign.
      if (!this.take('&') && !this.take('>')) this.take('|');
      this.command.target();
    }
  }

  private hereDocument(): void {
    const isIndented = this.take('-');
    while (this.take(' ') || this.take('\t'));
    let delimiter = '';
    let quote = '';
    for (; this.at < this.items.length; this.at++) {
      const item = this.items[this.at] ?? '';
      if (quote === '' && typeof item === 'string' && /[\s;&|<>()]/.test(item)) break;
      if (typeof item !== 'string' || '$`\\'.includes(item)) this.isLost = true;
      if (item === quote) quote = '';
      else if (quote === '' && (item === "'" || item === '"')) quote = item;
      else delimiter += typeof item === 'string' ? item : filled;
    }
    this.documents.push({ delimiter, isIndented, from: this.at });
  }

  /** Behind the end of a line. */
  private hereDocuments(): void {
    const [first] = this.documents;
    // A line that goes on in quotes, say: what bash takes for the first one of the document is not known.
    if (first && this.items.slice(first.from, this.at - 1).includes('\n')) this.isLost = true;
    while (this.documents[0] && this.isEnded(this.documents[0])) this.documents.shift();
  }

  /** Reads one; false where the command ends before it does. */
  private isEnded({ delimiter, isIndented }: HereDocument): boolean {
    while (this.at < this.items.length) {
      let line = '';
      for (const item of this.upTo('\n')) {
        if (typeof item !== 'string') this.field(item, 'code', [delimiter]);
        line += typeof item === 'string' ? item : filled;
      }
      this.command.dropWord();
      if ((isIndented ? line.replace(/^\t+/, '') : line) === delimiter) return !this.isLost;
      // Lines are put together, unless the delimiter is quoted.
      if (line.endsWith('\\')) this.isLost = true;
    }
    return false;
  }

  private comment(): void {
    for (; this.items[this.at] !== '\n'; this.at++) {
      const item = this.items[this.at];
      if (item === undefined) this.isLost = true;
      if (item === undefined) break;
      if (typeof item !== 'string') this.field(item, 'code');
    }
    this.command.dropWord();
  }
}
