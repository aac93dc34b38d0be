import { html, nothing, type TemplateResult } from 'lit';
import { parseColumnId } from '../../src/shared/runs/column';
import { columnLabel } from '../../src/shared/runs/columns/columnTitle';
import type { RowModel } from '../../src/shared/runs/rowModel';
import { count } from '../../src/shared/series/format';
import type { TableView } from '../../src/shared/view/runsView';
import { icons } from '../controls/icons';
import type { Session } from '../runs/session';

const aggregates: readonly TableView['aggregate'][] = ['mean', 'min', 'max', 'count'];

export interface ToolbarState {
  readonly chooserShown: boolean;
  toggleChooser(): void;
  refresh(): void;
}

/** Above the grid: the filter, what rows stand under each other, and the columns. */
export function tableToolbar(session: Session, revision: number, state: ToolbarState): TemplateResult {
  const { view } = session;
  const { nested } = view.table;
  return html`<div class="toolbar" role="toolbar" aria-label="Runs table">
    <flowdeck-filter-box .session=${session} .revision=${revision}></flowdeck-filter-box>
    ${groupChips(session)}
    <span class="toolbar-buttons">
      ${pressButton('tree', 'Children under their parents', nested, () => session.updateTable({ nested: !nested }))}
      ${pressButton('trash', 'Deleted runs too', view.showDeleted, () => session.update({ showDeleted: !view.showDeleted }))}
      ${pressButton('columns', 'Columns', state.chooserShown, () => state.toggleChooser())}
      <button class="icon-button" title="Refresh" aria-label="Refresh" @click=${() => state.refresh()}>${icons.refresh}</button>
    </span>
  </div>`;
}

const pressButton = (icon: keyof typeof icons, label: string, on: boolean, press: () => void) =>
  html`<button class="icon-button" aria-label=${label} title=${label} aria-pressed=${on} @click=${press}>${icons[icon]}</button>`;

function groupChips(session: Session): TemplateResult | typeof nothing {
  const { groupBy, aggregate } = session.view.table;
  if (groupBy.length === 0) return nothing;
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
  const choose = (event: Event) => {
    const chosen = event.target instanceof HTMLSelectElement ? event.target.value : '';
    const known = aggregates.find((name) => name === chosen);
    if (known) session.updateTable({ aggregate: known });
  };
  return html`<span class="groups"><span class="quiet">Grouped by</span>${chips}
    <select class="select" aria-label="What groups say of their numbers" @change=${choose}>
      ${aggregates.map((name) => html`<option value=${name} ?selected=${name === aggregate}>${name}</option>`)}
    </select></span>`;
}

export interface FooterState {
  readonly sortedBy: RowModel['sortedBy'];
  /** Runs in charts and the comparison. */
  readonly chosen: number;
  /** Runs whose histories are read for the sort, and how many are. */
  readonly extremes: { readonly known: number; readonly all: number } | undefined;
  /** The whole value of the active cell. */
  readonly cell: string;
  readonly message: string;
}

/** Below the rows: how many there are, who sorted them, and the way to more. */
export function tableFooter(session: Session, state: FooterState): TemplateResult {
  const { loader } = session;
  return html`<div class="table-footer">
    <span class="footer-count">${loadedText(session)}</span>
    ${loader.all ? progress(session) : moreButtons(session)}
    ${loader.edition > 0 && loader.order.length > 1 ? html`<span class="quiet">${sortedText(session, state.sortedBy)}</span>` : nothing}
    ${
      state.extremes && state.extremes.known < state.extremes.all
        ? html`<span class="quiet">histories read for ${count(state.extremes.known)} of ${count(state.extremes.all)} runs</span>`
        : nothing
    }
    <span class="spring"></span>
    <span class="footer-cell quiet" title=${state.cell}>${state.cell}</span>
    <span class="quiet" title="Runs in charts and the comparison">${count(state.chosen)} chosen</span>
    <span class="visually-hidden" role="status">${state.message}</span>
    ${state.message ? html`<span class="footer-message" aria-hidden="true">${state.message}</span>` : nothing}
  </div>`;
}

/** `100 of 5,213 runs`: never a number without what it counts. */
export function loadedText({ loader }: Session): string {
  const loaded = loader.order.length;
  if (loader.edition === 0) return 'Loading runs';
  if (!loader.more) return loaded === 1 ? '1 run' : `${count(loaded)} runs`;
  if (loader.total === undefined) return `${count(loaded)} runs loaded, there are more`;
  return `${count(loaded)} of ${count(loader.total)} runs`;
}

function sortedText({ loader, view }: Session, sortedBy: RowModel['sortedBy']): string {
  if (view.table.sort.length === 0) return 'newest first';
  if (sortedBy === 'server') return 'sorted by the server';
  return loader.more ? 'sorted here, of what is loaded' : 'sorted here';
}

function moreButtons(session: Session): TemplateResult | typeof nothing {
  const { loader, snapshot } = session;
  if (!loader.more) return nothing;
  const rest = loader.total === undefined ? undefined : loader.total - loader.order.length;
  const next = Math.min(snapshot?.pageSize ?? 100, rest ?? Number.POSITIVE_INFINITY);
  return html`<button class="link-button" @click=${() => void loader.loadMore()}>Load ${count(next)} more</button>
    <button class="link-button" @click=${() => void loader.loadAll()}>
      ${loader.total === undefined ? 'Load all' : `Load all ${count(loader.total)}`}
    </button>`;
}

function progress({ loader }: Session): TemplateResult {
  const { all, total } = loader;
  const done = total ? Math.min(1, loader.order.length / total) : undefined;
  return html`<progress class="load-progress" aria-label="Loading all runs" .value=${done ?? 0}></progress>
    <span class="quiet">${all && all.perSecond > 0 ? `${count(Math.round(all.perSecond))} runs/s` : ''}</span>
    <button class="link-button" @click=${() => loader.stop()}>Cancel</button>`;
}
