import type { RunTable } from './runTable';

/** Rows with their children under them; both in the order of the rows that were sorted. */
export interface Forest {
  readonly tops: readonly number[];
  childrenOf(row: number): readonly number[];
}

const none: readonly number[] = [];
const nobody = -1;

/**
 * Children under their parents, whatever the order of `rows`: each row stands once, siblings keep their order, and a
 * parent of `others` (which do not match) stands where its first child would. Runs that are their own ancestors, and
 * `apart`, stand at the top. Linear in the rows, whatever the depth.
 */
export function nestRows(
  table: RunTable,
  rows: readonly number[],
  others: readonly number[],
  apart: ReadonlySet<number> = new Set(),
): Forest {
  const matching = new Uint8Array(table.size);
  for (const row of rows) matching[row] = 1;
  const parents = parentsOf(table, [...rows, ...others]);
  for (const row of apart) parents[row] = nobody;
  const placed = new Uint8Array(table.size);
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
    for (let at = row; at !== nobody && placed[at] !== 1; at = parents[at] ?? nobody) {
      if (at !== row && matching[at] === 1) break;
      placed[at] = 1;
      chain.push(at);
    }
    for (const at of chain.reverse()) put(at);
  }
  return { tops, childrenOf: (row) => children.get(row) ?? none };
}

/** The parent's row by row, where it is among `known`; those in a circle have none. */
function parentsOf(table: RunTable, known: readonly number[]): Int32Array {
  const isKnown = new Uint8Array(table.size);
  for (const row of known) isKnown[row] = 1;
  const parents = new Int32Array(table.size).fill(nobody);
  for (const row of known) {
    const { parentRunId } = table.head(row);
    const parent = parentRunId === undefined ? undefined : table.rowOf(parentRunId);
    if (parent !== undefined && isKnown[parent] === 1) parents[row] = parent;
  }
  cutCircles(parents, known);
  return parents;
}

function cutCircles(parents: Int32Array, rows: readonly number[]): void {
  /** The walk that came by first. */
  const walks = new Int32Array(parents.length);
  let walk = 0;
  for (const row of rows) {
    if (walks[row] !== 0) continue;
    walk++;
    let at = row;
    while (at !== nobody && walks[at] === 0) {
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
