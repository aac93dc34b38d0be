import type { RunTable } from './runTable';

/** Rows with their children under them; both in the order of the rows that were sorted. */
export interface Forest {
  readonly tops: readonly number[];
  childrenOf(row: number): readonly number[];
}

const none: readonly number[] = [];
const nobody = -1;

/**
 * Puts children under their parents, for any part of a table's rows at a time: what it notes of a row counts for one part
 * alone, so that many small parts cost no more than they hold.
 */
export class Nester {
  /** The part that these were written for last, by row. */
  private readonly matching: Uint32Array;
  private readonly known: Uint32Array;
  private readonly placed: Uint32Array;
  /** The walk that came by first. */
  private readonly walks: Uint32Array;
  private readonly parents: Int32Array;
  private part = 0;
  private walk = 0;

  constructor(private readonly table: RunTable) {
    const { size } = table;
    this.matching = new Uint32Array(size);
    this.known = new Uint32Array(size);
    this.placed = new Uint32Array(size);
    this.walks = new Uint32Array(size);
    this.parents = new Int32Array(size);
  }

  /**
   * Children under their parents, whatever the order of `rows`: each row stands once, siblings keep their order, and a
   * parent of `others` (which do not match) stands where its first child would. Runs that are their own ancestors, and
   * `apart`, stand at the top. Linear in the rows, whatever the depth.
   */
  nest(rows: readonly number[], others: readonly number[], apart: ReadonlySet<number> = new Set()): Forest {
    const { matching, placed, parents } = this;
    const part = ++this.part;
    for (const row of rows) matching[row] = part;
    this.findParents([...rows, ...others]);
    for (const row of apart) parents[row] = nobody;
    const tops: number[] = [];
    const children = new Map<number, number[]>();
    const put = (row: number) => {
      const parent = parents[row] ?? nobody;
      const siblings = children.get(parent);
      if (parent === nobody) tops.push(row);
      else if (siblings) siblings.push(row);
      else children.set(parent, [row]);
    };
    for (const row of rows) {
      // The row, and above it the parents that are here for its sake.
      const chain: number[] = [];
      for (let at = row; at !== nobody && placed[at] !== part; at = parents[at] ?? nobody) {
        if (at !== row && matching[at] === part) break;
        placed[at] = part;
        chain.push(at);
      }
      for (const at of chain.reverse()) put(at);
    }
    return { tops, childrenOf: (row) => children.get(row) ?? none };
  }

  /** Those of `listed` that are above the rows, and not among them. */
  above(rows: readonly number[], listed: ReadonlySet<number>): readonly number[] {
    const seen = new Set(rows);
    const found: number[] = [];
    for (const row of rows)
      for (let at = this.parentOf(row); at !== undefined && listed.has(at) && !seen.has(at); at = this.parentOf(at)) {
        seen.add(at);
        found.push(at);
      }
    return found;
  }

  private parentOf(row: number): number | undefined {
    const { parentRunId } = this.table.head(row);
    return parentRunId === undefined ? undefined : this.table.rowOf(parentRunId);
  }

  /** The parent's row by row, where it is among these; those in a circle have none. */
  private findParents(rows: readonly number[]): void {
    const { known, parents, part } = this;
    for (const row of rows) known[row] = part;
    for (const row of rows) {
      const parent = this.parentOf(row);
      parents[row] = parent !== undefined && known[parent] === part ? parent : nobody;
    }
    this.cutCircles(rows);
  }

  private cutCircles(rows: readonly number[]): void {
    const { parents, walks } = this;
    const before = this.walk;
    const isNew = (row: number) => (walks[row] ?? 0) <= before;
    for (const row of rows) {
      if (!isNew(row)) continue;
      const walk = ++this.walk;
      let at = row;
      while (at !== nobody && isNew(at)) {
        walks[at] = walk;
        at = parents[at] ?? nobody;
      }
      // Back on this walk's own trail: `at` is on a circle.
      while (at !== nobody && walks[at] === walk) {
        const next = parents[at] ?? nobody;
        parents[at] = nobody;
        at = next;
      }
    }
  }
}
