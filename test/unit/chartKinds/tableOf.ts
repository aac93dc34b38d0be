import { BatchBuilder } from '../../../src/shared/runs/runBatch';
import { RunTable } from '../../../src/shared/runs/runTable';
import { runOf } from '../../support/runOf';

export interface GivenRun {
  readonly params?: Readonly<Record<string, string>>;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly name?: string;
  readonly startTime?: number;
  readonly endTime?: number;
}

/** A table of runs `r0`, `r1` …, with all of its rows. */
export function tableOf(given: readonly GivenRun[]): { readonly table: RunTable; readonly rows: readonly number[] } {
  const builder = new BatchBuilder();
  for (const [at, { params = {}, metrics = {}, tags = {}, ...rest }] of given.entries()) {
    const list = Object.entries(metrics).map(([key, value]) => [key, { key, value, timestamp: 0, step: 0 }] as const);
    builder.add(runOf(`r${at}`, { params, tags, metrics: Object.fromEntries(list), ...rest }), {});
  }
  const table = new RunTable();
  return { table, rows: table.add(builder.build()) };
}
