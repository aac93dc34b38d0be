import { listLiteral } from './pythonText';
import type { ScriptOption } from './scriptOptions';

/** What a script may have been given, made of what its run logged. */
export interface ProposedArguments {
  readonly args: readonly string[];
  /** Params that they are made of. */
  readonly params: readonly string[];
  /** What the script cannot do without and no param says: `--data`, `source`. */
  readonly lacking: readonly string[];
}

type Params = Readonly<Record<string, string>>;

/**
 * Options that differ from what the script takes without them, and what has a place before these. What nobody can write
 * as it was is left out.
 */
export function proposedArguments(options: readonly ScriptOption[], params: Params): ProposedArguments {
  const found = options.map((option) => {
    const name = option.names.find((candidate) => Object.hasOwn(params, candidate));
    const value = name === undefined ? undefined : params[name];
    return { option, name, value, words: value === undefined ? undefined : wordsOf(option, value) };
  });
  const placed = found.filter(({ option }) => isPlaced(option));
  // Behind one that is not known each would be taken for another.
  const gap = placed.findIndex(({ words }) => words === undefined || words.some((word) => word.startsWith('-')));
  const usable = [
    ...placed.slice(0, gap < 0 ? placed.length : gap),
    ...found.filter(({ option }) => !isPlaced(option)),
  ];
  const isKnown = (one: (typeof found)[number]) => usable.includes(one) && one.words !== undefined;
  return {
    args: usable.flatMap(({ words = [] }) => words),
    params: found.filter(isKnown).flatMap(({ name }) => name ?? []),
    lacking: found
      .filter((one) => one.option.required && !isKnown(one))
      .map(({ option: { flag, names } }) => flag ?? names[0] ?? ''),
  };
}

const isPlaced = ({ flag, offFlag }: ScriptOption) => flag === undefined && offFlag === undefined;

/** Empty where nothing needs to be said; undefined where nobody can tell what to. */
function wordsOf(option: ScriptOption, value: string): readonly string[] | undefined {
  const { flag, takes } = option;
  if (!isPlaced(option) && isSame(value, option.default)) return [];
  if (takes === 'nothing') return switched(option, value);
  if (value === 'None' || value === '') return undefined;
  if (takes === 'count')
    return flag !== undefined && /^\d{1,2}$/.test(value) ? Array(Number(value)).fill(flag) : undefined;
  if (takes === 'value') return valued(flag, option.emptyIsFalse && value === 'False' ? '' : value);
  const items = listLiteral(value);
  if (!items || items.length === 0) return undefined;
  if (takes === 'repeated') return items.flatMap((item) => valued(flag, item));
  return items.some((item) => item.startsWith('-')) ? undefined : [...(flag === undefined ? [] : [flag]), ...items];
}

function valued(flag: string | undefined, value: string): readonly string[] {
  if (flag === undefined) return [value];
  // It would be taken for an option.
  return value.startsWith('-') && flag.startsWith('--') ? [`${flag}=${value}`] : [flag, value];
}

function switched({ flag, offFlag }: ScriptOption, value: string): readonly string[] | undefined {
  if (!/^(true|false)$/i.test(value)) return undefined;
  const word = value.toLowerCase() === 'true' ? flag : offFlag;
  return word === undefined ? [] : [word];
}

/** Numbers however they are written. */
function isSame(value: string, fallback: string | undefined): boolean {
  if (fallback === undefined) return false;
  if (value === fallback) return true;
  const numbers = [value, fallback].map((text) =>
    /^[-+.\d]/.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN,
  );
  return numbers[0] === numbers[1];
}
