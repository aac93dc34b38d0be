import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import {
  addChart,
  type Board,
  definitionText,
  duplicateChart,
  moveChart,
  newId,
  removeChart,
  replaceChart,
} from '../../../src/shared/charts/board';
import { boardKey, lineSettingsOf, withLineSettings } from '../../../src/shared/charts/boardLines';
import { kindTitle } from '../../../src/shared/charts/chartSettings';
import { type ChartDefinition, mostCharts } from '../../../src/shared/view/chartDefinition';
import { dragType } from '../../controls/dragTypes';
import { icons } from '../../controls/icons';
import { LightElement } from '../../controls/lightElement';
import { adoptSheet } from '../../controls/styles';
import type { Session } from '../../runs/session';
import type { Session as LineSession } from '../session';
import './boardCard';
import type { CardActions } from './boardCard';
import { boardIcons } from './boardIcons';
import { boardStyles } from './boardStyles';
import { ChartHistories } from './chartHistories';
import './chartForm';
import type { ChartForm } from './chartForm';
import { formStyles } from './formStyles';
import './lineCard';
import './menuButton';
import './pasteForm';
import type { PasteForm } from './pasteForm';
import { resizeHandle } from './resizeHandle';

adoptSheet(boardStyles);
adoptSheet(formStyles);

/** "My charts": what the person made, above the charts of metrics. */
@customElement('flowdeck-board')
export class BoardSection extends LightElement {
  @property({ attribute: false }) session!: Session;
  /** Of the line charts beside it. */
  @property({ attribute: false }) lines!: LineSession;
  /** Changes whenever the session did. */
  @property({ attribute: false }) revision = 0;
  @state() private removed: { readonly chart: ChartDefinition; readonly at: number } | undefined;
  /** Which chart is dragged, and to which place: only a drop keeps it there. */
  @state() private drag: { readonly id: string; readonly to: number } | undefined;
  @query('flowdeck-chart-form') private form?: ChartForm;
  @query('flowdeck-paste-form') private paste?: PasteForm;

  private kept: ChartHistories | undefined;

  private get histories(): ChartHistories {
    this.kept ??= new ChartHistories(this.session);
    return this.kept;
  }

  private get board(): Board {
    return this.session.view.charts.board;
  }

  private get shown(): Board {
    const { board, drag } = this;
    return drag ? moveChart(board, drag.id, drag.to - placeOf(board, drag.id)) : board;
  }

  /** The chart that fills the page; one that did may be gone since. */
  private get full(): string | undefined {
    const { fullBoard } = this.session.view.charts;
    return this.board.some(({ id }) => id === fullBoard) ? fullBoard : undefined;
  }

  private replace(board: Board): void {
    this.session.update({ charts: { ...this.session.view.charts, board } });
  }

  override render(): TemplateResult {
    const { board } = this;
    return html`<section class="board" aria-labelledby="board-title">
      <div class="board-head" ?inert=${this.full !== undefined}>
        <h2 id="board-title">My charts</h2>
        <button class="button ${board.length > 0 ? 'secondary' : ''}" ?disabled=${board.length >= mostCharts} @click=${() => this.form?.add(newId(board))}>Add Chart</button>
        <flowdeck-menu-button .label=${'More about my charts'} .icon=${boardIcons.more} .items=${() => [
          { label: 'Add from JSON…', run: () => this.paste?.open() },
          { label: 'Copy All Definitions', disabled: board.length === 0, run: () => void this.copyAll() },
        ]}></flowdeck-menu-button>
      </div>
      ${board.length === 0 ? html`<p class="quiet board-empty">Bars, scatter, parallel coordinates, heat maps, images and more over the runs in the table.</p>` : nothing}
      <div
        class="cards board-cards"
        @dragenter=${(event: DragEvent) => this.dragOver(event)}
        @dragover=${(event: DragEvent) => this.dragOver(event)}
        @drop=${(event: DragEvent) => this.drop(event)}
        @dragend=${() => {
          this.drag = undefined;
        }}
      >
        ${repeat(
          this.shown,
          ({ id }) => id,
          (chart) => this.renderChart(chart),
        )}
      </div>
      <div role="status" class="undo">${this.removed ? this.renderUndo() : nothing}</div>
      <flowdeck-chart-form .session=${this.session} .save=${(chart: ChartDefinition) => this.save(chart)}></flowdeck-chart-form>
      <flowdeck-paste-form .add=${(charts: readonly ChartDefinition[]) => this.addAll(charts)}></flowdeck-paste-form>
    </section>`;
  }

  override updated(): void {
    for (const { id, height } of this.board) {
      const item = this.item(id);
      if (height === undefined) item?.style.removeProperty('--card-height');
      else item?.style.setProperty('--card-height', `${height}px`);
    }
  }

  private renderChart(chart: ChartDefinition): TemplateResult {
    const { id, size } = chart;
    const isFull = this.full === id;
    const actions = this.actions(chart);
    return html`<div
      class="board-item size-${size} ${isFull ? 'is-full' : ''} ${this.drag?.id === id ? 'is-dragged' : ''}"
      data-chart=${id}
      ?inert=${this.full !== undefined && !isFull}
      @keydown=${(event: KeyboardEvent) => this.leaveFull(event, isFull)}
    >
      ${isFull ? nothing : this.renderGrip(chart)}
      ${
        chart.kind === 'line'
          ? html`<flowdeck-board-line .session=${this.lines} .chart=${chart} .actions=${actions} .revision=${this.revision}></flowdeck-board-line>`
          : html`<flowdeck-board-card .session=${this.session} .chart=${chart} .actions=${actions} .histories=${this.histories} .full=${isFull} .revision=${this.revision}></flowdeck-board-card>`
      }
      ${isFull || chart.kind === 'line' ? nothing : resizeHandle(chart, (height) => actions.change({ height }))}
    </div>`;
  }

  /** Dragged with the pointer, moved with arrows. */
  private renderGrip({ id, kind, title }: ChartDefinition): TemplateResult {
    const name = title ?? kindTitle(kind);
    return html`<button
      class="board-grip"
      draggable="true"
      title="Drag to move; arrow keys move it as well"
      aria-label=${`Move ${name}: arrow keys`}
      @dragstart=${(event: DragEvent) => {
        event.dataTransfer?.setData(dragType.chart, id);
        this.drag = { id, to: placeOf(this.board, id) };
      }}
      @keydown=${(event: KeyboardEvent) => {
        const by = ['ArrowLeft', 'ArrowUp'].includes(event.key)
          ? -1
          : ['ArrowRight', 'ArrowDown'].includes(event.key)
            ? 1
            : 0;
        if (by === 0) return;
        event.preventDefault();
        this.move(id, by);
      }}
    >${boardIcons.grip}</button>`;
  }

  private actions(chart: ChartDefinition): CardActions {
    const { id } = chart;
    return {
      edit: () => this.form?.edit(withLineSettings(chart, this.lines.settingsOf(boardKey(id)).own)),
      duplicate: () => this.duplicate(id),
      remove: () => this.takeAway(chart),
      move: (by) => this.move(id, by),
      change: (change) => this.replace(replaceChart(this.board, { ...chart, ...change })),
      fill: (on) => this.fill(on ? id : undefined),
    };
  }

  private save(chart: ChartDefinition): void {
    const known = this.board.some(({ id }) => id === chart.id);
    this.replace(known ? replaceChart(this.board, chart) : addChart(this.board, chart));
    this.keepLine(chart);
    if (!known) void this.updateComplete.then(() => this.item(chart.id)?.scrollIntoView({ block: 'nearest' }));
  }

  private addAll(charts: readonly ChartDefinition[]): void {
    let { board } = this;
    const added = charts.map((chart) => {
      const own = { ...chart, id: newId(board) };
      board = addChart(board, own);
      return own;
    });
    this.replace(board);
    for (const chart of added) this.keepLine(chart);
  }

  /** How a line is drawn is kept with the settings of all lines, where its card changes it. */
  private keepLine(chart: ChartDefinition): void {
    if (chart.kind === 'line') this.lines.replaceCard(boardKey(chart.id), lineSettingsOf(chart));
  }

  private duplicate(id: string): void {
    const copy = newId(this.board);
    this.replace(duplicateChart(this.board, id));
    this.lines.replaceCard(boardKey(copy), this.lines.settingsOf(boardKey(id)).own);
  }

  private takeAway(chart: ChartDefinition): void {
    this.removed = { chart, at: placeOf(this.board, chart.id) };
    this.showFull(this.full === chart.id ? undefined : this.full);
    this.replace(removeChart(this.board, chart.id));
  }

  private renderUndo(): TemplateResult {
    const { chart, at } = this.removed ?? {};
    const undo = () => {
      if (chart) {
        const id = newId(this.board);
        this.replace(addChart(this.board, { ...chart, id }, at));
        this.lines.replaceCard(boardKey(id), this.lines.settingsOf(boardKey(chart.id)).own);
      }
      this.removed = undefined;
    };
    return html`<span>Removed ${chart?.title ?? `a ${kindTitle(chart?.kind ?? 'bar').toLowerCase()} chart`}.</span>
      <button class="link-button" @click=${undo}>Undo</button>
      <button class="icon-button" title="Dismiss" aria-label="Dismiss" @click=${() => {
        this.removed = undefined;
      }}>${icons.failed}</button>`;
  }

  private move(id: string, by: number): void {
    this.replace(moveChart(this.board, id, by));
    // A moved element loses its focus.
    void this.updateComplete.then(() => this.item(id)?.querySelector<HTMLElement>('.board-grip')?.focus());
  }

  /** It takes the place of the one it is dragged onto, and keeps that between charts. */
  private dragOver(event: DragEvent): void {
    const { drag } = this;
    if (!drag) return;
    event.preventDefault();
    const item = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-chart]') : undefined;
    const over = item?.dataset.chart;
    if (over !== undefined && over !== drag.id) this.drag = { id: drag.id, to: placeOf(this.shown, over) };
  }

  private drop(event: DragEvent): void {
    if (!this.drag) return;
    event.preventDefault();
    this.replace(this.shown);
    this.drag = undefined;
  }

  private fill(id: string | undefined): void {
    const before = this.full;
    this.showFull(id);
    this.requestUpdate();
    void this.updateComplete.then(() =>
      this.item(id ?? before ?? '')
        ?.querySelector<HTMLElement>('.plot')
        ?.focus(),
    );
  }

  private showFull(id: string | undefined): void {
    const { fullBoard, ...rest } = this.session.view.charts;
    if (fullBoard !== id) this.session.update({ charts: id === undefined ? rest : { ...rest, fullBoard: id } });
  }

  private leaveFull(event: KeyboardEvent, isFull: boolean): void {
    if (event.key === 'Escape' && isFull && !event.defaultPrevented) this.fill(undefined);
  }

  private item(id: string): HTMLElement | null {
    return this.querySelector(`[data-chart="${CSS.escape(id)}"]`);
  }

  private async copyAll(): Promise<void> {
    const all = this.board.map((chart): unknown => JSON.parse(definitionText(chart)));
    await this.session.rpc.call('copy', { text: `${JSON.stringify(all, undefined, 2)}\n` });
  }
}

const placeOf = (board: Board, id: string) => board.findIndex((chart) => chart.id === id);
