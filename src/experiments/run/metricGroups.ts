import type { Metric } from '../../shared/domain';
import { naturalCompare } from '../../shared/naturalCompare';

/** Up to here metrics are listed as they are: folders would only hide them. */
const mostFlat = 50;
const systemPrefix = 'system/';

export type MetricEntry =
  | { readonly kind: 'metric'; readonly metric: Metric }
  /** `prefix` ends with `/` and is the beginning of every member's key. */
  | { readonly kind: 'folder'; readonly prefix: string; readonly members: readonly Metric[] };

/**
 * One level: the metrics below `prefix`, folders first. What MLflow records of the machine is always a folder; the
 * others are folders by the parts of their keys when there are many.
 */
export function metricLevel(members: readonly Metric[], prefix = ''): readonly MetricEntry[] {
  const system = prefix === '' ? members.filter(({ key }) => isSystem(key)) : [];
  const others = prefix === '' ? members.filter(({ key }) => !isSystem(key)) : members;
  const entries = others.length > mostFlat ? grouped(others, prefix) : others.map(leaf);
  return [
    ...(system.length > 0 ? [{ kind: 'folder' as const, prefix: systemPrefix, members: system }] : []),
    ...entries,
  ];
}

/** The keys of metrics of the whole run, in order of name. */
export const sortedMetrics = (metrics: Readonly<Record<string, Metric>>): readonly Metric[] =>
  Object.values(metrics).sort((a, b) => naturalCompare(a.key, b.key));

const isSystem = (key: string) => key.startsWith(systemPrefix) && key.length > systemPrefix.length;
const leaf = (metric: Metric): MetricEntry => ({ kind: 'metric', metric });

function grouped(members: readonly Metric[], prefix: string): readonly MetricEntry[] {
  const byPrefix = new Map<string, Metric[]>();
  const leaves: Metric[] = [];
  for (const metric of members) {
    const next = nextPrefix(metric.key, prefix);
    const list = next === undefined ? leaves : (byPrefix.get(next) ?? []);
    if (next !== undefined && list.length === 0) byPrefix.set(next, list);
    list.push(metric);
  }
  // A folder for one metric is a click for nothing.
  for (const [next, [only, second]] of byPrefix) {
    if (second || !only) continue;
    byPrefix.delete(next);
    leaves.push(only);
  }
  const folders = [...byPrefix].sort(([a], [b]) => naturalCompare(a, b));
  leaves.sort((a, b) => naturalCompare(a.key, b.key));
  return [
    ...folders.map(([next, list]): MetricEntry => ({ kind: 'folder', prefix: next, members: list })),
    ...leaves.map(leaf),
  ];
}

/** `train/` of `train/loss`; undefined when no part of a name stands on both sides of a slash. */
function nextPrefix(key: string, prefix: string): string | undefined {
  const slash = key.indexOf('/', prefix.length + 1);
  return slash < 0 || slash === key.length - 1 ? undefined : key.slice(0, slash + 1);
}
