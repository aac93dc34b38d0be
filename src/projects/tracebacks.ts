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

const begins = /^Traceback \(most recent call last\):$/;
const frameForm = /^\s+File "(.+)", line (\d+)(?:, in (.*))?$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal are what is taken out.
const colours = /\u001b\[[0-9;?]*[A-Za-z]|\u001b\][^\u0007]*\u0007|\r/g;
const mostFrames = 200;
const longestLine = 4_000;

/**
 * Finds the tracebacks of Python in what a program writes, whose pieces end anywhere.
 * https://docs.python.org/3/library/traceback.html
 */
export class TracebackReader {
  private rest = '';
  private open: Frame[] | undefined;

  read(text: string): readonly Traceback[] {
    const lines = (this.rest + text).split('\n');
    this.rest = (lines.pop() ?? '').slice(-longestLine);
    return lines.flatMap((line) => this.line(line.replaceAll(colours, '').slice(0, longestLine)) ?? []);
  }

  private line(line: string): Traceback | undefined {
    if (begins.test(line)) {
      this.open = [];
      return undefined;
    }
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
    return open.length === 0 ? undefined : { message: line, frames: open };
  }
}
