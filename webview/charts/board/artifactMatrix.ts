import { type VirtualItem, VirtualizerController } from '@tanstack/lit-virtual';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { LightElement } from '../../controls/lightElement';
import { styled } from '../../controls/styled';
import type { Artifact } from '../../runs/artifactCache';

/** A run. */
export interface MatrixColumn {
  readonly runId: string;
  readonly name: string;
  readonly color: number;
}

/** One line of cells: what of each run belongs together. */
export interface MatrixRow {
  readonly key: string;
  /** Undefined where the run has nothing there. */
  artifactOf(column: MatrixColumn): Artifact | undefined;
}

/** CSS pixels. Columns get wider, up to `widest`, where there are few. */
export interface CellSize {
  readonly least: number;
  readonly widest: number;
  readonly height: number;
}

const headHeight = 26;
const labelHeight = 20;
const gap = 8;

/** Artifacts by runs: only what is in sight is in the page and is read, of however many runs. */
@customElement('flowdeck-artifact-matrix')
export class ArtifactMatrix extends LightElement {
  @property({ attribute: false }) columns: readonly MatrixColumn[] = [];
  @property({ attribute: false }) rows: readonly MatrixRow[] = [];
  @property({ attribute: false }) cell: CellSize = { least: 160, widest: 160, height: 120 };
  @property({ attribute: false }) label = '';
  @property({ attribute: false }) content!: (row: MatrixRow, column: MatrixColumn) => unknown;
  /** Told what is in sight whenever that may have changed. */
  @property({ attribute: false }) want!: (artifacts: readonly Artifact[]) => void;
  /** Changes whenever what is in the cells may have. */
  @property({ attribute: false }) revision = 0;
  private width = 0;
  private measured = '';
  private readonly sizes = new ResizeObserver(([entry]) => {
    this.width = Math.floor(entry?.contentRect.width ?? 0);
    this.requestUpdate();
  });
  private readonly down = new VirtualizerController<HTMLElement, HTMLElement>(this, {
    count: 0,
    getScrollElement: () => this.scroller,
    estimateSize: () => this.rowHeight,
    overscan: 1,
    paddingStart: headHeight,
  });
  private readonly across = new VirtualizerController<HTMLElement, HTMLElement>(this, {
    count: 0,
    horizontal: true,
    getScrollElement: () => this.scroller,
    estimateSize: () => this.columnWidth,
    overscan: 1,
  });

  private get scroller(): HTMLElement | null {
    return this.querySelector<HTMLElement>('.grid-scroll');
  }

  private get rowHeight(): number {
    return labelHeight + this.cell.height + gap;
  }

  private get columnWidth(): number {
    const { least, widest } = this.cell;
    const fill = Math.floor(this.width / Math.max(1, this.columns.length)) - gap;
    return Math.max(least, Math.min(widest, fill)) + gap;
  }

  override willUpdate(): void {
    const [rows, columns] = [this.down.getVirtualizer(), this.across.getVirtualizer()];
    rows.setOptions({ ...rows.options, count: this.rows.length });
    columns.setOptions({ ...columns.options, count: this.columns.length });
    const sizes = `${this.rowHeight} ${this.columnWidth}`;
    if (sizes === this.measured) return;
    this.measured = sizes;
    rows.measure();
    columns.measure();
  }

  override firstUpdated(): void {
    if (this.scroller) this.sizes.observe(this.scroller);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }

  override updated(): void {
    const rows = this.down.getVirtualizer().getVirtualItems();
    const columns = this.columnsInSight;
    this.want(
      rows.flatMap(({ index }) =>
        columns.flatMap((column) => {
          const artifact = column && this.rows[index]?.artifactOf(column);
          return artifact ? [artifact] : [];
        }),
      ),
    );
  }

  private get columnsInSight(): readonly (MatrixColumn | undefined)[] {
    return this.across
      .getVirtualizer()
      .getVirtualItems()
      .map(({ index }) => this.columns[index]);
  }

  override render(): TemplateResult {
    const [rows, columns] = [this.down.getVirtualizer(), this.across.getVirtualizer()];
    const items = columns.getVirtualItems();
    const size = { width: `${columns.getTotalSize()}px`, height: `${rows.getTotalSize()}px` };
    return html`<div class="grid-scroll" tabindex="0" role="table" aria-label=${this.label} aria-rowcount=${this.rows.length + 1} aria-colcount=${this.columns.length + 1}>
      <div class="matrix" role="rowgroup" ${styled(size)}>
        <div class="matrix-head" role="row" aria-rowindex="1" ${styled({ height: `${headHeight}px` })}>
          <span class="visually-hidden" role="columnheader" aria-colindex="1">Name</span>
          ${repeat(
            items,
            ({ index }) => index,
            (item) => this.renderHead(item),
          )}
        </div>
        ${repeat(
          rows.getVirtualItems(),
          ({ index }) => this.rows[index]?.key,
          (row) => this.renderRow(row, items),
        )}
      </div>
    </div>`;
  }

  private renderHead(item: VirtualItem): TemplateResult | typeof nothing {
    const column = this.columns[item.index];
    if (!column) return nothing;
    const { name, color } = column;
    return html`<div class="matrix-cell" role="columnheader" aria-colindex=${item.index + 2} title=${name} ${styled(placeOf(item))}><span class="swatch run-${color}"></span>${name}</div>`;
  }

  private renderRow(
    { index, start, size }: VirtualItem,
    items: readonly VirtualItem[],
  ): TemplateResult | typeof nothing {
    const row = this.rows[index];
    if (!row) return nothing;
    const place = { transform: `translateY(${start}px)`, height: `${size}px` };
    const cell = (item: VirtualItem) => {
      const column = this.columns[item.index];
      return column
        ? html`<div class="matrix-cell" role="cell" aria-colindex=${item.index + 2} ${styled({ ...placeOf(item), top: `${labelHeight}px` })}>${this.content(row, column)}</div>`
        : nothing;
    };
    return html`<div class="matrix-row" role="row" aria-rowindex=${index + 2} ${styled(place)}>
      <div class="matrix-label" role="rowheader" aria-colindex="1" title=${row.key} ${styled({ height: `${labelHeight}px` })}>${row.key}</div>
      ${repeat(items, (item) => item.index, cell)}
    </div>`;
  }
}

const placeOf = ({ start, size }: VirtualItem) => ({ left: `${start}px`, width: `${size - gap}px` });
