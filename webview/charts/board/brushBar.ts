import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type Brush, brushesIn, isBrushable, offeredTexts } from '../../../src/shared/charts/brush';
import type { ColumnData } from '../../../src/shared/charts/columnData';
import type { ColumnId } from '../../../src/shared/runs/column';
import { count, shortNumber } from '../../../src/shared/series/format';
import { icons } from '../../controls/icons';
import { LightElement } from '../../controls/lightElement';

const mostTexts = 200;

/** What brushes do with the pointer, for keys: a chip for each axis, which opens its bounds or its texts. */
@customElement('flowdeck-brush-bar')
export class BrushBar extends LightElement {
  @property({ attribute: false }) columns: readonly ColumnData[] = [];
  @property({ attribute: false }) filter = '';
  @property({ attribute: false }) brush: (column: ColumnId, brush: Brush | undefined) => void = () => undefined;
  @state() private open: ColumnId | undefined;

  override render(): TemplateResult {
    const brushes = new Map(brushesIn(this.filter).map(({ column, brush }) => [column, brush]));
    const columns = this.columns.filter(({ id }) => isBrushable(id));
    const opened = columns.find(({ id }) => id === this.open);
    return html`<div class="brush-chips" role="group" aria-label="Filter by an axis">
        ${columns.map((column) => this.renderChip(column, brushes.get(column.id)))}
      </div>
      ${opened ? this.renderForm(opened, brushes.get(opened.id)) : nothing}`;
  }

  private renderChip(column: ColumnData, brush: Brush | undefined): TemplateResult {
    const text = brush ? `${column.label}: ${brushText(brush)}` : column.label;
    return html`<span class="brush-chip ${brush ? 'is-on' : ''}">
      <button
        aria-expanded=${this.open === column.id}
        title=${brush ? text : `Filter by ${column.label}`}
        @click=${() => {
          this.open = this.open === column.id ? undefined : column.id;
        }}
      >${text}</button>
      ${
        brush
          ? html`<button class="brush-chip-remove" aria-label=${`Remove the filter by ${column.label}`} title="Remove" @click=${() => this.brush(column.id, undefined)}>${icons.failed}</button>`
          : nothing
      }
    </span>`;
  }

  private renderForm(column: ColumnData, brush: Brush | undefined): TemplateResult {
    return html`<form
      class="brush-form"
      aria-label=${`Filter by ${column.label}`}
      @submit=${(event: SubmitEvent) => this.apply(event, column)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        this.open = undefined;
      }}
    >
      ${column.kind === 'category' ? textChoices(column, brush) : bounds(column, brush)}
      <button class="button" type="submit">Apply</button>
    </form>`;
  }

  private apply(event: SubmitEvent, column: ColumnData): void {
    event.preventDefault();
    if (!(event.target instanceof HTMLFormElement)) return;
    const data = new FormData(event.target);
    const texts = data.getAll('text').filter((item) => typeof item === 'string');
    const bound = (name: string, fallback: number) => {
      const value = data.get(name);
      return typeof value === 'string' && value.trim() !== '' ? Number(value) : fallback;
    };
    const [min, max] = [bound('min', Number.NEGATIVE_INFINITY), bound('max', Number.POSITIVE_INFINITY)];
    const isNothing = column.kind === 'category' ? texts.length === 0 : !Number.isFinite(min) && !Number.isFinite(max);
    if (isNothing) this.brush(column.id, undefined);
    else this.brush(column.id, column.kind === 'category' ? { kind: 'texts', texts } : { kind: 'range', min, max });
    this.open = undefined;
  }
}

function bounds(column: ColumnData, brush: Brush | undefined): TemplateResult {
  const given = brush?.kind === 'range' ? brush : undefined;
  const text = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? String(value) : '');
  const unit = column.kind === 'time' ? ' (ms since 1970)' : '';
  return html`<label>At least${unit} <input class="input" name="min" type="number" step="any" .value=${text(given?.min)} /></label>
    <label>At most${unit} <input class="input" name="max" type="number" step="any" .value=${text(given?.max)} /></label>`;
}

function textChoices({ categories }: ColumnData, brush: Brush | undefined): TemplateResult {
  const chosen = new Set(brush?.kind === 'texts' ? brush.texts : []);
  const { texts, left } = offeredTexts(categories, chosen, mostTexts);
  return html`<div class="choices">
      ${texts.map(
        (text) =>
          html`<label><input type="checkbox" name="text" .value=${text} .checked=${chosen.has(text)} /> ${text === '' ? '(empty)' : text}</label>`,
      )}
    </div>
    ${left > 0 ? html`<span class="quiet">${count(left)} more are not listed: name them in the filter of the table.</span>` : nothing}`;
}

function brushText(brush: Brush): string {
  if (brush.kind === 'texts') return brush.texts.join(', ');
  const { min, max } = brush;
  if (!Number.isFinite(min)) return `≤ ${shortNumber(max)}`;
  return Number.isFinite(max) ? `${shortNumber(min)} – ${shortNumber(max)}` : `≥ ${shortNumber(min)}`;
}
