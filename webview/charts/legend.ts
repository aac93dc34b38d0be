import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RunStatus } from '../../src/shared/domain';
import type { ChartsRun } from '../../src/shared/protocol/series';
import { icons } from '../controls/icons';
import { LightElement } from '../controls/lightElement';
import { controlText } from '../controls/toolkit';
import { chartedSizes } from './chartedSizes';
import { whereMissing } from './chartsEmpty';
import { runSwatch } from './runSwatch';
import type { Session } from './session';

const statusIcon: Readonly<Record<RunStatus, keyof typeof icons>> = {
  FINISHED: 'finished',
  FAILED: 'failed',
  RUNNING: 'running',
  KILLED: 'killed',
  SCHEDULED: 'waiting',
  UNKNOWN: 'waiting',
};

const statusText: Readonly<Record<RunStatus, string>> = {
  FINISHED: 'Finished',
  FAILED: 'Failed',
  RUNNING: 'Running',
  KILLED: 'Killed',
  SCHEDULED: 'Scheduled',
  UNKNOWN: 'Unknown status',
};

/** The runs of the page: shown or hidden by their swatch, found in the tree by their name. */
@customElement('flowdeck-legend')
export class Legend extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) revision = 0;
  private readonly highlight = () => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    this.session.addEventListener('highlight', this.highlight);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.removeEventListener('highlight', this.highlight);
  }

  override render(): TemplateResult {
    const { snapshot, shownRuns } = this.session;
    const runs = snapshot?.runs ?? [];
    const missing = snapshot?.missing.length ?? 0;
    return html`<div class="legend-head">
        <h2>Runs</h2>
        <span class="quiet">${shownRuns.length} of ${runs.length} shown</span>
        ${runs.length > 0 ? this.renderAll(shownRuns.length < runs.length) : nothing}
      </div>
      ${this.renderChosen()}
      <ul @pointerleave=${() => this.look(undefined)}>
        ${runs.map((run) => this.renderRun(run))}
      </ul>
      ${snapshot && missing > 0 ? html`<p class="quiet">${missing} ${whereMissing(snapshot)}</p>` : nothing}`;
  }

  private renderAll(someHidden: boolean): TemplateResult {
    return html`<button class="link-button" @click=${() => this.showAll(someHidden)}>
      ${someHidden ? 'Show all' : 'Hide all'}
    </button>`;
  }

  /** Which runs these are; those of the table that were not chosen one by one are its first. */
  private renderChosen(): TemplateResult | typeof nothing {
    const { view, loader } = this.session.runs;
    const { chosen } = view;
    if ('runIds' in chosen)
      return html`<p class="chosen-runs quiet">
        Chosen in the table
        <button class="link-button" @click=${() => this.chooseFirst(20)}>First 20 instead</button>
      </p>`;
    const sizes = chartedSizes(chosen.first, loader.order.length, loader.more);
    if (sizes.length === 0) return nothing;
    return html`<label class="chosen-runs quiet"
      ><select aria-label="Runs that are charted" @change=${(event: Event) => this.chooseFirst(Number(controlText(event)))}>
        ${sizes.map(({ first, text }) => html`<option value=${first} .selected=${first === chosen.first}>${text}</option>`)}
      </select>
      of the table</label
    >`;
  }

  private chooseFirst(first: number): void {
    this.session.runs.update({ chosen: { first } });
  }

  private renderRun(run: ChartsRun): TemplateResult {
    const shown = !this.session.view.hiddenRuns.includes(run.runId);
    const isLookedAt = run.runId === this.session.highlighted;
    return html`<li
      class=${`${shown ? '' : 'off'} ${isLookedAt ? 'nearest' : ''}`}
      @pointerenter=${() => this.look(shown ? run.runId : undefined)}
    >
      <input
        type="checkbox"
        class="run-check run-${run.color}"
        .checked=${shown}
        aria-label=${`Show ${run.name}`}
        title=${shown ? 'Hide this run' : 'Show this run'}
        @change=${() => this.toggle(run.runId, !shown)}
      />
      ${run.dash > 0 ? runSwatch(run.color, run.dash) : nothing}
      <button
        class="run-name"
        title=${`${run.name}: show in the tree`}
        @click=${() => this.session.reveal(run.runId)}
        @focus=${() => this.look(shown ? run.runId : undefined)}
        @blur=${() => this.look(undefined)}
      >
        ${run.name}
      </button>
      <span class="status status-${run.status.toLowerCase()}" role="img" aria-label=${statusText[run.status]} title=${statusText[run.status]}
        >${icons[statusIcon[run.status]]}</span
      >
    </li>`;
  }

  private look(runId: string | undefined): void {
    if (!this.session.crosshair.pinned) this.session.highlight(runId);
  }

  private toggle(runId: string, show: boolean): void {
    const others = this.session.view.hiddenRuns.filter((id) => id !== runId);
    this.session.update({ hiddenRuns: show ? others : [...others, runId] });
  }

  private showAll(show: boolean): void {
    const all = this.session.snapshot?.runs.map(({ runId }) => runId) ?? [];
    this.session.update({ hiddenRuns: show ? [] : all });
  }
}
