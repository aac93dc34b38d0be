import { html, type TemplateResult } from 'lit';
import type { Completion } from '../../src/shared/filter/complete';

/** What the list offers: a piece of the text, or a whole filter that was used before. */
export type FilterOption =
  | { readonly kind: 'piece'; readonly piece: Completion }
  | { readonly kind: 'recent'; readonly filter: string };

export const optionId = (at: number) => `filter-option-${at}`;

export function optionList(
  id: string,
  options: readonly FilterOption[],
  active: number,
  choose: (at: number) => void,
): TemplateResult {
  // Pressing the mouse would take the focus from the box.
  return html`<ul class="filter-options" role="listbox" id=${id} aria-label="Completions" @mousedown=${(event: Event) => event.preventDefault()}>
    ${options.map(
      (option, at) =>
        html`<li class="filter-option" role="option" id=${optionId(at)} aria-selected=${at === active} @click=${() => choose(at)}>
          <span class="filter-option-label">${option.kind === 'recent' ? option.filter : option.piece.label}</span>
          <span class="filter-option-kind">${option.kind === 'recent' ? 'used before' : option.piece.kind}</span>
        </li>`,
    )}
  </ul>`;
}
