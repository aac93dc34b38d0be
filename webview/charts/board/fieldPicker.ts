import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { columnLabel } from '../../../src/shared/charts/columnData';
import { type Field, searchFields } from '../../../src/shared/charts/fields';
import type { ColumnId } from '../../../src/shared/runs/column';
import { count } from '../../../src/shared/series/format';
import { LightElement } from '../../controls/lightElement';
import { statChoice } from './statChoice';

/** Rows of the list: of thousands of keys only what can be looked at is made. */
const mostShown = 60;

/** A box to search columns in: ARIA's combobox with a list. */
@customElement('flowdeck-field-picker')
export class FieldPicker extends LightElement {
  @property({ attribute: false }) name = '';
  @property({ attribute: false }) label = '';
  @property({ attribute: false }) fields: readonly Field[] = [];
  @property({ attribute: false }) value: ColumnId | undefined;
  /** Whether it may be left empty. */
  @property({ attribute: false }) optional = false;
  @property({ attribute: false }) choose: (id: ColumnId | undefined) => void = () => undefined;
  /** Of a metric not only the last value may be taken. */
  @property({ attribute: false }) stats = false;
  /** The box is emptied after a choice: for lists of columns. */
  @property({ attribute: false }) adds = false;
  @state() private open = false;
  @state() private typed: string | undefined;
  @state() private active = 0;
  @query('input') private input?: HTMLInputElement;
  @query('.options') private list?: HTMLElement;

  override render(): TemplateResult {
    const shown = this.typed ?? (this.value === undefined ? '' : columnLabel(this.value));
    const found = searchFields(this.fields, this.typed ?? '', mostShown);
    return html`<label class="field-label" for=${this.name}>${this.label}${this.optional ? html` <span class="quiet">(optional)</span>` : nothing}</label>
      <input
        class="input"
        id=${this.name}
        role="combobox"
        autocomplete="off"
        spellcheck="false"
        aria-expanded=${this.open}
        aria-controls=${`${this.name}-list`}
        aria-autocomplete="list"
        aria-activedescendant=${this.open && found.fields.length > 0 ? `${this.name}-${this.active}` : nothing}
        placeholder=${this.adds ? 'Add a column…' : 'Search columns…'}
        .value=${shown}
        @focus=${() => this.show()}
        @click=${() => this.show()}
        @input=${(event: InputEvent) => this.type(event)}
        @keydown=${(event: KeyboardEvent) => this.key(event, found.fields)}
        @blur=${() => this.leave()}
      />
      <div class="options" id=${`${this.name}-list`} role="listbox" popover="manual" aria-label=${this.label}>
        ${this.open ? found.fields.map((field, at) => this.renderOption(field, at)) : nothing}
        ${this.open && found.fields.length === 0 ? html`<div class="option-note" role="option" aria-disabled="true" aria-selected="false">No column is called that.</div>` : nothing}
        ${
          this.open && found.matching > found.fields.length
            ? html`<div class="option-note" role="option" aria-disabled="true" aria-selected="false">${count(found.fields.length)} of ${count(found.matching)}: type to find others</div>`
            : nothing
        }
      </div>
      ${this.stats && this.value !== undefined ? statChoice(this.value, this.label, this.choose) : nothing}`;
  }

  private renderOption({ id, label, group }: Field, at: number): TemplateResult {
    return html`<div
      class="option ${at === this.active ? 'active' : ''}"
      role="option"
      id=${`${this.name}-${at}`}
      aria-selected=${at === this.active}
      @pointerdown=${(event: PointerEvent) => {
        event.preventDefault();
        this.take(id);
      }}
    ><span>${label}</span><span class="quiet">${group}</span></div>`;
  }

  override updated(): void {
    if (!this.open || !this.list?.matches(':popover-open') || !this.input) return;
    const at = this.input.getBoundingClientRect();
    const below = window.innerHeight - at.bottom - 8;
    const above = at.top - 8;
    const upwards = below < 160 && above > below;
    const height = Math.min(280, upwards ? above : below);
    Object.assign(this.list.style, {
      left: `${at.left}px`,
      width: `${at.width}px`,
      maxHeight: `${height}px`,
      top: upwards ? 'auto' : `${at.bottom + 2}px`,
      bottom: upwards ? `${window.innerHeight - at.top + 2}px` : 'auto',
    });
    this.list.querySelector('.active')?.scrollIntoView({ block: 'nearest' });
  }

  private show(): void {
    if (this.open) return;
    this.open = true;
    this.active = 0;
    this.list?.showPopover();
    this.input?.select();
  }

  private hide(): void {
    if (!this.open) return;
    this.open = false;
    this.list?.hidePopover();
  }

  private type(event: InputEvent): void {
    this.typed = event.target instanceof HTMLInputElement ? event.target.value : '';
    this.active = 0;
    this.show();
  }

  private take(id: ColumnId): void {
    this.typed = this.adds ? '' : undefined;
    this.hide();
    this.choose(id);
    if (this.adds) this.typed = undefined;
  }

  /** An emptied box means no column, where that is allowed; a text that was not chosen means nothing. */
  private leave(): void {
    if (this.typed === '' && this.optional && !this.adds) this.choose(undefined);
    this.typed = undefined;
    this.hide();
    if (this.input) this.input.value = this.value === undefined || this.adds ? '' : columnLabel(this.value);
  }

  private key(event: KeyboardEvent, fields: readonly Field[]): void {
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp': {
        event.preventDefault();
        if (!this.open) this.show();
        else if (fields.length > 0)
          this.active = (this.active + (event.key === 'ArrowDown' ? 1 : -1) + fields.length) % fields.length;
        return;
      }
      case 'Enter': {
        const field = fields[this.active];
        if (!this.open) return;
        event.preventDefault();
        if (field) this.take(field.id);
        return;
      }
      case 'Escape':
        if (!this.open) return;
        // The dialog around it stays.
        event.preventDefault();
        event.stopPropagation();
        this.typed = undefined;
        this.hide();
    }
  }
}
