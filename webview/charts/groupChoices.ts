import type { ColumnId } from '../../src/shared/runs/column';
import { count } from '../../src/shared/series/format';
import type { Session } from './session';
import type { Choice } from './settingsFields';

const mostChoices = 300;

type Grouped = { readonly runs: Pick<Session['runs'], 'table' | 'view' | 'chosen'> };

/**
 * What runs can be grouped by: data sets, commits and the like, which stand first since there may be more than fit of
 * what follows: params and tags that differ among the charted runs. How many have no place is said.
 * @param chosen is among them
 */
export function groupChoices(session: Grouped, chosen: readonly ColumnId[] = []): readonly Choice[] {
  const { table, view } = session.runs;
  const rows = session.runs.chosen;
  const differ = (textOf: (row: number) => string | undefined) => {
    const first = textOf(rows[0] ?? -1);
    return rows.some((row) => textOf(row) !== first);
  };
  const params = table.paramKeys.filter((key) => differ((row) => table.param(key)?.get(row)));
  const tags = table.tagKeys.filter((key) => !key.startsWith('mlflow.') && differ((row) => table.tag(key)?.get(row)));
  const attributes = ['datasets', 'commit', 'branch', 'models', 'status', 'user_id', 'experiment_id', 'parent_run_id'];
  const grouped = view.table.groupBy;
  const all: Choice[] = [
    { value: '', text: 'Every run for itself' },
    ...(grouped.length > 0
      ? [{ value: optionOf(grouped), text: `As the table: ${grouped.map(shortOf).join(', ')}` }]
      : []),
    ...attributes.map((key) => choiceOf(`attributes.${key}`)),
    ...params.map((key) => choiceOf(`params.${key}`)),
    ...tags.map((key) => choiceOf(`tags.${key}`)),
  ];
  const shown = all.slice(0, mostChoices);
  const own = optionOf(chosen);
  if (shown.every(({ value }) => value !== own)) shown.push({ value: own, text: chosen.map(shortOf).join(', ') });
  const left = all.length - mostChoices;
  if (left > 0)
    shown.push({
      value: 'more',
      text: `${count(left)} more: group the table by one, then take it here`,
      disabled: true,
    });
  return shown;
}

/** Several columns in the value of one option. */
export const optionOf = (columns: readonly ColumnId[]) => (columns.length === 0 ? '' : JSON.stringify(columns));

export function columnsOf(value: string): readonly ColumnId[] {
  if (value === '') return [];
  const parsed: unknown = JSON.parse(value);
  return Array.isArray(parsed) ? parsed.map(String) : [];
}

const choiceOf = (column: ColumnId): Choice => ({ value: optionOf([column]), text: shortOf(column) });

const shortOf = (column: ColumnId) => column.replace(/^attributes\./, '').replace(/^(params|tags)\./, '');
