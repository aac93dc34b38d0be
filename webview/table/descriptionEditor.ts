import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { TagKey } from '../../src/shared/domain';
import { LightElement } from '../controls/lightElement';
import { markdownNodes } from '../controls/markdown';
import type { Session } from '../runs/session';
import { editRun, shownNow } from './optimisticEdit';

/** A run's description: shown as Markdown, edited as text with a preview. */
@customElement('flowdeck-description')
export class DescriptionEditor extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) runId = '';
  @property({ attribute: false }) text = '';
  @property({ attribute: false }) writable = false;
  @state() private draft: string | undefined;
  @state() private preview = false;
  @state() private problem = '';
  private drawn: string | undefined;
  /** What the draft was made from: it replaces nothing else. */
  private base: string | null = null;

  /** Puts the cursor into the text. */
  edit(): void {
    if (!this.writable) return;
    if (this.draft === undefined) this.base = this.shown;
    this.draft ??= this.text;
    this.preview = false;
    void this.updateComplete.then(() => this.querySelector('textarea')?.focus());
  }

  override willUpdate(changed: PropertyValues): void {
    // A draft belongs to its run; that of another one is not kept.
    if (!changed.has('runId') || changed.get('runId') === undefined) return;
    this.draft = undefined;
    this.problem = '';
  }

  override updated(): void {
    const place = this.querySelector('.markdown');
    const wanted = this.draft ?? this.text;
    if (!place || (this.drawn === wanted && place.hasChildNodes())) return;
    this.drawn = wanted;
    void markdownNodes(wanted).then((nodes) => {
      if (this.drawn === wanted && place.isConnected) place.replaceChildren(nodes);
    });
  }

  override render(): TemplateResult {
    const { draft, text, writable } = this;
    if (draft !== undefined) return this.renderEditor(draft);
    const button = html`<button class="link-button" @click=${() => this.edit()}>${text ? 'Edit' : 'Add a description'}</button>`;
    return html`<div class="details-heading"><h3>Description</h3>${writable ? button : text ? nothing : html`<span class="quiet">none</span>`}</div>
      ${text ? html`<div class="markdown"></div>` : nothing}
      ${this.problemText()}`;
  }

  private problemText(): TemplateResult | typeof nothing {
    return this.problem ? html`<p class="details-problem" role="alert">${this.problem}</p>` : nothing;
  }

  private renderEditor(draft: string): TemplateResult {
    const { preview } = this;
    return html`<div class="details-heading"><h3>Description</h3>
        <span class="segments">
          ${segment('Write', !preview, () => this.edit())}
          ${segment('Preview', preview, () => {
            this.preview = true;
          })}
        </span>
      </div>
      ${
        preview
          ? html`<div class="markdown preview" tabindex="0" aria-label="Preview"></div>`
          : html`<textarea
              class="text-input description-input"
              aria-label="Description, in Markdown"
              rows="10"
              .value=${draft}
              @input=${(event: Event) => this.typed(event)}
              @keydown=${(event: KeyboardEvent) => this.press(event)}
            ></textarea>`
      }
      <div class="details-buttons">
        <button class="button" @click=${() => void this.save()}>Save</button>
        <button class="button secondary" @click=${() => this.close()}>Cancel</button>
        <span class="quiet">Markdown. Ctrl+Enter saves.</span>
      </div>
      ${this.problemText()}`;
  }

  private typed(event: Event): void {
    if (event.target instanceof HTMLTextAreaElement) this.draft = event.target.value;
  }

  private press(event: KeyboardEvent): void {
    const saves = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
    // Escape leaves what was typed alone when something was: it takes two ways to lose it.
    const leaves = event.key === 'Escape' && this.draft === this.text;
    if (!saves && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (saves) void this.save();
    else if (leaves) this.close();
  }

  private async save(): Promise<void> {
    const { draft, runId, base: before } = this;
    if (draft === undefined) return;
    this.close();
    const value = draft.trim() === '' ? null : draft;
    const message = await editRun(this.session, { runId, before, field: 'tag', key: TagKey.note, value });
    this.problem = message ?? '';
    if (message === undefined || this.runId !== runId) return;
    // What was written is not lost to a server that did not take it. What is there now has been said.
    this.draft = draft;
    await this.session.loader.readAgain([runId]);
    this.base = this.shown;
  }

  private get shown(): string | null {
    return shownNow(this.session, { runId: this.runId, field: 'tag', key: TagKey.note });
  }

  private close(): void {
    this.draft = undefined;
    this.problem = '';
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('.link-button')?.focus());
  }
}

const segment = (label: string, on: boolean, press: () => void) =>
  html`<label><input type="radio" name="description-mode" .checked=${on} @change=${press} /><span>${label}</span></label>`;
