import { defaultRangeExtractor, type Range, type VirtualItem, VirtualizerController } from '@tanstack/lit-virtual';
import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Line } from '../../src/shared/compare/lines';
import { LightElement } from '../controls/lightElement';
import { type MenuItem, openMenu } from '../controls/menu';
import { styled } from '../controls/styled';
import { CellActions } from './cellActions';
import type { Comparison, Shown } from './comparison';
import { lineKey, moved, type Place } from './gridFocus';
import { type GridContext, type GridLayout, renderHead } from './gridHead';
import { renderLine } from './gridLine';

const headHeight = 58;
const heights: Readonly<Record<Line['kind'], number>> = { section: 30, row: 27, note: 44, images: 190 };

/** Elements are used again for lines that come into sight; there are never as many lines in sight as this. */
const slots = 256;

/** Keys by runs: only what is in sight is in the page. One tab stop; arrows move through the cells. */
@customElement('flowdeck-compare-grid')
export class CompareGrid extends LightElement {
  @property({ attribute: false }) comparison!: Comparison;
  @property({ attribute: false }) shown!: Shown;
  @property({ attribute: false }) revision = 0;
  @state() private active: { readonly key: string; readonly column: number } = { key: '', column: 0 };
  private width = 0;
  private measured = 0;
  private restored = false;
  /** The width is told, never asked for: asking in the middle of a scroll makes the browser lay everything out. */
  private readonly sizes = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0);
    if (width === this.width) return;
    this.width = width;
    this.requestUpdate();
  });
  private readonly rows = new VirtualizerController<HTMLElement, HTMLElement>(this, {
    count: 0,
    getScrollElement: () => this.scroller,
    estimateSize: (at) => this.heightOf(at),
    getItemKey: (at) => this.keyAt(at),
    overscan: 4,
    paddingStart: headHeight,
    scrollPaddingStart: headHeight,
  });
  private readonly columns = new VirtualizerController<HTMLElement, HTMLElement>(this, {
    count: 0,
    horizontal: true,
    getScrollElement: () => this.scroller,
    estimateSize: () => this.layout.column,
    overscan: 2,
    rangeExtractor: (range) => this.columnsInSight(range),
  });

  private get scroller(): HTMLElement | null {
    return this.querySelector<HTMLElement>('.compare-scroll');
  }

  /** Few runs fill the width, many scroll. */
  private get layout(): GridLayout {
    const { compared, runIds } = this.shown;
    const key = this.width > 0 && this.width < 640 ? 150 : 250;
    const least = compared.hasBaseline ? 186 : 160;
    const fill = Math.floor((this.width - key) / Math.max(1, runIds.length));
    return { key, column: Math.max(least, Math.min(420, fill)), head: headHeight };
  }

  private heightOf(at: number): number {
    return heights[this.shown.lines[at]?.kind ?? 'row'];
  }

  /** The baseline stays in sight. */
  private columnsInSight(range: Range): number[] {
    const inSight = defaultRangeExtractor(range);
    return this.shown.compared.hasBaseline && inSight[0] !== 0 ? [0, ...inSight] : inSight;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const { shown, layout } = this;
    const { hasBaseline } = shown.compared;
    const rows = this.rows.getVirtualizer();
    const columns = this.columns.getVirtualizer();
    rows.setOptions({ ...rows.options, count: shown.lines.length });
    columns.setOptions({
      ...columns.options,
      count: shown.runIds.length,
      paddingStart: layout.key,
      scrollPaddingStart: layout.key + (hasBaseline ? layout.column : 0),
    });
    // Measuring tells of a change, which draws again: only where sizes are others.
    if (changed.has('shown') && changed.get('shown')?.lines !== shown.lines) rows.measure();
    if (this.measured !== layout.column) columns.measure();
    this.measured = layout.column;
  }

  override firstUpdated(): void {
    if (this.scroller) this.sizes.observe(this.scroller);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }

  override updated(): void {
    const { scroller } = this;
    if (!this.restored && scroller && this.width > 0) {
      this.restored = true;
      const { scroll } = this.comparison.view;
      if (scroll > 0) scroller.scrollTop = scroll;
    }
    this.want();
  }

  /** Histories and pictures of what is in sight. */
  private want(): void {
    const { comparison, shown } = this;
    const lines = this.rows
      .getVirtualizer()
      .getVirtualItems()
      .flatMap(({ index }) => shown.lines[index] ?? []);
    const metrics = lines.flatMap((line) => (line.kind === 'row' ? (line.row.metric ?? []) : []));
    const needed = comparison.view.stat === 'last' ? [] : metrics;
    comparison.extremes.want({ rows: shown.compared.rows, keys: needed });
    const inSight = this.columns
      .getVirtualizer()
      .getVirtualItems()
      .flatMap(({ index }) => shown.runIds[index] ?? []);
    const paths = lines.flatMap((line) => (line.kind === 'images' ? [line.path] : []));
    comparison.images.want(paths.flatMap((path) => inSight.map((runId) => ({ runId, path }))));
  }

  override render(): TemplateResult {
    const { shown, layout } = this;
    const { runIds } = shown;
    const columns = this.columns.getVirtualizer().getVirtualItems();
    const rows = this.rows.getVirtualizer();
    const place = this.place;
    const size = {
      width: `${layout.key + layout.column * runIds.length}px`,
      height: `${rows.getTotalSize()}px`,
      '--compare-key': `${layout.key}px`,
      '--compare-column': `${layout.column}px`,
    };
    const { comparison, revision } = this;
    const context = { comparison, shown, layout, columns, place, revision };
    return html`<div
        class="compare-scroll"
        role="treegrid"
        tabindex="0"
        data-begin
        aria-label="Comparison of ${runIds.length} runs"
        aria-rowcount=${shown.lines.length + 1}
        aria-colcount=${runIds.length + 1}
        aria-multiselectable="false"
        aria-activedescendant=${cellId(place)}
        @keydown=${(event: KeyboardEvent) => this.key(event)}
        @click=${(event: MouseEvent) => this.point(event)}
        @contextmenu=${(event: MouseEvent) => this.point(event)}
        @scroll=${() => this.keepScroll()}
        @mouseover=${(event: MouseEvent) => this.hint(event)}
      >
        <div class="compare-sheet" ${styled(size)}>
          ${renderHead(context)}
          ${repeat(
            rows.getVirtualItems(),
            ({ index }) => index % slots,
            (item) => this.renderItem(item, context),
          )}
        </div>
      </div>
`;
  }

  private renderItem(item: VirtualItem, context: GridContext): unknown {
    const line = this.shown.lines[item.index];
    return line && renderLine(line, item, context);
  }

  private keyAt(at: number): string {
    const line = this.shown.lines[at];
    return line ? lineKey(line) : String(at);
  }

  /** Found by what it is on, so that a refresh or a search leaves it there. */
  private get place(): Place {
    const { key, column } = this.active;
    const { lines, runIds } = this.shown;
    const line = key === '' ? -1 : lines.findIndex((item) => lineKey(item) === key);
    return { line, column: Math.min(column, runIds.length) };
  }

  private moveTo({ line, column }: Place): void {
    this.active = { key: line < 0 ? '' : this.keyAt(line), column };
    if (line >= 0) this.rows.getVirtualizer().scrollToIndex(line);
    else this.scroller?.scrollTo({ top: 0 });
    if (column > 0) this.columns.getVirtualizer().scrollToIndex(column - 1);
  }

  private key(event: KeyboardEvent): void {
    const { place } = this;
    const line = this.shown.lines[place.line];
    const isOpen = line?.kind === 'section' ? line.open : line?.kind === 'row' ? line.row.artifact?.open : undefined;
    const toggles =
      place.column === 0 &&
      ((event.key === 'ArrowRight' && isOpen === false && this.canOpen(line)) ||
        (event.key === 'ArrowLeft' && isOpen === true));
    if (toggles) this.act('default');
    else if (event.key === 'Enter' || event.key === ' ') this.act('default');
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) this.act('menu');
    else if (event.key === 'c' && (event.ctrlKey || event.metaKey) && `${getSelection()}` === '') this.act('copy');
    else {
      const next = moved(place, event, {
        lines: this.shown.lines.length,
        columns: this.shown.runIds.length + 1,
        page: Math.max(1, Math.floor((this.scroller?.clientHeight ?? 400) / heights.row) - 3),
      });
      if (!next) return;
      this.moveTo(next);
    }
    event.preventDefault();
  }

  private canOpen(line: Line | undefined): boolean {
    return line?.kind === 'section' || (line?.kind === 'row' && line.row.artifact?.isFolder === true);
  }

  /** A click moves the keyboard there too; on a button or with the right button it acts. */
  private point(event: MouseEvent): void {
    const { target } = event;
    const cell = target instanceof Element ? target.closest<HTMLElement>('[data-column]') : null;
    if (!cell || !(target instanceof Element)) return;
    const { line, column } = placeOf(cell);
    this.active = { key: line < 0 ? '' : this.keyAt(line), column };
    if (event.type === 'contextmenu') {
      event.preventDefault();
      this.act('menu', { x: event.clientX, y: event.clientY });
    } else if (target.closest('button, .clickable')) this.act('default');
  }

  /** A tooltip with every digit, for the cell under the pointer only. */
  private hint({ target }: MouseEvent): void {
    const cell = target instanceof Element ? target.closest<HTMLElement>('.line-row [data-column]') : null;
    if (cell) cell.title = this.actions(placeOf(cell)).textAt(placeOf(cell));
  }

  private cellAt({ line, column }: Place): Element | null {
    const cells = this.querySelectorAll(`[data-line="${line}"] [data-column]`);
    return [...cells].find((cell) => placeOf(cell).column === column) ?? cells[0] ?? null;
  }

  private act(what: 'default' | 'menu' | 'copy', at?: { readonly x: number; readonly y: number }): void {
    const { place } = this;
    this.actions(place, at)[what](place);
  }

  private actions(place: Place, at?: { readonly x: number; readonly y: number }): CellActions {
    return new CellActions(this.comparison, this.shown, (label, items) => this.menu(label, items, place, at));
  }

  private menu(label: string, items: readonly MenuItem[], place: Place, at?: { x: number; y: number }): void {
    const { scroller } = this;
    const cell = this.cellAt(place)?.getBoundingClientRect();
    if (!scroller) return;
    const where = at ?? { x: cell?.left ?? 0, y: cell?.bottom ?? 0 };
    // The focus comes back to the grid, not to a button that a scroll may take away.
    scroller.focus();
    openMenu(label, items, where);
  }

  private keepScroll(): void {
    const scroll = this.scroller?.scrollTop ?? 0;
    if (this.restored) this.comparison.keepScroll(scroll);
  }
}

/** The cell that `aria-activedescendant` names. */
export const cellId = ({ line, column }: Place) => `compare-${line < 0 ? 'head' : line}-${column}`;

function placeOf(cell: Element): Place {
  const line = cell.closest<HTMLElement>('[data-line]')?.dataset.line;
  const column = cell instanceof HTMLElement ? cell.dataset.column : undefined;
  return { line: Number(line ?? -1), column: Number(column ?? 0) };
}
