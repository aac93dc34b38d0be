import { html, type TemplateResult } from 'lit';
import { lowerBound } from '../../src/shared/series/axis';
import { count, shortNumber } from '../../src/shared/series/format';
import type { RunCurve } from '../../src/shared/series/runCurves';
import type { CardData } from './cardData';
import { axisNames, xTick } from './xText';

/** The points of a chart as a table: one row per x, one column per run. */
export function dataTable(data: CardData, shown: number, showMore: () => void): TemplateResult {
  const { curves, zoom, settings, title } = data;
  const { axis, xMetric } = settings;
  const inside = (x: number) => !zoom || (x >= zoom.min && x <= zoom.max);
  const all = placesOf(curves).filter(inside);
  const rows = [...all.subarray(0, shown)];
  const span = (all[all.length - 1] ?? 0) - (all[0] ?? 0);
  return html`<div class="data-table" tabindex="0" role="region" aria-label=${`Values of ${title}`}>
    <table>
      <thead>
        <tr>
          <th scope="col">${axis === 'metric' ? xMetric : axisNames[axis]}</th>
          ${curves.map(
            ({ name, color }) =>
              html`<th scope="col" title=${name}><span class="swatch run-${color}"></span>${name}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (x) => html`<tr>
            <th scope="row" title=${String(x)}>${xTick(x, axis, span)}</th>
            ${curves.map((curve) => html`<td>${valueAt(curve, x)}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
    ${
      rows.length < all.length
        ? html`<div class="more">
            <span>${count(rows.length)} of ${count(all.length)} rows</span>
            <button class="button secondary" @click=${showMore}>Show more</button>
          </div>`
        : ''
    }
  </div>`;
}

const places = new WeakMap<readonly RunCurve[], Float64Array>();

/** Every x once, rising; worked out once for the same curves. */
function placesOf(curves: readonly RunCurve[]): Float64Array {
  const known = places.get(curves);
  if (known) return known;
  const set = new Set<number>();
  for (const { x } of curves) for (const value of x) set.add(value);
  const sorted = Float64Array.from(set).sort();
  places.set(curves, sorted);
  return sorted;
}

/** Full precision on hover; of several values at one x the last. */
function valueAt(curve: RunCurve, x: number): TemplateResult | string {
  let at = lowerBound(curve.x, x);
  if (curve.x[at] !== x) return '';
  while (curve.x[at + 1] === x) at++;
  const value = curve.y[at] ?? Number.NaN;
  return html`<span title=${String(value)}>${shortNumber(value)}</span>`;
}
