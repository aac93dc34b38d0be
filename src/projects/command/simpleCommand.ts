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
/** These read words as code or, as `declare` does, subscripts in them; `in` is behind a `for` on the line before. */
export const readers = setOf(
  'eval let trap declare typeset local unset read mapfile readarray getopts wait alias compgen complete bind [[ set in ssh watch',
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
const assignedIn = (word: string) => /^(\w+)\+?=/.exec(word)?.[1];
/** bash evaluates arithmetic when these are assigned, or expands and executes what they hold. */
const isOfShell = (variable: string) =>
  /^(BASH\w*|ENV|PS\d|PROMPT_\w+|S?RANDOM|SECONDS|OPT[A-Z]+|HIST\w+|LINENO|EPOCH\w+|COMP_\w+|FUNC\w+|DIRSTACK|GROUPS|E?UID|PPID|SHELLOPTS|MAIL\w*|IFS)$/.test(
    variable,
  );

/** The words of a simple command of bash, as far as they have been read. */
export class SimpleCommand {
  private words: string[] = [];
  private word: string | undefined;
  /** The word names a file, and is no part of the command. */
  private isTarget = false;
  /** The target is a text that the command reads, behind `<<<`. */
  private isText = false;
  /** The variable whose words stand in brackets here: `x=(`. */
  private array: string | undefined;
  private readsInput = false;
  /** From here on an assignment may be arithmetic, or lead to another variable. */
  private hasAttributes = false;

  /** Something in it executes what it reads: `bash`, say, that is given no file. */
  get runsInput(): boolean {
    return this.readsInput;
  }

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
    if (declarations.has(name)) this.hasAttributes ||= this.words.some((word) => /^([-+]\w*[in]|[$\0])/.test(word));
    this.readsInput ||= runsInput(this.words);
    this.words = [];
    this.isTarget = false;
  }

  /** Behind a bracket. */
  open(): void {
    const array = this.word?.endsWith('=') ? assignedIn(this.word) : undefined;
    this.end();
    this.array = array;
  }

  close(): void {
    this.end();
    this.array = undefined;
  }

  redirect(): void {
    // The number of the file, or the variable for it.
    if (/^(\d+|\{\w+\})$/.test(this.word ?? '')) this.dropWord();
    this.endWord();
  }

  target(isText = false): void {
    this.endWord();
    this.isTarget = true;
    this.isText = isText;
  }

  /** The variable that is given a word which comes next. */
  variable(): string | undefined {
    const { words, word = '' } = this;
    const at = commandAt(words);
    const [name, variable] = at < 0 ? [] : words.slice(at);
    if (name === 'for' || name === 'select') return variable;
    return this.array ?? (name === undefined || readersOfNames.has(name) ? assignedIn(word) : undefined);
  }

  /** Of a quoted word that comes next. */
  place(): ShellPlace {
    const { words, word = '' } = this;
    // bash evaluates the subscript of an assignment, and of the variable for a file.
    if (this.hasAttributes || /^\{?\w*\[[^\]]*$/.test(word)) return 'code';
    // To `env` and its like too.
    if (isOfShell(assignedIn(word) ?? '') || isOfShell(this.variable() ?? '')) return 'code';
    if (this.isTarget) return this.isText && !isScriptOfPython(words) ? 'code' : 'word';
    const at = commandAt(words);
    const name = words[at];
    if (name === undefined) {
      if (/^[\w\0]*$/.test(word)) return 'command';
      return isAssignment(word) && assignedIn(word) === undefined ? 'code' : 'word';
    }
    // A subscript with a space in it: bash finds no command there yet.
    if (/^\w+\[/.test(name)) return 'code';
    if (isCodeOfShell(words)) return 'code';
    if (readers.has(name)) return 'code';
    if (readersOfNames.has(name)) return isAssignment(word) ? 'word' : 'code';
    const before = at === words.length - 1 ? '' : (words.at(-1) ?? '');
    const isPrinted = name === 'printf' && words.some((other) => /^(-v|[$\0])/.test(other));
    const mayBeVariable = isPrinted || /^-[vR]/.test(word) || /^-[vR]|[$\0]/.test(before);
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

/** What runs code that it is given, by its name alone or with its folder. */
const isInterpreter = (word: string) =>
  /(^|\/)(\$?SHELL|(ba|da|k|z|a|fi|c|tc)?sh|python[\d.]*|perl|ruby|node|source|\.)$/.test(word);

/** Behind the first one, without words that belong to `-o`. */
function givenToInterpreter(words: readonly string[]): readonly string[] | undefined {
  const at = words.findIndex(isInterpreter);
  return at < 0
    ? undefined
    : words.slice(at + 1).filter((_, index, all) => !/^[-+]\w*[oO]$/.test(all[index - 1] ?? ''));
}

const isOption = (word: string) => /^[-+]./.test(word);

function runsInput(words: readonly string[]): boolean {
  const given = givenToInterpreter(words);
  if (!given || given.some((word) => /^(-V|--version|--help)$/.test(word))) return false;
  const program = given.find((word) => !isOption(word));
  const isRead = program === undefined || /^(-|\/dev\/stdin|\/(dev|proc\/self)\/fd\/\d+)$/.test(program);
  return (
    isRead || (!given.includes('-c') && given.slice(0, given.indexOf(program)).some((word) => /^-[a-z]*s$/.test(word)))
  );
}

/** Where a word comes next that is code: `bash -c`. */
function isCodeOfShell(words: readonly string[]): boolean {
  const given = givenToInterpreter(words) ?? [];
  return given.every(isOption) && /^-\w*c$/.test(given.at(-1) ?? '');
}

/** `python x.py` runs a file, and not what it reads. */
function isScriptOfPython(words: readonly string[]): boolean {
  const [python = '', script = ''] = words.slice(commandAt(words));
  return /(^|\/)python[\d.]*$/.test(python) && /^[\w./][\w./-]*\.py$/.test(script);
}
