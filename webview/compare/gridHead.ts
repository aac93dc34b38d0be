import type { VirtualItem } from '@tanstack/lit-virtual';
import { html, type TemplateResult } from 'lit';
import type { Comparison, Shown } from './comparison';
import type { Place } from './gridFocus';
import { statusSign } from './runStatus';
import { styled } from './styled';

/** px */
export interface GridLayout {
  readonly key: number;
  readonly column: number;
  readonly head: number;
}

export interface GridContext {
  readonly comparison: Comparison;
  readonly shown: Shown;
  readonly layout: GridLayout;
  /** Runs in sight, the baseline among them wherever it is. */
  readonly columns: readonly VirtualItem[];
  /** Where the keyboard is. */
  readonly place: Place;
}

/** The runs, always in sight. */
export function renderHead(context: GridContext): TemplateResult {
  const { shown, layout, place } = context;
  const active = place.line < 0 && place.column === 0;
  return html`<div class="compare-head" role="row" aria-rowindex="1" ${styled({ height: `${layout.head}px` })}>
    <div
      class="compare-cell key stuck corner ${active ? 'active' : ''}"
      role="columnheader"
      aria-colindex="1"
      id="compare-head-0"
      data-line="-1"
      data-column="0"
      ${styled({ width: `${layout.key}px`, left: '0' })}
    ><h1>${shown.runIds.length} runs</h1></div>
    ${spaced(context, (at) => renderRun(context, at))}
  </div>`;
}

/** The cells of the runs in sight, with room for those that are not. */
export function spaced(
  { columns, layout, shown }: GridContext,
  render: (at: number) => TemplateResult,
): (TemplateResult | undefined)[] {
  const { hasBaseline } = shown.compared;
  const rest = hasBaseline ? columns.filter(({ index }) => index > 0) : columns;
  const hidden = (rest[0]?.index ?? 0) - (hasBaseline ? 1 : 0);
  const gap = html`<div role="presentation" ${styled({ flex: 'none', width: `${Math.max(0, hidden) * layout.column}px` })}></div>`;
  return [hasBaseline ? render(0) : undefined, gap, ...rest.map(({ index }) => render(index))];
}

/** Where a run's cell stands: the baseline stays beside the keys. */
export function columnStyle({ layout, shown }: GridContext, at: number): Readonly<Record<string, string>> {
  const width = `${layout.column}px`;
  return shown.compared.hasBaseline && at === 0 ? { width, left: `${layout.key}px` } : { width };
}

export const stuckClass = ({ shown }: GridContext, at: number) =>
  shown.compared.hasBaseline && at === 0 ? 'stuck base' : '';

function renderRun(context: GridContext, at: number): TemplateResult {
  const { comparison, shown, place } = context;
  const { table, rows, hasBaseline } = shown.compared;
  const { runId, name, status } = table.head(rows[at] ?? -1);
  const active = place.line < 0 && place.column === at + 1;
  return html`<div
    class="compare-cell run ${stuckClass(context, at)} ${active ? 'active' : ''}"
    role="columnheader"
    aria-colindex=${at + 2}
    id="compare-head-${at + 1}"
    data-line="-1"
    data-column=${at + 1}
    ${styled(columnStyle(context, at))}
  >
    <span class="names">
      <span class="title" title=${name}
        ><span class="swatch run-${comparison.session.colors.of(runId)}"></span><span class="text">${name}</span>${statusSign(status)}</span
      >
      <span class="under">${hasBaseline && at === 0 ? 'Baseline' : runId.slice(0, 8)}</span>
    </span>
    <button class="row-button" tabindex="-1" aria-label=${`Actions on ${name}`} title="Actions">⋯</button>
  </div>`;
}
