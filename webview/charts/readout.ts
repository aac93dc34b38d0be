import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { numberInDigits, tellingDigits } from '../../src/shared/series/format';
import { type Reading, readingsAt } from '../../src/shared/series/readings';
import { icons } from '../controls/icons';
import { LightElement } from '../controls/lightElement';
import type { ChartCard } from './chartCard';
import { runSwatch } from './runSwatch';
import type { Session } from './session';
import { xText } from './xText';

/** px, as cardStyles says. */
const rowHeight = 20;
/** Rows that are seen of a held table; and of one that follows the pointer. */
const rows = { held: 16, following: 12 };

/** The values of all runs at the crosshair, largest first, beside the pointer; spoken when it was moved with keys. */
@customElement('flowdeck-readout')
export class Readout extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) cardOf: (key: string) => ChartCard | undefined = () => undefined;
  @state() private firstRow = 0;
  /** Of numbers: the runs that are read out together are told apart. */
  private digits = 5;
  @query('.readout') private box?: HTMLElement;
  private readonly moved = () => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    this.session.crosshair.addEventListener('change', this.moved);
    this.session.addEventListener('highlight', this.moved);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.crosshair.removeEventListener('change', this.moved);
    this.session.removeEventListener('highlight', this.moved);
  }

  override updated(): void {
    const { position } = this.session.crosshair;
    if (!position || !this.box) return;
    const { width, height } = this.box.getBoundingClientRect();
    const right = position.clientX + 16 + width <= window.innerWidth - 8;
    const left = right ? position.clientX + 16 : Math.max(8, position.clientX - 16 - width);
    const top = Math.max(8, Math.min(position.clientY - 12, window.innerHeight - height - 8));
    this.box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    const list = this.box.querySelector<HTMLElement>('.readout-rows');
    const all = list?.querySelector<HTMLElement>('.readout-all');
    if (all?.dataset.height) all.style.height = `${all.dataset.height}px`;
    const shown = all?.querySelector<HTMLElement>('table');
    if (shown) shown.style.transform = `translateY(${this.firstRow * rowHeight}px)`;
  }

  override render(): TemplateResult {
    const { crosshair } = this.session;
    const { position } = crosshair;
    const card = position ? this.cardOf(position.key) : undefined;
    const readings = position && card ? readingsAt(card.curves, position.x) : [];
    if (!position || readings.length === 0) return html`<div class="visually-hidden" aria-live="polite"></div>`;
    const { axis, xMetric } = this.session.settingsOf(position.key);
    const title = xText(readings[0]?.x ?? position.x, axis, xMetric);
    const name = card?.caption ?? position.key;
    this.digits = tellingDigits(readings.map(({ value }) => value));
    const spoken = position.spoken
      ? `${name}, ${title}: ${readings.map((reading) => `${reading.name} ${this.text(reading.value)}`).join(', ')}`
      : '';
    return html`<div class="visually-hidden" aria-live="polite">${spoken}</div>
      ${crosshair.pinned ? this.renderHeld(name, title, readings) : this.renderFollowing(name, title, readings)}`;
  }

  private text(value: number): string {
    return numberInDigits(value, this.digits);
  }

  /** Beside the pointer: as many as fit, the nearest run among them. */
  private renderFollowing(name: string, title: string, readings: readonly Reading[]): TemplateResult {
    const nearest = readings.findIndex(({ runId }) => runId === this.session.highlighted);
    const most = Math.max(0, readings.length - rows.following);
    const from = Math.min(most, Math.max(0, nearest - Math.floor(rows.following / 2)));
    const shown = readings.slice(from, from + rows.following);
    const rest = readings.length - shown.length;
    return html`<div class="readout" aria-hidden="true">
      ${head(name, title)}
      <table>${shown.map((reading) => this.renderRow(reading))}</table>
      ${rest > 0 ? html`<div class="quiet">and ${rest} more: click to hold the list</div>` : nothing}
    </div>`;
  }

  /** Scrolls; only rows that are seen are in the page. */
  private renderHeld(name: string, title: string, readings: readonly Reading[]): TemplateResult {
    const from = Math.min(this.firstRow, Math.max(0, readings.length - 1));
    const shown = readings.slice(from, from + rows.held + 4);
    return html`<div class="readout held" role="dialog" aria-label=${`Values of ${name} at ${title}`}>
      <div class="readout-top">
        ${head(name, title)}
        <button class="icon-button" aria-label="Let go" title="Let go (Escape)" @click=${() => this.letGo()}>
          ${icons.close}
        </button>
      </div>
      <div
        class="readout-rows"
        tabindex="0"
        role="region"
        aria-label="Values of all runs"
        @scroll=${(event: Event) => this.scrolled(event)}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'Escape') this.letGo();
        }}
      >
        <div class="readout-all" data-height=${readings.length * rowHeight}>
          <table>${shown.map((reading) => this.renderRow(reading))}</table>
        </div>
      </div>
    </div>`;
  }

  private renderRow({ runId, name, color, dash, value, smooth, band }: Reading): TemplateResult {
    const isNearest = runId === this.session.highlighted;
    return html`<tr
      class=${isNearest ? 'nearest' : ''}
      @pointerenter=${() => this.session.crosshair.pinned && this.session.highlight(runId)}
    >
      <td>${runSwatch(color, dash)}</td>
      <td class="name" title=${name}>${name}</td>
      <td class="value" title=${String(value)}>${this.text(value)}</td>
      ${smooth === undefined ? nothing : html`<td class="value quiet">${this.text(smooth)}</td>`}
      ${band ? html`<td class="value quiet">${this.text(band.low)} … ${this.text(band.high)}</td>` : nothing}
    </tr>`;
  }

  private scrolled(event: Event): void {
    if (event.target instanceof Element) this.firstRow = Math.floor(event.target.scrollTop / rowHeight);
  }

  private letGo(): void {
    this.session.crosshair.clear();
    this.session.highlight(undefined);
    this.firstRow = 0;
  }
}

function head(name: string, title: string): TemplateResult {
  return html`<div class="readout-head"><strong>${name}</strong><span>${title}</span></div>`;
}
