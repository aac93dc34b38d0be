import { type Attribute, attributes } from '../runs/column';
import { cellValue, type RunTable } from '../runs/runTable';
import { count } from '../series/format';
import type { Column, LeftOutReason } from '../stats/rankCorrelation';
import { inOrder } from './keyOrder';

/** Facts of a run that may explain a metric as a param does. */
const explaining: readonly Attribute[] = ['source', 'commit', 'branch', 'datasets', 'user_id'];

/** What of the runs may explain a metric: params, and how the run was made. Read column by column: there may be many. */
export function* explainingColumns(table: RunTable, rows: readonly number[]): Generator<Column> {
  for (const key of inOrder(table.paramKeys)) {
    const cells = table.param(key);
    yield { key: `params.${key}`, values: rows.map((row) => cells?.get(row)) };
  }
  for (const key of attributes) {
    if (!explaining.includes(key)) continue;
    const values = rows.map((row) => cellValue(table, { kind: 'attribute', key }, row) || undefined);
    if (values.some((value) => value !== undefined)) yield { key: `attributes.${key}`, values };
  }
}

/** The last value of the metric in each run. */
export function metricOf(table: RunTable, rows: readonly number[], key: string): (number | undefined)[] {
  const last = table.metric(key)?.last;
  return rows.map((row) => last?.get(row));
}

/** The metric that most of the runs have, none of MLflow's own if there is another. */
export function usualMetric(table: RunTable): string | undefined {
  let [best, most]: [string | undefined, number] = [undefined, 0];
  for (const key of inOrder(table.metricKeys)) {
    const { last } = table.metric(key) ?? {};
    if (last && last.count > most && !(best !== undefined && key.startsWith('system/')))
      [best, most] = [key, last.count];
  }
  return best;
}

/** What the figures rest on. `loaded`: rows of the table; `total`: all that match on the server, where it is known. */
export function basisText(metric: readonly (number | undefined)[], total: number | undefined): string {
  const loaded = metric.length;
  const having = metric.filter((value) => value !== undefined && !Number.isNaN(value)).length;
  const nan = metric.filter(Number.isNaN).length;
  const runs =
    total !== undefined && total > loaded
      ? `${count(loaded)} loaded runs (of ${count(total)})`
      : `${count(loaded)} loaded runs`;
  const without = nan > 0 ? ` In ${count(nan)} the last value is NaN.` : '';
  return `Over ${count(having)} of ${runs}, by rank.${without} Correlation is not cause.`;
}

const reasons: Readonly<Record<LeftOutReason, string>> = {
  constant: 'the same in all runs',
  tooFew: 'in fewer than three runs',
  everyRunAnother: 'another in every run',
  constantMetric: 'where they are, the metric does not change',
};

/** `3 the same in all runs: a, b, c`: one line a reason, for what has no coefficient. */
export function leftOutTexts(leftOut: readonly { readonly key: string; readonly reason: LeftOutReason }[]): string[] {
  return Object.entries(reasons).flatMap(([reason, text]) => {
    const keys = leftOut.filter((item) => item.reason === reason).map(({ key }) => explainedLabel(key));
    if (keys.length === 0) return [];
    const named = keys.slice(0, 8).join(', ');
    return [`${count(keys.length)} ${text}: ${named}${keys.length > 8 ? ', …' : ''}`];
  });
}

const attributeLabels: Readonly<Record<string, string>> = {
  source: 'Source',
  commit: 'Commit',
  branch: 'Branch',
  datasets: 'Datasets',
  user_id: 'User',
};

/** The name of a column of `explainingColumns` as people say it. */
export function explainedLabel(key: string): string {
  const [, group, name = ''] = /^(params|attributes)\.(.*)$/s.exec(key) ?? [];
  return group === 'attributes' ? (attributeLabels[name] ?? name) : name || key;
}
