import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseWireJson } from './json';

/** Characters parsed at a time: about 2 ms. */
const sliceLength = 200_000;
const oneGo = 500_000;
/** How long work may go on before others get their turn, ms. */
const turn = 8;

/** Characters of an item up to the end of its first key. */
const longestBeginning = 200;

const quote = 34;
const comma = 44;
const openList = 91;
const closeList = 93;
const open = new Set([openList, 123]);
const close = new Set([closeList, 125]);

/** A list of an answer whose items are taken as they are read and not kept: rubbish that dies young costs no pause. */
export interface TakenList {
  readonly key: string;
  take(item: unknown, index: number): void;
}

/**
 * As `parseWireJson` of all parts together, but a long answer, an object with long lists in it, is parsed piece by piece
 * with the event loop free in between: 33 MB of runs would stop the extension host for a third of a second otherwise.
 * @param parts as they arrived: to join 33 MB alone takes 15 ms
 * @param taken of a long answer; the list is empty then
 */
export async function parseInSlices(parts: readonly string[], taken?: TakenList): Promise<unknown> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length < oneGo || !/^\s*\{/.test(parts[0] ?? '')) return parseWireJson(parts.join(''));
  const lists: unknown[][] = [];
  let skeleton = '';
  let items: string | undefined;
  let list = new OuterList();
  const steps = new OuterLists().steps(parts);
  let isRight = true;
  for (let next = steps.next(isRight); !next.done; next = steps.next(isRight)) {
    const step = next.value;
    isRight = true;
    if (step.kind === 'guess') {
      isRight = list.tryToAdd(step.text);
      await nextTurn();
      continue;
    }
    if (items === undefined) skeleton += step.text;
    else items += step.text;
    if (step.kind === 'begin') {
      list = new OuterList(taken && isValueOf(taken.key, skeleton) ? taken : undefined);
      skeleton += `[${lists.length}`;
      lists.push(list.kept);
      items = '';
    } else if (step.kind !== 'more') {
      list.add(items ?? '');
      items = step.kind === 'end' ? undefined : '';
      if (step.kind === 'end') skeleton += ']';
      await nextTurn();
    }
  }
  return withLists(parseWireJson(items === undefined ? skeleton : `${skeleton}${items}`), lists);
}

/** Whether what follows the text is the value of this key. */
const isValueOf = (key: string, before: string) => new RegExp(`[{,]\\s*"${key}"\\s*:\\s*$`).test(before);

/** One list as it is read, in pieces of some items each. */
class OuterList {
  readonly kept: unknown[] = [];
  private count = 0;

  constructor(private readonly taken?: TakenList) {}

  /** @throws SyntaxError when the text is not whole items; nothing was taken then */
  add(text: string): void {
    const items = parseWireJson(`[${text}]`);
    if (!Array.isArray(items) || (items.length === 0 && this.count > 0))
      throw new SyntaxError('A list ends with a comma.');
    for (const item of items) {
      if (this.taken) this.taken.take(item, this.count);
      else this.kept.push(item);
      this.count++;
    }
  }

  /** Whether the text is whole items, which were added then. */
  tryToAdd(text: string): boolean {
    try {
      this.add(text);
      return true;
    } catch (error) {
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  }
}

/**
 * `text`: what stands between the step before and this one, without its bracket or comma. A guess is items of a list where
 * the next one seems to begin; it is answered with whether it was right, and is to be forgotten where it was not.
 */
interface Step {
  readonly kind: 'begin' | 'cut' | 'guess' | 'end' | 'more';
  readonly text: string;
}

/** Finds the lists that are values of the outermost object, and where they can be cut between two items. */
class OuterLists {
  private depth = 0;
  private inList = false;
  private inText = false;
  /** Characters of parts that are over. */
  private sinceCut = 0;
  /** Backslashes at the end of a part that ends within a text. */
  private backslashes = 0;
  private guesses = true;

  *steps(all: Iterable<string>): Generator<Step, void, boolean> {
    const parts = all[Symbol.iterator]();
    for (let next = parts.next(); !next.done; next = parts.next()) {
      let part = next.value;
      let from = 0;
      for (let at = this.inText ? this.endOfText(part, 0) + 1 : 0; at < part.length; at++) {
        const kind = this.step(part.charCodeAt(at));
        if (this.inText) at = this.endOfText(part, at + 1);
        else if (kind && (kind !== 'cut' || this.sinceCut + at - from > sliceLength)) {
          yield { kind, text: part.slice(from, at) };
          this.sinceCut = 0;
          from = at + 1;
          if (kind !== 'cut') continue;
          part = yield* this.guessed(part.slice(from), parts);
          from = 0;
          at = -1;
        }
      }
      this.sinceCut += part.length - from;
      yield { kind: 'more', text: part.slice(from) };
    }
  }

  /**
   * Cuts a list without a look at each of its characters: where what its items begin with stands again. The parser says
   * whether that is between two items, or within one that has others like it inside.
   * @param rest begins with an item
   * @returns what is left to be looked at
   */
  private *guessed(rest: string, parts: Iterator<string>): Generator<Step, string, boolean> {
    const [beginning] = /^\s*\{\s*"[^"\\]*"\s*:/.exec(rest.slice(0, longestBeginning)) ?? [];
    if (!this.guesses || !beginning) return rest;
    let text = rest;
    for (let from = 0; ; ) {
      const at = text.length > sliceLength ? text.indexOf(`,${beginning}`, Math.max(from, sliceLength)) : -1;
      if (at < 0) {
        const next = parts.next();
        if (next.done) return text;
        from = text.length - beginning.length;
        text += next.value;
        continue;
      }
      this.guesses = yield { kind: 'guess', text: text.slice(0, at) };
      if (!this.guesses) return text;
      text = text.slice(at + 1);
      from = 0;
    }
  }

  private step(code: number): Step['kind'] | undefined {
    if (code === quote) this.inText = true;
    else if (open.has(code)) {
      this.depth++;
      if (this.depth !== 2 || code !== openList) return undefined;
      this.inList = true;
      return 'begin';
    } else if (close.has(code)) {
      this.depth--;
      if (this.depth !== 1 || code !== closeList || !this.inList) return undefined;
      this.inList = false;
      return 'end';
    } else if (code === comma && this.depth === 2 && this.inList) return 'cut';
    return undefined;
  }

  /** Where the text ends that goes on at `from`; the part's last place when it ends in a later part. */
  private endOfText(part: string, from: number): number {
    for (let at = part.indexOf('"', from); at >= 0; at = part.indexOf('"', at + 1)) {
      if (this.backslashesBefore(part, from, at) % 2 === 1) continue;
      this.inText = false;
      this.backslashes = 0;
      return at;
    }
    this.backslashes = this.backslashesBefore(part, from, part.length);
    return part.length - 1;
  }

  private backslashesBefore(part: string, from: number, end: number): number {
    let at = end;
    while (at > from && part[at - 1] === '\\') at--;
    return end - at + (at === from ? this.backslashes : 0);
  }
}

/** Each list of the skeleton holds nothing but the number of the real one. */
function withLists(skeleton: unknown, lists: readonly unknown[][]): unknown {
  if (typeof skeleton !== 'object' || skeleton === null) return skeleton;
  return Object.fromEntries(
    Object.entries(skeleton).map(([key, value]) => {
      const list: unknown = Array.isArray(value) ? lists[value[0]] : undefined;
      return [key, list ?? value];
    }),
  );
}

/** `items.map(convert)` that lets others run at least every 8 ms. */
export async function mapInSlices<T, U>(items: readonly T[], convert: (item: T, index: number) => U): Promise<U[]> {
  const results: U[] = [];
  let since = performance.now();
  for (const [index, item] of items.entries()) {
    results.push(convert(item, index));
    if (performance.now() - since > turn) {
      await nextTurn();
      since = performance.now();
    }
  }
  return results;
}
