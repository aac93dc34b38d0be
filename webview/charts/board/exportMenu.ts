import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { definitionText } from '../../../src/shared/charts/board';
import { csvOf } from '../../../src/shared/charts/chartTable';
import type { SavedKind } from '../../../src/shared/protocol/exports';
import { RemoteError } from '../../../src/shared/rpc';
import { icons } from '../../controls/icons';
import { LightElement } from '../../controls/lightElement';
import { chartColors } from '../../controls/theme';
import type { HostRpc } from '../../runs/session';
import { boardIcons } from './boardIcons';
import type { Exportable } from './exportable';
import './menuButton';
import type { MenuItem } from './menuButton';

const reading = 'Reading every point…';
/** ms */
const moment = 6_000;

/** Saves and copies a chart: as a picture, as vectors, as all its points, as its definition. */
@customElement('flowdeck-export-menu')
export class ExportMenu extends LightElement {
  @property({ attribute: false }) rpc!: HostRpc;
  /** Asked when something is chosen: a chart that is not drawn costs nothing. */
  @property({ attribute: false }) of!: () => Exportable | undefined;
  @property({ attribute: false }) name = '';
  @state() private message = '';
  @state() private failed = false;
  private abort: AbortController | undefined;
  private fading: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.abort?.abort();
    clearTimeout(this.fading);
  }

  override render(): TemplateResult {
    return html`<flowdeck-menu-button
        .label=${`Save or copy: ${this.name}`}
        .icon=${boardIcons.save}
        .items=${() => this.items()}
      ></flowdeck-menu-button>
      ${
        this.message === ''
          ? nothing
          : html`<div class="export-message ${this.failed ? 'is-error' : ''}" role=${this.failed ? 'alert' : 'status'}>
              <span>${this.message}</span>
              <button class="icon-button" aria-label="Dismiss" title="Dismiss" @click=${() => this.say('')}>${icons.failed}</button>
            </div>`
      }`;
  }

  private items(): readonly MenuItem[] {
    return [
      { label: 'Save as PNG…', run: () => void this.attempt(() => this.savePng()) },
      { label: 'Save as SVG…', run: () => void this.attempt(() => this.saveSvg()) },
      { label: 'Save All Points as CSV…', run: () => void this.attempt(() => this.saveCsv()) },
      { label: 'Save Definition as JSON…', run: () => void this.attempt(() => this.saveDefinition()) },
      { label: 'Copy Image', first: true, run: () => void this.attempt(() => this.copyImage()) },
      { label: 'Copy Definition', run: () => void this.attempt(() => this.copyDefinition()) },
    ];
  }

  private get chart(): Exportable {
    const chart = this.of();
    if (!chart) throw new Error('The chart has nothing to save yet.');
    return chart;
  }

  private async savePng(): Promise<void> {
    const { chart } = this;
    const blob = await pngBlob(chart);
    await this.save(chart, 'png', new Uint8Array(await blob.arrayBuffer()));
  }

  private async saveSvg(): Promise<void> {
    const { chart } = this;
    const { svgOf } = await import('./exportFiles');
    await this.save(chart, 'svg', svgOf(chart, chartColors()));
  }

  private async saveCsv(): Promise<void> {
    const { chart } = this;
    this.abort?.abort();
    this.abort = new AbortController();
    // Points that are not here yet are fetched, which may take a while.
    const slow = setTimeout(() => this.say(reading), 300);
    try {
      await this.save(chart, 'csv', csvOf(await chart.table(this.abort.signal)));
    } finally {
      clearTimeout(slow);
      if (this.message === reading) this.say('');
    }
  }

  private async saveDefinition(): Promise<void> {
    await this.save(this.chart, 'json', definitionText(this.chart.definition()));
  }

  private async copyDefinition(): Promise<void> {
    await this.rpc.call('copy', { text: definitionText(this.chart.definition()) });
    this.say('The definition is on the clipboard.');
  }

  /** Where the page may not write pictures to the clipboard, the picture is saved instead. */
  private async copyImage(): Promise<void> {
    const { chart } = this;
    const blob = await pngBlob(chart);
    try {
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
      this.say('The picture is on the clipboard.');
    } catch {
      await this.save(chart, 'png', new Uint8Array(await blob.arrayBuffer()));
    }
  }

  private async save(chart: Exportable, kind: SavedKind, content: string | Uint8Array): Promise<void> {
    const { fileName } = await import('./exportFiles');
    await this.rpc.call('saveFile', { suggestedName: fileName(chart.title, kind), kind, content });
  }

  private async attempt(action: () => Promise<void>): Promise<void> {
    this.say('');
    try {
      await action();
    } catch (error) {
      if (error instanceof RemoteError && error.kind === 'cancelled') return;
      this.failed = true;
      this.message = error instanceof Error ? error.message : String(error);
    }
  }

  /** What went well is said for a moment; what failed stays. */
  private say(message: string): void {
    this.failed = false;
    this.message = message;
    clearTimeout(this.fading);
    this.fading = setTimeout(() => {
      if (!this.failed) this.message = '';
    }, moment);
  }
}

async function pngBlob(chart: Exportable): Promise<Blob> {
  const { pngOf } = await import('./exportFiles');
  return await pngOf(chart, chartColors());
}
