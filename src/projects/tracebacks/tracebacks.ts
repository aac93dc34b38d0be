export interface Frame {
  /** As Python prints it: absolute, or relative to where the program was started. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The function; absent where the file could not be parsed. */
  readonly name?: string;
}

export interface Traceback {
  /** `ValueError: too fast` */
  readonly message: string;
  /** The outermost first; those without a file are left out. */
  readonly frames: readonly Frame[];
}

/** What stands before it is a bar that was being drawn, or whose process it is: that may stand before each line. */
const begins = /Traceback \(most recent call last\):$/;
const prefixForm = /^(\S.*?)(?: *\+ Exception Group )?Traceback \(most recent call last\):$/;
const groupBegins = /^ *\+ Exception Group Traceback \(most recent call last\):$/;
/** Of a group and of each exception in it. */
const margin = /^ *\| ?/;
const frameForm = /^\s+File "(.+)", line (\d+)(?:, in (.*))?$/;
/** The script itself could not be parsed: nothing was called, so there is no traceback before it. */
const unparsedForm = /^ {2}File ".+", line \d+$/;
const unparsed = /^(?:\w+\.)*\w*(?:Syntax|Indentation|Tab)Error\b/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal are what is taken out.
const colours = /\u001b\[[0-9;?]*[A-Za-z]|\u001b\][^\u0007]*\u0007/g;
const mostFrames = 200;
const longestLine = 4_000;
/** Processes that write at a time. */
const mostPrefixes = 100;

/**
 * Finds the tracebacks of Python in what a program writes, whose pieces end anywhere.
 * https://docs.python.org/3/library/traceback.html
 */
export class TracebackReader {
  private rest = '';
  private readonly plain = new LinesReader();
  /** `[rank0]: `, say, as torchrun has it before each line of a process: lines of several come mixed. */
  private readonly prefixed = new Map<string, LinesReader>();

  read(text: string): readonly Traceback[] {
    const lines = (this.rest + text).split('\n');
    this.rest = (lines.pop() ?? '').slice(-longestLine);
    return lines.flatMap((line) => this.line(shown(line)) ?? []);
  }

  private line(whole: string): Traceback | undefined {
    const prefix = prefixForm.exec(whole)?.[1];
    if (prefix !== undefined) this.begin(prefix);
    for (const [known, reader] of this.prefixed) {
      if (!whole.startsWith(known) && whole !== known.trimEnd()) continue;
      const line = whole.slice(known.length);
      const found = reader.line(line);
      // Until a frame has it too, it may be no prefix.
      if (known === prefix || !(reader.hasFrames || found)) break;
      if (this.plain.hasFrames === false) this.plain.close();
      return found;
    }
    return this.plain.line(whole);
  }

  private begin(prefix: string): void {
    const known = this.prefixed.get(prefix);
    if (known) return;
    const [oldest] = this.prefixed.size < mostPrefixes ? [] : this.prefixed.keys();
    if (oldest !== undefined) this.prefixed.delete(oldest);
    this.prefixed.set(prefix, new LinesReader());
  }
}

class LinesReader {
  private open: Frame[] | undefined;
  /** Nothing said that it is one: only its last line does. */
  private isGuess = false;
  private isGroup = false;

  /** Undefined where none is open. */
  get hasFrames(): boolean | undefined {
    return this.open && this.open.length > 0;
  }

  close(): void {
    this.open = undefined;
  }

  line(whole: string): Traceback | undefined {
    if (groupBegins.test(whole)) this.isGroup = true;
    else if (this.isGroup && !/^ *[|+]/.test(whole)) this.isGroup = false;
    const line = this.isGroup ? whole.replace(margin, '') : whole;
    if (begins.test(line)) return this.begin(false);
    if (!this.open && unparsedForm.test(line)) this.begin(true);
    const { open } = this;
    if (!open) return undefined;
    const frame = frameForm.exec(line);
    if (frame) {
      const [, file = '', number = '1', name] = frame;
      if (!file.startsWith('<') && open.length < mostFrames)
        open.push({ file, line: Math.max(1, Number(number)), ...(name === undefined ? {} : { name }) });
      return undefined;
    }
    // The code of a frame, and the marks below it.
    if (/^\s/.test(line) || line === '') return undefined;
    this.open = undefined;
    const isOne = open.length > 0 && (!this.isGuess || unparsed.test(line));
    return isOne ? { message: line, frames: open } : undefined;
  }

  private begin(isGuess: boolean): undefined {
    this.open = [];
    this.isGuess = isGuess;
  }
}

/** What is left of a line that bars were drawn over. */
function shown(line: string): string {
  const whole = line.trimEnd();
  return whole
    .slice(whole.lastIndexOf('\r') + 1)
    .replaceAll(colours, '')
    .slice(0, longestLine);
}
