import { type ColumnId, columnId } from '../runs/column';
import type { RunTable } from '../runs/runTable';
import type { ChartDefinition, ChartKind } from '../view/chartDefinition';
import { columnData, numberOf } from './columnData';
import { heatMapOf } from './heatmap';

/** What a new chart starts with, so that its first picture says something. */
export function suggestChart(table: RunTable, rows: readonly number[], kind: ChartKind, id: string): ChartDefinition {
  const metrics = metricsByCoverage(table, rows);
  const params = varyingParams(table, rows);
  const numericParams = params.filter(({ numeric }) => numeric).map(({ id: column }) => column);
  const all = params.map(({ id: column }) => column);
  const base = { version: 1, id, kind, runs: 'all', size: 'small' } as const;
  const [metric, second] = metrics;
  const given = metric ? { value: metric } : {};
  const x = numericParams[0] ?? all[0] ?? second ?? 'attributes.start_time';
  switch (kind) {
    case 'line':
      return { ...base, ...(metric ? { metric: metric.slice('metrics.'.length) } : {}), axis: 'step' };
    case 'bar':
      return { ...base, ...given, errorBars: 'std', runs: 'chosen' };
    case 'difference':
      return { ...base, ...given, runs: 'chosen' };
    case 'scatter':
      return { ...base, x, y: metric ?? 'attributes.duration', ...logIfWide(table, rows, x) };
    case 'bubble':
      return {
        ...base,
        x,
        y: metric ?? 'attributes.duration',
        sizeBy: second ?? 'attributes.duration',
        ...logIfWide(table, rows, x),
      };
    case 'parallel': {
      const axes = [...all.slice(0, 7), ...(metric ? [metric] : [])];
      const logColumns = axes.filter((column) => isWide(table, rows, column));
      return { ...base, size: 'wide', columns: axes, logColumns, ...(metric ? { colorBy: metric } : {}) };
    }
    case 'box': {
      const groupBy = all.find((column) => countDistinct(table, rows, column) <= 12);
      return { ...base, ...given, ...(groupBy ? { groupBy } : {}) };
    }
    case 'heatmap': {
      const [first = 'attributes.status', other = 'attributes.user_id'] = [
        ...numericParams,
        ...all.filter((p) => !numericParams.includes(p)),
      ];
      const contour = metric && isDense(table, rows, first, other, metric) ? { contour: true } : {};
      return { ...base, x: first, y: other, ...given, aggregate: 'mean', ...contour };
    }
    case 'histogram':
      return { ...base, ...given };
    case 'images':
      return { ...base, path: 'images', size: 'wide', runs: 'chosen' };
    case 'text':
      return { ...base, path: '*.txt', size: 'wide', runs: 'chosen' };
  }
}

/** Those that most of the rows have; system metrics last. Keys of equal coverage stay in the table's order. */
function metricsByCoverage(table: RunTable, rows: readonly number[]): ColumnId[] {
  const sample = rows.slice(0, 200);
  const covered = (key: string) => {
    const cells = table.metric(key)?.last;
    return sample.reduce((sum, row) => sum + (cells?.has(row) ? 1 : 0), 0);
  };
  const ranked = table.metricKeys.map((key) => ({
    key,
    system: key.startsWith('system/') ? 1 : 0,
    count: covered(key),
  }));
  return ranked
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.system - b.system || b.count - a.count)
    .slice(0, 8)
    .map(({ key }) => columnId({ kind: 'metric', key, stat: 'last' }));
}

interface Varying {
  readonly id: ColumnId;
  readonly numeric: boolean;
}

/** Params with more than one value among the rows, but not a text of its own for each of many rows. */
function varyingParams(table: RunTable, rows: readonly number[]): Varying[] {
  const sample = rows.slice(0, 1_000);
  const found = table.paramKeys.flatMap((key): (Varying & { distinct: number; count: number })[] => {
    const cells = table.param(key);
    const texts = sample.map((row) => cells?.get(row)).filter((text) => text !== undefined);
    const distinct = new Set(texts);
    const numeric = [...distinct].every((text) => numberOf(text) !== undefined);
    if (distinct.size < 2 || (!numeric && distinct.size > 20)) return [];
    return [{ id: columnId({ kind: 'param', key }), numeric, distinct: distinct.size, count: texts.length }];
  });
  return found.sort((a, b) => b.count - a.count || b.distinct - a.distinct);
}

function countDistinct(table: RunTable, rows: readonly number[], id: ColumnId): number {
  return new Set(columnData({ table, rows }, id)?.values).size;
}

/** Positive values over more than two decades, such as learning rates. */
function isWide(table: RunTable, rows: readonly number[], id: ColumnId): boolean {
  const data = columnData({ table, rows }, id);
  if (data?.kind !== 'number') return false;
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data.values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > 0 && max / min >= 100;
}

/** Whether most cells of a map over two numbers have a run, so that lines between them mean something. */
function isDense(table: RunTable, rows: readonly number[], x: ColumnId, y: ColumnId, value: ColumnId): boolean {
  const map = heatMapOf({ table, rows }, { x, y, value });
  if (!map || map.x.column.kind === 'category' || map.y.column.kind === 'category') return false;
  const [columns, lines] = [map.x.labels.length, map.y.labels.length];
  return columns >= 4 && lines >= 4 && map.cells.length >= 0.6 * columns * lines;
}

const logIfWide = (table: RunTable, rows: readonly number[], x: ColumnId) =>
  isWide(table, rows, x) ? { logX: true } : {};
