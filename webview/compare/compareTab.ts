import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { count } from '../../src/shared/series/format';
import { mostChosen } from '../../src/shared/view/runsView';
import { LightElement } from '../controls/lightElement';
import { adoptSheet } from '../controls/styles';
import { controlChecked, controlText, registerControls } from '../controls/toolkit';
import type { Session } from '../runs/session';
import './compareGrid';
import { compareStyles } from './compareStyles';
import { type Comparison, comparisonOf } from './comparison';
import './explainPane';
import { explainStyles } from './explainStyles';
import './reportDialog';
import type { ReportDialog } from './reportDialog';

registerControls();
adoptSheet(compareStyles);
adoptSheet(explainStyles);

const stats = [
  ['last', 'Last'],
  ['min', 'Least'],
  ['max', 'Largest'],
  ['best', 'Best'],
] as const;

/** The comparison of the chosen runs, and what explains a metric over all loaded ones. */
@customElement('flowdeck-compare')
export class CompareTab extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) revision = 0;

  private get comparison(): Comparison {
    return comparisonOf(this.session);
  }

  override render(): TemplateResult {
    const { pane } = this.comparison.view;
    return html`<div class="toolbar compare-bar" role="toolbar" aria-label="Comparison">
        <div class="segments" role="radiogroup" aria-label="What is shown">
          ${this.renderPane('runs', 'Side by side')} ${this.renderPane('explain', 'What explains a metric')}
        </div>
        ${pane === 'runs' ? this.renderRunsBar() : nothing}
      </div>
      ${pane === 'runs' ? this.renderRuns() : this.renderExplain()}
      <flowdeck-report-dialog .comparison=${this.comparison}></flowdeck-report-dialog>`;
  }

  override updated(): void {
    this.comparison.load();
    // The toolkit names a text field "Text field" once it is on the page; until then a name of its own would be lost.
    this.querySelector('.compare-bar .search')?.setAttribute('aria-label', 'Search keys');
  }

  private renderPane(pane: 'runs' | 'explain', title: string): TemplateResult {
    return html`<label
      ><input
        type="radio"
        name="compare-pane"
        value=${pane}
        .checked=${this.comparison.view.pane === pane}
        @change=${() => this.comparison.update({ pane })}
      /><span>${title}</span></label
    >`;
  }

  private renderRunsBar(): TemplateResult {
    const { comparison } = this;
    const { view } = comparison;
    const change = (event: Event) =>
      comparison.update({ stat: stats.find(([stat]) => stat === controlText(event))?.[0] ?? 'last' });
    return html`<vscode-text-field
        class="search"
        placeholder="Search keys"
        .value=${view.search}
        @input=${(event: Event) => comparison.update({ search: controlText(event) })}
      ></vscode-text-field>
      <vscode-checkbox
        .checked=${view.onlyDifferences}
        @change=${(event: Event) => comparison.update({ onlyDifferences: controlChecked(event) })}
        >Only differences</vscode-checkbox
      >
      <label class="pick" title="Which value of a metric's history is compared"
        >Metrics
        <select @change=${change}>
          ${stats.map(([stat, title]) => html`<option value=${stat} .selected=${view.stat === stat}>${title}</option>`)}
        </select></label
      >
      <span class="spring"></span>
      <button class="button secondary" ?disabled=${this.session.chosen.length < 2} @click=${() => this.openReport()}>
        Report…
      </button>`;
  }

  private openReport(): void {
    this.querySelector<ReportDialog>('flowdeck-report-dialog')?.open();
  }

  private renderRuns(): TemplateResult {
    const { session, comparison, revision } = this;
    if (session.loader.edition === 0) return this.renderLoading();
    const { shown } = comparison;
    if (shown.runIds.length < 2)
      return session.awaitsChosen ? this.renderLoading() : this.renderEmpty(shown.runIds.length);
    void session.colors.want(shown.runIds);
    const { search, onlyDifferences } = comparison.view;
    const rows = shown.lines.reduce((sum, { kind }) => sum + (kind === 'row' ? 1 : 0), 0);
    const isLess =
      (search !== '' || onlyDifferences) && !comparison.environments.loading && !comparison.artifacts.loading;
    const news = isLess ? `${count(rows)} ${rows === 1 ? 'row' : 'rows'} in open sections` : '';
    return html`<span class="visually-hidden" role="status">${news}</span><flowdeck-compare-grid .comparison=${comparison} .shown=${shown} .revision=${revision}></flowdeck-compare-grid>`;
  }

  private renderExplain(): TemplateResult {
    if (this.session.loader.edition === 0) return this.renderLoading();
    return html`<flowdeck-explain .comparison=${this.comparison} .revision=${this.revision}></flowdeck-explain>`;
  }

  private renderEmpty(chosen: number): TemplateResult {
    const { loader, view } = this.session;
    const ids = 'runIds' in view.chosen ? view.chosen.runIds : [];
    const none = ids.some((runId) => loader.isAbsent(runId))
      ? 'The runs that were chosen are no longer on the server.'
      : 'No runs are chosen.';
    const one = chosen === 1 ? 'One run is chosen; a comparison takes two.' : none;
    const how =
      loader.order.length < 2
        ? 'There are fewer than two runs here. Change the filter in the table, or open an experiment with more runs.'
        : `Check the boxes of two to ${mostChosen} runs in the table: they then stand side by side here.`;
    return html`<div class="compare-empty">
      <h1>${one}</h1>
      <p>${how}</p>
      <button class="button" data-begin @click=${() => this.session.update({ tab: 'table' })}>Go to the table</button>
    </div>`;
  }

  private renderLoading(): TemplateResult {
    return this.session.loader.problem
      ? html``
      : html`<div class="compare-empty reading" role="status">Loading runs…</div>`;
  }
}
