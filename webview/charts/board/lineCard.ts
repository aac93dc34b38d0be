import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { boardKey } from '../../../src/shared/charts/boardLines';
import type { ChartDefinition } from '../../../src/shared/view/chartDefinition';
import { LightElement } from '../../controls/lightElement';
import '../chartCard';
import type { Session } from '../session';
import type { CardActions } from './boardCard';
import { boardIcons } from './boardIcons';
import './menuButton';

/** A line chart on the board: the card of a metric with settings of its own, and the board's menu. */
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
        <flowdeck-menu-button .label=${`More: ${name}`} .icon=${boardIcons.more} .items=${items}></flowdeck-menu-button>
      </div>
      ${
        chart.metric === undefined && chart.expression === undefined
          ? html`<div class="nothing"><p class="quiet">Choose a metric.</p><button class="button secondary" @click=${() => actions.edit()}>Edit Chart</button></div>`
          : html`<flowdeck-chart-card
              .session=${this.session}
              .metric=${boardKey(chart.id)}
              .drawnMetric=${chart.metric}
              .expression=${chart.metric === undefined ? chart.expression : undefined}
              .heading=${chart.title}
              .revision=${this.revision}
            ></flowdeck-chart-card>`
      }`;
  }
}
