import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { cardHeights } from '../../src/shared/view/lineSettings';
import { followPointer } from '../controls/followPointer';
import { LightElement } from '../controls/lightElement';
import type { Session } from './session';

const keyStep = 20;
/** px of a card nobody has resized (see cardStyles). */
const usualHeight = 264;

/** The lower edge of a card: dragged, or moved with arrow keys, it makes the card higher or lower. */
@customElement('flowdeck-card-resizer')
export class CardResizer extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) chartKey = '';
  /** px that a person gave the card. */
  @property({ attribute: false }) own: number | undefined;

  private get card(): HTMLElement | null {
    return this.closest<HTMLElement>('.card');
  }

  private get height(): number {
    return this.card?.getBoundingClientRect().height ?? usualHeight;
  }

  private keep(height: number | undefined): void {
    const kept = height === undefined ? undefined : Math.round(bounded(height));
    this.session.updateCard(this.chartKey, { height: kept });
  }

  private press(event: PointerEvent): void {
    const { card } = this;
    if (event.button !== 0 || !card || !(event.currentTarget instanceof Element)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const before = card.style.height;
    const from = event.clientY - this.height;
    followPointer({
      move: ({ clientY }) => {
        card.style.height = `${bounded(clientY - from)}px`;
      },
      end: () => this.keep(this.height),
      cancel: () => {
        card.style.height = before;
      },
    });
  }

  private keyDown(event: KeyboardEvent): void {
    const by = event.key === 'ArrowDown' ? keyStep : event.key === 'ArrowUp' ? -keyStep : 0;
    if (by === 0) return;
    event.preventDefault();
    this.keep(this.height + by);
  }

  override render(): TemplateResult {
    return html`<div
      class="resizer"
      role="separator"
      tabindex="0"
      aria-orientation="horizontal"
      aria-label="Height of the chart"
      aria-valuenow=${this.own ?? usualHeight}
      aria-valuemin=${cardHeights.least}
      aria-valuemax=${cardHeights.most}
      title="Drag, or press up and down, for another height. Double click for the usual one"
      @pointerdown=${this.press}
      @dblclick=${() => this.keep(undefined)}
      @keydown=${this.keyDown}
    ></div>`;
  }
}

const bounded = (height: number) => Math.min(cardHeights.most, Math.max(cardHeights.least, height));
