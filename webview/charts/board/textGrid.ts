import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { runs as runsText } from '../../../src/shared/charts/columnData';
import { loggedTable } from '../../../src/shared/charts/loggedTable';
import { runName } from '../../../src/shared/charts/runRows';
import { naturalCompare } from '../../../src/shared/naturalCompare';
import { count } from '../../../src/shared/series/format';
import type { ChartDefinition } from '../../../src/shared/view/chartDefinition';
import { LightElement } from '../../controls/lightElement';
import type { Session } from '../../runs/session';
import { type ArtifactCache, type LoadedText, textCache } from './artifactCache';
import { ArtifactFinder, mostSideBySide } from './artifactFinder';

const mostFiles = 12;
const mostRows = 50;
/** A text that holds these is none. */
const binary = /\0/;

/** Texts and tables that runs logged, side by side: a column for each run, a row for each file. */
@customElement('flowdeck-text-grid')
export class TextGrid extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) chart!: ChartDefinition;
  @property({ attribute: false }) revision = 0;
  private finder: ArtifactFinder | undefined;
  private texts: ArtifactCache<LoadedText> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.finder = new ArtifactFinder(this.session, () => this.requestUpdate());
    this.texts = textCache(this.session.rpc, () => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.finder?.dispose();
    this.texts?.dispose();
  }

  override willUpdate(): void {
    this.finder?.sync(this.chart);
  }

  override render(): TemplateResult {
    const { finder, chart } = this;
    if (chart.path === undefined) return html`<p class="quiet nothing">Edit the chart to say which artifacts.</p>`;
    if (finder?.problem !== undefined)
      return html`<div class="problem" role="alert"><p>${finder.problem}</p>
        <button class="button secondary" @click=${() => this.finder?.retry(this.chart)}>Retry</button></div>`;
    if (!finder?.found) return html`<div class="skeleton" role="status" aria-label="Looking for artifacts"></div>`;
    const runs = finder.found.filter(({ paths }) => paths.length > 0);
    const paths = [...new Set(runs.flatMap((run) => run.paths))].sort(naturalCompare);
    if (paths.length === 0)
      return html`<p class="quiet nothing">No artifact of these runs matches “${chart.path}”.</p>`;
    return html`<div class="grid-scroll" tabindex="0" role="region" aria-label="Texts">
        <table class="text-grid">
          <thead><tr>${runs.map(({ runId }) => this.renderHead(runId))}</tr></thead>
          <tbody>${paths.slice(0, mostFiles).map((path) => html`<tr>${runs.map((run) => html`<td>${run.paths.includes(path) ? this.renderFile(run.runId, path) : html`<span class="quiet">no ${path}</span>`}</td>`)}</tr>`)}</tbody>
        </table>
      </div>
      ${this.renderNotes(paths.length, finder.found.length - runs.length)}`;
  }

  private renderHead(runId: string): TemplateResult {
    const { table, colors } = this.session;
    const row = table.rowOf(runId);
    return html`<th scope="col"><span class="swatch run-${colors.of(runId)}"></span>${row === undefined ? runId : runName(table, row)}</th>`;
  }

  private renderFile(runId: string, path: string): TemplateResult {
    const loaded = this.texts?.get(runId, path) ?? { kind: 'loading' };
    if (loaded.kind === 'loading')
      return html`<div class="text-box skeleton" role="status" aria-label="Loading"></div>`;
    if (loaded.kind === 'failed') return html`<p class="is-error">${path}: ${loaded.message}</p>`;
    const { text, cut } = loaded.value;
    return html`<div class="path" title=${path}>${path}</div>
      ${binary.test(text) ? html`<p class="quiet">This is no text.</p>` : content(path, text, cut)}
      ${cut ? html`<p class="quiet">The first 200 kB.</p>` : nothing}`;
  }

  private renderNotes(files: number, without: number): TemplateResult | typeof nothing {
    const total = this.finder?.total ?? 0;
    const notes = [
      ...(total > mostSideBySide ? [`first ${mostSideBySide} of ${runsText(total)}`] : []),
      ...(without > 0 ? [`${runsText(without)} without`] : []),
      ...(files > mostFiles ? [`${mostFiles} of ${count(files)} files`] : []),
    ];
    return notes.length > 0 ? html`<p class="quiet grid-notes">${notes.join(' · ')}</p>` : nothing;
  }
}

/** A table where it is one and all of it is here; else the text as it is. */
function content(path: string, text: string, cut: boolean): TemplateResult {
  const table = cut && /\.json$/i.test(path) ? undefined : loggedTable(path, text);
  if (!table) return html`<pre class="text-box">${text}</pre>`;
  return html`<table class="logged-table">
      <thead><tr>${table.columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
      <tbody>${table.rows.slice(0, mostRows).map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
    </table>
    ${table.rows.length > mostRows ? html`<p class="quiet">${mostRows} of ${count(table.rows.length)}${cut ? '+' : ''} rows</p>` : nothing}`;
}
