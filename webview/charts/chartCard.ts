import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { DrawnChart } from '../../src/shared/protocol/series';
import type { RunCurve } from '../../src/shared/series/runCurves';
import { LightElement } from '../controls/lightElement';
import type { Exportable } from './board/exportable';
import { lineExportable } from './board/lineExportable';
import { cardBody } from './cardBody';
import { CardData, type ChartSource } from './cardData';
import { CardDrawing } from './cardDrawing';
import { cardHead } from './cardHead';
import { cardNotes } from './cardNotes';
import type { CardPlace } from './cardPlace';
import { watchOnScreen } from './onScreen';
import type { Session } from './session';

const tablePage = 100;
/** What decides which points are drawn, and under which name. */
const sourceNames = ['metric', 'expression', 'drawnMetric', 'heading'] as const;

/** One metric or expression of all runs. It fetches and draws only while it is on screen. */
@customElement('flowdeck-chart-card')
export class ChartCard extends LightElement {
  @property({ attribute: false }) session!: Session;
  /** The metric, or what names the expression. */
  @property({ attribute: false }) metric = '';
  @property({ attribute: false }) expression: string | undefined;
  /** Of a chart on the board: the metric, and what the person called it. */
  @property({ attribute: false }) drawnMetric: string | undefined;
  @property({ attribute: false }) heading: string | undefined;
  /** Changes whenever the session did. */
  @property({ attribute: false }) revision = 0;
  /** Where it stands among its section's cards, and where it can be moved to. */
  @property({ attribute: false }) place: CardPlace | undefined;
  @state() private onScreen = false;
  @state() private tableRows = tablePage;
  @query('canvas') private canvas?: HTMLCanvasElement;
  @query('.plot') private plotElement?: HTMLElement;
  @query('.card') private cardElement?: HTMLElement;
  private data: CardData | undefined;
  private hasNotes = false;
  private drawing: CardDrawing | undefined;
  private unwatch: (() => void) | undefined;
  private readonly redraw = () => this.requestUpdate();
  private readonly report = (): DrawnChart =>
    this.data?.drawn() ?? { key: this.metric, badge: '', notes: [], series: [] };

  override connectedCallback(): void {
    super.connectedCallback();
    this.unwatch = watchOnScreen(this, (onScreen) => {
      this.onScreen = onScreen;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unwatch?.();
    this.data?.dispose();
    this.data = undefined;
    this.leaveScreen();
  }

  /** What is saved and copied of it. */
  get exportable(): Exportable | undefined {
    const { data, session, drawing } = this;
    return data && data.curves.length > 0 ? lineExportable(session, data, drawing?.chart) : undefined;
  }

  /** What is written above it. */
  get caption(): string | undefined {
    return this.data?.title;
  }

  /** What is drawn, for exports and for tests. */
  get curves(): readonly RunCurve[] {
    return this.data?.curves ?? [];
  }

  override willUpdate(changed: PropertyValues): void {
    if (!this.data || sourceNames.some((name) => changed.has(name))) {
      this.data?.dispose();
      this.leaveScreen();
      this.data = new CardData(this.session, this.source, this, this.redraw);
    }
    this.data.update(this.onScreen);
  }

  private get source(): ChartSource {
    const { metric: key, drawnMetric: metric, expression, heading: title } = this;
    return {
      key,
      ...(metric === undefined ? {} : { metric }),
      ...(expression === undefined ? {} : { expression }),
      ...(title === undefined ? {} : { title }),
    };
  }

  /** As a viewer of the points: what is seen first is asked for first, from the top left. */
  priority(): number {
    const { top, bottom, left } = this.getBoundingClientRect();
    const away = bottom < 0 ? -bottom : Math.max(0, top - window.innerHeight);
    return away * 1_000 + Math.max(0, top) + left / 10_000;
  }

  joins(): boolean {
    return this.data?.joins === true;
  }

  /** All metrics that are joined are asked for as many points: logged alike, they then have the same steps. */
  budget(): number {
    return this.joins() ? Number.MAX_SAFE_INTEGER : this.clientWidth * window.devicePixelRatio;
  }

  override updated(): void {
    const { data, canvas, plotElement } = this;
    const height = this.isFull ? undefined : data?.settings.own.height;
    if (this.cardElement) this.cardElement.style.height = height === undefined ? '' : `${height}px`;
    if (!this.onScreen || !canvas || !plotElement || !data || data.curves.length === 0) {
      this.leaveScreen();
      return;
    }
    if (this.drawing && this.drawing.chart.canvas !== canvas) this.leaveScreen();
    this.drawing ??= new CardDrawing(canvas, plotElement, this.session, data, () => this.toggleTable());
    this.session.drawn.add(this.report);
    this.drawing.drawSoon();
  }

  private leaveScreen(): void {
    this.session.drawn.delete(this.report);
    this.drawing?.dispose();
    this.drawing = undefined;
  }

  get isFull(): boolean {
    return this.session.full === this.metric;
  }

  private get asTable(): boolean {
    return this.session.view.tables.includes(this.metric);
  }

  private toggleTable(): void {
    const { tables } = this.session.view;
    const next = this.asTable ? tables.filter((key) => key !== this.metric) : [...tables, this.metric];
    this.session.update({ tables: next });
  }

  private toggleFull(): void {
    const { session, metric } = this;
    session.showFull(this.isFull ? undefined : metric);
    // The card is another element afterwards; the focus stays on its button.
    const root = this.closest('flowdeck-charts');
    requestAnimationFrame(() => {
      const card = [...(root?.querySelectorAll<ChartCard>('flowdeck-chart-card') ?? [])].find(
        (other) => other.metric === metric,
      );
      card?.querySelector<HTMLElement>('.full-button')?.focus();
    });
  }

  private keyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !this.isFull || event.defaultPrevented) return;
    event.preventDefault();
    this.toggleFull();
  }

  /** While x is zoomed the line stays where it was, or the plot would jump when the last missing point has come. */
  private renderNotes(data: CardData): TemplateResult | typeof nothing {
    const notes = this.onScreen ? cardNotes(data) : undefined;
    if (this.onScreen) this.hasNotes = notes !== undefined || (this.hasNotes && data.zoom !== undefined);
    return this.hasNotes ? html`<div class="card-notes">${notes ?? nothing}</div>` : nothing;
  }

  override render(): TemplateResult {
    const { data, asTable, isFull, session, place } = this;
    if (!data) return html``;
    const size = isFull ? 'full' : `size-${data.settings.own.size ?? 'small'}`;
    this.className = size;
    const title = data.title;
    return html`<article class="card" aria-label=${title} @keydown=${(event: KeyboardEvent) => this.keyDown(event)}>
      ${cardHead({ session, data, place, asTable, isFull, toggleTable: () => this.toggleTable(), toggleFull: () => this.toggleFull(), exportable: () => this.exportable })}
      ${this.renderNotes(data)}
      <div class="card-body">
        ${
          this.onScreen
            ? cardBody({
                session,
                data,
                asTable,
                tableRows: this.tableRows,
                showMore: () => {
                  this.tableRows += tablePage;
                },
              })
            : nothing
        }
      </div>
      ${isFull ? nothing : html`<flowdeck-card-resizer .session=${session} .chartKey=${this.metric} .own=${data.settings.own.height}></flowdeck-card-resizer>`}
    </article>`;
  }
}
