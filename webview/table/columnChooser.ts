import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ColumnId } from '../../src/shared/runs/column';
import { type ChooserLine, chooserLines, shownGroup } from '../../src/shared/runs/columns/chooserTree';
import { addColumns, moveColumn, pinColumn, removeColumns } from '../../src/shared/runs/columns/editColumns';
import { nameColumn } from '../../src/shared/runs/columns/shownColumns';
import { count } from '../../src/shared/series/format';
import { dragType } from '../controls/dragTypes';
import { icons } from '../controls/icons';
import { LightElement } from '../controls/lightElement';
import { styled } from '../controls/styled';
import type { Session } from '../runs/session';
import { columnSwitches } from './columnSwitches';
import type { GridModel } from './gridModel';

const lineHeight = 24;
const mostInList = 2_000;

/** Which columns there are: all keys by kind and prefix, and the shown ones in their order. */
@customElement('flowdeck-column-chooser')
export class ColumnChooser extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) model!: GridModel;
  @property({ attribute: false }) revision = 0;
  @state() private search = '';
  @state() private active = 0;
  @state() private systemTags = false;
  private readonly toggled = new Set<string>();
  private lines: readonly ChooserLine[] = [];
  private list: Virtualizer<HTMLElement, HTMLElement> | undefined;
  private stop: (() => void) | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop?.();
    this.list = undefined;
  }

  override willUpdate(): void {
    const { table } = this.session;
    const keys = { params: table.paramKeys, metrics: table.metricKeys, tags: table.tagKeys };
    const { search, toggled, systemTags } = this;
    this.lines = chooserLines(keys, { shown: this.model.state.columns, search, toggled, systemTags });
    this.active = Math.min(this.active, Math.max(0, this.lines.length - 1));
  }

  override updated(changed: PropertyValues): void {
    if (!this.list) this.startList();
    this.list?.setOptions(this.listOptions());
    this.list?._willUpdate();
    // What is in sight is known only now.
    if (changed.size > 0 && this.drawnIndexes().length !== this.querySelectorAll('.chooser-line').length)
      this.requestUpdate();
  }

  override render(): TemplateResult {
    const { lines, active } = this;
    const line = lines[active];
    return html`<div class="chooser-head">
        <h2>Columns</h2>
        <span class="spring"></span>
        <button class="link-button" ?disabled=${this.session.view.table.columns === undefined} @click=${() => this.reset()}>Reset</button>
        <button class="icon-button" aria-label="Close" title="Close (Escape)" @click=${() => this.close()}>${icons.close}</button>
      </div>
      <input
        class="text-input chooser-search"
        type="search"
        placeholder="Search columns"
        aria-label="Search columns"
        .value=${this.search}
        @input=${(event: Event) => this.searchFor(event)}
        @keydown=${(event: KeyboardEvent) => this.fromSearch(event)}
      />
      <div class="chooser-switches">
        ${columnSwitches(this.session, this.model.shown, {
          on: this.systemTags,
          change: (on) => {
            this.systemTags = on;
          },
        })}
      </div>
      <div
        class="chooser-list"
        role="tree"
        aria-label="Columns"
        aria-multiselectable="true"
        tabindex="0"
        aria-activedescendant=${line ? `chooser-${active}` : nothing}
        @keydown=${(event: KeyboardEvent) => this.press(event)}
      >
        <div class="chooser-body" role="presentation" ${styled({ height: `${lines.length * lineHeight}px` })}>
          ${repeat(
            this.drawnIndexes(),
            (index) => index,
            (index) => this.renderLine(index),
          )}
        </div>
      </div>
      ${lines.length === 0 ? html`<p class="chooser-none quiet">No column has “${this.search}” in its name.</p>` : nothing}`;
  }

  private renderLine(index: number): TemplateResult | typeof nothing {
    const line = this.lines[index];
    if (!line) return nothing;
    const checked = line.kind === 'leaf' ? line.checked : line.checked === 'all' ? true : line.checked !== 'none';
    const mixed = line.kind === 'folder' && line.checked === 'some';
    const movable = line.kind === 'leaf' && line.ordered && line.id !== nameColumn;
    const level = line.depth + 1;
    return html`<div
      class="chooser-line ${line.kind} ${index === this.active ? 'active' : ''}"
      role="treeitem"
      id="chooser-${index}"
      aria-level=${level}
      aria-checked=${mixed ? 'mixed' : checked ? 'true' : 'false'}
      aria-expanded=${line.kind === 'folder' ? line.open : nothing}
      draggable=${movable ? 'true' : 'false'}
      title=${movable ? `${line.label}: drag or Alt+↑ ↓ to move` : line.label}
      ${styled({ top: `${index * lineHeight}px`, 'padding-left': `${8 + line.depth * 14}px` })}
      @click=${(event: Event) => this.clickLine(event, index)}
      @dragstart=${movable ? (event: DragEvent) => event.dataTransfer?.setData(dragType.column, line.id) : nothing}
      @dragover=${(event: DragEvent) => this.dragOver(event, line)}
      @drop=${(event: DragEvent) => this.drop(event, line)}
    >
      <span class="row-chevron ${line.kind === 'leaf' ? 'leaf' : line.open ? 'open' : ''}">${icons.chevron}</span>
      <span class="box ${mixed ? 'mixed' : checked ? 'on' : ''} ${line.id === nameColumn ? 'fixed' : ''}" data-part="box"
        >${mixed ? nothing : checked ? icons.check : nothing}</span
      >
      <span class="chooser-label">${line.label}</span>
      ${line.kind === 'folder' ? html`<span class="count-badge">${count(line.shown)} of ${count(line.count)}</span>` : nothing}
      ${movable ? this.renderPin(line.id) : nothing}
    </div>`;
  }

  private renderPin(id: ColumnId): TemplateResult {
    const pinned = this.session.view.table.pinnedColumns.includes(id);
    return html`<span
      class="row-pin ${pinned ? 'on' : ''}"
      data-part="pin"
      title=${pinned ? 'Unpin (P)' : 'Pin at the left (P)'}
      >${icons.pin}</span
    >`;
  }

  private clickLine(event: Event, index: number): void {
    const part = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-part]')?.dataset.part : '';
    const line = this.lines[index];
    this.active = index;
    if (!line) return;
    if (part === 'pin') this.pin(line);
    else if (part === 'box' || line.kind === 'leaf') this.check(line);
    else this.toggle(line.id);
  }

  private press(event: KeyboardEvent): void {
    const line = this.lines[this.active];
    const moved = this.moveActive(event.key, line);
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) this.step(line, event.key);
    else if (moved !== undefined) this.activate(moved);
    else if (event.key === ' ' || event.key === 'Enter') this.check(line);
    else if (event.key.toLowerCase() === 'p') this.pin(line);
    else if (event.key === 'Escape') this.close();
    else return;
    event.preventDefault();
  }

  private moveActive(key: string, line: ChooserLine | undefined): number | undefined {
    const { lines, active } = this;
    switch (key) {
      case 'ArrowDown':
        return active + 1;
      case 'ArrowUp':
        return active - 1;
      case 'PageDown':
        return active + 15;
      case 'PageUp':
        return active - 15;
      case 'Home':
        return 0;
      case 'End':
        return lines.length - 1;
      case 'ArrowRight':
        if (line?.kind !== 'folder') return active;
        if (line.open) return active + 1;
        this.toggle(line.id);
        return active;
      case 'ArrowLeft':
        if (line?.kind === 'folder' && line.open) {
          this.toggle(line.id);
          return active;
        }
        return lines.findLastIndex((other, at) => at < active && other.depth < (line?.depth ?? 0));
      default:
        return undefined;
    }
  }

  private activate(index: number): void {
    this.active = Math.max(0, Math.min(this.lines.length - 1, index));
    this.list?.scrollToIndex(this.active, { align: 'auto' });
  }

  private toggle(id: string): void {
    if (!this.toggled.delete(id)) this.toggled.add(id);
    this.requestUpdate();
  }

  private check(line: ChooserLine | undefined): void {
    if (!line || line.id === nameColumn || line.id === shownGroup) return;
    const { state } = this.model;
    const ids = line.kind === 'leaf' ? [line.id] : line.ids;
    const off = line.kind === 'leaf' ? line.checked : line.checked === 'all';
    this.session.updateTable(off ? removeColumns(state, ids) : addColumns(state, ids));
  }

  private pin(line: ChooserLine | undefined): void {
    if (line?.kind !== 'leaf' || !line.checked || line.id === nameColumn) return;
    const { state } = this.model;
    this.session.updateTable(pinColumn(state, line.id, !state.pinnedColumns.includes(line.id)));
  }

  /** The line goes with its column. */
  private step(line: ChooserLine | undefined, key: string): void {
    if (line?.kind !== 'leaf' || !line.ordered) return;
    const { state } = this.model;
    const at = state.columns.indexOf(line.id);
    const before = key === 'ArrowUp' ? state.columns[at - 1] : state.columns[at + 2];
    if ((key === 'ArrowUp' ? at <= 1 : at + 1 >= state.columns.length) || line.id === nameColumn) return;
    const { columns } = moveColumn(state, line.id, before);
    this.session.updateTable({ columns, pinnedColumns: state.pinnedColumns });
    this.activate(this.active + (key === 'ArrowUp' ? -1 : 1));
  }

  private dragOver(event: DragEvent, line: ChooserLine): void {
    if (line.kind === 'leaf' && line.ordered && event.dataTransfer?.types.includes(dragType.column))
      event.preventDefault();
  }

  private drop(event: DragEvent, line: ChooserLine): void {
    event.preventDefault();
    const { state } = this.model;
    const dragged = state.columns.find((id) => id === event.dataTransfer?.getData(dragType.column));
    if (dragged === undefined || line.kind !== 'leaf' || line.id === dragged) return;
    const down = state.columns.indexOf(dragged) < state.columns.indexOf(line.id);
    const before = down ? state.columns[state.columns.indexOf(line.id) + 1] : line.id;
    const { columns } = moveColumn(state, dragged, before);
    this.session.updateTable({ columns, pinnedColumns: state.pinnedColumns });
  }

  private searchFor(event: Event): void {
    this.search = event.target instanceof HTMLInputElement ? event.target.value : '';
    this.toggled.clear();
    this.activate(0);
  }

  private fromSearch(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown') this.querySelector<HTMLElement>('.chooser-list')?.focus();
    else if (event.key === 'Escape') this.close();
    else return;
    event.preventDefault();
  }

  private reset(): void {
    const { columns: _, ...table } = this.session.view.table;
    this.session.update({ table: { ...table, pinnedColumns: [nameColumn], widths: {} } });
  }

  private close(): void {
    this.dispatchEvent(new Event('close-chooser', { bubbles: true }));
  }

  private drawnIndexes(): readonly number[] {
    return (this.list?.getVirtualIndexes() ?? []).filter((index) => index < this.lines.length).slice(0, mostInList);
  }

  private startList(): void {
    this.list = new Virtualizer(this.listOptions());
    this.stop = this.list._didMount();
  }

  private listOptions() {
    return {
      count: this.lines.length,
      overscan: 8,
      estimateSize: () => lineHeight,
      getScrollElement: () => this.querySelector<HTMLElement>('.chooser-list'),
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      onChange: () => this.requestUpdate(),
    };
  }
}
