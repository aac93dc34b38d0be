import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { LightElement } from '../controls/lightElement';
import type { Session } from '../runs/session';

/** The table tab. */
@customElement('flowdeck-table-tab')
export class TableTab extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) revision = 0;

  override render(): TemplateResult {
    const { table, loader } = this.session;
    return html`<div role="grid" aria-label="Runs" aria-busy=${loader.loadingSince !== undefined}>
      ${loader.order.map((row) => html`<div role="row" data-run-id=${table.head(row).runId}><span role="gridcell">${table.head(row).name}</span></div>`)}
    </div>`;
  }
}
