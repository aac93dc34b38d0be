import { type Attribute, type Column, type ColumnId, columnId, parseColumnId } from '../column';
import type { RunTable } from '../runTable';
import { coverage } from './coverage';

/** Params and metrics that are shown at first, of each. */
const mostOfKind = 12;
const always: readonly Attribute[] = ['run_name', 'start_time', 'duration', 'user_id'];
/** Shown where some run has them. */
const ifAny = ['source', 'commit', 'datasets', 'models'] as const satisfies readonly Attribute[];

/** MLflow's system metrics, of which there are dozens that say nothing of the result. */
const isSystem = (key: string) => key.startsWith('system/');

/**
 * The columns of a table nobody has set up: attributes, then the params and metrics that most runs have, in the order
 * they were first seen. What stood `before` stays where it is, so that more runs add columns and move none.
 */
export function defaultColumns(table: RunTable, before: readonly ColumnId[] = []): readonly ColumnId[] {
  const kept = new Map<Column['kind'], ColumnId[]>([
    ['attribute', []],
    ['param', []],
    ['metric', []],
  ]);
  for (const id of before) kept.get(parseColumnId(id)?.kind ?? 'tag')?.push(id);
  return [
    ...filled(kept.get('attribute') ?? [], attributeColumns(table), Number.POSITIVE_INFINITY),
    ...filled(kept.get('param') ?? [], mostCovered(table, 'param'), mostOfKind),
    ...filled(kept.get('metric') ?? [], mostCovered(table, 'metric'), mostOfKind),
  ];
}

function filled(kept: readonly ColumnId[], more: readonly Column[], most: number): readonly ColumnId[] {
  const known = new Set(kept);
  const added = more.map(columnId).filter((id) => !known.has(id));
  return [...kept, ...added.slice(0, Math.max(0, most - kept.length))];
}

function attributeColumns(table: RunTable): readonly Column[] {
  const found = new Set<Attribute>(always);
  const experiments = new Set<string>();
  for (let row = 0; row < table.size; row++) {
    const head = table.head(row);
    for (const key of ifAny) if ((head[key]?.length ?? 0) > 0) found.add(key);
    experiments.add(head.experimentId);
  }
  if (experiments.size > 1) found.add('experiment_id');
  const order: readonly Attribute[] = [...always, 'experiment_id', ...ifAny];
  return order.filter((key) => found.has(key)).map((key) => ({ kind: 'attribute', key }));
}

function mostCovered(table: RunTable, kind: 'param' | 'metric'): readonly Column[] {
  const keys = kind === 'param' ? table.paramKeys : table.metricKeys.filter((key) => !isSystem(key));
  const columns = keys.map((key): Column => (kind === 'param' ? { kind, key } : { kind: 'metric', key, stat: 'last' }));
  const counted = columns.map((column, at) => ({ column, at, count: coverage(table, column) }));
  const best = counted
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.at - b.at)
    .slice(0, mostOfKind);
  return best.sort((a, b) => a.at - b.at).map(({ column }) => column);
}
