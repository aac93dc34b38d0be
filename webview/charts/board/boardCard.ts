import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type Brush, withBrush } from '../../../src/shared/charts/brush';
import { columnsOf, historiesOf, kindTitle } from '../../../src/shared/charts/chartSettings';
import { RemoteError } from '../../../src/shared/rpc';
import type { ColumnId } from '../../../src/shared/runs/column';
import { type ChartDefinition, chartSizes } from '../../../src/shared/view/chartDefinition';
import { icons } from '../../controls/icons';
import { LightElement } from '../../controls/lightElement';
import { onThemeChange } from '../../controls/theme';
import type { Session } from '../../runs/session';
import { isParallel } from '../kinds/parallelPicture';
import type { Picture } from '../kinds/picture';
import { watchOnScreen } from '../onScreen';
import { boardIcons } from './boardIcons';
import './brushBar';
import { chartExports, copyDefinition, saveDefinition } from './chartExports';
import type { ChartHistories, ChartProgress } from './chartHistories';
import { type Exportable, pictureExportable } from './exportable';
import './exportMenu';
import type { ExportAction } from './exportMenu';
import { betterQuestion, historyBar } from './historyBar';
import './imageGrid';
import type { ImageGrid } from './imageGrid';
import './menuButton';
import type { MenuItem } from './menuButton';
import { PictureSource } from './pictureSource';
import './pictureView';
import { tableView } from './tableView';
import './textGrid';
import type { TextGrid } from './textGrid';

const tablePage = 100;
const sizeNames = { small: 'One Column', wide: 'Two Columns', large: 'Whole Width' } as const;

/** What a card asks of the board. */
export interface CardActions {
  edit(): void;
  duplicate(): void;
  remove(): void;
  move(by: number): void;
  change(change: Partial<ChartDefinition>): void;
  fill(on: boolean): void;
}

/** One chart that the person made: head, picture or table, notes. It is made only while it is near the screen. */
@customElement('flowdeck-board-card')
export class BoardCard extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) chart!: ChartDefinition;
  @property({ attribute: false }) actions!: CardActions;
  @property({ attribute: false }) histories!: ChartHistories;
  /** It fills the page. */
  @property({ attribute: false }) full = false;
  /** Changes whenever the session did. */
  @property({ attribute: false }) revision = 0;
  @state() private onScreen = false;
  @state() private tableRows = tablePage;
  @state() private theme = 0;
  private source: PictureSource | undefined;
  private unwatch: (() => void) | undefined;
  private themeWatch: { dispose(): void } | undefined;
  private readonly mark = () => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    this.source = new PictureSource(this.session, () => this.requestUpdate());
    this.unwatch = watchOnScreen(this, (onScreen) => {
      this.onScreen = onScreen;
    });
    this.session.addEventListener('highlight', this.mark);
    this.themeWatch = onThemeChange(() => {
      this.theme++;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.histories.release(this.chart.id);
    this.unwatch?.();
    this.themeWatch?.dispose();
    this.session.removeEventListener('highlight', this.mark);
  }

  /** The run that is pointed at, by row of the table. */
  private get marked(): number | undefined {
    const { highlighted, table } = this.session;
    return highlighted === undefined ? undefined : table.rowOf(highlighted);
  }

  private get picture(): Picture | undefined {
    const { kind } = this.chart;
    return kind === 'line' || kind === 'images' || kind === 'text'
      ? undefined
      : this.source?.picture(this.chart, this.theme);
  }

  /** Asks for the histories that the picture is made of. */
  private progressOf(picture: Picture | undefined): ChartProgress | undefined {
    const { histories, chart, source, session } = this;
    const keys = picture ? historiesOf(chart) : [];
    const rows = source?.rows ?? [];
    const base =
      chart.kind === 'difference'
        ? session.table.rowOf(chart.baseline ?? session.view.compare.baseline ?? '')
        : undefined;
    return histories.want(chart.id, base === undefined || rows.includes(base) ? rows : [base, ...rows], keys);
  }

  private titleOf(picture: Picture | undefined): string {
    return this.chart.title ?? picture?.title ?? this.chart.path ?? kindTitle(this.chart.kind);
  }

  override render(): TemplateResult {
    const picture = this.onScreen ? this.picture : undefined;
    const title = this.titleOf(picture);
    const isPicture = this.chart.kind !== 'images' && this.chart.kind !== 'text';
    return html`<article class="card" aria-label=${title}>
      <header class="card-head">
        <h3 title=${title}>${title}</h3>
        ${isPicture ? this.renderTableButton(title) : nothing}
        <flowdeck-export-menu .rpc=${this.session.rpc} .name=${title} .actions=${() => this.exportActions}></flowdeck-export-menu>
        ${this.full ? this.renderLeave() : nothing}
        <flowdeck-menu-button .label=${`More: ${title}`} .icon=${boardIcons.more} .items=${() => this.items()}></flowdeck-menu-button>
      </header>
      <div class="card-body">${this.onScreen ? this.renderBody(picture, title) : nothing}</div>
    </article>`;
  }

  private renderTableButton(title: string): TemplateResult {
    const text = this.asTable ? 'Show as chart' : 'Show as table';
    return html`<button
      class="icon-button"
      title=${text}
      aria-label=${`${text}: ${title}`}
      aria-pressed=${this.asTable}
      @click=${() => this.toggleTable()}
    >${this.asTable ? icons.chart : icons.table}</button>`;
  }

  private renderLeave(): TemplateResult {
    return html`<button class="icon-button" title="Leave full screen (Escape)" aria-label="Leave full screen" @click=${() => this.actions.fill(false)}>${boardIcons.leave}</button>`;
  }

  /** Beside the metrics that are shown as a table, which may be called anything. */
  private get tableKey(): string {
    return `board ${this.chart.id}`;
  }

  private get asTable(): boolean {
    return this.session.view.charts.tables.includes(this.tableKey);
  }

  private toggleTable(): void {
    const { charts } = this.session.view;
    const { tableKey } = this;
    const tables = this.asTable ? charts.tables.filter((key) => key !== tableKey) : [...charts.tables, tableKey];
    this.session.update({ charts: { ...charts, tables } });
  }

  private items(): readonly MenuItem[] {
    const { actions, chart } = this;
    return [
      { label: 'Edit…', run: () => actions.edit() },
      { label: 'Duplicate', run: () => actions.duplicate() },
      { label: this.full ? 'Leave Full Screen' : 'Full Screen', run: () => actions.fill(!this.full) },
      ...chartSizes.map((size, at) => ({
        label: sizeNames[size],
        checked: chart.size === size,
        first: at === 0,
        run: () => actions.change({ size }),
      })),
      { label: 'Move Left', first: true, run: () => actions.move(-1) },
      { label: 'Move Right', run: () => actions.move(1) },
      { label: 'Remove', first: true, run: () => actions.remove() },
    ];
  }

  private renderBody(picture: Picture | undefined, title: string): TemplateResult {
    const { session, chart } = this;
    if (chart.kind === 'images')
      return html`<flowdeck-image-grid .session=${session} .chart=${chart} .full=${this.full} .revision=${this.revision}></flowdeck-image-grid>`;
    if (chart.kind === 'text')
      return html`<flowdeck-text-grid .session=${session} .chart=${chart} .full=${this.full} .revision=${this.revision}></flowdeck-text-grid>`;
    if (!picture || session.loader.edition === 0)
      return html`<div class="skeleton" role="status" aria-label="Loading"></div>`;
    const progress = this.progressOf(picture);
    const question = betterQuestion(session, columnsOf(chart));
    const bars = html`${historyBar(this.histories, chart.id, progress)}${question ?? nothing}`;
    if (picture.problem !== undefined)
      return question
        ? html`<div class="nothing">${bars}</div>`
        : html`${this.renderProblem(picture.problem)}${renderNotes(picture)}${bars}`;
    if (this.asTable)
      return tableView(title, picture.table, this.tableRows, () => {
        this.tableRows += tablePage;
      });
    return html`<flowdeck-picture
        .picture=${picture}
        .marked=${this.marked}
        .reveal=${(row: number) => void this.reveal(row)}
        .point=${(row: number | undefined) => session.highlight(row === undefined ? undefined : session.table.head(row).runId)}
        .brush=${(column: ColumnId, brush: Brush | undefined) => this.brush(column, brush)}
      ></flowdeck-picture>
      ${picture.legend.length > 0 ? renderLegend(picture) : nothing} ${renderNotes(picture)}${bars}
      ${
        isParallel(picture)
          ? html`<flowdeck-brush-bar
              .columns=${picture.data.axes.map(({ column }) => column)}
              .filter=${session.view.filter}
              .brush=${(column: ColumnId, brush: Brush | undefined) => this.brush(column, brush)}
            ></flowdeck-brush-bar>`
          : nothing
      }`;
  }

  private renderProblem(problem: string): TemplateResult {
    return html`<div class="nothing">
      <p class="quiet">${problem}</p>
      <button class="button secondary" @click=${() => this.actions.edit()}>Edit Chart</button>
    </div>`;
  }

  private brush(column: ColumnId, brush: Brush | undefined): void {
    const { view } = this.session;
    const filter = withBrush(view.filter, column, brush);
    if (filter !== view.filter) this.session.update({ filter });
  }

  private async reveal(row: number): Promise<void> {
    try {
      await this.session.rpc.call('reveal', { runId: this.session.table.head(row).runId });
    } catch (error) {
      // The host reports what it could not show.
      if (!(error instanceof RemoteError)) throw error;
    }
  }

  private get exportActions(): readonly ExportAction[] {
    const { chart } = this;
    if (chart.kind !== 'images' && chart.kind !== 'text') return chartExports(() => this.exportable);
    const title = this.titleOf(undefined);
    const of = () => ({ title, definition: () => chart });
    const grid = this.querySelector<ImageGrid | TextGrid>('flowdeck-image-grid, flowdeck-text-grid');
    return [...(grid?.exports(title) ?? []), { ...saveDefinition(of), first: true }, copyDefinition(of)];
  }

  private get exportable(): Exportable | undefined {
    const { picture, chart } = this;
    if (!picture || picture.problem !== undefined) return undefined;
    return pictureExportable(picture, chart, this.titleOf(picture), () => this.querySelector('canvas') ?? undefined);
  }
}

/** What is left out: one line, all of it on hover. */
function renderNotes({ notes }: Picture): TemplateResult | typeof nothing {
  if (notes.length === 0) return nothing;
  return html`<p class="picture-notes" title=${notes.join('\n')}>${notes.join(' · ')}</p>`;
}

function renderLegend({ legend }: Picture): TemplateResult {
  return html`<ul class="picture-legend" aria-label="Colours">
    ${legend.map(({ label, color }) => html`<li><svg class="swatch-box" width="9" height="9" aria-hidden="true"><rect width="9" height="9" rx="2" fill=${color}></rect></svg>${label}</li>`)}
  </ul>`;
}
