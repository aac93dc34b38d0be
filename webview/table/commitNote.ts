import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { LightElement } from '../controls/lightElement';
import type { Session } from '../runs/session';

/** What the open repositories know of a commit: its subject, how far it is from what is checked out. Asked when it is shown. */
@customElement('flowdeck-commit-note')
export class CommitNote extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) commit = '';
  @state() private known = '';

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('commit')) void this.ask(this.commit);
  }

  override render(): TemplateResult | typeof nothing {
    return this.known === '' ? nothing : html`<div class="quiet">${this.known}</div>`;
  }

  private async ask(commit: string): Promise<void> {
    this.known = '';
    const known = await this.session.rpc.call('commitText', { commit }).catch(() => '');
    if (commit === this.commit) this.known = known;
  }
}
