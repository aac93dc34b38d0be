import type { Run } from '../../shared/domain';

/** The metric that is shown of commits, and which of its values is the best: nobody but the person knows. */
export interface BestMetric {
  readonly key: string;
  readonly better: 'lower' | 'higher';
}

/** The best last value among the runs; undefined when none has a number there. */
export function bestValue(runs: readonly Run[], { key, better }: BestMetric): number | undefined {
  const values = runs.flatMap(({ metrics }) => metrics[key]?.value ?? []).filter((value) => !Number.isNaN(value));
  if (values.length === 0) return undefined;
  return values.reduce((best, value) => ((better === 'lower' ? value < best : value > best) ? value : best));
}
