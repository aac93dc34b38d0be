import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { readDefinitions } from '../../../src/shared/charts/board';
import type { ChartDefinition } from '../../../src/shared/view/chartDefinition';
import { LightElement } from '../../controls/lightElement';

/** The dialog that takes charts as JSON and says what is wrong with it. */
@customElement('flowdeck-paste-form')
export class PasteForm extends LightElement {
  @property({ attribute: false }) add: (charts: readonly ChartDefinition[]) => void = () => undefined;
  @state() private problem = '';
  @query('dialog') private dialog?: HTMLDialogElement;
  @query('textarea') private text?: HTMLTextAreaElement;

  open(): void {
    this.problem = '';
    if (this.text) this.text.value = '';
    this.dialog?.showModal();
    this.text?.focus();
  }

  override render(): TemplateResult {
    return html`<dialog class="chart-form" aria-labelledby="paste-title">
      <form method="dialog" @submit=${(event: SubmitEvent) => this.submit(event)}>
        <h2 id="paste-title">Add Charts from JSON</h2>
        <label class="field-label" for="paste-text">One definition, or a list of them</label>
        <textarea class="input paste-text" id="paste-text" spellcheck="false" aria-describedby="paste-problem"></textarea>
        <p class="is-error" id="paste-problem" role="alert">${this.problem === '' ? nothing : this.problem}</p>
        <div class="form-buttons">
          <button class="button secondary" type="button" @click=${() => this.dialog?.close()}>Cancel</button>
          <button class="button" type="submit">Add</button>
        </div>
      </form>
    </dialog>`;
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const read = readDefinitions(this.text?.value ?? '');
    this.problem = read.ok ? '' : read.message;
    if (!read.ok) return;
    this.dialog?.close();
    this.add(read.charts);
  }
}
