import { html, nothing, type TemplateResult } from 'lit';
import { count } from '../../src/shared/series/format';
import type { CardData } from './cardData';

/** What is left out or sampled, on a line of its own: beside the name it would be cut. None where everything is shown. */
export function cardNotes(data: CardData): TemplateResult | undefined {
  const { badge, progress, notes } = data;
  if (badge === '' && !progress && notes.length === 0) return undefined;
  return html`${
    progress
      ? html`<span class="badge progress" role="status"
            >${count(progress.points)} points, ${progress.runs} of ${progress.of} runs
            <button class="link-button" @click=${() => data.cancelAll()}>Cancel</button></span
          >`
      : badge === ''
        ? nothing
        : html`<button
              class="badge"
              title="The server chose these points. Load every point"
              aria-label=${`${badge}. Load every point`}
              @click=${() => data.loadAll()}
            >${badge}</button>`
  }${notes.map((note) => html`<span class="note" title=${note}>${note}</span>`)}`;
}
