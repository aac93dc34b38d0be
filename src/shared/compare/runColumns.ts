import type { RunTable } from '../runs/runTable';
import type { CompareView } from '../view/runsView';

/** The runs that stand side by side: rows of the table, the baseline first. */
export interface Compared {
  readonly table: RunTable;
  readonly rows: readonly number[];
  /** The first of `rows` is what the others are measured against. */
  readonly hasBaseline: boolean;
}

/** A baseline that is not among the chosen runs is none. */
export function comparedRuns(
  table: RunTable,
  chosen: readonly number[],
  { baseline }: Pick<CompareView, 'baseline'>,
): Compared {
  const base = baseline === undefined ? undefined : table.rowOf(baseline);
  if (base === undefined || !chosen.includes(base)) return { table, rows: chosen, hasBaseline: false };
  return { table, rows: [base, ...chosen.filter((row) => row !== base)], hasBaseline: true };
}
