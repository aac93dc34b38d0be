import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { RemoteError } from '../../src/shared/rpc';
import { LightElement } from '../controls/lightElement';
import { adoptSheet } from '../controls/styles';
import type { Session } from '../runs/session';
import './columnChooser';
import './filterBox';
import { ExtremesLoader } from '../runs/extremesLoader';
import { openColumnMenu } from './columnMenu';
import { GridActions } from './gridActions';
import { GridKeys } from './gridKeys';
import { GridModel } from './gridModel';
import { fullTextAt, GridPointer } from './gridPointer';
import { gridStyles } from './gridStyles';
import { HeadActions } from './headActions';
import { NewsTeller } from './newsTeller';
import { openExportMenu } from './rowMenu';
import { RunsGrid } from './runsGrid';
import { tableFooter, tableToolbar } from './tableBars';
import { tableEmpty } from './tableEmpty';
import { TableRows } from './tableRows';
import { tableStyles } from './tableStyles';

adoptSheet(tableStyles);
adoptSheet(gridStyles);

/** Nothing shorter than this is worth a sign of waiting, ms. */
const patience = 200;
/** Ages and running durations are told anew, ms. */
const clockEvery = 30_000;
const messageFor = 6_000;

/** The table tab: filter and columns above, the grid, and below it what is loaded. */
@customElement('flowdeck-table-tab')
export class TableTab extends LightElement {
  @property({ attribute: false }) session!: Session;
  /** Changes whenever the session did. */
  @property({ attribute: false }) revision = 0;
  @state() private chooserShown = false;
  @state() private message = '';
  /** Said aloud alone: it can be seen elsewhere. */
  @state() private news = '';
  @state() private late = false;
  private parts: Parts | undefined;
  private readonly mark = () => this.parts?.grid.repaint();
  private rows: TableRows | undefined;
  private clock: ReturnType<typeof setInterval> | undefined;
  private patience: ReturnType<typeof setTimeout> | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  private forget: ReturnType<typeof setTimeout> | undefined;

  /** Runs that are selected, in the table's order. */
  get selectedRunIds(): readonly string[] {
    return this.parts?.actions.selectedRunIds() ?? [];
  }

  /** The grid's columns as they stand now, without the one of check boxes. */
  get shownColumns(): GridModel['shown']['columns'] {
    return this.parts?.model.shown.columns ?? [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.parts ??= this.build();
    if (!this.rows) {
      this.rows = new TableRows(this);
      this.rows.listen();
    }
    this.session.addEventListener('highlight', this.mark);
    this.clock = setInterval(() => this.parts?.grid.update(), clockEvery);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.removeEventListener('highlight', this.mark);
    // No pointer leaves what is taken away from under it.
    this.session.point(undefined);
    clearInterval(this.clock);
    clearTimeout(this.patience);
    clearTimeout(this.again);
    this.parts?.news.dispose();
    this.parts?.grid.dispose();
    this.parts?.extremes.dispose();
    this.parts = undefined;
  }

  override willUpdate(): void {
    const { loadingSince } = this.session.loader;
    this.late = loadingSince !== undefined && performance.now() - loadingSince >= patience;
    clearTimeout(this.patience);
    if (loadingSince !== undefined && !this.late)
      this.patience = setTimeout(() => this.requestUpdate(), patience - (performance.now() - loadingSince));
    const wait = this.parts?.model.refresh();
    clearTimeout(this.again);
    if (wait !== undefined) this.again = setTimeout(() => this.requestUpdate(), wait);
  }

  override updated(): void {
    const { parts } = this;
    if (!parts) return;
    const place = this.querySelector('.grid-place');
    if (place && parts.grid.element.parentElement !== place) place.prepend(parts.grid.element);
    parts.grid.update();
    parts.news.look();
  }

  override render(): TemplateResult {
    const { session, revision, parts, late } = this;
    const toolbar = {
      chooserShown: this.chooserShown,
      toggleChooser: () => this.showChooser(!this.chooserShown),
      refresh: () => void this.refresh(),
      closable: parts?.actions.closable,
      toggleAllOpen: () => parts?.actions.toggleAllOpen(),
      export: () => this.export(),
    };
    return html`<div class="table-main">
      <h1 class="visually-hidden">Runs table</h1>
      ${tableToolbar(session, revision, toolbar)}
      <div class="table-columns">
        <div class="grid-place ${late ? 'late' : ''}">${tableEmpty(session, parts?.model.columns ?? [], late)}${this.rows?.bar() ?? nothing}</div>
        ${
          this.chooserShown && parts
            ? html`<flowdeck-column-chooser
                role="complementary"
                aria-label="Columns"
                .session=${session}
                .model=${parts.model}
                .revision=${revision}
                @close-chooser=${() => this.showChooser(false)}
              ></flowdeck-column-chooser>`
            : nothing
        }
        ${this.rows?.details(revision) ?? nothing}
      </div>
      ${tableFooter(session, this.footer())}
      <span class="visually-hidden" role="status">${this.news}</span>
    </div>`;
  }

  private footer() {
    const { parts, message } = this;
    const active = parts?.grid.active;
    const column = parts?.grid.activeColumn;
    const text = parts && active ? fullTextAt(this.session, parts.grid, active.row, active.col) : '';
    return {
      message,
      refresh: () => void this.refresh(),
      chosen: parts?.model.chosen.length ?? 0,
      cell: column && text !== '' ? `${column.title}: ${text.slice(0, 500)}` : '',
    };
  }

  private build(): Parts {
    const { session } = this;
    const model = new GridModel(session);
    const extremes = new ExtremesLoader(session);
    const grid = new RunsGrid(session, model, extremes);
    const tell = (text: string) => {
      this.news = text;
    };
    const heads = new HeadActions(session, grid);
    const actions = new GridActions(session, grid, {
      announce: (text) => this.announce(text),
      tell,
      columnMenu: (col, at) => openColumnMenu(session, grid, heads, col, at),
    });
    const keys = new GridKeys(grid, actions, heads);
    new GridPointer(session, grid, actions, heads).listen();
    grid.element.addEventListener('keydown', (event) => {
      if (event.target === grid.element && keys.press(event)) event.preventDefault();
    });
    const redraw = () => this.requestUpdate();
    grid.element.addEventListener('active-change', redraw);
    grid.element.addEventListener('selection-change', redraw);
    return { model, extremes, grid, actions, news: new NewsTeller(session, tell) };
  }

  /** Asks which runs; also behind the command of the palette. */
  export(): void {
    const button = this.querySelector<HTMLElement>('.toolbar [aria-label="Export…"]');
    if (!button || !this.rows) return;
    const { right, bottom } = button.getBoundingClientRect();
    button.focus();
    openExportMenu(this.session, this.rows.actions, this.selectedRunIds, { x: right, y: bottom });
  }

  /** Says something once, to eyes and screen readers. */
  announce(text: string): void {
    this.message = text;
    clearTimeout(this.forget);
    this.forget = setTimeout(() => {
      this.message = '';
    }, messageFor);
  }

  private showChooser(show: boolean): void {
    this.chooserShown = show;
    void this.updateComplete.then(() => {
      const to = show ? '.chooser-search' : '.toolbar [aria-label="Columns"]';
      this.querySelector<HTMLElement>(to)?.focus();
    });
  }

  private async refresh(): Promise<void> {
    try {
      await this.session.refresh();
    } catch (error) {
      // The banner says it: the host told of the lost contact.
      if (!(error instanceof RemoteError)) throw error;
    }
  }
}

interface Parts {
  readonly model: GridModel;
  readonly extremes: ExtremesLoader;
  readonly grid: RunsGrid;
  readonly actions: GridActions;
  readonly news: NewsTeller;
}
