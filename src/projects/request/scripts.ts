export type OptionsProblem =
  /** A quote that does not end. */
  | { readonly kind: 'quote' }
  /** What is no `--name value`; MLflow passes nothing else on. */
  | { readonly kind: 'word' | 'value'; readonly subject: string };

/**
 * Options as a person types them, `--rate 0.1 --name 'two words'` or `rate=0.1`: MLflow passes each on as `--name value`.
 * Quotes hold words together, a backslash the character behind it.
 */
export function parseOptions(text: string): ReadonlyMap<string, string> | OptionsProblem {
  const words = wordsIn(text);
  if (!words) return { kind: 'quote' };
  const options = new Map<string, string>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const [, dashes, name = '', assigned] = /^(--)?([A-Za-z_][\w.-]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === '' || (dashes === undefined && assigned === undefined)) return { kind: 'word', subject: word };
    const value = assigned ?? words[++at];
    if (value === undefined) return { kind: 'value', subject: word };
    options.set(name, value);
  }
  return options;
}

/** The same the other way round. */
export const optionsText = (options: ReadonlyMap<string, string>) =>
  wordsText([...options].flatMap(([name, value]) => [`--${name}`, value]));

/** The same the other way round. */
export const wordsText = (words: readonly string[]) => words.map(wordOf).join(' ');

const wordOf = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** Words as they are typed, undefined where a quote does not end. No shell reads them: `$HOME` and `*.csv` are that text. */
export function wordsIn(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === quote) quote = '';
    else if (character === '\\' && quote !== "'") word = (word ?? '') + (text[++at] ?? '');
    else if (quote === '' && (character === '"' || character === "'")) {
      quote = character;
      word ??= '';
    } else if (quote === '' && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote !== '') return undefined;
  return word === undefined ? words : [...words, word];
}
