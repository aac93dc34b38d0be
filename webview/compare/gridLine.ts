import type { VirtualItem } from '@tanstack/lit-virtual';
import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { type CompareRow, sectionTitles } from '../../src/shared/compare/compareRow';
import type { Line } from '../../src/shared/compare/lines';
import { count } from '../../src/shared/series/format';
import { betterOf } from '../../src/shared/view/runsView';
import { icons } from '../controls/icons';
import { styled } from '../controls/styled';
import { activeClass, activeId, type GridContext, spaced, stuckClass } from './gridHead';
import { cellContent, rowLook } from './rowCells';

type Of<Kind extends Line['kind']> = Extract<Line, { kind: Kind }>;

/** One line of the grid, at its place; left alone while nothing of it changed, as with most lines of a scroll. */
export function renderLine(line: Line, item: VirtualItem, context: GridContext): unknown {
  const { columns, layout, place, revision } = context;
  const active = place.line === item.index ? place.column : -1;
  const [first, last] = [columns[0]?.index, columns.at(-1)?.index];
  const second = columns[1]?.index;
  const of = [
    line,
    item.index,
    item.start,
    item.size,
    first,
    second,
    last,
    layout.column,
    layout.key,
    active,
    revision,
  ];
  return guard(of, () => renderAt(line, item, context));
}

function renderAt(line: Line, { index: at, start, size }: VirtualItem, context: GridContext): TemplateResult {
  const place = styled({ transform: `translateY(${start}px)`, height: `${size}px` });
  switch (line.kind) {
    case 'section':
      return html`<div class="compare-line line-section" role="row" data-line=${at} aria-level="1" aria-expanded=${line.open} aria-rowindex=${at + 2} ${place}>
        ${renderSection(line, at, context)}
      </div>`;
    case 'note':
      return html`<div class="compare-line line-note" role="row" data-line=${at} aria-level="2" aria-rowindex=${at + 2} ${place}>
        ${renderNote(line, at, context)}
      </div>`;
    case 'images':
      return html`<div class="compare-line line-images" role="row" data-line=${at} aria-level="3" aria-rowindex=${at + 2} ${place}>
        ${renderImages(line, at, context)}
      </div>`;
    case 'row': {
      const { artifact } = line.row;
      return html`<div class="compare-line line-row" role="row" data-line=${at} aria-level=${2 + (artifact?.depth ?? 0)} aria-expanded=${artifact?.isFolder ? artifact.open : nothing} aria-rowindex=${at + 2} ${place}>
        ${renderRow(line.row, at, context)}
      </div>`;
    }
  }
}

/** Lines of one cell are found by the keyboard in every column. */
function wholeLine(at: number, { place, shown }: GridContext) {
  const active = place.line === at;
  return {
    look: active ? 'active' : '',
    id: active ? `compare-${at}-${place.column}` : nothing,
    span: shown.runIds.length + 1,
  };
}

function renderSection(line: Of<'section'>, at: number, context: GridContext): TemplateResult {
  const { section, shown, all } = line;
  const counted = shown === all ? count(all) : `${count(shown)} of ${count(all)}`;
  const { look, id, span } = wholeLine(at, context);
  return html`<div class="compare-cell clickable ${look}" role="rowheader" aria-colindex="1" aria-colspan=${span} id=${id} data-column="0"
    ><span class="stay"><span class="chevron">${icons.chevron}</span>${sectionTitles[section]}${all > 0 ? html`<span class="count">${counted}</span>` : nothing}</span></div>`;
}

function renderNote(line: Of<'note'>, at: number, context: GridContext): TemplateResult {
  const failed = line.text.startsWith('Could not');
  const reading = line.text === 'Reading…' ? 'reading' : '';
  const { look, id, span } = wholeLine(at, context);
  return html`<div class="compare-cell ${look}" role="gridcell" aria-colindex="1" aria-colspan=${span} id=${id} data-column="0"
    ><span class="stay ${reading}">${line.text} ${failed ? html`<button class="link-button" tabindex="-1">Try again</button>` : nothing}</span></div>`;
}

function renderImages({ path }: Of<'images'>, at: number, context: GridContext): TemplateResult {
  const { comparison, shown } = context;
  const { table, rows } = shown.compared;
  const content = (index: number) => {
    const { runId, name } = table.head(rows[index] ?? -1);
    const image = comparison.images.of(runId, path);
    if (!image) return html`<span class="reading">Reading…</span>`;
    return image.kind === 'ready'
      ? html`<img src=${image.value} alt=${`${path} of ${name}`} />`
      : html`<span class="quiet">${image.message}</span>`;
  };
  return html`<div class="compare-cell key stuck ${activeClass(context, at, 0)}" role="rowheader" aria-colindex="1" id=${activeId(context, at, 0)} data-column="0"><span class="visually-hidden">Pictures of ${path}</span></div>
    ${spaced(context, (index) => runCell(context, at, index, '', content(index)))}`;
}

/** Few attributes: hundreds of these change with every step of a scroll. A tooltip comes with the pointer. */
function runCell(context: GridContext, at: number, index: number, look: string, content: unknown): TemplateResult {
  return html`<div class="compare-cell of-run ${stuckClass(context, index)} ${look} ${activeClass(context, at, index + 1)}" role="gridcell" aria-colindex=${index + 2} id=${activeId(context, at, index + 1)} data-column=${index + 1}>${content}</div>`;
}

function renderRow(row: CompareRow, at: number, context: GridContext): TemplateResult {
  const { comparison, shown } = context;
  const { compared, runIds } = shown;
  const { artifact } = row;
  const look = rowLook(row, {
    count: runIds.length,
    hasBaseline: compared.hasBaseline,
    better: comparison.session.view.better,
    hashes: artifact && !artifact.isFolder ? comparison.artifacts.hashesOf(artifact.path, runIds) : undefined,
    isPending: (index) => comparison.isPending(row, index, shown),
  });
  return html`${renderKey(row, at, context)}
    ${spaced(context, (index) => runCell(context, at, index, look.apart[index] ? 'apart' : '', cellContent(look, index)))}`;
}

function renderKey(row: CompareRow, at: number, context: GridContext): TemplateResult {
  const { comparison } = context;
  const { artifact, metric } = row;
  const depth = artifact?.depth ?? 0;
  return html`<div class="compare-cell key stuck ${artifact ? 'clickable' : ''} ${activeClass(context, at, 0)}" role="rowheader" aria-colindex="1" id=${activeId(context, at, 0)} data-column="0" ${styled({ 'padding-left': `${10 + 14 * depth}px` })}>
    ${artifact?.isFolder ? html`<span class="chevron">${icons.chevron}</span>` : nothing}
    <span class="name">${row.label}</span>
    ${metric !== undefined && comparison.asksBetter ? betterButton(metric, betterOf(comparison.session.view.better, metric)) : nothing}
    ${artifact && !artifact.isFolder ? html`<button class="row-button" tabindex="-1" aria-label=${`Actions on ${row.label}`}>⋯</button>` : nothing}
    ${row.differs ? html`<span class="differs" role="img" aria-label="differs" title="Not the same in all runs">≠</span>` : html`<span class="differs"></span>`}
  </div>`;
}

function betterButton(metric: string, better: 'lower' | 'higher' | undefined): TemplateResult {
  const text = better === 'lower' ? '↓ better' : better === 'higher' ? '↑ better' : 'better?';
  const label = better === undefined ? `Is lower or higher better for ${metric}?` : `${metric}: ${better} is better`;
  return html`<button class="row-button" tabindex="-1" aria-label=${label} title=${label}>${text}</button>`;
}
