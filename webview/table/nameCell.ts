import type { RunStatus } from '../../src/shared/domain';
import { cellText, statusName } from '../../src/shared/runs/cellText';
import { parseColumnId } from '../../src/shared/runs/column';
import { columnTitle } from '../../src/shared/runs/columns/columnTitle';
import type { ViewRow } from '../../src/shared/runs/rowModel';
import { count } from '../../src/shared/series/format';
import { iconNode } from '../controls/iconNode';
import type { icons } from '../controls/icons';
import { GridCell } from './gridCell';
import type { GridColumn } from './gridModel';
import type { PaintContext } from './paintContext';

export const statusIcons: Readonly<Record<RunStatus, keyof typeof icons>> = {
  FINISHED: 'finished',
  FAILED: 'failed',
  RUNNING: 'running',
  KILLED: 'killed',
  SCHEDULED: 'waiting',
  UNKNOWN: 'waiting',
};

/** The tree: indentation, what opens a row, the status and the name; or the value that a group has in common. */
export class NameCell extends GridCell {
  private readonly chevron = document.createElement('button');
  private readonly status = document.createElement('span');
  private readonly text = document.createElement('span');
  private readonly badge = document.createElement('span');
  private readonly pin = document.createElement('button');
  private shownStatus = '';
  private shownText = '';
  private shownBadge = '';
  private depth = -1;
  private pinShown: boolean | undefined;
  private unmatched = false;

  constructor() {
    super('cell name', 'rowheader');
    this.chevron.className = 'row-chevron';
    this.chevron.tabIndex = -1;
    this.chevron.dataset.part = 'chevron';
    // For the pointer: the row says whether it is open, and the arrows open it.
    this.chevron.ariaHidden = 'true';
    this.chevron.append(iconNode('chevron'));
    this.text.className = 'name-text';
    this.badge.className = 'count-badge';
    this.badge.hidden = true;
    this.badge.setAttribute('role', 'img');
    this.pin.className = 'row-pin';
    this.pin.tabIndex = -1;
    this.pin.dataset.part = 'pin';
    this.pin.append(iconNode('pin'));
    this.element.append(this.chevron, this.status, this.text, this.badge, this.pin);
  }

  paint(row: number, column: GridColumn, line: ViewRow, context: PaintContext, active: boolean): void {
    this.setPlace(row, 1, column, active);
    if (line.depth !== this.depth) {
      this.depth = line.depth;
      this.element.style.paddingLeft = `${4 + line.depth * 16}px`;
    }
    const closable = line.kind === 'group' || line.children > 0;
    this.chevron.classList.toggle('leaf', !closable);
    this.chevron.classList.toggle('open', closable && line.open);
    this.setUnmatched(line.kind === 'run' && line.unmatched);
    if (line.kind === 'group') this.paintGroup(line, context);
    else this.paintRun(line, context);
  }

  private paintGroup(line: Extract<ViewRow, { kind: 'group' }>, { session, now }: PaintContext): void {
    const at = line.values.length - 1;
    const column = parseColumnId(session.view.table.groupBy[at] ?? '');
    const value = column ? cellText(line.values[at], column, now) : '';
    this.setText(column ? `${columnTitle(column)}: ${value === '' ? 'none' : value}` : 'none');
    const runs = `${count(line.runs.length)} ${line.runs.length === 1 ? 'run' : 'runs'}`;
    this.setBadge(session.loader.more ? `${runs} loaded` : runs);
    this.status.hidden = true;
    this.pin.hidden = true;
  }

  private paintRun(line: Extract<ViewRow, { kind: 'run' }>, { session, pinned }: PaintContext): void {
    const { name, status, runId, deleted } = session.table.head(line.row);
    this.setText(name);
    if (deleted) this.setBadge('deleted');
    else if (line.children > 0) this.setBadge(count(line.children), `${count(line.children)} under it`);
    else this.setBadge('');
    this.status.hidden = false;
    this.pin.hidden = false;
    if (status !== this.shownStatus) {
      this.shownStatus = status;
      this.status.className = `status status-${status.toLowerCase()}`;
      this.status.setAttribute('role', 'img');
      this.status.setAttribute('aria-label', statusName(status));
      this.status.title = statusName(status);
      this.status.replaceChildren(iconNode(statusIcons[status]));
    }
    const isPinned = pinned.has(runId);
    if (isPinned === this.pinShown) return;
    this.pinShown = isPinned;
    this.pin.classList.toggle('on', isPinned);
    this.pin.title = isPinned ? 'Unpin (P)' : 'Pin at the top (P)';
    this.pin.setAttribute('aria-label', isPinned ? 'Pinned' : 'Pin at the top');
    this.pin.ariaHidden = isPinned ? null : 'true';
  }

  private setText(text: string): void {
    if (text === this.shownText) return;
    this.shownText = text;
    this.text.textContent = text;
    this.forgetTitle();
  }

  /** A parent that is here for its children's sake is greyed. */
  private setUnmatched(unmatched: boolean): void {
    if (unmatched === this.unmatched) return;
    this.unmatched = unmatched;
    this.element.ariaDescription = unmatched ? 'Does not match the filter' : null;
  }

  private setBadge(text: string, spoken = text): void {
    if (text === this.shownBadge) return;
    this.shownBadge = text;
    this.badge.textContent = text;
    this.badge.ariaLabel = spoken;
    this.badge.hidden = text === '';
  }
}
