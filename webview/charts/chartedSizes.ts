import { count } from '../../src/shared/series/format';

export interface ChartedSize {
  readonly first: number;
  readonly text: string;
}

const sizes = [10, 20, 50, 100, 200];

/**
 * How many of the table's first runs can be charted: none to choose between where the table is no longer than the
 * fewest, and one that is all of them where the table is known to end.
 * @param first what is chosen
 * @param rows in the table
 * @param more may follow them
 */
export function chartedSizes(first: number, rows: number, more: boolean): readonly ChartedSize[] {
  const known = [...new Set([...sizes, first])].sort((a, b) => a - b);
  if (more) return known.map(firstRuns);
  const fewer = known.filter((size) => size < rows);
  if (fewer.length === 0) return [];
  // What is chosen stays chosen, so that runs that come later are charted as far as it goes.
  const all = first >= rows ? first : known.find((size) => size >= rows);
  return [...fewer.map(firstRuns), ...(all === undefined ? [] : [{ first: all, text: `All ${count(rows)}` }])];
}

const firstRuns = (first: number): ChartedSize => ({ first, text: `First ${count(first)}` });
