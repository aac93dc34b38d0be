import type { Token } from './tokens';

/** Where a filter goes wrong, and what was expected there. Offsets are UTF-16, the end exclusive. */
export interface FilterError {
  readonly message: string;
  readonly from: number;
  readonly to: number;
}

/** Ends the parsing; `parseFilter` makes an answer of it. */
export class FilterProblem extends Error {
  constructor(readonly at: FilterError) {
    super(at.message);
  }
}

export const quotesHint = 'A text to search for in names goes in quotes.';

/** Walks over the tokens of a text. */
export class TokenReader {
  private index = 0;

  constructor(
    private readonly tokens: readonly Token[],
    /** Length of the text: where what is missing is missing. */
    private readonly end: number,
  ) {}

  peek(ahead = 0): Token | undefined {
    return this.tokens[this.index + ahead];
  }

  skip(count = 1): void {
    this.index += count;
  }

  /** The next token, which must be there. */
  take(expected: string): Token {
    const token = this.peek();
    if (!token) throw this.missing(expected);
    this.index++;
    return token;
  }

  isKeyword(word: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token?.kind === 'word' && token.text.length === word.length && token.text.toUpperCase() === word;
  }

  takeKeyword(word: string): boolean {
    const found = this.isKeyword(word);
    if (found) this.index++;
    return found;
  }

  isSign(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token?.kind === 'sign' && token.text === text;
  }

  takeSign(text: string): boolean {
    const found = this.isSign(text);
    if (found) this.index++;
    return found;
  }

  /** The text ends, or goes on, where something else was expected. */
  missing(expected: string, hint = ''): FilterProblem {
    const token = this.peek();
    const message = `Expected ${expected}${token ? '' : ' at the end'}.${hint && ` ${hint}`}`;
    return new FilterProblem({ message, from: token?.from ?? this.end, to: token?.to ?? this.end });
  }

  wrong(message: string, from: { readonly from: number; readonly to: number }, to = from): FilterProblem {
    return new FilterProblem({ message, from: from.from, to: to.to });
  }
}
