import { html, type TemplateResult } from 'lit';
import type { Charted, Session } from './session';

/** Instead of sections: why there are no charts, and what to do. */
export function chartsEmpty({ snapshot, runs }: Session): TemplateResult {
  if (!snapshot || snapshot.runs.length > 0) return says('These runs have logged no metrics.');
  const { view, loader } = runs;
  if (runs.awaitsChosen) return says('Loading the chosen runs…');
  const toTable = html`<button class="button secondary" @click=${() => runs.update({ tab: 'table' })}>Go to the table</button>`;
  if (snapshot.missing.length > 0) return says(`These runs are ${whereMissing(snapshot)}.`, toTable);
  if ('runIds' in view.chosen || loader.order.length > 0)
    return says('The runs that would be charted are hidden in the table.', toTable);
  if (view.filter.trim() === '') return says('No runs yet. Charts appear here as soon as code logs metrics.');
  const clear = html`<button class="button secondary" @click=${() => runs.update({ filter: '' })}>Clear filter</button>`;
  return says('No runs match the filter of the table.', clear);
}

/** Of runs that the server does not have. */
export const whereMissing = ({ missingOf }: Charted): string =>
  missingOf === undefined ? 'no longer on the server' : `on another server, ${missingOf}`;

const says = (text: string, button?: TemplateResult) => html`<div class="empty"><p>${text}</p>${button ?? ''}</div>`;
