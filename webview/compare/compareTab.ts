import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { LightElement } from '../controls/lightElement';
import type { Session } from '../runs/session';

/** The comparison of the chosen runs. */
@customElement('flowdeck-compare')
export class CompareTab extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) revision = 0;

  override render(): TemplateResult {
    const { table, chosen } = this.session;
    return html`<ul>
      ${chosen.map((row) => html`<li>${table.head(row).name}</li>`)}
    </ul>`;
  }
}
