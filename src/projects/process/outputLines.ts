/** ms; a bar that is drawn again and again is shown once in this time. */
const barMs = 5_000;
/** Characters; more without an end is shown as it is. */
const longestLine = 16_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: what moves the cursor or clears the screen, colours are left.
const movesCursor = /\u001b\[[0-9;?]*[@-ln-~]/g;
const lineParts = /([^\r\n]*)(\r*\n|\r+|$)/g;

/**
 * The lines of one of several programs that write at a time: only whole ones are shown. One that `\r` goes back over, as
 * progress bars do for hours, is shown at a rate; the last of them always.
 */
export class OutputLines {
  private rest = '';
  /** The piece before ended with `\r`: half of a line's end, maybe. */
  private held = '';
  /** Written over, and not shown yet. */
  private passed = '';
  private barAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly show: (line: string) => void,
    private readonly now: () => number = Date.now,
  ) {}

  add(text: string): void {
    const whole = this.held + text;
    let end = whole.length;
    while (whole[end - 1] === '\r') end--;
    this.held = end < whole.length ? '\r' : '';
    for (const [, part = '', close = ''] of whole.slice(0, end).matchAll(lineParts)) {
      this.rest += part;
      if (close.endsWith('\n')) this.line();
      else if (close !== '') this.bar();
      else if (this.rest.length > longestLine) this.line();
    }
  }

  end(): void {
    if (this.rest.trim() !== '') this.passed = this.rest;
    if (this.passed !== '') this.tell(this.passed);
    this.rest = '';
    this.passed = '';
  }

  private line(): void {
    this.tell(this.rest);
    this.rest = '';
    this.passed = '';
  }

  private bar(): void {
    if (this.rest.trim() !== '') this.passed = this.rest;
    this.rest = '';
    const now = this.now();
    if (this.passed === '' || now - this.barAt < barMs) return;
    this.barAt = now;
    this.tell(this.passed);
    this.passed = '';
  }

  private tell(line: string): void {
    this.show(line.replaceAll(movesCursor, ''));
  }
}
