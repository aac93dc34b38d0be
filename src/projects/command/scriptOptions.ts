import { type CallText, callsIn, plainLiteral, textLiteral, withoutTexts } from './pythonText';

/** What a script takes on its command line, as its source declares it with argparse or click. */
export interface ScriptOption {
  /** `--lr`; absent of what has a place and no name. */
  readonly flag?: string;
  /** For a value of false: `--no-shuffle`. */
  readonly offFlag?: string;
  /** What its param may be called. */
  readonly names: readonly string[];
  readonly takes: 'value' | 'values' | 'repeated' | 'nothing' | 'count';
  /** As `str()` writes it; absent where only the program knows. */
  readonly default?: string;
  readonly required: boolean;
  /** `type=bool` of argparse takes every text for true but the empty one. */
  readonly emptyIsFalse?: boolean;
}

/** Longer ones are generated. */
const mostCharacters = 1_000_000;

/**
 * Undefined where nobody can tell from the source: several parsers, or commands with options of their own. typer and fire
 * make options of functions, which is left to whoever knows them.
 */
export function scriptOptions(source: string): readonly ScriptOption[] | undefined {
  const text = source.slice(0, mostCharacters);
  const code = withoutTexts(text);
  const parsers = code.match(/\bArgumentParser\s*\(|@\s*[\w.]*\bcommand\b/g) ?? [];
  if (parsers.length > 1 || /\badd_subparsers\s*\(|@\s*[\w.]*\bgroup\b/.test(code)) return undefined;
  const argparse = callsIn(text, /\.\s*add_argument(?=\s*\()/g).map(ofArgparse);
  const usesClick = /^\s*(import|from)\s+[^\n]*click\b/m.test(code);
  const click = usesClick ? callsIn(text, /@\s*(?:\w+\.)?(?:option|argument)(?=\s*\()/g).map(ofClick) : [];
  return [...argparse, ...click].flatMap((option) => option ?? []);
}

/** The first long one, else the first. */
const best = (flags: readonly string[]) => flags.find((flag) => flag.startsWith('--')) ?? flags[0];
const nameOf = (flag: string) => flag.replace(/^-+/, '');
const underscored = (name: string) => name.replaceAll('-', '_');

/** https://docs.python.org/3/library/argparse.html#the-add-argument-method */
function ofArgparse({ positional, keywords }: CallText): ScriptOption | undefined {
  const flags = positional.flatMap((source) => textLiteral(source) ?? []);
  const flag = best(flags);
  if (flag === undefined || flags.length < positional.length) return undefined;
  const literal = (key: string) => textLiteral(keywords.get(key) ?? '');
  const action = keywords.has('action') ? (literal('action') ?? keywords.get('action') ?? '') : 'store';
  const takes = takenByArgparse(action, keywords.get('nargs'));
  if (takes === undefined) return undefined;
  const isNamed = flag.startsWith('-');
  const isPair = /\bBooleanOptionalAction$/.test(action);
  const isOff = action === 'store_false';
  const fallback = action === 'store_true' ? 'False' : isOff ? 'True' : 'None';
  const given = keywords.has('default') ? plainLiteral(keywords.get('default') ?? '') : fallback;
  const nargs = literal('nargs');
  return {
    ...(isNamed && !isOff ? { flag } : {}),
    ...(isOff ? { offFlag: flag } : isPair ? { offFlag: `--no-${nameOf(flag)}` } : {}),
    names: [...new Set([literal('dest') ?? underscored(nameOf(flag)), ...flags.map(nameOf)])],
    takes,
    ...(given === undefined ? {} : { default: given }),
    required: isNamed ? keywords.get('required') === 'True' : nargs !== '?' && nargs !== '*',
    ...(keywords.get('type') === 'bool' ? { emptyIsFalse: true } : {}),
  };
}

function takenByArgparse(action: string, nargs: string | undefined): ScriptOption['takes'] | undefined {
  if (/^store_(true|false)$|\bBooleanOptionalAction$/.test(action)) return 'nothing';
  if (action === 'count') return 'count';
  if (nargs !== undefined && textLiteral(nargs) !== '?') {
    const isList = /^\d+$/.test(nargs) || /^[+*]$/.test(textLiteral(nargs) ?? '');
    return isList && /^(store|extend)$/.test(action) ? 'values' : undefined;
  }
  if (action === 'store') return 'value';
  return /^(append|extend)$/.test(action) ? 'repeated' : undefined;
}

/** https://click.palletsprojects.com/en/stable/options/ */
function ofClick({ callee, positional, keywords }: CallText): ScriptOption | undefined {
  const words = positional.flatMap((source) => textLiteral(source) ?? []);
  const [first] = words;
  if (first === undefined || words.length < positional.length || keywords.has('flag_value')) return undefined;
  const nargs = keywords.get('nargs');
  const many = nargs === undefined || nargs === '1' ? 'value' : 'values';
  const isTrue = (key: string) => keywords.get(key) === 'True';
  if (callee.endsWith('argument')) {
    const required = keywords.has('required') ? isTrue('required') : nargs !== '-1' && !keywords.has('default');
    return { names: [...new Set([underscored(first).toLowerCase(), first])], takes: many, required };
  }
  const own = words.find((word) => !word.startsWith('-'));
  const pairs = words.filter((word) => word.startsWith('-')).map((word) => word.split('/').map((part) => part.trim()));
  const flag = best(pairs.map(([on = '']) => on).filter(Boolean));
  const offFlag = best(pairs.flatMap(([, off = '']) => (off === '' ? [] : [off])));
  const isFlag = isTrue('is_flag') || offFlag !== undefined;
  const given = keywords.has('default') ? plainLiteral(keywords.get('default') ?? '') : isFlag ? 'False' : 'None';
  // Such a flag says the contrary of its default.
  if (flag === undefined || (isFlag && offFlag === undefined && given !== 'False')) return undefined;
  return {
    flag,
    ...(offFlag === undefined ? {} : { offFlag }),
    names: [...new Set([own ?? underscored(nameOf(flag)).toLowerCase(), ...pairs.map(([on = '']) => nameOf(on))])],
    takes: isFlag ? 'nothing' : isTrue('count') ? 'count' : isTrue('multiple') ? 'repeated' : many,
    ...(given === undefined ? {} : { default: given }),
    required: isTrue('required'),
  };
}
