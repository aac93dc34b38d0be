import { attributes, type ColumnId, columnId } from '../runs/column';
import type { RunTable } from '../runs/runTable';
import type { Accepts } from './chartSettings';
import { columnLabel, numberOf } from './columnData';

/** A column that a chart can take. */
export interface Field {
  readonly id: ColumnId;
  readonly label: string;
  readonly group: 'Metrics' | 'Params' | 'Attributes' | 'Tags';
}

const numeric = new Set(['duration', 'start_time', 'end_time']);
/** What says nothing on an axis, or is a text of its own for each run. */
const unplotted = new Set(['description', 'parent_run_id']);

/** Every column, metrics first; MLflow's own tags are left out. */
export function fieldsOf(table: RunTable, accepts: Accepts): readonly Field[] {
  const any = accepts === 'any';
  const attributeFields = attributes
    .filter((key) => (any ? !unplotted.has(key) : numeric.has(key)))
    .map((key) => field(columnId({ kind: 'attribute', key }), 'Attributes'));
  return [
    ...table.metricKeys.map((key) => field(columnId({ kind: 'metric', key, stat: 'last' }), 'Metrics')),
    ...table.paramKeys
      .filter((key) => any || isNumeric(table.param(key)?.values ?? []))
      .map((key) => field(columnId({ kind: 'param', key }), 'Params')),
    ...attributeFields,
    ...(any ? table.tagKeys : [])
      .filter((key) => !key.startsWith('mlflow.'))
      .map((key) => field(columnId({ kind: 'tag', key }), 'Tags')),
  ];
}

const field = (id: ColumnId, group: Field['group']): Field => ({ id, label: columnLabel(id), group });

const isNumeric = (texts: readonly string[]) => texts.every((text) => numberOf(text) !== undefined);

export interface FoundFields {
  readonly fields: readonly Field[];
  /** All that match, of which `fields` are the first. */
  readonly matching: number;
}

/**
 * Fields whose name has every word of the query, in any case: those that begin with it first, then in the order given.
 */
export function searchFields(fields: readonly Field[], query: string, most: number): FoundFields {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = words.join(' ');
  const found = fields.filter(({ label }) => {
    const text = label.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const rank = ({ label }: Field) => {
    const text = label.toLowerCase();
    return text === wanted ? 0 : text.startsWith(wanted) ? 1 : 2;
  };
  const first = wanted === '' ? found : found.sort((a, b) => rank(a) - rank(b));
  return { fields: first.slice(0, most), matching: found.length };
}
