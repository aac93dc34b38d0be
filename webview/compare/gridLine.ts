import type { VirtualItem } from '@tanstack/lit-virtual';
import { html, nothing, type TemplateResult } from 'lit';
import { type CompareRow, sectionTitles } from '../../src/shared/compare/compareRow';
import type { Line } from '../../src/shared/compare/lines';
import { count } from '../../src/shared/series/format';
import { icons } from '../controls/icons';
import { columnStyle, type GridContext, spaced, stuckClass } from './gridHead';
import { cellContent, cellFullText, rowLook } from './rowCells';
import { styled } from './styled';

type Of<Kind extends Line['kind']> = Extract<Line, { kind: Kind }>;

/** One line of the grid, at its place. */
export function renderLine(line: Line, item: VirtualItem, context: GridContext): TemplateResult {
  const place = { transform: `translateY(${item.start}px)`, height: `${item.size}px` };
  const at = item.index;
  switch (line.kind) {
    case 'section':
      return html`<div class="compare-line line-section" role="row" aria-level="1" aria-expanded=${line.open} aria-rowindex=${at + 2} ${styled(place)}>
        ${renderSection(line, at, context)}
      </div>`;
    case 'note':
      return html`<div class="compare-line line-note" role="row" aria-level="2" aria-rowindex=${at + 2} ${styled(place)}>
        ${renderNote(line, at, context)}
      </div>`;
    case 'images':
      return html`<div class="compare-line line-images" role="row" aria-level="3" aria-rowindex=${at + 2} ${styled(place)}>
        ${renderImages(line, at, context)}
      </div>`;
    case 'row':
      return renderRow(line.row, at, place, context);
  }
}

const activeClass = ({ place }: GridContext, line: number, column: number) =>
  place.line === line && place.column === column ? 'active' : '';

/** Lines of one cell are found by the keyboard in every column. */
const wholeActive = ({ place }: GridContext, line: number) => (place.line === line ? 'active' : '');
const wholeId = ({ place }: GridContext, line: number) => `compare-${line}-${place.line === line ? place.column : 0}`;

function renderSection(line: Of<'section'>, at: number, context: GridContext): TemplateResult {
  const { section, shown, all } = line;
  const counted = shown === all ? count(all) : `${count(shown)} of ${count(all)}`;
  return html`<div
    class="compare-cell clickable ${wholeActive(context, at)}"
    role="rowheader"
    aria-colindex="1"
    aria-colspan=${context.shown.runIds.length + 1}
    id=${wholeId(context, at)}
    data-line=${at}
    data-column="0"
  ><span class="stay"><span class="chevron">${icons.chevron}</span>${sectionTitles[section]}${all > 0 ? html`<span class="count">${counted}</span>` : nothing}</span></div>`;
}

function renderNote(line: Of<'note'>, at: number, context: GridContext): TemplateResult {
  const failed = line.text.startsWith('Could not');
  const reading = line.text === 'Reading…';
  return html`<div
    class="compare-cell ${wholeActive(context, at)}"
    role="gridcell"
    aria-colindex="1"
    aria-colspan=${context.shown.runIds.length + 1}
    id=${wholeId(context, at)}
    data-line=${at}
    data-column="0"
  ><span class="stay ${reading ? 'reading' : ''}">${line.text} ${failed ? html`<button class="link-button" tabindex="-1">Try again</button>` : nothing}</span></div>`;
}

function renderImages({ path }: Of<'images'>, at: number, context: GridContext): TemplateResult {
  const { shown, comparison, layout } = context;
  const { table, rows } = shown.compared;
  const cell = (index: number) => {
    const { runId, name } = table.head(rows[index] ?? -1);
    const image = comparison.images.of(runId, path);
    const content = !image
      ? html`<span class="reading">Reading…</span>`
      : 'url' in image
        ? html`<img src=${image.url} alt=${`${path} of ${name}`} />`
        : html`<span class="quiet">${image.problem}</span>`;
    return html`<div class="compare-cell ${stuckClass(context, index)} ${activeClass(context, at, index + 1)}" role="gridcell" aria-colindex=${index + 2} id="compare-${at}-${index + 1}" data-line=${at} data-column=${index + 1} ${styled(columnStyle(context, index))}>${content}</div>`;
  };
  return html`<div class="compare-cell key stuck ${activeClass(context, at, 0)}" role="rowheader" aria-colindex="1" id="compare-${at}-0" data-line=${at} data-column="0" ${styled({ width: `${layout.key}px`, left: '0' })}><span class="visually-hidden">Pictures of ${path}</span></div>
    ${spaced(context, cell)}`;
}

function renderRow(
  row: CompareRow,
  at: number,
  place: Readonly<Record<string, string>>,
  context: GridContext,
): TemplateResult {
  const { comparison, shown } = context;
  const { compared, runIds } = shown;
  const { metric, artifact } = row;
  const look = rowLook(row, {
    count: runIds.length,
    hasBaseline: compared.hasBaseline,
    better: comparison.session.view.better,
    hashes: artifact && !artifact.isFolder ? comparison.artifacts.hashesOf(artifact.path, runIds) : undefined,
    isPending: (index) => comparison.isPending(row, index, shown),
  });
  const cell = (index: number) => html`<div
    class="compare-cell ${stuckClass(context, index)} ${look.apart[index] ? 'apart' : ''} ${activeClass(context, at, index + 1)}"
    role="gridcell"
    aria-colindex=${index + 2}
    id="compare-${at}-${index + 1}"
    data-line=${at}
    data-column=${index + 1}
    title=${cellFullText(look, index)}
    ${styled(columnStyle(context, index))}
  >${cellContent(look, index)}</div>`;
  const expanded = artifact?.isFolder ? String(artifact.open) : undefined;
  return html`<div class="compare-line line-row" role="row" aria-level=${2 + (artifact?.depth ?? 0)} aria-expanded=${expanded ?? nothing} aria-rowindex=${at + 2} ${styled(place)}>
    ${renderKey(row, at, context, metric)} ${spaced(context, cell)}
  </div>`;
}

function renderKey(row: CompareRow, at: number, context: GridContext, metric: string | undefined): TemplateResult {
  const { layout, comparison } = context;
  const { artifact } = row;
  const indent = { width: `${layout.key}px`, left: '0', 'padding-left': `${10 + 14 * (artifact?.depth ?? 0)}px` };
  return html`<div
    class="compare-cell key stuck ${artifact ? 'clickable' : ''} ${activeClass(context, at, 0)}"
    role="rowheader"
    aria-colindex="1"
    id="compare-${at}-0"
    data-line=${at}
    data-column="0"
    title=${artifact?.path ?? row.label}
    ${styled(indent)}
  >
    ${artifact?.isFolder ? html`<span class="chevron">${icons.chevron}</span>` : nothing}
    <span class="name">${row.label}</span>
    ${metric !== undefined && comparison.asksBetter ? betterButton(metric, comparison.session.view.better[metric]) : nothing}
    ${artifact && !artifact.isFolder ? html`<button class="row-button" tabindex="-1" aria-label=${`Actions on ${row.label}`} title="Actions">⋯</button>` : nothing}
    <span class="differs" role=${row.differs ? 'img' : nothing} aria-label=${row.differs ? 'differs' : nothing} title=${row.differs ? 'Not the same in all runs' : nothing}>${row.differs ? '≠' : ''}</span>
  </div>`;
}

function betterButton(metric: string, better: 'lower' | 'higher' | undefined): TemplateResult {
  const text = better === 'lower' ? '↓ better' : better === 'higher' ? '↑ better' : 'better?';
  const label = better === undefined ? `Is lower or higher better for ${metric}?` : `${metric}: ${better} is better`;
  return html`<button class="row-button" tabindex="-1" aria-label=${label} title=${label}>${text}</button>`;
}
