/**
 * MLflow puts each value into the entry point's command as one quoted word (`shlex.quote`) and gives the command to
 * bash. Where the MLproject puts quotes of its own around the placeholder, the two cancel each other out and the value
 * is read by the shell. https://github.com/mlflow/mlflow/blob/master/mlflow/projects/_project_spec.py
 */
export type QuotedBy = 'single' | 'double';

export interface QuotedPlaceholder {
  readonly name: string;
  /** Of its opening brace. */
  readonly start: number;
  readonly quote: QuotedBy;
}

/** The names of placeholders that stand inside quotes, and in which: the worse of several. */
export function quotedPlaceholders(command: string): ReadonlyMap<string, QuotedBy> {
  const found = new Map<string, QuotedBy>();
  for (const { name, quote } of placeholdersInQuotes(command)) if (found.get(name) !== 'single') found.set(name, quote);
  return found;
}

/** The placeholders of a command that stand inside quotes; `{{` and `}}` are braces. */
export function placeholdersInQuotes(command: string): readonly QuotedPlaceholder[] {
  const found: QuotedPlaceholder[] = [];
  let quote: QuotedBy | undefined;
  for (let at = 0; at < command.length; at++) {
    const character = command[at];
    if (character === '\\' && quote !== 'single') at++;
    else if (character === "'" && quote !== 'double') quote = quote ? undefined : 'single';
    else if (character === '"' && quote !== 'single') quote = quote ? undefined : 'double';
    else if (command.startsWith('{{', at)) at++;
    else if (character === '{') {
      // `{name!r:>4}` is Python's format language: the name ends where it begins.
      const name = /^\{([^{}!:.[]*)/.exec(command.slice(at))?.[1];
      if (name && quote) found.push({ name, start: at, quote });
    }
  }
  return found;
}

/** What `shlex.quote` leaves as it is. */
const plainWord = /^[\w@%+=:,./-]+$/;

/** True when a value inside such quotes would be read by the shell instead of being passed on. */
export function isReadByShell(value: string, quotedBy: QuotedBy): boolean {
  if (value === '' || plainWord.test(value)) return false;
  return quotedBy === 'single' || /[$`"'\\]/.test(value);
}
