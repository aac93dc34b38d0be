import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { isInstant } from '../../src/shared/instant';
import { controlText } from '../controls/toolkit';

export interface Choice {
  readonly value: string;
  readonly text: string;
  /** It only says something. */
  readonly disabled?: boolean;
}

/** A labelled list to choose from. */
export function choiceField(
  label: string,
  value: string,
  choices: readonly Choice[],
  choose: (value: string) => void,
): TemplateResult {
  return html`<label class="field"
    ><span>${label}</span>
    <select .value=${live(value)} @change=${(event: Event) => choose(controlText(event))}>
      ${choices.map((choice) => html`<option value=${choice.value} ?selected=${choice.value === value} ?disabled=${choice.disabled === true}>${choice.text}</option>`)}
    </select>
  </label>`;
}

/** A labelled number, or nothing. */
export function numberField(
  label: string,
  value: number | undefined,
  placeholder: string,
  choose: (value: number | undefined) => void,
): TemplateResult {
  const read = (event: Event) => {
    const text = controlText(event).trim();
    const number = text === '' ? undefined : Number(text);
    if (number === undefined || Number.isFinite(number)) choose(number);
  };
  return html`<label class="field"
    ><span>${label}</span>
    <input type="number" step="any" .value=${live(value === undefined ? '' : String(value))} placeholder=${placeholder} @change=${read} />
  </label>`;
}

/** A labelled instant, in local time. */
export function timeField(
  label: string,
  value: number | undefined,
  choose: (value: number | undefined) => void,
): TemplateResult {
  const read = (event: Event) => {
    const text = controlText(event);
    const time = text === '' ? undefined : new Date(text).getTime();
    if (time === undefined || Number.isFinite(time)) choose(time);
  };
  return html`<label class="field"
    ><span>${label}</span>
    <input type="datetime-local" step="1" .value=${live(value === undefined || !isInstant(value) ? '' : localTime(value))} @change=${read} />
  </label>`;
}

/** `2026-01-31T12:05:09`, as the input wants it. */
function localTime(time: number): string {
  const minutes = new Date(time).getTimezoneOffset();
  return new Date(time - minutes * 60_000).toISOString().slice(0, 19);
}

/** A labelled metric, typed or chosen; longer lists than a person reads are found by typing only. */
export function metricField(
  label: string,
  id: string,
  value: string,
  metrics: readonly string[],
  choose: (value: string) => void,
): TemplateResult {
  return html`<label class="field"
    ><span>${label}</span>
    <input
      type="text"
      list=${id}
      .value=${live(value)}
      placeholder="Metric"
      @change=${(event: Event) => choose(controlText(event).trim())}
    />
    <datalist id=${id}>${metrics.slice(0, mostOffered).map((key) => html`<option value=${key}></option>`)}</datalist>
  </label>`;
}

const mostOffered = 1_000;

export function checkField(
  label: string,
  checked: boolean,
  title: string,
  choose: (on: boolean) => void,
): TemplateResult {
  return html`<label class="check" title=${title}
    ><input
      type="checkbox"
      .checked=${live(checked)}
      @change=${(event: Event) => choose(event.target instanceof HTMLInputElement && event.target.checked)}
    /><span>${label}</span></label
  >`;
}
