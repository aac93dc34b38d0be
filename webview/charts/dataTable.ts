import { html, nothing, type TemplateResult } from 'lit';
import { lowerBound } from '../../src/shared/series/axis';
import { count, shortNumber } from '../../src/shared/series/format';
import type { ViewState } from '../../src/shared/viewState';
import type { RunCurve } from './plot';
import { axisNames, xTick } from './xText';

/** The points of a chart as a table: one row per x, one column per run. */
export function dataTable(
  key: string,
  curves: readonly RunCurve[],
  { axis, zoom }: Pick<ViewState, 'axis' | 'zoom'>,
  shown: number,
  showMore: () => void,
): TemplateResult {
  const inside = (x: number) => !zoom || (x >= zoom.min && x <= zoom.max);
  const all = [...new Set(curves.flatMap(({ x }) => [...x]))].filter(inside).sort((a, b) => a - b);
  const rows = all.slice(0, shown);
  const span = (all[all.length - 1] ?? 0) - (all[0] ?? 0);
  return html`<div class="data-table" tabindex="0" role="region" aria-label=${`Values of ${key}`}>
    <table>
      <thead>
        <tr>
          <th scope="col">${axisNames[axis]}</th>
          ${curves.map(
            ({ name, color }) => html`<th scope="col"><span class="swatch run-${color}"></span>${name}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (x) => html`<tr>
            <th scope="row">${xTick(x, axis, span)}</th>
            ${curves.map((curve) => html`<td>${valueAt(curve, x)}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
    ${
      rows.length < all.length
        ? html`<div class="more">
            <span>${count(rows.length)} of ${count(all.length)} rows</span>
            <vscode-button appearance="secondary" @click=${showMore}>Show more</vscode-button>
          </div>`
        : nothing
    }
  </div>`;
}

/** Full precision on hover; of several values at one x the last. */
function valueAt(curve: RunCurve, x: number): TemplateResult | string {
  let at = lowerBound(curve.x, x);
  if (curve.x[at] !== x) return '';
  while (curve.x[at + 1] === x) at++;
  const value = curve.y[at] ?? Number.NaN;
  return html`<span title=${String(value)}>${shortNumber(value)}</span>`;
}
