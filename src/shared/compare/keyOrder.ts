import { naturalCompare } from '../naturalCompare';
import type { RunTable } from '../runs/runTable';

/** As people count, what MLflow measures of the machine last. */
export function inOrder(keys: readonly string[]): readonly string[] {
  return [...keys].sort((a, b) => Number(isSystem(a)) - Number(isSystem(b)) || naturalCompare(a, b));
}

const isSystem = (key: string) => key.startsWith('system/');

const sorted = new WeakMap<RunTable, Map<string, readonly string[]>>();

/** The keys of a table's columns in order. A table loses no column: sorted anew only when it got another. */
export function orderedKeys(table: RunTable, kind: 'metricKeys' | 'paramKeys' | 'tagKeys'): readonly string[] {
  const kinds = sorted.get(table) ?? new Map<string, readonly string[]>();
  sorted.set(table, kinds);
  const keys = table[kind];
  const known = kinds.get(kind);
  if (known?.length === keys.length) return known;
  const ordered = inOrder(keys);
  kinds.set(kind, ordered);
  return ordered;
}
