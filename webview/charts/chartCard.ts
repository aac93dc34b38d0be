import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { DrawnChart } from '../../src/shared/protocol/series';
import { extent, stepsWithin } from '../../src/shared/series/axis';
import { badgeText, notesOf, unshownOf } from '../../src/shared/series/honesty';
import { icons } from '../controls/icons';
import { LightElement } from '../controls/lightElement';
import { chartColors } from '../controls/theme';
import { dataTable } from './dataTable';
import { cancelDraw, drawSoon } from './drawQueue';
import { LineChart } from './lineChart';
import type { MetricStore } from './metricStore';
import { watchOnScreen } from './onScreen';
import { curvesOf, type RunCurve, summaryOf } from './plot';
import { PlotPointer } from './plotPointer';
import type { Session } from './session';

const tablePage = 100;

/** One metric of all runs. It fetches and draws only while it is on screen. */
@customElement('flowdeck-chart-card')
export class ChartCard extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) metric = '';
  /** Changes whenever the session did. */
  @property({ attribute: false }) revision = 0;
  @state() private onScreen = false;
  @state() private tableRows = tablePage;
  @query('canvas') private canvas?: HTMLCanvasElement;
  @query('.plot') private plotElement?: HTMLElement;
  private store: MetricStore | undefined;
  private chart: LineChart | undefined;
  private pointer: PlotPointer | undefined;
  private curves: readonly RunCurve[] = [];
  private unwatch: (() => void) | undefined;
  private readonly redraw = () => this.requestUpdate();
  private readonly report = () => this.drawn();

  override connectedCallback(): void {
    super.connectedCallback();
    this.unwatch = watchOnScreen(this, (onScreen) => {
      this.onScreen = onScreen;
    });
    this.useStore();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unwatch?.();
    this.store?.removeEventListener('change', this.redraw);
    this.store = undefined;
    this.leaveScreen();
  }

  private useStore(): void {
    const store = this.session.metric(this.metric);
    if (store === this.store) return;
    this.store?.removeEventListener('change', this.redraw);
    this.store = store;
    store.addEventListener('change', this.redraw);
  }

  override willUpdate(changed: PropertyValues): void {
    this.useStore();
    if (!this.onScreen) return;
    if (changed.has('revision') || changed.has('onScreen') || changed.has('metric'))
      void this.store?.sync(this.session.snapshot?.runs ?? []);
    const { view, shownRuns } = this.session;
    this.curves = curvesOf(this.store?.blocks(view.zoom !== undefined) ?? [], shownRuns, view);
  }

  override updated(): void {
    if (!this.onScreen || !this.canvas || this.curves.length === 0) {
      this.leaveScreen();
      return;
    }
    this.session.drawn.add(this.report);
    drawSoon(this, () => this.drawPlot());
  }

  private drawPlot(): void {
    const { canvas, plotElement } = this;
    if (!canvas?.isConnected || !plotElement) return;
    if (!this.chart) {
      this.chart = new LineChart(canvas, () => this.pointer?.place());
      this.pointer = new PlotPointer(plotElement, this.chart, this.session, this.metric, {
        curves: () => this.curves,
        toggleTable: () => this.toggleTable(),
      });
    }
    const { view } = this.session;
    const interval = view.zoom ?? extent(this.curves);
    if (!interval) return;
    this.chart.draw({ curves: this.curves, interval, axis: view.axis, logY: view.logY }, chartColors());
    this.pointer?.place();
    this.askForDetail();
  }

  /** A sampled curve that is looked at closely is fetched point by point. */
  private askForDetail(): void {
    const { zoom } = this.session.view;
    if (!zoom || !this.curves.some(({ sampled }) => sampled)) return;
    const steps = stepsWithin(this.curves, zoom.min, zoom.max);
    if (steps) void this.store?.loadDetail(steps.startStep, steps.endStep);
  }

  private leaveScreen(): void {
    cancelDraw(this);
    this.session.drawn.delete(this.report);
    this.pointer?.dispose();
    this.chart?.destroy();
    this.pointer = undefined;
    this.chart = undefined;
  }

  private drawn(): DrawnChart {
    return {
      key: this.metric,
      badge: this.badge(),
      notes: this.notes(),
      series: this.curves.map(({ runId, x, y }) => ({
        runId,
        points: y.length,
        lastValue: String(y[y.length - 1]),
        lastX: x[x.length - 1] ?? 0,
      })),
    };
  }

  private badge(): string {
    const shown = this.curves.map(({ runId, y, sampled }) => ({ runId, points: y.length, sampled }));
    return badgeText(shown, this.store?.counts ?? new Map());
  }

  private notes(): string[] {
    const values = this.curves.map(({ y }) => y);
    return notesOf(unshownOf(values, this.session.view.logY));
  }

  private get asTable(): boolean {
    return this.session.view.tables.includes(this.metric);
  }

  private toggleTable(): void {
    const { tables } = this.session.view;
    const next = this.asTable ? tables.filter((key) => key !== this.metric) : [...tables, this.metric];
    this.session.update({ tables: next });
  }

  override render(): TemplateResult {
    return html`<article class="card">
      <header class="card-head">
        <h3 title=${this.metric}>${this.metric}</h3>
        ${this.onScreen ? this.renderNotes() : nothing}
        <button
          class="icon-button"
          title=${this.asTable ? 'Show as chart' : 'Show as table'}
          aria-label=${`${this.asTable ? 'Show as chart' : 'Show as table'}: ${this.metric}`}
          aria-pressed=${this.asTable}
          @click=${() => this.toggleTable()}
        >${this.asTable ? icons.chart : icons.table}</button>
      </header>
      <div class="card-body">${this.onScreen ? this.renderBody() : nothing}</div>
    </article>`;
  }

  private renderNotes(): TemplateResult {
    const badge = this.badge();
    const runs = this.session.snapshot?.runs ?? [];
    return html`${this.notes().map((note) => html`<span class="note">${note}</span>`)}
      ${
        badge === ''
          ? nothing
          : html`<button
              class="badge"
              title="The server chose these points. Load every point"
              aria-label=${`${badge}. Load every point`}
              ?disabled=${this.store?.loading ?? false}
              @click=${() => void this.store?.load(runs, true)}
            >${badge}</button>`
      }`;
  }

  private renderBody(): TemplateResult {
    const { error, loaded, loading } = this.store ?? {};
    if (error && !loaded) return this.renderError(error.message, error.advice);
    if (!loaded && loading !== undefined) return html`<div class="skeleton" role="status" aria-label="Loading"></div>`;
    if (this.curves.length === 0) return html`<p class="quiet">No shown run has logged this metric.</p>`;
    const { view } = this.session;
    return html`${error ? this.renderError(error.message, error.advice) : nothing}
      ${
        this.asTable
          ? dataTable(this.metric, this.curves, view, this.tableRows, () => {
              this.tableRows += tablePage;
            })
          : html`<div
              class="plot"
              tabindex="0"
              role="application"
              aria-roledescription="line chart"
              aria-label=${`${summaryOf(this.metric, this.curves, view.axis)}. Arrow keys read values, Enter shows a table.`}
            >
              <canvas aria-hidden="true"></canvas>
              <div class="crosshair" hidden></div>
              <div class="selection" hidden></div>
            </div>`
      }`;
  }

  private renderError(message: string, advice: string | undefined): TemplateResult {
    return html`<div class="problem" role="alert">
      <p>${message}${/[.!?]$/.test(message) ? '' : '.'} ${advice ?? ''}</p>
      <vscode-button appearance="secondary" @click=${() => void this.store?.load(this.session.snapshot?.runs ?? [])}
        >Retry</vscode-button
      >
    </div>`;
  }
}
