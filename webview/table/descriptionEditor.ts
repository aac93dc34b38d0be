import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { TagKey } from '../../src/shared/domain';
import { LightElement } from '../controls/lightElement';
import { markdownNodes } from '../controls/markdown';
import type { Draft } from '../runs/drafts';
import type { Session } from '../runs/session';
import { saveDraft, shownNow } from './optimisticEdit';

/** A run's description: shown as Markdown, edited as text with a preview. */
@customElement('flowdeck-description')
export class DescriptionEditor extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) runId = '';
  @property({ attribute: false }) text = '';
  @property({ attribute: false }) writable = false;
  @state() private preview = false;
  private drawn: string | undefined;

  private get draft(): Draft | undefined {
    return this.session.drafts.of(this.runId);
  }

  /** Puts the cursor into the text. */
  edit(): void {
    if (!this.writable) return;
    if (!this.draft) this.write(this.text);
    this.preview = false;
    void this.updateComplete.then(() => this.querySelector('textarea')?.focus());
  }

  private write(text: string): void {
    const { session, runId, draft } = this;
    const base = draft ? draft.base : shownNow(session, { runId, field: 'tag', key: TagKey.note });
    session.drafts.set(runId, { ...draft, text, base });
    this.requestUpdate();
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has('runId')) return;
    this.leave(changed.get('runId'));
    this.preview = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.leave(this.runId);
  }

  /** What was typed waits for its run to be looked at again; an editor in which nothing was typed does not. */
  private leave(runId: unknown): void {
    const { drafts } = this.session;
    if (typeof runId === 'string' && !drafts.isWritten(runId)) drafts.drop(runId);
  }

  override updated(): void {
    const place = this.querySelector('.markdown');
    const wanted = this.draft?.text ?? this.text;
    if (!place || (this.drawn === wanted && place.hasChildNodes())) return;
    this.drawn = wanted;
    void markdownNodes(wanted).then((nodes) => {
      if (this.drawn === wanted && place.isConnected) place.replaceChildren(nodes);
    });
  }

  override render(): TemplateResult {
    const { draft, text, writable } = this;
    if (draft && writable) return this.renderEditor(draft);
    const button = html`<button class="link-button" @click=${() => this.edit()}>${text ? 'Edit' : 'Add a description'}</button>`;
    return html`<div class="details-heading"><h3>Description</h3>${writable ? button : text ? nothing : html`<span class="quiet">none</span>`}</div>
      ${text ? html`<div class="markdown"></div>` : nothing}`;
  }

  private renderEditor({ text, problem }: Draft): TemplateResult {
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
              .value=${text}
              @input=${(event: Event) => this.typed(event)}
              @keydown=${(event: KeyboardEvent) => this.press(event)}
            ></textarea>`
      }
      <div class="details-buttons">
        <button class="button" @click=${() => void this.save()}>Save</button>
        <button class="button secondary" @click=${() => this.close()}>Cancel</button>
        <span class="quiet">Markdown. Ctrl+Enter saves.</span>
      </div>
      ${problem ? html`<p class="details-problem" role="alert">${problem}</p>` : nothing}`;
  }

  private typed(event: Event): void {
    if (event.target instanceof HTMLTextAreaElement) this.write(event.target.value);
  }

  private press(event: KeyboardEvent): void {
    const saves = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
    // Escape leaves what was typed alone when something was: it takes two ways to lose it.
    const leaves = event.key === 'Escape' && !this.session.drafts.isWritten(this.runId);
    if (!saves && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (saves) void this.save();
    else if (leaves) this.close();
  }

  private async save(): Promise<void> {
    const saving = saveDraft(this.session, this.runId);
    this.show();
    await saving;
    this.requestUpdate();
  }

  private close(): void {
    this.session.drafts.drop(this.runId);
    this.show();
  }

  /** The description instead of the editor. */
  private show(): void {
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('.link-button')?.focus());
  }
}

const segment = (label: string, on: boolean, press: () => void) =>
  html`<label><input type="radio" name="description-mode" .checked=${on} @change=${press} /><span>${label}</span></label>`;
