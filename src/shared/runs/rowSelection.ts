/** How a click or key selects: this row alone, this one more or less, or from the anchor to it. */
export type SelectMode = 'only' | 'toggle' | 'range';

/** Rows by key; a row that cannot be selected (the head of a group) has none. */
export type KeyAt = (index: number) => string | undefined;

/** Selected runs of a list that may be sorted and filtered meanwhile: they are known by their ids. */
export class RowSelection {
  private keys: ReadonlySet<string> = new Set();
  private anchor: string | undefined;

  get selected(): ReadonlySet<string> {
    return this.keys;
  }

  /** @param find where a key stands now; undefined where it does not */
  select(index: number, mode: SelectMode, keyAt: KeyAt, find: (key: string) => number | undefined): void {
    const key = keyAt(index);
    const from = mode === 'range' && this.anchor !== undefined ? find(this.anchor) : undefined;
    if (from !== undefined) {
      this.keys = new Set(between(from, index).flatMap((at) => keyAt(at) ?? []));
      return;
    }
    if (key === undefined) return;
    this.anchor = key;
    if (mode !== 'toggle') this.keys = new Set([key]);
    else if (this.keys.has(key)) this.keys = new Set([...this.keys].filter((other) => other !== key));
    else this.keys = new Set([...this.keys, key]);
  }

  selectAll(keys: Iterable<string>): void {
    this.keys = new Set(keys);
  }

  clear(): void {
    this.keys = new Set();
  }
}

function between(a: number, b: number): readonly number[] {
  const first = Math.min(a, b);
  return Array.from({ length: Math.abs(a - b) + 1 }, (_, at) => first + at);
}
