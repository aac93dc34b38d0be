import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { shortId } from '../../src/shared/commitId';
import { inOrder } from '../../src/shared/compare/keyOrder';
import { buildReport, type ReportRun } from '../../src/shared/compare/report';
import { type OfferedChart, offeredCharts, tickedAtFirst } from '../../src/shared/compare/reportCharts';
import type { ReportImage, RunLinks } from '../../src/shared/protocol/compare';
import { count } from '../../src/shared/series/format';
import { LightElement } from '../controls/lightElement';
import type { Comparison } from './comparison';

/** Charts that are ticked where the person made none, that are offered at once, and that are drawn at all. */
const fewTicked = 4;
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
  private closing = new AbortController();

  open(): void {
    const { compared } = this.comparison.shown;
    this.reportTitle = `${this.comparison.session.snapshot?.title ?? 'Runs'}: comparison of ${compared.rows.length} runs`;
    this.ticked = tickedAtFirst(this.charts, mostDrawn, fewTicked);
    this.search = '';
    this.said = '';
    this.shown = true;
    this.closing = new AbortController();
    void this.updateComplete.then(() => this.querySelector('dialog')?.showModal());
  }

  private closed(): void {
    this.shown = false;
    this.closing.abort();
  }

  /** Metrics with a course: one that has a step beyond the first. */
  private get metrics(): readonly string[] {
    const { table, rows } = this.comparison.shown.compared;
    return inOrder(table.metricKeys.filter((key) => rows.some((row) => (table.metric(key)?.steps.get(row) ?? 0) > 0)));
  }

  /** As they are in the Charts tab. */
  private get charts(): readonly OfferedChart[] {
    return offeredCharts(this.comparison.session.view.charts, this.metrics);
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.shown) return nothing;
    const { onlyDifferences } = this.comparison.view;
    return html`<dialog class="report" aria-labelledby="report-title" @close=${() => this.closed()}>
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
        ${this.renderCharts()}
        <p class="said" role="status">${this.said}</p>
        <div class="buttons">
          <button type="button" class="button secondary" @click=${() => this.querySelector('dialog')?.close()}>Cancel</button>
          <button type="button" class="button secondary" aria-disabled=${this.working} @click=${() => void this.copy()}>Copy as Markdown</button>
          <button type="button" class="button" aria-disabled=${this.working} @click=${() => void this.save()}>Save…</button>
        </div>
      </form>
    </dialog>`;
  }

  private renderCharts(): TemplateResult | typeof nothing {
    const { charts } = this;
    if (charts.length === 0) return nothing;
    const search = this.search.toLowerCase();
    const found = charts.filter(({ title }) => title.toLowerCase().includes(search));
    const isFull = this.ticked.size >= mostDrawn;
    const box = ({ id, title }: OfferedChart) =>
      html`<li><label><input type="checkbox" .checked=${this.ticked.has(id)} ?disabled=${isFull && !this.ticked.has(id)} @change=${() => this.tick(id)} />${title}</label></li>`;
    return html`<fieldset>
      <legend>Charts as in the Charts tab, saved beside the report (${count(this.ticked.size)} of ${count(charts.length)}${isFull ? ', no more at once' : ''})</legend>
      ${
        charts.length > 12
          ? html`<input type="search" aria-label="Search charts" placeholder="Search charts" .value=${this.search} @input=${(
              event: Event,
            ) => {
              this.search = inputText(event);
            }} />`
          : nothing
      }
      <ul class="metrics">
        ${found.slice(0, mostOffered).map(box)}
      </ul>
      ${found.length > mostOffered ? html`<p>${count(mostOffered)} of ${count(found.length)} charts: search for others.</p>` : nothing}
    </fieldset>`;
  }

  private tick(id: string): void {
    const ticked = new Set(this.ticked);
    if (!ticked.delete(id)) ticked.add(id);
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
    if (this.working) return;
    this.working = true;
    const { signal } = this.closing;
    try {
      await work();
    } catch (error) {
      if (!signal.aborted) this.said = error instanceof Error ? error.message : String(error);
    } finally {
      this.working = false;
    }
  }

  private async markdown(): Promise<string> {
    const { comparison } = this;
    const tell = (what: string) => {
      this.said = what;
    };
    const unread = await comparison.readAll(tell, this.closing.signal);
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
      unread,
      sections: Object.fromEntries(
        open.map(([section, { rows }]) => [section, rows.filter(({ artifact }) => !artifact?.isFolder)]),
      ),
      better: session.view.better,
    });
  }

  /** Drawn one after the other: the code for that is read on the first report. */
  private async pictures(): Promise<readonly ReportImage[]> {
    const wanted = this.charts.filter(({ id }) => this.ticked.has(id));
    if (wanted.length === 0) return [];
    const { chartPng } = await import('../charts/reportPictures');
    const images: ReportImage[] = [];
    for (const [at, chart] of wanted.entries()) {
      const { title } = chart;
      this.said = `Drawing ${title} (${at + 1} of ${wanted.length})`;
      const bytes = await chartPng(this.comparison.session, chart);
      if (!bytes) throw new Error(`${title} shows nothing: untick it, or set it up in the Charts tab.`);
      images.push({ name: title, title, bytes });
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
