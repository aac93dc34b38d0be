import { type GridPosition, gridMove } from '../../src/shared/runs/gridMove';
import type { GridActions } from './gridActions';
import type { HeadActions } from './headActions';
import type { RunsGrid } from './runsGrid';

/**
 * VS Code answers the same keys by selecting all texts of the page, a moment later: so none can be selected until the
 * pointer asks for that.
 */
function noTexts(): void {
  const { classList } = document.body;
  classList.add('all-rows');
  document.addEventListener('pointerdown', () => classList.remove('all-rows'), { once: true, capture: true });
}

/** The keys of the ARIA grid pattern and those of lists in VS Code. */
export class GridKeys {
  constructor(
    private readonly grid: RunsGrid,
    private readonly actions: GridActions,
    private readonly heads: HeadActions,
  ) {}

  /** @returns whether the key was for the grid */
  press(event: KeyboardEvent): boolean {
    const { active } = this.grid;
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) return this.menu(active);
    const own = active.row < 0 ? this.pressOnHead(event, active) : this.pressOnRow(event, active);
    return own || this.move(event, active);
  }

  private pressOnHead(event: KeyboardEvent, { col }: GridPosition): boolean {
    const arrow = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : undefined;
    if (event.altKey && arrow !== undefined) {
      if (event.shiftKey) this.heads.step(col, arrow);
      else this.heads.widen(col, arrow * 10);
      return true;
    }
    if (event.altKey && event.key === 'ArrowDown') return this.menu(this.grid.active);
    if (event.key !== 'Enter' && event.key !== ' ') return false;
    if (col === 0) this.actions.toggleAll();
    else this.heads.sort(col, event.shiftKey);
    return true;
  }

  private pressOnRow(event: KeyboardEvent, { row, col }: GridPosition): boolean {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    switch (event.key) {
      case ' ':
        if (this.grid.activeLine?.kind === 'group') this.actions.toggleOpen(row);
        else this.actions.toggleChosen(row);
        return true;
      case 'Enter':
        if (!this.actions.toggleOpenGroup(row)) this.actions.reveal(row);
        return true;
      case 'F2':
        return this.actions.edit(row, col);
      case 'h':
        if (plain) this.actions.toggleHidden(row);
        return plain;
      case 'p':
        if (plain) this.actions.togglePinned(row);
        return plain;
      case 'a':
        if (!event.ctrlKey && !event.metaKey) return false;
        noTexts();
        this.actions.selectAll();
        return true;
      case 'Escape':
        return this.actions.selectNone();
      case 'ArrowLeft':
        return plain && col <= 1 && (this.actions.toggleOpen(row, false) || this.toParent(row, col));
      case 'ArrowRight':
        return plain && col === 1 && this.actions.toggleOpen(row, true);
      default:
        return false;
    }
  }

  /** From a child to what it stands under. */
  private toParent(row: number, col: number): boolean {
    const { rows } = this.grid.model;
    const depth = rows[row]?.depth ?? 0;
    if (col !== 1 || depth === 0) return false;
    let at = row - 1;
    while (at >= 0 && (rows[at]?.depth ?? 0) >= depth) at--;
    if (at < 0) return false;
    this.grid.select(at, 'only');
    this.grid.moveTo({ row: at, col });
    return true;
  }

  private move(event: KeyboardEvent, active: GridPosition): boolean {
    if (event.altKey) return false;
    const { model, page } = this.grid;
    const ctrlKey = event.ctrlKey || event.metaKey;
    const next = gridMove({ key: event.key, ctrlKey }, active, {
      rows: model.rows.length,
      cols: model.columns.length,
      page,
    });
    if (!next) return false;
    const turned = next.row !== active.row;
    if (turned && next.row >= 0 && (event.shiftKey || !ctrlKey))
      this.grid.select(next.row, event.shiftKey ? 'range' : 'only');
    // The first column stands still, and is in sight wherever the others are.
    if (event.key === 'Home') this.grid.element.scrollLeft = 0;
    this.grid.moveTo(next);
    return true;
  }

  private menu(at: GridPosition): boolean {
    const rect = this.grid.rectOf(at);
    const place = { x: rect.left + 8, y: rect.bottom };
    if (at.row < 0) this.actions.hooks.columnMenu(at.col, place);
    else this.actions.rowMenu(at.row, place);
    return true;
  }
}
