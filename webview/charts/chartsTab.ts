import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { RemoteError } from '../../src/shared/rpc';
import { LightElement } from '../controls/lightElement';
import { adoptSheet } from '../controls/styles';
import { registerControls } from '../controls/toolkit';
import type { Session as RunsSession } from '../runs/session';
import { cardStyles } from './cardStyles';
import type { ChartCard } from './chartCard';
import { chartsStyles } from './chartsStyles';
import { controlStyles } from './controlStyles';
import './board/board';
import './cardResizer';
import './legend';
import './readout';
import './sectionList';
import type { Session } from './session';
import { chartsSessionOf } from './sessions';
import './toolbar';

registerControls();
adoptSheet(chartsStyles);
adoptSheet(cardStyles);
adoptSheet(controlStyles);

/** The charts tab: toolbar, runs, and the metrics in their sections. */
@customElement('flowdeck-charts')
export class ChartsApp extends LightElement {
  @property({ attribute: false }) runs!: RunsSession;
  /** Changes whenever the session did. */
  @property({ attribute: false }) revision = 0;
  private scrollRestored = false;

  private get session(): Session {
    return chartsSessionOf(this.runs);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.session.connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.disconnect();
  }

  private async refresh(): Promise<void> {
    try {
      await this.session.refresh();
    } catch (error) {
      // The banner says it: the host told of the lost contact.
      if (!(error instanceof RemoteError)) throw error;
    }
  }

  override updated(): void {
    const main = this.querySelector('.chart-area');
    if (!main || !this.session.snapshot) return;
    if (this.session.full !== undefined) this.scrollRestored = false;
    if (this.scrollRestored || this.session.full !== undefined) return;
    this.scrollRestored = true;
    const { scroll } = this.session.view;
    if (scroll > 0) requestAnimationFrame(() => main.scrollTo({ top: scroll }));
  }

  override render(): TemplateResult {
    const { snapshot, view } = this.session;
    if (!snapshot) return this.runs.loader.problem ? html`` : this.renderLoading();
    const { session, revision } = this;
    const isFull = session.full !== undefined;
    const isBoardFull = !isFull && view.board.some(({ id }) => id === view.fullBoard);
    const isCovered = isFull || isBoardFull;
    return html`<div ?inert=${isCovered}><flowdeck-toolbar
        .session=${session}
        .revision=${revision}
        .refresh=${() => void this.refresh()}
      ></flowdeck-toolbar></div>
      <div class="columns">
        ${
          view.legendShown
            ? html`<div class="legend" role="region" aria-label="Runs" ?inert=${isCovered}><flowdeck-legend .session=${session} .revision=${revision}></flowdeck-legend></div>`
            : nothing
        }
        <div class="chart-area" tabindex="-1" role="region" aria-labelledby="charts-title" data-begin @scroll=${(event: Event) => this.keepScroll(event)}>
          <h1 id="charts-title" class="visually-hidden">Metric charts of ${snapshot.runs.length} runs</h1>
          ${isFull ? nothing : html`<flowdeck-board .session=${this.runs} .lines=${session} .revision=${revision}></flowdeck-board>`}
          <flowdeck-sections ?inert=${isBoardFull} .session=${session} .revision=${revision}></flowdeck-sections>
        </div>
      </div>
      <flowdeck-readout .session=${session} .cardOf=${(key: string) => this.cardOf(key)}></flowdeck-readout>`;
  }

  private cardOf(key: string): ChartCard | undefined {
    return [...this.querySelectorAll<ChartCard>('flowdeck-chart-card')].find(({ metric }) => metric === key);
  }

  private keepScroll(event: Event): void {
    // One chart that fills the page has no place in the list.
    if (event.target instanceof Element && this.scrollRestored) this.session.keepScroll(event.target.scrollTop);
  }

  private renderLoading(): TemplateResult {
    return html`<div class="cards" role="status" aria-label="Loading runs">
      ${[1, 2, 3, 4].map(() => html`<div class="card"><div class="skeleton"></div></div>`)}
    </div>`;
  }
}
