import { setImmediate as nextTurn } from 'node:timers/promises';
import { endOfString, parseWireJson } from './json';

/** Characters parsed at a time: about 2 ms. */
const sliceLength = 200_000;
const oneGo = 500_000;
/** How long work may go on before others get their turn, ms. */
const turn = 8;

const quote = 34;
const comma = 44;
const open = new Set([91, 123]);
const close = new Set([93, 125]);

/**
 * As `parseWireJson`, but a long answer, an object with long lists in it, is parsed piece by piece with the event loop
 * free in between: 33 MB of runs would stop the extension host for a third of a second otherwise.
 */
export async function parseInSlices(text: string): Promise<unknown> {
  if (text.length < oneGo || !/^\s*\{/.test(text)) return parseWireJson(text);
  const lists: unknown[][] = [];
  let skeleton = '';
  let kept = 0;
  for (const step of outerLists(text)) {
    if (step.kind === 'begin') {
      skeleton += `${text.slice(kept, step.at)}[${lists.length}`;
      lists.push([]);
    } else if (step.kind === 'items') {
      const list = lists.at(-1) ?? [];
      const items = parseWireJson(`[${text.slice(step.from, step.to)}]`);
      if (!Array.isArray(items) || (items.length === 0 && list.length > 0))
        throw new SyntaxError('A list ends with a comma.');
      for (const item of items) list.push(item);
      await nextTurn();
    } else kept = step.at;
  }
  return withLists(parseWireJson(skeleton + text.slice(kept)), lists);
}

type Step =
  | { readonly kind: 'begin' | 'end'; readonly at: number }
  | { readonly kind: 'items'; readonly from: number; readonly to: number };

/** Finds the lists that are values of the outermost object, and where they can be cut between two items. */
function* outerLists(text: string): Generator<Step> {
  let depth = 0;
  let from = -1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if (open.has(code)) {
      depth++;
      if (depth === 2 && code === 91) {
        from = at + 1;
        yield { kind: 'begin', at };
      }
    } else if (close.has(code)) {
      depth--;
      if (depth === 1 && code === 93 && from >= 0) {
        yield { kind: 'items', from, to: at };
        yield { kind: 'end', at };
        from = -1;
      }
    } else if (code === comma && depth === 2 && from >= 0 && at - from > sliceLength) {
      yield { kind: 'items', from, to: at };
      from = at + 1;
    }
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
