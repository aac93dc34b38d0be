import type { RunTable } from '../runs/runTable';
import type { RunsView } from '../view/runsView';

/** What charts over runs are made of: a table, and the rows that are drawn. */
export interface ChartedRuns {
  readonly table: RunTable;
  readonly rows: readonly number[];
  /** Which of a metric's values is the best, where a person said so. */
  readonly better?: RunsView['better'] | undefined;
}

/** A chart draws no more runs than this: dots beyond it are a blot. What is left out is said. */
export const mostDrawn = 20_000;

/** Name of a run; its id where it has none. */
export function runName(table: RunTable, row: number): string {
  const { name, runId } = table.head(row);
  return name === '' ? runId : name;
}
