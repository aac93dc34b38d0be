import { TagKey } from '../domain';
import type { Attribute } from '../runs/column';
import { cellValue } from '../runs/runTable';
import { betterOf, type CompareView, type RunsView } from '../view/runsView';
import { type CompareRow, type CompareValue, differing, type SectionId, type ValueKind } from './compareRow';
import { inOrder, orderedKeys } from './keyOrder';
import type { Compared } from './runColumns';

/** Facts of a run that stand in the first section; what no run has is left out. */
const runFacts: readonly (readonly [Attribute, string, ValueKind])[] = [
  ['status', 'Status', 'status'],
  ['start_time', 'Started', 'time'],
  ['duration', 'Duration', 'duration'],
  ['user_id', 'User', 'text'],
  ['source', 'Source', 'text'],
  ['commit', 'Commit', 'text'],
  ['branch', 'Branch', 'text'],
  ['models', 'Models', 'text'],
  ['description', 'Description', 'text'],
  ['parent_run_id', 'Parent run', 'text'],
];

/** Names of experiments by id, and what of a metric's history is compared. */
export interface TableRowsOptions {
  readonly experiments: Readonly<Record<string, string>>;
  readonly stat: CompareView['stat'];
  readonly better: RunsView['better'];
}

/** Everything that the list of runs carries, by section. */
export function tableRows(
  compared: Compared,
  options: TableRowsOptions,
): Readonly<Record<Exclude<SectionId, 'environment' | 'artifacts'>, readonly CompareRow[]>> {
  const tags = tagRows(compared);
  return {
    run: runRows(compared, options),
    params: paramRows(compared),
    metrics: metricRows(compared, options),
    tags: tags.filter(({ section }) => section === 'tags'),
    systemTags: tags.filter(({ section }) => section === 'systemTags'),
    datasets: datasetRows(compared),
  };
}

function runRows({ table, rows }: Compared, { experiments }: TableRowsOptions): CompareRow[] {
  const facts = runFacts.flatMap(([key, label, kind]): CompareRow[] => {
    const value = (at: number) => {
      const found = cellValue(table, { kind: 'attribute', key }, rows[at] ?? -1);
      return found === '' ? undefined : found;
    };
    return rows.some((_, at) => value(at) !== undefined)
      ? [{ id: `run.${key}`, section: 'run', label, kind, differs: differing(rows.length, value), value }]
      : [];
  });
  const experimentOf = (at: number) => {
    const { experimentId } = table.head(rows[at] ?? -1);
    return experiments[experimentId] ?? experimentId;
  };
  if (!differing(rows.length, experimentOf)) return facts;
  const label = 'Experiment';
  return [{ id: 'run.experiment', section: 'run', label, kind: 'text', differs: true, value: experimentOf }, ...facts];
}

/** Params that are numbers in every run that has them can be measured against a baseline. */
function paramRows({ table, rows }: Compared): CompareRow[] {
  return orderedKeys(table, 'paramKeys').flatMap((key): CompareRow[] => {
    const cells = table.param(key);
    const texts = rows.map((row) => cells?.get(row));
    if (!cells || texts.every((text) => text === undefined)) return [];
    const numeric = texts.every((text) => text === undefined || isNumeric(text));
    // 1 and 1.0 were written by different code, but are no different parameters.
    const value = (at: number): CompareValue => (numeric ? numberOf(texts[at]) : texts[at]);
    const row = { id: `params.${key}`, section: 'params' as const, label: key, value };
    const differs = differing(rows.length, value);
    return [
      { ...row, differs, kind: numeric ? 'number' : 'text', ...(numeric ? { verbatim: (at) => texts[at] } : {}) },
    ];
  });
}

/** A number as Python or JSON writes it, that a double can tell from its neighbours. */
function isNumeric(text: string): boolean {
  if (/^[+-]?\d+$/.test(text)) return Number.isSafeInteger(Number(text));
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text));
}
const numberOf = (text: string | undefined) => (text === undefined ? undefined : Number(text));

function metricRows({ table, rows }: Compared, { stat, better }: TableRowsOptions): CompareRow[] {
  return orderedKeys(table, 'metricKeys').flatMap((key): CompareRow[] => {
    const last = table.metric(key)?.last;
    if (!last || !rows.some((row) => last.has(row))) return [];
    const chosen = stat === 'best' ? bestOf(betterOf(better, key)) : stat;
    const cells = chosen === 'min' || chosen === 'max' ? table.stat(chosen, key) : last;
    const value = (at: number) => (chosen === undefined ? undefined : cells.get(rows[at] ?? -1));
    // While histories are not read, the last values say whether there is something to see.
    const known = chosen !== undefined && rows.every((row) => cells.has(row) || !last.has(row));
    const differs = differing(rows.length, known ? value : (at) => last.get(rows[at] ?? -1));
    return [{ id: `metrics.${key}`, section: 'metrics', label: key, kind: 'number', differs, metric: key, value }];
  });
}

const bestOf = (better: 'lower' | 'higher' | undefined) =>
  better === undefined ? undefined : better === 'lower' ? 'min' : 'max';

/** Tags that stand elsewhere already: the run's name, the description, the parent. */
const elsewhere: ReadonlySet<string> = new Set([TagKey.runName, TagKey.note, TagKey.parentRunId, TagKey.user]);

function tagRows({ table, rows }: Compared): CompareRow[] {
  return orderedKeys(table, 'tagKeys').flatMap((key): CompareRow[] => {
    const cells = table.tag(key);
    const value = (at: number) => cells?.get(rows[at] ?? -1);
    if (elsewhere.has(key) || !rows.some((_, at) => value(at) !== undefined)) return [];
    const section = key.startsWith('mlflow.') ? 'systemTags' : 'tags';
    return [{ id: `tags.${key}`, section, label: key, kind: 'text', differs: differing(rows.length, value), value }];
  });
}

/** One row per dataset and use; the cell is the digest, which is another when the data is. */
function datasetRows({ table, rows }: Compared): CompareRow[] {
  const digests = new Map<string, (string | undefined)[]>();
  for (const [at, row] of rows.entries())
    for (const { name, digest, context } of table.head(row).datasets ?? []) {
      const label = context ? `${name} (${context})` : name;
      const cells = digests.get(label) ?? new Array<string | undefined>(rows.length).fill(undefined);
      const before = cells[at];
      cells[at] = before === undefined ? digest : `${before}, ${digest}`;
      digests.set(label, cells);
    }
  return inOrder([...digests.keys()]).map((label) => {
    const value = (at: number) => digests.get(label)?.[at];
    const id = `datasets.${label}`;
    return { id, section: 'datasets', label, kind: 'text', differs: differing(rows.length, value), value };
  });
}
