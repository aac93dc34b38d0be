import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { shortId } from '../../src/shared/commitId';
import { inOrder } from '../../src/shared/compare/keyOrder';
import { buildReport, type ReportRun } from '../../src/shared/compare/report';
import type { ReportImage, RunLinks } from '../../src/shared/protocol/compare';
import { count } from '../../src/shared/series/format';
import { unpackSeries } from '../../src/shared/series/packing';
import { LightElement } from '../controls/lightElement';
import type { Comparison } from './comparison';

/** Metrics that are ticked at first, offered at once, and drawn at all. */
const tickedAtFirst = 4;
const mostOffered = 100;
const mostDrawn = 20;
/** Characters of a description on GitHub. */
const longestDescription = 65_536;

/** Makes a Markdown report of the comparison: copied, or saved with pictures of metrics. */
@customElement('flowdeck-report-dialog')
export class ReportDialog extends LightElement {
  @property({ attribute: false }) comparison!: Comparison;
  @state() private shown = false;
  @state() private reportTitle = '';
  @state() private search = '';
  @state() private ticked: ReadonlySet<string> = new Set();
  @state() private said = '';
  @state() private working = false;

  open(): void {
    const { compared } = this.comparison.shown;
    this.reportTitle = `${this.comparison.session.snapshot?.title ?? 'Runs'}: comparison of ${compared.rows.length} runs`;
    this.ticked = new Set(this.metrics.slice(0, tickedAtFirst));
    this.search = '';
    this.said = '';
    this.shown = true;
    void this.updateComplete.then(() => this.querySelector('dialog')?.showModal());
  }

  /** Metrics with a course: one that has a step beyond the first. */
  private get metrics(): readonly string[] {
    const { table, rows } = this.comparison.shown.compared;
    return inOrder(table.metricKeys.filter((key) => rows.some((row) => (table.metric(key)?.steps.get(row) ?? 0) > 0)));
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.shown) return nothing;
    const { onlyDifferences } = this.comparison.view;
    return html`<dialog class="report" aria-labelledby="report-title" @close=${() => {
      this.shown = false;
    }}>
      <form method="dialog" @submit=${(event: Event) => event.preventDefault()}>
        <h2 id="report-title">Report of this comparison</h2>
        <p>
          Markdown for a pull request: all sections that are open${onlyDifferences ? ', only what differs' : ''}${this.comparison.shown.compared.hasBaseline ? ', with differences to the baseline' : ''}.
        </p>
        <label class="field">Title
          <input type="text" .value=${this.reportTitle} maxlength="200" @input=${(event: Event) => {
            this.reportTitle = inputText(event);
          }} />
        </label>
        ${this.renderMetrics()}
        <p class="said" role="status">${this.said}</p>
        <div class="buttons">
          <button type="button" class="button secondary" @click=${() => this.querySelector('dialog')?.close()}>Cancel</button>
          <button type="button" class="button secondary" ?disabled=${this.working} @click=${() => void this.copy()}>Copy as Markdown</button>
          <button type="button" class="button" ?disabled=${this.working} @click=${() => void this.save()}>Save…</button>
        </div>
      </form>
    </dialog>`;
  }

  private renderMetrics(): TemplateResult | typeof nothing {
    const { metrics } = this;
    if (metrics.length === 0) return nothing;
    const search = this.search.toLowerCase();
    const found = metrics.filter((key) => key.toLowerCase().includes(search));
    return html`<fieldset>
      <legend>Charts, saved beside the report (${count(this.ticked.size)} of ${count(metrics.length)})</legend>
      ${
        metrics.length > 12
          ? html`<input type="search" aria-label="Search charts" placeholder="Search metrics" .value=${this.search} @input=${(
              event: Event,
            ) => {
              this.search = inputText(event);
            }} />`
          : nothing
      }
      <ul class="metrics">
        ${found.slice(0, mostOffered).map((key) => html`<li><label><input type="checkbox" .checked=${this.ticked.has(key)} ?disabled=${!this.ticked.has(key) && this.ticked.size >= mostDrawn} @change=${() => this.tick(key)} />${key}</label></li>`)}
      </ul>
      ${found.length > mostOffered ? html`<p>${count(mostOffered)} of ${count(found.length)} metrics: search for others.</p>` : nothing}
    </fieldset>`;
  }

  private tick(key: string): void {
    const ticked = new Set(this.ticked);
    if (!ticked.delete(key)) ticked.add(key);
    this.ticked = ticked;
  }

  private async copy(): Promise<void> {
    await this.attempt(async () => {
      const text = await this.markdown();
      await this.comparison.session.rpc.call('copy', { text });
      const long =
        text.length > longestDescription ? ' That is more than a description on GitHub may have (65,536).' : '';
      this.said = `Copied: ${count(text.length)} characters.${long}`;
    });
  }

  private async save(): Promise<void> {
    await this.attempt(async () => {
      const [markdown, images] = [await this.markdown(), await this.pictures()];
      this.said = '';
      const { saved } = await this.comparison.session.rpc.call('saveReport', {
        name: this.reportTitle || 'comparison',
        markdown,
        images,
      });
      if (saved) this.querySelector('dialog')?.close();
    });
  }

  /** Says what failed, in the dialog. */
  private async attempt(work: () => Promise<void>): Promise<void> {
    this.working = true;
    try {
      await work();
    } catch (error) {
      this.said = error instanceof Error ? error.message : String(error);
    } finally {
      this.working = false;
    }
  }

  private async markdown(): Promise<string> {
    const { comparison } = this;
    const { shown, session, view } = comparison;
    const { runIds, compared, sections } = shown;
    const links = await session.rpc.call('reportLinks', { runIds });
    const open = Object.entries(sections).filter(([section]) => !view.closed.includes(section));
    return buildReport({
      title: this.reportTitle || 'Comparison',
      serverUri: session.snapshot?.serverUri ?? '',
      at: Date.now(),
      runs: compared.rows.map((row, at) => reportRun(compared.table.head(row), links[at])),
      hasBaseline: compared.hasBaseline,
      onlyDifferences: view.onlyDifferences,
      sections: Object.fromEntries(
        open.map(([section, { rows }]) => [section, rows.filter(({ artifact }) => !artifact?.isFolder)]),
      ),
      better: session.view.better,
    });
  }

  /** Drawn one after the other: the code for that is read on the first report. */
  private async pictures(): Promise<readonly ReportImage[]> {
    const { session, shown } = this.comparison;
    const { table, rows } = shown.compared;
    const keys = this.metrics.filter((key) => this.ticked.has(key));
    if (keys.length === 0) return [];
    const { metricPicture } = await import('./reportChart');
    const images: ReportImage[] = [];
    for (const key of keys) {
      this.said = `Drawing ${key} (${images.length + 1} of ${keys.length})`;
      const having = rows.filter((row) => table.metric(key)?.last.has(row)).map((row) => table.head(row));
      const { series } = await session.rpc.call('series', { key, runIds: having.map(({ runId }) => runId) });
      const runs = having.map(({ runId, name }) => ({ runId, name, color: session.colors.of(runId) }));
      images.push({
        name: key,
        title: `${key} by step`,
        bytes: await metricPicture(key, series.map(unpackSeries), runs),
      });
    }
    return images;
  }
}

function reportRun(
  { name, commit }: { readonly name: string; readonly commit?: string },
  links: RunLinks | undefined,
): ReportRun {
  return {
    name,
    ...(links ? { url: links.run } : {}),
    ...(commit === undefined ? {} : { commit: shortId(commit) }),
    ...(links?.commit === undefined ? {} : { commitUrl: links.commit }),
  };
}

const inputText = ({ target }: Event) => (target instanceof HTMLInputElement ? target.value : '');
