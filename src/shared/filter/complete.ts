import { datasetFields, type Field, numberAttributes, stringAttributes } from './ast';
import { fieldKindOf, fieldName, fieldOf, typeOf } from './fields';
import { partsOf } from './predicates';
import { boxKey, boxText } from './quoting';
import { type Token, tokenize } from './tokens';
import { numberOf } from './values';

/** What there is to filter by, as far as it is known. */
export interface FilterVocabulary {
  readonly metrics: readonly string[];
  readonly params: readonly string[];
  readonly tags: readonly string[];
  /** Values the field has; asked for where a value is typed, and may be empty. */
  valuesOf(field: Field): readonly string[];
}

export interface Completion {
  readonly label: string;
  /** Replaces the text from `from` to `to`: UTF-16 offsets, the end exclusive. */
  readonly insert: string;
  readonly from: number;
  readonly to: number;
  readonly kind: 'metric' | 'param' | 'tag' | 'attribute' | 'dataset' | 'operator' | 'value' | 'keyword';
}

const mostItems = 100;

type Item = Pick<Completion, 'label' | 'insert' | 'kind'>;

/**
 * What may stand at an offset of a text that need not parse: fields, operators, values or keywords, the likeliest first,
 * at most 100. Looks at what is before the offset, and replaces the word or the quoted text it is in.
 */
export function completeFilter(text: string, offset: number, vocabulary: FilterVocabulary): readonly Completion[] {
  const at = Math.max(0, Math.min(offset, text.length));
  const tokens = tokenize(text.slice(0, at));
  const last = tokens.at(-1);
  const inside = last && isTyped(last, at) ? last : undefined;
  const before = inside ? tokens.slice(0, -1) : tokens;
  const typed = inside ? typedText(inside) : '';
  const from = inside?.from ?? at;
  const to = inside ? endOfTyped(text, inside, at) : at;
  return ranked(itemsAfter(before, inside, vocabulary), typed).map((item) => ({ ...item, from, to }));
}

/** A word that ends at the offset, or quotes that are open there: more of it may come. */
function isTyped(token: Token, at: number): boolean {
  if (token.to !== at) return false;
  if (token.kind === 'sign') return /^[<>=!~]/.test(token.text);
  return token.kind === 'word' || !token.closed || token.kind === 'name';
}

const typedText = (token: Token) => (token.kind === 'name' ? `${token.prefix}.${token.key}` : token.text);

/** The rest of the word after the offset goes too, and so does the closing quote. */
function endOfTyped(text: string, token: Token, at: number): number {
  const isOpen = (token.kind === 'quoted' || token.kind === 'name') && !token.closed;
  if (!isOpen) {
    const whole = tokenize(text.slice(token.from), 1)[0];
    return token.kind === 'word' && whole?.kind !== 'sign' ? token.from + (whole?.to ?? 0) : at;
  }
  const whole = tokenize(text.slice(token.from), 1)[0];
  // A quote that is closed further on may be the beginning of the next one's text.
  const isClosed = whole && whole.kind !== 'word' && whole.kind !== 'sign' && whole.closed;
  return isClosed && !/\s/.test(text.slice(at, token.from + whole.to)) ? token.from + whole.to : at;
}

function itemsAfter(
  before: readonly Token[],
  inside: Token | undefined,
  vocabulary: FilterVocabulary,
): readonly Item[] {
  const { place, depth } = placeAfter(before);
  switch (place.kind) {
    case 'operator':
      return operatorsOf(place);
    case 'value':
      return valueItems(place, vocabulary.valuesOf(place.field));
    case 'keywords':
      return words('keyword', place.words);
    case 'field':
      return [...fieldItems(vocabulary), ...words('keyword', ['NOT', '('])];
  }
  const open = inside?.kind === 'word' && !/^(?:a|an|and|o|or)$/i.test(inside.text) ? fieldItems(vocabulary) : [];
  return [...words('keyword', depth > 0 ? ['AND', 'OR', ')'] : ['AND', 'OR']), ...open];
}

type Place =
  | { readonly kind: 'field' }
  /** `negated`: NOT stands before it. */
  | { readonly kind: 'operator'; readonly field: Field; readonly negated?: true }
  | ValuePlace
  /** Between the parts of an operator: `next` says what comes after which of the words. */
  | { readonly kind: 'keywords'; readonly words: readonly string[]; readonly next: Readonly<Record<string, Place>> }
  | { readonly kind: 'end' };

interface ValuePlace {
  readonly kind: 'value';
  readonly field: Field;
  readonly operator: string;
  readonly isUpper?: true;
}

const end: Place = { kind: 'end' };

/** What comes after these tokens: one pass that is right where the text is right, and goes on where it is not. */
function placeAfter(tokens: readonly Token[]): { readonly place: Place; readonly depth: number } {
  let place: Place = { kind: 'field' };
  let depth = 0;
  for (const token of tokens) {
    const word = token.kind === 'word' ? token.text.toUpperCase() : token.kind === 'sign' ? token.text : '';
    switch (place.kind) {
      case 'operator':
        place = afterOperator(word, place);
        break;
      case 'value':
        place = afterValue(word, place);
        break;
      case 'keywords':
        // `now - 7d` is more than one word.
        place = place.next[word] ?? place;
        break;
      default:
        if (word === '(') depth++;
        else if (word === ')') depth = Math.max(0, depth - 1);
        place = afterCondition(word, token);
    }
  }
  return { place, depth };
}

/** After a condition, or where one begins: conditions that stand beside each other are joined. */
function afterCondition(word: string, token: Token): Place {
  if (word === '(' || word === 'AND' || word === 'OR' || word === 'NOT') return { kind: 'field' };
  const field = token.kind === 'sign' ? undefined : fieldAt(token);
  return field ? { kind: 'operator', field } : end;
}

function afterOperator(word: string, { field, negated }: Place & { kind: 'operator' }): Place {
  if (word === 'IN') return { kind: 'keywords', words: ['('], next: { '(': { kind: 'value', field, operator: word } } };
  if (word === 'NOT') return { kind: 'operator', field, negated: true };
  if (word !== 'IS' || negated) return { kind: 'value', field, operator: word };
  const afterNot: Place = { kind: 'keywords', words: ['NULL'], next: { NULL: end } };
  return { kind: 'keywords', words: ['NULL', 'NOT NULL'], next: { NULL: end, NOT: afterNot } };
}

/** BETWEEN has another value, and so may a list, which may end with a comma. */
function afterValue(word: string, place: ValuePlace): Place {
  const { operator, isUpper } = place;
  if (operator === 'BETWEEN' && !isUpper)
    return { kind: 'keywords', words: ['AND'], next: { AND: { ...place, isUpper: true } } };
  if (operator !== 'IN' || word === ')') return end;
  return { kind: 'keywords', words: [',', ')'], next: { ',': place, ')': end } };
}

function fieldAt(token: Exclude<Token, { kind: 'sign' }>): Field | undefined {
  const { prefix, key } = partsOf(token);
  const kind = prefix === undefined ? 'attribute' : fieldKindOf(prefix);
  return kind && fieldOf(kind, key);
}

const words = (kind: 'keyword' | 'operator', texts: readonly string[]): readonly Item[] =>
  texts.map((text) => ({ label: text, insert: text, kind }));

function operatorsOf({ field, negated }: Place & { kind: 'operator' }): readonly Item[] {
  const order = ['<', '<=', '>', '>='];
  const ofTexts = ['LIKE', 'ILIKE', 'IN'];
  const type = typeOf(field);
  if (negated) {
    const own = type === 'text' ? ofTexts : type === 'keyed' ? [...ofTexts, 'BETWEEN'] : ['IN', 'BETWEEN'];
    return words('operator', own);
  }
  const texts = [...ofTexts, 'NOT IN', 'NOT LIKE'];
  const own = type === 'text' ? texts : type === 'keyed' ? [...texts, ...order, 'BETWEEN'] : [...order, 'BETWEEN'];
  return words('operator', ['=', '!=', ...own, 'IS NULL', 'IS NOT NULL']);
}

const moments = ['now-1h', 'now-1d', 'now-7d', 'now-30d'];
const durations = ['30s', '5m', '1h', '1d'];
const statuses = ['FINISHED', 'RUNNING', 'FAILED', 'KILLED', 'SCHEDULED'];
const stages = ['active', 'deleted'];

/** What the operator takes: none where it is refused for this field, and numbers alone where params compare by size. */
function valueItems({ field, operator }: ValuePlace, values: readonly string[]): readonly Item[] {
  const item = (text: string, insert: string): Item => ({ label: text, insert, kind: 'value' });
  const plain = (texts: readonly string[]) => texts.map((text) => item(text, text));
  const type = typeOf(field);
  const isOrder = operator === 'BETWEEN' || /^[<>]=?$/.test(operator);
  const isPattern = operator === 'LIKE' || operator === 'ILIKE';
  if (!isOrder && !isPattern && !/^(?:IN|==?|!=|<>)$/.test(operator)) return [];
  if (type === 'text' ? isOrder : type !== 'keyed' && isPattern) return [];
  if (type === 'time') return plain(moments);
  if (type === 'duration') return plain(durations);
  if (type === 'number' || (type === 'keyed' && isOrder))
    // NaN is neither smaller nor greater than anything.
    return values
      .filter((text) => !Number.isNaN(numberOf(text) ?? Number.NaN))
      .map((text) => item(text, /^[\w.+-]+$/.test(text) ? text : boxText(text)));
  const known = field.kind === 'attribute' && field.name === 'status' ? statuses : [];
  const stage = field.kind === 'attribute' && field.name === 'lifecycle_stage' ? stages : [];
  return [...new Set([...known, ...stage, ...values])].map((text) => item(text, boxText(text)));
}

function fieldItems({ metrics, params, tags }: FilterVocabulary): readonly Item[] {
  const item = (field: Field): Item => ({
    label: fieldName(field, (key) => key),
    insert: fieldName(field, boxKey),
    kind: field.kind,
  });
  return [
    ...[...stringAttributes, ...numberAttributes].map((name) => item({ kind: 'attribute', name })),
    ...metrics.map((key) => item({ kind: 'metric', key })),
    ...params.map((key) => item({ kind: 'param', key })),
    ...tags.map((key) => item({ kind: 'tag', key })),
    ...datasetFields.map((name) => item({ kind: 'dataset', name })),
  ];
}

/** What begins with the typed text, then keys that do, then keys with a part that does, then what contains it. */
function ranked(items: readonly Item[], typed: string): readonly Item[] {
  const wanted = typed.toLowerCase();
  const dot = wanted.indexOf('.');
  // `param.l` and `parameters.l` mean `params.l` too.
  const kind = dot < 0 ? undefined : fieldKindOf(wanted.slice(0, dot));
  const groups: Item[][] = [[], [], [], []];
  for (const item of items) {
    const rank =
      kind && isField(item)
        ? item.kind === kind
          ? rankOf(keyOf(item), wanted.slice(dot + 1))
          : -1
        : rankOf(item.label, wanted);
    if (rank >= 0) groups[rank]?.push(item);
  }
  return groups.flat().slice(0, mostItems);
}

const isField = ({ kind }: Item) => kind !== 'operator' && kind !== 'value' && kind !== 'keyword';
const keyOf = ({ label }: Item) => label.slice(label.indexOf('.') + 1);

function rankOf(label: string, wanted: string): number {
  const text = label.toLowerCase();
  const at = text.indexOf(wanted);
  if (at <= 0) return at;
  const dot = text.indexOf('.') + 1;
  if (dot > 0 && text.startsWith(wanted, dot)) return 1;
  return /[\w]/.test(text.charAt(at - 1)) && text.charAt(at - 1) !== '_' ? 3 : 2;
}
