/** What bash takes a quoted word for at some place of a command. */
export type ShellPlace =
  /** A word, or a part of one, that goes on as it is. */
  | 'word'
  /** The first word, which may name a builtin that reads the others as code. */
  | 'command'
  /** Inside of quotes that the command has itself: MLflow's end them. */
  | 'single'
  | 'double'
  /** Anything else: a comment, a here document, a substitution, arithmetic, a word that bash reads once more. */
  | 'code';

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(' '));
/** These read words as code or, as `declare` does, subscripts in them. */
const readers = setOf(
  'eval let trap declare typeset local unset read mapfile readarray getopts wait alias compgen complete bind [[',
);
/** These do so behind `-v` alone, and these with names alone. */
const readersOfVariables = setOf('test [ printf');
const readersOfNames = setOf('export readonly');
const declarations = setOf('declare typeset local export readonly');
/** What may stand before the word that names the command. */
const prefixes = setOf('if then else elif while until do ! } time coproc command builtin exec');

/** What names a command, and makes code of the words behind it. */
export const namesThatMatter: readonly string[] = [...readers, ...readersOfVariables, ...readersOfNames, ...prefixes];

/** Stands for a placeholder in what is known of a word. */
export const filled = '\0';
const isAssignment = (word: string) => /^[\w\0]+(\[.*\])?\+?=/s.test(word);

/** The words of a simple command of bash, as far as they have been read. */
export class SimpleCommand {
  private words: string[] = [];
  private word: string | undefined;
  /** The word names a file, and is no part of the command. */
  private isTarget = false;
  /** From here on an assignment may be arithmetic, or lead to another variable. */
  private hasAttributes = false;

  /** No word has begun. */
  get isBetween(): boolean {
    return this.word === undefined;
  }

  add(text: string): void {
    this.word = (this.word ?? '') + text;
  }

  endWord(): void {
    if (this.word === undefined) return;
    // What follows is a command of its own.
    if (this.word === '{') this.words = [];
    else if (!this.isTarget) this.words.push(this.word);
    this.isTarget = false;
    this.word = undefined;
  }

  /** What was read was no word: the number of a file before a redirection, a comment. */
  dropWord(): void {
    this.word = undefined;
  }

  end(): void {
    this.endWord();
    const name = this.words[commandAt(this.words)] ?? '';
    // `&&` and brackets are a part of `[[ … ]]`.
    if (name === '[[' && !this.words.includes(']]')) return;
    if (declarations.has(name)) this.hasAttributes ||= this.words.some((word) => /^-\w*[in]/.test(word));
    this.words = [];
    this.isTarget = false;
  }

  redirect(): void {
    // The number of the file, or the variable for it.
    if (/^(\d+|\{\w+\})$/.test(this.word ?? '')) this.dropWord();
    this.endWord();
  }

  target(): void {
    this.endWord();
    this.isTarget = true;
  }

  /** Of a quoted word that comes next. */
  place(): ShellPlace {
    const { words, word = '' } = this;
    // bash evaluates the subscript of an assignment.
    if (this.hasAttributes || /^\w*\[[^\]]*$/.test(word)) return 'code';
    if (this.isTarget) return 'word';
    const at = commandAt(words);
    const name = words[at];
    if (name === undefined) return /^[\w\0]*$/.test(word) ? 'command' : 'word';
    if (readers.has(name)) return 'code';
    if (readersOfNames.has(name)) return isAssignment(word) ? 'word' : 'code';
    const before = at === words.length - 1 ? '' : (words.at(-1) ?? '');
    const mayBeVariable = /^-[vR]/.test(word) || /^-[vR]/.test(before) || before.includes(filled);
    return readersOfVariables.has(name) && mayBeVariable ? 'code' : 'word';
  }
}

/** Of the word that names the command; -1 where none does yet. */
function commandAt(words: readonly string[]): number {
  let isPrefixed = false;
  return words.findIndex((word) => {
    if (prefixes.has(word)) isPrefixed = true;
    else if (!isAssignment(word) && !(isPrefixed && word.startsWith('-'))) return true;
    return false;
  });
}
