import { html, nothing, type TemplateResult } from 'lit';
import type { Column } from '../../src/shared/runs/column';
import { count } from '../../src/shared/series/format';
import { icons } from '../controls/icons';
import type { Session } from '../runs/session';
import { type CellEdit, editTarget, openCellEditor } from './editCell';
import { RowActions } from './rowActions';
import { openRowMenu } from './rowMenu';
import './runDetails';
import type { RunDetails } from './runDetails';

/** What of the table rows are looked at and acted on. */
export interface RowsHost extends HTMLElement {
  readonly session: Session;
  readonly selectedRunIds: readonly string[];
  readonly shownColumns: readonly { readonly column: Column }[];
  readonly updateComplete: Promise<boolean>;
  announce(text: string): void;
}

interface RowMenuDetail {
  readonly runIds: readonly string[];
  readonly x: number;
  readonly y: number;
}

/** What can be done with rows: their menu and keys, editing in cells, the bar of many, the details of one. */
export class TableRows {
  readonly actions: RowActions;

  constructor(private readonly host: RowsHost) {
    this.actions = new RowActions(
      host.session,
      () => host.shownColumns.map(({ column }) => column),
      (text) => host.announce(text),
    );
  }

  listen(): void {
    const { host } = this;
    host.addEventListener('row-menu', (event) => {
      const { runIds, x, y } = (event as CustomEvent<RowMenuDetail>).detail;
      this.menu(runIds, { x, y });
    });
    host.addEventListener('cell-edit', (event) => {
      if (this.edit((event as CustomEvent<CellEdit>).detail)) event.preventDefault();
    });
    // Before the grid takes the key for its own.
    host.addEventListener('keydown', (event) => this.press(event), { capture: true });
    host.addEventListener('selection-change', () => this.follow());
  }

  /** Below the rows while several are selected; it covers rows and moves none. */
  bar(): TemplateResult | typeof nothing {
    const { actions, host } = this;
    const runIds = host.selectedRunIds;
    if (runIds.length < 2) return nothing;
    const { view, snapshot } = host.session;
    const pinned = runIds.every((id) => view.pinnedRuns.includes(id));
    const writable = snapshot?.readOnly === false;
    const more = (event: Event) => {
      const button = event.currentTarget instanceof Element ? event.currentTarget.getBoundingClientRect() : undefined;
      this.menu(runIds, { x: button?.left ?? 0, y: button?.top ?? 0 });
    };
    return html`<div class="selection-place"><div class="selection-bar" role="toolbar" aria-label="Selected runs">
      <b>${count(runIds.length)} selected</b>
      ${barButton('chart', 'Chart', () => actions.choose(runIds, 'charts'))}
      ${barButton('compare', 'Compare', () => actions.choose(runIds, 'compare'))}
      ${barButton('pin', pinned ? 'Unpin' : 'Pin', () => actions.pin(runIds, !pinned))}
      ${barButton('copy', 'Copy', () => void actions.copy(runIds, 'tsv'))}
      ${barButton('download', 'Export…', () => void actions.exportRuns(runIds))}
      ${writable ? barButton('tag', 'Tag…', () => void actions.run('setTag', runIds)) : nothing}
      ${writable ? barButton('trash', 'Delete…', () => void actions.run('delete', runIds)) : nothing}
      <button class="icon-button" title="More" aria-label="More for the selected runs" aria-haspopup="menu" @click=${more}>${icons.more}</button>
    </div></div>`;
  }

  /** Beside the rows, of the run that was asked for. */
  details(revision: number): TemplateResult | typeof nothing {
    const { session } = this.host;
    const { details } = session.view.table;
    if (details === undefined) return nothing;
    return html`<flowdeck-run-details
      role="group"
      aria-label="Details of the run"
      .session=${session}
      .actions=${this.actions}
      .runId=${details}
      .revision=${revision}
      @close-details=${() => this.showDetails(undefined)}
    ></flowdeck-run-details>`;
  }

  private menu(runIds: readonly string[], at: { readonly x: number; readonly y: number }): void {
    openRowMenu(this.host.session, this.actions, runIds, at, {
      details: (runId, edit) => this.showDetails(runId, edit),
    });
  }

  /** @returns whether the cell can be edited */
  private edit(edit: CellEdit): boolean {
    const { session } = this.host;
    if (edit.column === 'attributes.description' && session.snapshot?.readOnly === false) {
      this.showDetails(edit.runId, true);
      return true;
    }
    const target = editTarget(session, edit.runId, edit.column);
    if (target) openCellEditor(session, edit, target, (message) => this.host.announce(message));
    return target !== undefined;
  }

  private press(event: KeyboardEvent): void {
    if (!(event.target instanceof Element) || event.target.getAttribute('role') !== 'treegrid') return;
    const runIds = this.host.selectedRunIds;
    const [first] = runIds;
    if (first === undefined || event.shiftKey) return;
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.key === 'Enter' && event.altKey) this.showDetails(first);
    else if (event.key === 'Delete' && !isCommand && !event.altKey) this.delete(runIds);
    else if (event.key === 'c' && isCommand && !hasTextSelection()) void this.actions.copy(runIds, 'tsv');
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private delete(runIds: readonly string[]): void {
    const { session } = this.host;
    if (session.snapshot?.readOnly !== false) {
      this.host.announce('This server is marked as read-only: runs are not deleted from here.');
      return;
    }
    void this.actions.run('delete', runIds);
  }

  /** Details that are open are those of the run one is at. */
  private follow(): void {
    const [first, second] = this.host.selectedRunIds;
    const { details } = this.host.session.view.table;
    if (details === undefined || first === undefined || second !== undefined || first === details) return;
    this.leave(details);
    this.host.session.updateTable({ details: first });
  }

  /** What is written about a run is not lost, but out of sight. */
  private leave(runId: string): void {
    const { drafts, table } = this.host.session;
    const row = table.rowOf(runId);
    if (row === undefined || !drafts.isWritten(runId)) return;
    this.host.announce(
      `The description you are writing is kept: it is there in the details of ${table.head(row).name}.`,
    );
  }

  private showDetails(runId: string | undefined, edit = false): void {
    const { session } = this.host;
    const { details: before, ...rest } = session.view.table;
    if (before !== undefined && before !== runId) this.leave(before);
    session.update({ table: runId === undefined ? rest : { ...rest, details: runId } });
    void this.focusAfter(runId, edit);
  }

  private async focusAfter(runId: string | undefined, edit: boolean): Promise<void> {
    // The page redraws with the next change of the session.
    await new Promise(requestAnimationFrame);
    await this.host.updateComplete;
    const details = this.host.querySelector<RunDetails>('flowdeck-run-details');
    await details?.updateComplete;
    if (edit) details?.editDescription();
    else if (runId === undefined) this.host.querySelector<HTMLElement>('[role="treegrid"]')?.focus();
    else details?.querySelector('button')?.focus();
  }
}

const hasTextSelection = () => (getSelection()?.isCollapsed ?? true) === false;

const barButton = (icon: keyof typeof icons, label: string, press: () => void) =>
  html`<button class="bar-button" title=${label} aria-label=${label} @click=${press}>${icons[icon]}<span>${label}</span></button>`;
