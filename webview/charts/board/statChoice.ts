import { html, nothing, type TemplateResult } from 'lit';
import { type ColumnId, columnId, metricStats, parseColumnId } from '../../../src/shared/runs/column';
import { statTitle } from '../../../src/shared/runs/columns/columnTitle';

/**
 * Which value of a metric is drawn: the last, or one of its history. Nothing for what is no metric.
 * @param taken columns that are there already
 */
export function statChoice(
  id: ColumnId,
  label: string,
  choose: (id: ColumnId) => void,
  taken: readonly ColumnId[] = [],
): TemplateResult | typeof nothing {
  const column = parseColumnId(id);
  if (column?.kind !== 'metric') return nothing;
  const change = (event: Event) => {
    if (event.target instanceof HTMLSelectElement) choose(event.target.value);
  };
  return html`<select class="input stat-choice" aria-label=${`${label}: which value`} @change=${change}>
    ${metricStats.map((stat) => {
      const other = columnId({ ...column, stat });
      return html`<option value=${other} ?selected=${other === id} ?disabled=${other !== id && taken.includes(other)}>
        ${statTitle(stat)}${stat === 'last' ? ' value' : ''}
      </option>`;
    })}
  </select>`;
}
