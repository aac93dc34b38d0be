/** What a run is asked for beside its params, metrics and tags. `duration` is the end less the start. */
export const attributes = [
  'run_name',
  'status',
  'start_time',
  'end_time',
  'duration',
  'user_id',
  'experiment_id',
  'run_id',
  'parent_run_id',
  'source',
  'commit',
  'branch',
  'datasets',
  'models',
  'description',
] as const;
export type Attribute = (typeof attributes)[number];

/** `last` is what a run list carries; the others are computed from the history of the metric, when they are asked for. */
export const metricStats = ['last', 'min', 'max', 'best', 'step', 'bestStep'] as const;
export type MetricStat = (typeof metricStats)[number];

/** One column of the runs table; `best` is the least or the largest, as the person said for the metric. */
export type Column =
  | { readonly kind: 'attribute'; readonly key: Attribute }
  | { readonly kind: 'param' | 'tag'; readonly key: string }
  | { readonly kind: 'metric'; readonly key: string; readonly stat: MetricStat };

/** `attributes.start_time`, `params.lr`, `tags.team`, `metrics.loss`, `metrics[min].loss`: what views keep. */
export type ColumnId = string;

export function columnId(column: Column): ColumnId {
  switch (column.kind) {
    case 'attribute':
      return `attributes.${column.key}`;
    case 'metric':
      return column.stat === 'last' ? `metrics.${column.key}` : `metrics[${column.stat}].${column.key}`;
    case 'param':
    case 'tag':
      return `${column.kind}s.${column.key}`;
  }
}

/** Undefined for what no version of Flowdeck writes. */
export function parseColumnId(id: ColumnId): Column | undefined {
  const found = /^(attributes|params|tags|metrics(?:\[(\w+)\])?)\.(.+)$/s.exec(id);
  const [, group = '', stat = 'last', key = ''] = found ?? [];
  if (!found) return undefined;
  if (group === 'params' || group === 'tags') return { kind: group === 'params' ? 'param' : 'tag', key };
  if (group === 'attributes') {
    const attribute = attributes.find((name) => name === key);
    return attribute && { kind: 'attribute', key: attribute };
  }
  const known = metricStats.find((name) => name === stat);
  return known && { kind: 'metric', key, stat: known };
}
