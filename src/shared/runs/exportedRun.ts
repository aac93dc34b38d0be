import type { Run, RunStatus } from '../domain';
import { isoInstant, jsonNumber } from './exportText';
import type { RunTable } from './runTable';

export interface ExportedMetric {
  readonly value: number | string;
  readonly step: number;
  /** Of its history, where that was read. */
  readonly min?: number | string;
  readonly min_step?: number | string;
  readonly max?: number | string;
  readonly max_step?: number | string;
}

/** A run in an exported JSON file, by MLflow's own names. Metrics are the last values, with their steps. */
export interface ExportedRun {
  readonly run_id: string;
  readonly experiment_id: string;
  readonly run_name: string;
  readonly status: RunStatus;
  readonly user_id: string;
  readonly lifecycle_stage: 'active' | 'deleted';
  /** ms */
  readonly start_time: number | null;
  readonly start_time_iso: string | null;
  readonly end_time: number | null;
  readonly end_time_iso: string | null;
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, ExportedMetric>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly datasets: readonly { readonly name: string; readonly digest: string; readonly context: string | null }[];
  readonly models: readonly string[];
}

/** A key of any name, `__proto__` too, is a key of its own. */
const record = <T>(entries: Iterable<readonly [string, T]>): Readonly<Record<string, T>> => Object.fromEntries(entries);

export function exportedRun(run: Run): ExportedRun {
  return {
    run_id: run.runId,
    experiment_id: run.experimentId,
    run_name: run.name,
    status: run.status,
    user_id: run.userId,
    lifecycle_stage: run.lifecycleStage,
    ...times(run.startTime, run.endTime),
    params: run.params,
    metrics: record(
      Object.entries(run.metrics).map(([key, { value, step }]) => [key, { value: jsonNumber(value), step }] as const),
    ),
    tags: run.tags,
    datasets: run.datasets.map(({ name, digest, context }) => ({ name, digest, context: context ?? null })),
    models: run.modelIds,
  };
}

/** With the least and largest values of some metrics, as far as they are known of the row. */
export function withExtremes(run: ExportedRun, table: RunTable, row: number, keys: readonly string[]): ExportedRun {
  const known = keys.flatMap((key) => {
    const metric = Object.hasOwn(run.metrics, key) ? run.metrics[key] : undefined;
    const found = metric && extremesOf(table, row, key);
    return found ? [[key, { ...metric, ...found }] as const] : [];
  });
  return known.length > 0 ? { ...run, metrics: record([...Object.entries(run.metrics), ...known]) } : run;
}

function extremesOf(table: RunTable, row: number, key: string): Partial<ExportedMetric> | undefined {
  const read = (stat: 'min' | 'max' | 'minStep' | 'maxStep') => table.stat(stat, key).get(row);
  const [min, max] = [read('min'), read('max')];
  if (min === undefined || max === undefined) return undefined;
  // A history of nothing finite has neither.
  if (Number.isNaN(min)) return {};
  const [minStep, maxStep] = [read('minStep') ?? Number.NaN, read('maxStep') ?? Number.NaN];
  return { min, min_step: jsonNumber(minStep), max, max_step: jsonNumber(maxStep) };
}

/** The same of rows that a page has; goes through the columns once for all of them. */
export function exportedRows(table: RunTable, rows: readonly number[]): readonly ExportedRun[] {
  const params = textsOf(table.paramKeys, rows, (key) => table.param(key));
  const tags = textsOf(table.tagKeys, rows, (key) => table.tag(key));
  const metrics = metricsOf(table, rows);
  return rows.map((row, at) => {
    const head = table.head(row);
    return {
      run_id: head.runId,
      experiment_id: head.experimentId,
      run_name: head.name,
      status: head.status,
      user_id: head.userId,
      lifecycle_stage: head.deleted ? 'deleted' : 'active',
      ...times(table.startTime(row), table.endTime(row)),
      params: record(params[at] ?? []),
      metrics: record(metrics[at] ?? []),
      tags: record(tags[at] ?? []),
      datasets: (head.datasets ?? []).map(({ name, digest, context }) => ({ name, digest, context: context ?? null })),
      models: head.models ?? [],
    };
  });
}

function times(start: number | undefined, end: number | undefined) {
  return {
    start_time: start ?? null,
    start_time_iso: isoInstant(start) ?? null,
    end_time: end ?? null,
    end_time_iso: isoInstant(end) ?? null,
  };
}

function textsOf(
  keys: readonly string[],
  rows: readonly number[],
  cellsOf: (key: string) => { get(row: number): string | undefined } | undefined,
): readonly (readonly [string, string])[][] {
  const found = rows.map((): (readonly [string, string])[] => []);
  for (const key of keys) {
    const cells = cellsOf(key);
    for (const [at, row] of rows.entries()) {
      const text = cells?.get(row);
      if (text !== undefined) found[at]?.push([key, text]);
    }
  }
  return found;
}

function metricsOf(table: RunTable, rows: readonly number[]) {
  const found = rows.map((): (readonly [string, { value: number | string; step: number }])[] => []);
  for (const key of table.metricKeys) {
    const cells = table.metric(key);
    for (const [at, row] of rows.entries()) {
      const value = cells?.last.get(row);
      if (value !== undefined) found[at]?.push([key, { value: jsonNumber(value), step: cells?.steps.get(row) ?? 0 }]);
    }
  }
  return found;
}
