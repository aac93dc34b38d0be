import { nameColumn } from '../../src/shared/runs/columns/shownColumns';
import { count } from '../../src/shared/series/format';
import { mostChosen } from '../../src/shared/view/runsView';
import type { Session } from '../runs/session';
import type { RunsGrid } from './runsGrid';

/** What the grid asks of those around it. */
export interface GridHooks {
  /** Says something once, to eyes and screen readers. */
  announce(text: string): void;
  /** Says something to screen readers alone, where it can be seen. */
  tell(text: string): void;
  columnMenu(columnIndex: number, at: { readonly x: number; readonly y: number }): void;
}

/** What keys and clicks do to rows; each says what became of it where that cannot be seen. */
export class GridActions {
  /** Asked for with every drawing; made anew when the selection or the rows are others. */
  private ordered: { readonly of: unknown; readonly rows: unknown; readonly ids: readonly string[] } = {
    of: undefined,
    rows: undefined,
    ids: [],
  };

  constructor(
    private readonly session: Session,
    private readonly grid: RunsGrid,
    readonly hooks: GridHooks,
  ) {}

  /** Puts runs into charts and comparison or takes them out. */
  toggleChosen(index: number): void {
    const line = this.grid.model.rows[index];
    if (line?.kind !== 'run') return;
    const chosen = this.grid.model.chosen;
    const { runId, name } = this.session.table.head(line.row);
    const ids = chosen.map((row) => this.session.table.head(row).runId);
    const others = ids.filter((id) => id !== runId);
    const isChosen = others.length < ids.length;
    if (!isChosen && ids.length >= mostChosen) {
      this.hooks.announce(`At most ${mostChosen} runs are charted and compared at once.`);
      return;
    }
    this.choose(isChosen ? others : [...ids, runId]);
    this.hooks.tell(
      isChosen ? `${name} is not chosen: ${others.length} are` : `${name} is chosen, of ${ids.length + 1}`,
    );
  }

  /** All rows that are shown, up to what can be charted at once; none when they are chosen already. */
  toggleAll(): void {
    const { model } = this.grid;
    const shown = model.rows.flatMap((line) => (line.kind === 'run' && !line.unmatched ? [line.row] : []));
    const rows = shown.slice(0, mostChosen);
    const chosen = new Set(model.chosen);
    if (rows.length > 0 && rows.every((row) => chosen.has(row))) {
      this.choose([]);
      this.hooks.announce('No run is chosen.');
      return;
    }
    this.choose(rows.map((row) => this.session.table.head(row).runId));
    const all = rows.length === shown.length;
    this.hooks.announce(
      all
        ? `All ${count(rows.length)} runs shown are chosen.`
        : `The first ${rows.length} of ${count(shown.length)} are chosen: more cannot be charted at once.`,
    );
  }

  toggleHidden(index: number): void {
    this.toggle(index, 'hiddenRuns', ['is hidden in charts', 'is shown in charts']);
  }

  togglePinned(index: number): void {
    this.toggle(index, 'pinnedRuns', ['is pinned at the top', 'is not pinned any more']);
  }

  private toggle(index: number, list: 'hiddenRuns' | 'pinnedRuns', [on, off]: readonly [string, string]): void {
    const line = this.grid.model.rows[index];
    if (line?.kind !== 'run') return;
    const { runId, name } = this.session.table.head(line.row);
    const ids = this.session.view[list];
    const isOn = ids.includes(runId);
    this.session.update({ [list]: isOn ? ids.filter((id) => id !== runId) : [...ids, runId] });
    this.hooks.tell(`${name} ${isOn ? off : on}`);
  }

  /** Opens or closes what stands under a line; `open` asks for one of them. @returns whether anything changed */
  toggleOpen(index: number, open?: boolean): boolean {
    const line = this.grid.model.rows[index];
    if (!line || (line.kind === 'run' && line.children === 0) || line.open === open) return false;
    const key = this.grid.keyAt(index);
    if (key === undefined) return false;
    const others = this.session.view.table.collapsed.filter((other) => other !== key);
    this.session.updateTable({ collapsed: line.open ? [...others, key] : others });
    return true;
  }

  /** Whether there is something to close, or all of it is closed; undefined where nothing stands under anything. */
  get closable(): 'open' | 'closed' | undefined {
    let found: 'closed' | undefined;
    for (const line of this.grid.model.rows) {
      if (line.kind === 'run' && line.children === 0) continue;
      if (line.open) return 'open';
      found = 'closed';
    }
    return found;
  }

  /** Closes every parent and group, or opens all when none is open. */
  toggleAllOpen(): void {
    const { session, grid } = this;
    if (this.closable !== 'open') {
      session.updateTable({ collapsed: [] });
      return;
    }
    const closed = new Set(session.view.table.collapsed);
    for (const [index, line] of grid.model.rows.entries()) {
      const key = line.kind === 'group' || line.children > 0 ? grid.keyAt(index) : undefined;
      if (key !== undefined) closed.add(key);
    }
    session.updateTable({ collapsed: [...closed] });
  }

  toggleOpenGroup(index: number): boolean {
    return this.grid.model.rows[index]?.kind === 'group' && this.toggleOpen(index);
  }

  /** @returns whether anything was selected */
  selectNone(): boolean {
    const { selection, element } = this.grid;
    if (selection.selected.size === 0) return false;
    selection.clear();
    this.grid.repaint();
    element.dispatchEvent(new Event('selection-change', { bubbles: true }));
    return true;
  }

  /** Every run that is loaded and shown. */
  selectAll(): void {
    const { model, selection } = this.grid;
    selection.selectAll(
      model.rows.flatMap((line) => (line.kind === 'run' ? [this.session.table.head(line.row).runId] : [])),
    );
    this.grid.repaint();
    this.grid.element.dispatchEvent(new Event('selection-change', { bubbles: true }));
    this.hooks.announce(`${selection.selected.size} runs are selected.`);
  }

  reveal(index: number): void {
    const runId = this.grid.runIdAt(index);
    // The host shows a notification when the run cannot be revealed; there is nothing to add here.
    if (runId !== undefined) this.session.rpc.call('reveal', { runId }).catch(() => undefined);
  }

  /** Asks whoever edits cells. @returns whether somebody does */
  edit(index: number, col: number): boolean {
    const runId = this.grid.runIdAt(index);
    const column = this.grid.model.columns[col];
    if (runId === undefined || !column) return false;
    const detail = { runId, column: column.id || nameColumn, rect: this.grid.rectOf({ row: index, col }) };
    return !this.grid.element.dispatchEvent(new CustomEvent('cell-edit', { detail, bubbles: true, cancelable: true }));
  }

  /** Asks for the menu of the selected rows, or of this one where it is not among them. */
  rowMenu(index: number, at: { readonly x: number; readonly y: number }): void {
    const runId = this.grid.runIdAt(index);
    if (runId === undefined) return;
    if (!this.grid.selection.selected.has(runId)) this.grid.select(index, 'only');
    const runIds = this.selectedRunIds();
    this.grid.element.dispatchEvent(new CustomEvent('row-menu', { detail: { runIds, ...at }, bubbles: true }));
  }

  /** In the order of the table; of those that went out of it last. */
  selectedRunIds(): readonly string[] {
    const { selected } = this.grid.selection;
    const { rows } = this.grid.model;
    if (this.ordered.of !== selected || this.ordered.rows !== rows)
      this.ordered = { of: selected, rows, ids: this.inOrder(selected) };
    return this.ordered.ids;
  }

  private inOrder(selected: ReadonlySet<string>): readonly string[] {
    if (selected.size <= 1) return [...selected];
    const shown = this.grid.model.rows.flatMap((line) =>
      line.kind === 'run' ? [this.session.table.head(line.row).runId] : [],
    );
    return [...new Set([...shown.filter((id) => selected.has(id)), ...selected])];
  }

  private choose(runIds: readonly string[]): void {
    // What was said of those that were chosen before is over.
    this.hooks.announce('');
    this.session.update({ chosen: { runIds } });
  }
}
