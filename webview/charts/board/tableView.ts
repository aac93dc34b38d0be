import { html, nothing, type TemplateResult } from 'lit';
import type { ChartTable } from '../../../src/shared/charts/chartTable';
import { count, shortNumber } from '../../../src/shared/series/format';

/** A chart's data for people who read: as many rows as were asked for, full precision on hover. */
export function tableView(
  name: string,
  { columns, rows }: ChartTable,
  shown: number,
  showMore: () => void,
): TemplateResult {
  return html`<div class="data-table" tabindex="0" role="region" aria-label=${`Values of ${name}`}>
    <table>
      <thead>
        <tr>${columns.map((column) => html`<th scope="col" title=${column}>${column}</th>`)}</tr>
      </thead>
      <tbody>
        ${rows
          .slice(0, shown)
          .map(
            (row) =>
              html`<tr>${row.map((cell, at) => (at === 0 ? html`<th scope="row">${cellView(cell)}</th>` : html`<td>${cellView(cell)}</td>`))}</tr>`,
          )}
      </tbody>
    </table>
    ${
      shown < rows.length
        ? html`<div class="more">
            <span>${count(shown)} of ${count(rows.length)} rows</span>
            <button class="button secondary" @click=${showMore}>Show more</button>
          </div>`
        : nothing
    }
  </div>`;
}

function cellView(cell: string | number | undefined): TemplateResult | string {
  if (cell === undefined) return '';
  return typeof cell === 'string' ? cell : html`<span title=${String(cell)}>${shortNumber(cell)}</span>`;
}
