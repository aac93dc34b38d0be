import type { VirtualItem } from '@tanstack/lit-virtual';
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { styled } from '../controls/styled';
import type { Comparison, Shown } from './comparison';
import type { Place } from './gridFocus';
import { statusSign } from './runStatus';

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
  /** Another number when anything but the scroll changed. */
  readonly revision: number;
}

/** Only the cell where the keyboard is needs a name. */
export const activeId = ({ place }: GridContext, line: number, column: number) =>
  place.line === line && place.column === column ? `compare-${line < 0 ? 'head' : line}-${column}` : nothing;
export const activeClass = ({ place }: GridContext, line: number, column: number) =>
  place.line === line && place.column === column ? 'active' : '';
export const stuckClass = ({ shown }: GridContext, at: number) =>
  shown.compared.hasBaseline && at === 0 ? 'stuck base' : '';

/** The runs, always in sight. */
export function renderHead(context: GridContext): TemplateResult {
  const { shown, layout } = context;
  return html`<div class="compare-head" role="row" data-line="-1" aria-rowindex="1" ${styled({ height: `${layout.head}px` })}>
    <div class="compare-cell key stuck corner ${activeClass(context, -1, 0)}" role="columnheader" aria-colindex="1" id=${activeId(context, -1, 0)} data-column="0"
    ><h1>${shown.runIds.length} runs</h1></div>
    ${spaced(context, (at) => renderRun(context, at))}
  </div>`;
}

/** Elements are used again for what comes into sight; there are never as many columns in sight as this. */
const slots = 64;

/** The cells of the runs in sight, with room for those that are not; the baseline stays beside the keys. */
export function spaced({ columns, layout, shown }: GridContext, render: (at: number) => TemplateResult): unknown[] {
  const { hasBaseline } = shown.compared;
  const rest = hasBaseline ? columns.filter(({ index }) => index > 0) : columns;
  const hidden = (rest[0]?.index ?? 0) - (hasBaseline ? 1 : 0);
  const gap = html`<div class="gap" role="presentation" ${styled({ width: `${Math.max(0, hidden) * layout.column}px` })}></div>`;
  const cells = repeat(
    rest,
    ({ index }) => index % slots,
    ({ index }) => render(index),
  );
  return [hasBaseline ? render(0) : nothing, gap, cells];
}

function renderRun(context: GridContext, at: number): TemplateResult {
  const { comparison, shown } = context;
  const { table, rows, hasBaseline } = shown.compared;
  const { runId, name, status } = table.head(rows[at] ?? -1);
  return html`<div class="compare-cell of-run run ${stuckClass(context, at)} ${activeClass(context, -1, at + 1)}" role="columnheader" aria-colindex=${at + 2} id=${activeId(context, -1, at + 1)} data-column=${at + 1}>
    <span class="names">
      <span class="title" title=${name}
        ><span class="swatch run-${comparison.session.colors.of(runId)}"></span><span class="text">${name}</span>${statusSign(status)}</span
      >
      <span class="under">${hasBaseline && at === 0 ? 'Baseline' : runId.slice(0, 8)}</span>
    </span>
    <button class="row-button" tabindex="-1" aria-label=${`Actions on ${name}`} title="Actions">⋯</button>
  </div>`;
}
