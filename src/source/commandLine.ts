import path from 'node:path';

/** One program that a line of a shell starts. */
export interface Step {
  /** The program and its arguments, without quotes, leading assignments and redirections. */
  readonly words: readonly string[];
  /** Where it may run; none where a `cd` before it cannot be followed. */
  readonly folders: readonly string[];
  /** The shell does not wait for it. */
  readonly background: boolean;
}

interface Token {
  readonly text: string;
  readonly operator: boolean;
}

/**
 * What a line starts, in order, each with the folder it runs in: as far as that can be told without a shell. Undefined for
 * substitutions, subshells and everything else whose parts are no plain sequence.
 */
export function readLine(line: string, folders: readonly string[], separator = path.sep): readonly Step[] | undefined {
  const tokens = tokensOf(line, separator === '/');
  if (!tokens) return undefined;
  const steps: Step[] = [];
  let [words, here, before]: [string[], readonly string[], string] = [[], folders, ''];
  for (const { text, operator } of [...tokens, { text: ';', operator: true }]) {
    if (!operator) {
      words.push(text);
      continue;
    }
    const program = words.slice(words.findIndex((word) => !/^\w+=/.test(word)));
    if (words.length > 0) steps.push({ words: program, folders: here, background: text === '&' });
    const [name, ...args] = program;
    // In the background and in a pipe it is a shell of its own that goes elsewhere.
    const goes = (name === 'cd' || name === 'pushd') && text !== '&' && text !== '|' && before !== '|';
    if (goes) here = before === '||' || text === '||' ? [] : after(here, args);
    else if (name === 'popd') here = [];
    [words, before] = [[], text];
  }
  return steps;
}

function after(folders: readonly string[], args: readonly string[]): readonly string[] {
  const [folder, ...more] = args.filter((arg) => arg !== '--');
  // What a shell would fill in, or remembers, nobody here knows.
  if (folder === undefined || more.length > 0 || /^[-~+]|[$*?[]/.test(folder)) return [];
  return folders.length === 0 && path.isAbsolute(folder) ? [folder] : folders.map((each) => path.resolve(each, folder));
}

const quotes = (escapes: boolean) =>
  escapes ? '"(?:[^"\\\\`$]|\\\\.|\\$(?!\\())*"|\'[^\']*\'' : '"(?:[^"`$]|\\$(?!\\())*"|\'[^\']*\'';

/** A redirection, an operator, or a word: commands within a line (`$(…)`, `(…)`, backticks, `<<`) are none of these. */
function tokenForm(escapes: boolean): RegExp {
  const plain = escapes ? '[^\\s;&|<>"\'\\\\`(){}]|\\\\.' : '[^\\s;&|<>"\'`(){}]';
  const word = `(?:${plain}|${quotes(escapes)})+`;
  return new RegExp(`[^\\S\\n]*(?:\\d*(?:&>>?|>>?&?|<)[^\\S\\n]*${word}|(&&|\\|\\||[;\\n]|\\|&?|&)|(${word}))`, 'gsy');
}
const forms = { escaped: tokenForm(true), plain: tokenForm(false) };
const compound = /^(if|for|while|until|case|function|select|time|!|\[\[)$/;

/** Undefined where something is left that is no token. */
function tokensOf(line: string, escapes: boolean): readonly Token[] | undefined {
  const text = line.trim();
  const tokens: Token[] = [];
  let read = 0;
  for (const match of text.matchAll(escapes ? forms.escaped : forms.plain)) {
    const [all, operator, word] = match;
    read = match.index + all.length;
    if (word !== undefined && compound.test(word) && (tokens.at(-1)?.operator ?? true)) return undefined;
    if (operator !== undefined) tokens.push({ text: operator === '|&' ? '|' : operator, operator: true });
    else if (word !== undefined) tokens.push({ text: unquoted(word, escapes), operator: false });
  }
  return read === text.length ? tokens : undefined;
}

const unquoted = (word: string, escapes: boolean) =>
  word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/gs, (whole, double?: string, single?: string, escaped?: string) => {
    if (double !== undefined) return escapes ? double.replace(/\\(["\\$`])/g, '$1') : double;
    return single ?? (escapes ? (escaped ?? '') : whole);
  });

/** How git's log of the head names what a command does there: each of these writes one line when it moves the head. */
const movers = ['checkout', 'switch', 'commit', 'pull', 'merge', 'reset'];

/** Which word begins git's line about the move of the head that the step makes; undefined for one that makes none. */
export function moveOf({ words }: Step): string | undefined {
  const [program, command = ''] = words;
  if (program !== 'git' || !movers.includes(command)) return undefined;
  return command === 'switch' ? 'checkout' : command;
}
