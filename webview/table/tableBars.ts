import { html, nothing, type TemplateResult } from 'lit';
import { parseColumnId } from '../../src/shared/runs/column';
import { columnLabel } from '../../src/shared/runs/columns/columnTitle';
import type { SortedBy } from '../../src/shared/runs/sortLoaded';
import type { HistoryProgress } from '../../src/shared/runs/tableOrder';
import { count } from '../../src/shared/series/format';
import type { TableView } from '../../src/shared/view/runsView';
import { icons } from '../controls/icons';
import type { Session } from '../runs/session';

const aggregates: readonly TableView['aggregate'][] = ['mean', 'min', 'max', 'count'];

export interface ToolbarState {
  readonly chooserShown: boolean;
  toggleChooser(): void;
  refresh(): void;
  /** Of parents and groups; undefined where there are none. */
  readonly closable: 'open' | 'closed' | undefined;
  toggleAllOpen(): void;
  /** Asks which runs, below the button. */
  export(): void;
}

/** Above the grid: the filter, what rows stand under each other, and the columns. */
export function tableToolbar(session: Session, revision: number, state: ToolbarState): TemplateResult {
  const { view } = session;
  const { nested } = view.table;
  return html`<div class="toolbar" role="toolbar" aria-label="Runs table">
    <flowdeck-filter-box .session=${session} .revision=${revision}></flowdeck-filter-box>
    ${groupChips(session, state)}
    <span class="toolbar-buttons">
      ${pressButton('tree', 'Children under their parents', nested, () => session.updateTable({ nested: !nested }))}
      ${state.closable ? closeButton(state.closable, state) : nothing}
      ${pressButton('trash', 'Deleted runs too', view.showDeleted, () => session.update({ showDeleted: !view.showDeleted }))}
      ${pressButton('columns', 'Columns', state.chooserShown, () => state.toggleChooser())}
      <button class="icon-button" title="Export…" aria-label="Export…" aria-haspopup="menu" @click=${() => state.export()}>${icons.download}</button>
      <button class="icon-button" title="Refresh" aria-label="Refresh" @click=${() => state.refresh()}>${icons.refresh}</button>
    </span>
  </div>`;
}

function closeButton(closable: 'open' | 'closed', state: ToolbarState): TemplateResult {
  const label = closable === 'open' ? 'Collapse all' : 'Expand all';
  const icon = closable === 'open' ? icons.collapseAll : icons.expandAll;
  return html`<button class="icon-button" title=${label} aria-label=${label} @click=${() => state.toggleAllOpen()}>${icon}</button>`;
}

const pressButton = (icon: keyof typeof icons, label: string, on: boolean, press: () => void) =>
  html`<button class="icon-button" aria-label=${label} title=${label} aria-pressed=${on} @click=${press}>${icons[icon]}</button>`;

function groupChips(session: Session, state: ToolbarState): TemplateResult | typeof nothing {
  const { groupBy } = session.view.table;
  if (groupBy.length === 0) return state.closable ? aggregateChoice(session, 'Parents say') : nothing;
  const chips = groupBy.map((id) => {
    const column = parseColumnId(id);
    const label = column ? columnLabel(column) : id;
    const remove = () => session.updateTable({ groupBy: groupBy.filter((other) => other !== id) });
    return html`<span class="chip"
      >${label}<button class="chip-remove" aria-label=${`Do not group by ${label}`} title="Do not group by this" @click=${remove}>
        ${icons.close}
      </button></span
    >`;
  });
  return html`<span class="groups"><span class="quiet">Grouped by</span>${chips}</span>${aggregateChoice(session, 'Groups say')}`;
}

/** What heads of groups, and parents where they have no number of their own, say of the numbers under them. */
function aggregateChoice(session: Session, label: string): TemplateResult {
  const { aggregate } = session.view.table;
  const choose = (event: Event) => {
    const chosen = event.target instanceof HTMLSelectElement ? event.target.value : '';
    const known = aggregates.find((name) => name === chosen);
    if (known) session.updateTable({ aggregate: known });
  };
  const of = `Of the numbers under them${session.loader.more ? `, as far as they are loaded: ${loadedText(session)}` : ''}`;
  return html`<label class="groups"><span class="quiet">${label}</span>
    <select class="select" title=${of} @change=${choose}>
      ${aggregates.map((name) => html`<option value=${name} ?selected=${name === aggregate}>${name}</option>`)}
    </select>
    ${session.loader.more ? html`<span class="quiet" title=${of}>of loaded runs</span>` : nothing}</label>`;
}

export interface FooterState {
  /** Runs in charts and the comparison. */
  readonly chosen: number;
  /** The whole value of the active cell. */
  readonly cell: string;
  readonly message: string;
  refresh(): void;
}

/** Below the rows: how many there are, who sorted them, and the way to more. */
export function tableFooter(session: Session, state: FooterState): TemplateResult {
  const { loader } = session;
  return html`<div class="table-footer">
    <span class="footer-count">${loadedText(session)}</span>
    ${changedMatches(session, state)}
    ${loader.again ? againProgress(session) : loader.all ? progress(session) : moreButtons(session)}
    ${loader.edition > 0 && loader.order.length > 1 ? sortState(session) : nothing}
    <span class="footer-cell quiet" title=${state.cell}>${state.cell}</span>
    <span class="quiet" title="Runs in charts and the comparison">${count(state.chosen)} chosen</span>
    <span class="visually-hidden" role="status">${state.message}</span>
    ${state.message ? html`<span class="footer-message" aria-hidden="true">${state.message}</span>` : nothing}
  </div>`;
}

/** Runs go on while one reads: what the filter would find by now is told, and no row moves until a person wants it. */
function changedMatches({ loader }: Session, state: FooterState): TemplateResult | typeof nothing {
  const { unmatched, begunToMatch } = loader;
  const texts = [
    ...(unmatched > 0 ? [`${count(unmatched)} no longer ${unmatched === 1 ? 'matches' : 'match'}`] : []),
    ...(begunToMatch > 0 ? [`${count(begunToMatch)} ${begunToMatch === 1 ? 'begins' : 'begin'} to match`] : []),
  ];
  if (texts.length === 0) return nothing;
  return html`<span class="quiet" title="As runs that go on were last read">${texts.join(', ')}</span>
    <button class="link-button" title="Ask the server what matches now" @click=${() => state.refresh()}>Refresh</button>`;
}

/** `100 of 5,213 runs`: never a number without what it counts. */
export function loadedText({ loader }: Session): string {
  const loaded = loader.order.length;
  if (loader.edition === 0) return loader.loadingSince === undefined ? 'no runs loaded' : 'Loading runs';
  if (!loader.more) return loaded === 1 ? '1 run' : `${count(loaded)} runs`;
  if (loader.total === undefined) return `${count(loaded)} runs loaded, there are more`;
  return `${count(loaded)} of ${count(loader.total)} runs`;
}

/** A new order, or a page that comes back, is read as far as is quick; the rest of what was there is one click away. */
function cutOf({ loader }: Session): { readonly from: number; readonly why: string } | undefined {
  const { cutFrom: from, order, more } = loader;
  if (from === undefined || !more || order.length >= from) return undefined;
  const read = `${count(order.length)} runs are read again; ${count(from)} were loaded before.`;
  return { from, why: read };
}

/** Why there are fewer than there were; '' where there are not. */
export const whyCut = (session: Session): string => cutOf(session)?.why ?? '';

function readOnButton(session: Session): TemplateResult | typeof nothing {
  const cut = cutOf(session);
  if (!cut) return nothing;
  const { from, why } = cut;
  return html`<button class="link-button" title=${why} @click=${() => void session.loader.loadAll(from)}>
    Read on to ${count(from)}
  </button>`;
}

/** Who sorted, of what; or how far the histories are read that the sort waits for. */
function sortState(session: Session): TemplateResult {
  const { loader, sorted, view } = session;
  const { histories } = sorted;
  if (histories?.waiting) return historyProgress(session, histories);
  const missing =
    histories && histories.left > 0
      ? html`<span class="quiet">${count(histories.left)} without their history stand last</span>
        <button class="link-button" @click=${() => sortAgain(session)}>Read ${count(histories.left)} more</button>`
      : nothing;
  return html`<span class="quiet">${sortedText(view.table.sort.length, sorted.sortedBy, loader.more)}</span>${missing}`;
}

function sortedText(columns: number, sortedBy: SortedBy, more: boolean): string {
  return columns === 0 ? 'newest first' : `sorted ${sortedWhere(sortedBy, more)}`;
}

export function sortedWhere(sortedBy: SortedBy, more: boolean): string {
  if (sortedBy === 'server') return 'by the server';
  return more ? 'here, of what is loaded' : 'here';
}

/** The rows stay where they are meanwhile. */
function historyProgress(session: Session, { read, wanted }: HistoryProgress): TemplateResult {
  const stop = () => {
    session.sorted.stop();
    session.changed();
  };
  return html`<span class="patient"
    ><progress class="load-progress" aria-label="Reading histories for the sort" .value=${read / wanted}></progress>
    <span class="quiet">not sorted yet: ${count(read)} of ${count(wanted)} histories read</span>
    <button class="link-button" title="Sort by the histories that are read" @click=${stop}>Cancel</button></span
  >`;
}

function sortAgain(session: Session): void {
  session.sorted.readAll();
  session.changed();
}

function moreButtons(session: Session): TemplateResult | typeof nothing {
  const { loader, snapshot } = session;
  if (!loader.more) return nothing;
  const rest = loader.total === undefined ? undefined : loader.total - loader.order.length;
  const next = Math.min(snapshot?.pageSize ?? 100, rest ?? Number.POSITIVE_INFINITY);
  return html`${readOnButton(session)}<button class="link-button" @click=${() => void loader.loadMore()}>Load ${count(next)} more</button>
    <button class="link-button" @click=${() => void loader.loadAll()}>
      ${loader.total === undefined ? 'Load all' : `Load all ${count(loader.total)}`}
    </button>`;
}

function progress({ loader }: Session): TemplateResult {
  const { all } = loader;
  const total = all?.until ?? loader.total;
  const done = total ? Math.min(1, loader.order.length / total) : undefined;
  return html`<progress class="load-progress" aria-label="Loading all runs" .value=${done ?? 0}></progress>
    <span class="quiet">${all && all.perSecond > 0 ? `${count(Math.round(all.perSecond))} runs/s` : ''}</span>
    <button class="link-button" @click=${() => loader.stop()}>Cancel</button>`;
}

/** Very many runs that were loaded are read again; what was there is shown until they are. */
function againProgress({ loader }: Session): TemplateResult {
  const { read, of } = loader.again ?? { read: 0, of: 1 };
  return html`<progress class="load-progress" aria-label="Reading all runs again" .value=${Math.min(1, read / of)}></progress>
    <span class="quiet">read again: ${count(read)} of ${count(of)}</span>
    <button class="link-button" @click=${() => loader.stop()}>Cancel</button>`;
}
