import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { shortNumber } from '../../src/shared/series/format';
import { LightElement } from '../controls/lightElement';
import { curvesOf, type Reading, readingsAt } from './plot';
import type { Session } from './session';
import { xText } from './xText';

const mostRows = 24;

/** The values of all runs at the crosshair, largest first, beside the pointer; spoken when it was moved with keys. */
@customElement('flowdeck-readout')
export class Readout extends LightElement {
  @property({ attribute: false }) session!: Session;
  @query('.readout') private box?: HTMLElement;
  private readonly moved = () => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    this.session.crosshair.addEventListener('change', this.moved);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.crosshair.removeEventListener('change', this.moved);
  }

  override updated(): void {
    const { position } = this.session.crosshair;
    if (!position || !this.box) return;
    const { width, height } = this.box.getBoundingClientRect();
    const right = position.clientX + 16 + width <= window.innerWidth - 8;
    const left = right ? position.clientX + 16 : Math.max(8, position.clientX - 16 - width);
    const top = Math.max(8, Math.min(position.clientY - 12, window.innerHeight - height - 8));
    this.box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  override render(): TemplateResult {
    const { position } = this.session.crosshair;
    const { view, shownRuns } = this.session;
    const readings = position
      ? readingsAt(
          curvesOf(this.session.metric(position.key).blocks(view.zoom !== undefined), shownRuns, view),
          position.x,
        )
      : [];
    const title = position ? xText(readings[0]?.x ?? position.x, view.axis) : '';
    const spoken = position?.spoken
      ? `${position.key}, ${title}: ${readings.map(({ name, value }) => `${name} ${shortNumber(value)}`).join(', ')}`
      : '';
    return html`<div class="visually-hidden" aria-live="polite">${spoken}</div>
      ${position && readings.length > 0 ? this.renderBox(position.key, title, readings) : nothing}`;
  }

  private renderBox(key: string, title: string, readings: readonly Reading[]): TemplateResult {
    const rows = readings.slice(0, mostRows);
    return html`<div class="readout" aria-hidden="true">
      <div class="readout-head"><strong>${key}</strong><span>${title}</span></div>
      <table>
        ${rows.map(
          ({ name, color, value, smooth }) => html`<tr>
            <td><span class="swatch run-${color}"></span></td>
            <td class="name">${name}</td>
            <td class="value">${shortNumber(value)}</td>
            ${smooth === undefined ? nothing : html`<td class="value quiet">${shortNumber(smooth)}</td>`}
          </tr>`,
        )}
      </table>
      ${readings.length > rows.length ? html`<div class="quiet">and ${readings.length - rows.length} more</div>` : nothing}
    </div>`;
  }
}
