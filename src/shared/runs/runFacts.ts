import { oneLine } from '../oneLine';
import type { RunTable } from './runTable';

export interface Entry {
  readonly key: string;
  readonly value: string | number;
  /** Of a metric. */
  readonly step?: number;
}

/** Everything of one row, sorted by key, of keys or values that contain `find` (upper and lower case are the same). */
export interface RunEntries {
  readonly metrics: readonly Entry[];
  readonly params: readonly Entry[];
  /** A person's own. */
  readonly tags: readonly Entry[];
  /** MLflow's. */
  readonly systemTags: readonly Entry[];
}

export function runEntries(table: RunTable, row: number, find: string): RunEntries {
  const wanted = find.trim().toLowerCase();
  const fits = (key: string, value: string | number) =>
    wanted === '' || key.toLowerCase().includes(wanted) || String(value).toLowerCase().includes(wanted);
  const texts = (keys: readonly string[], read: (key: string) => string | undefined): Entry[] =>
    sorted(
      keys.flatMap((key) => {
        const value = read(key);
        return value !== undefined && fits(key, value) ? [{ key, value }] : [];
      }),
    );
  const metrics = table.metricKeys.flatMap((key): Entry[] => {
    const value = table.metric(key)?.last.get(row);
    if (value === undefined || !fits(key, value)) return [];
    return [{ key, value, step: table.metric(key)?.steps.get(row) ?? 0 }];
  });
  const tags = texts(table.tagKeys, (key) => table.tag(key)?.get(row));
  return {
    metrics: sorted(metrics),
    params: texts(table.paramKeys, (key) => table.param(key)?.get(row)),
    tags: tags.filter(({ key }) => !isSystem(key)),
    systemTags: tags
      .filter(({ key }) => isSystem(key))
      .map(({ key, value }) => ({ key, value: oneLine(String(value)) })),
  };
}

const isSystem = (key: string) => key.startsWith('mlflow.');
const sorted = (entries: Entry[]) => entries.sort((a, b) => (a.key < b.key ? -1 : 1));
