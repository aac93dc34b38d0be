import { html, nothing, type TemplateResult } from 'lit';
import { extraName, type FormChoice, type FormExtra } from '../../src/shared/protocol/launch';
import { icons } from '../controls/icons';
import type { LaunchSession } from './launchSession';

export const rangeHint = '0.1, 0.01 or 1..5 or 1e-4..1 log 5';

const typed = (event: Event) => (event.target instanceof HTMLInputElement ? event.target.value : '');

/** Parameters that nothing declares: rows of a name and a value, as many as a person likes. */
export function renderExtra(session: LaunchSession, { extra }: FormChoice, add: () => unknown): TemplateResult {
  return html`${extra.map((row, at) => renderRow(session, row, at))}
    <div class="form-add"><button type="button" class="link-button" aria-describedby="extra-hint" @click=${add}>Add parameter</button></div>
    <p class="hint" id="extra-hint">What is not declared is passed on as <code>--name value</code>, and becomes a param of the run.</p>`;
}

function renderRow(session: LaunchSession, row: FormExtra, at: number): TemplateResult {
  const name = extraName(row);
  // One that was added and left empty is nothing yet.
  const problem = name === '' && row.value === '' && !row.varied ? undefined : session.problemOf(name);
  const id = `extra-${at}`;
  const called = name || `parameter ${at + 1}`;
  const describedBy = problem ? `${id}-problem` : nothing;
  return html`<div class="field extra" role="group" aria-label="Parameter ${at + 1}">
    <input data-begin class="text-input name" .value=${row.name} spellcheck="false" placeholder="name" aria-label="Name of parameter ${at + 1}"
      aria-invalid=${problem ? 'true' : 'false'} aria-describedby=${describedBy}
      @input=${(event: Event) => session.changeExtra(at, { name: typed(event) })} />
    <input class="text-input value" .value=${row.value} spellcheck="false" placeholder=${row.varied ? rangeHint : 'value'} aria-label="Value of ${called}"
      aria-invalid=${problem ? 'true' : 'false'} aria-describedby=${describedBy}
      @input=${(event: Event) => session.changeExtra(at, { value: typed(event) })} />
    <span class="tools">
      <button type="button" class="icon-button vary" title="Several values of ${called}, in a sweep" aria-label="Vary ${called} in a sweep"
        aria-pressed=${row.varied ? 'true' : 'false'} @click=${() => session.changeExtra(at, { varied: !row.varied })}>Vary</button>
      <button type="button" class="icon-button" title="Remove ${called}" aria-label="Remove ${called}"
        @click=${() => session.removeExtra(at)}>${icons.close}</button>
    </span>
    ${problem ? html`<p class="problem" id="${id}-problem">${problem}</p>` : nothing}
  </div>`;
}
