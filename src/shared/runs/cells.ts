/** Cells of one column that few or all rows may have: a map while they are few, an array of all rows once they are many. */
export class NumberCells {
  private sparse: Map<number, number> | undefined = new Map();
  private dense = new Float64Array(0);
  private present = new Uint8Array(0);
  private filled = 0;

  /** Rows that have a cell. */
  get count(): number {
    return this.filled;
  }

  has(row: number): boolean {
    return this.sparse ? this.sparse.has(row) : this.present[row] === 1;
  }

  /** Undefined where there is no cell; NaN is a value. */
  get(row: number): number | undefined {
    if (this.sparse) return this.sparse.get(row);
    return this.present[row] === 1 ? this.dense[row] : undefined;
  }

  /** Whether a row with a cell passes; looks at cells only, and no further than the first that does. */
  someRow(passes: (row: number) => boolean): boolean {
    if (this.sparse) {
      for (const row of this.sparse.keys()) if (passes(row)) return true;
      return false;
    }
    for (let row = 0; row < this.present.length; row++) if (this.present[row] === 1 && passes(row)) return true;
    return false;
  }

  set(row: number, value: number): void {
    if (!this.has(row)) this.filled++;
    if (this.sparse) {
      this.sparse.set(row, value);
      if (this.sparse.size >= fewest && this.sparse.size * 6 > row) this.makeDense(row);
      return;
    }
    this.reserve(row);
    this.dense[row] = value;
    this.present[row] = 1;
  }

  delete(row: number): void {
    if (!this.has(row)) return;
    this.filled--;
    if (this.sparse) this.sparse.delete(row);
    else this.present[row] = 0;
  }

  private makeDense(row: number): void {
    const cells = this.sparse ?? new Map<number, number>();
    this.sparse = undefined;
    this.reserve(Math.max(row, ...cells.keys()));
    for (const [at, value] of cells) {
      this.dense[at] = value;
      this.present[at] = 1;
    }
  }

  private reserve(row: number): void {
    if (row < this.dense.length) return;
    const size = Math.max(64, Math.ceil((row + 1) * 1.5));
    const dense = new Float64Array(size);
    const present = new Uint8Array(size);
    dense.set(this.dense);
    present.set(this.present);
    this.dense = dense;
    this.present = present;
  }
}

/** Below this a map is smaller and `Math.max(...keys)` is cheap. */
const fewest = 64;

/** Texts of one column; the same text is kept once. */
export class TextCells {
  private readonly codes = new NumberCells();
  private readonly texts: string[] = [];
  private readonly numbers = new Map<string, number>();

  get count(): number {
    return this.codes.count;
  }

  /** Different texts that ever stood in the column. */
  get distinct(): number {
    return this.texts.length;
  }

  get values(): readonly string[] {
    return this.texts;
  }

  get(row: number): string | undefined {
    const code = this.codes.get(row);
    return code === undefined ? undefined : this.texts[code];
  }

  someRow(passes: (row: number) => boolean): boolean {
    return this.codes.someRow(passes);
  }

  /** Equal numbers for equal texts: for grouping. */
  codeOf(row: number): number | undefined {
    return this.codes.get(row);
  }

  set(row: number, text: string): void {
    let code = this.numbers.get(text);
    if (code === undefined) {
      code = this.texts.push(text) - 1;
      this.numbers.set(text, code);
    }
    this.codes.set(row, code);
  }

  delete(row: number): void {
    this.codes.delete(row);
  }
}
