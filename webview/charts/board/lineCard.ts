import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ChartDefinition } from '../../../src/shared/view/chartDefinition';
import { LightElement } from '../../controls/lightElement';
import '../chartCard';
import type { Session } from '../session';
import type { CardActions } from './boardCard';
import { boardIcons } from './boardIcons';
import './menuButton';

/** A line chart on the board: the very card of the metric, which has its own settings and sizes, with the board's menu. */
@customElement('flowdeck-board-line')
export class LineCard extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) chart!: ChartDefinition;
  @property({ attribute: false }) actions!: CardActions;
  @property({ attribute: false }) revision = 0;

  override render(): TemplateResult {
    const { actions, chart } = this;
    const name = chart.title ?? chart.metric ?? 'line chart';
    const items = () => [
      { label: 'Edit…', run: () => actions.edit() },
      { label: 'Duplicate', run: () => actions.duplicate() },
      { label: 'Move Left', first: true, run: () => actions.move(-1) },
      { label: 'Move Right', run: () => actions.move(1) },
      { label: 'Remove', first: true, run: () => actions.remove() },
    ];
    return html`<div class="line-strip">
        ${chart.title === undefined ? nothing : html`<span class="line-title">${chart.title}</span>`}
        <flowdeck-menu-button .label=${`More: ${name}`} .icon=${boardIcons.more} .items=${items}></flowdeck-menu-button>
      </div>
      ${
        chart.metric === undefined && chart.expression === undefined
          ? html`<div class="nothing"><p class="quiet">Choose a metric.</p><button class="button secondary" @click=${() => actions.edit()}>Edit Chart</button></div>`
          : html`<flowdeck-chart-card
              .session=${this.session}
              .metric=${chart.metric ?? `board ${chart.id}`}
              .expression=${chart.metric === undefined ? chart.expression : undefined}
              .revision=${this.revision}
            ></flowdeck-chart-card>`
      }`;
  }
}
