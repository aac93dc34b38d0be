import type { ViewRow } from '../../src/shared/runs/rowModel';
import { iconNode } from '../controls/iconNode';
import { GridCell } from './gridCell';
import type { GridColumn } from './gridModel';
import type { PaintContext } from './paintContext';

/** Whether a run is charted, and in which colour: a check box, and a swatch that hides the run in charts. */
export class LeadCell extends GridCell {
  private readonly check = document.createElement('input');
  private readonly swatch = document.createElement('button');
  private color = -1;
  private hiddenRun: boolean | undefined;
  private label = '';
  private state = '';

  constructor() {
    super('cell lead');
    this.check.type = 'checkbox';
    this.check.className = 'run-choice';
    this.check.tabIndex = -1;
    this.check.dataset.part = 'check';
    this.swatch.className = 'run-swatch';
    this.swatch.tabIndex = -1;
    this.swatch.dataset.part = 'eye';
    this.element.append(this.check, this.swatch);
  }

  paint(row: number, column: GridColumn, line: ViewRow, context: PaintContext, active: boolean): void {
    this.setPlace(row, 0, column, active);
    const isRun = line.kind === 'run';
    this.check.hidden = !isRun;
    this.swatch.hidden = !isRun;
    if (!isRun) {
      this.say('');
      return;
    }
    const { session, chosen, hidden } = context;
    const { runId, name } = session.table.head(line.row);
    this.check.checked = chosen.has(line.row);
    const hiddenRun = hidden.has(runId);
    this.say(`${this.check.checked ? 'Chosen' : 'Not chosen'}${hiddenRun ? ', hidden in charts' : ''}`);
    const label = `${hiddenRun} ${name}`;
    if (label !== this.label) {
      this.label = label;
      this.check.setAttribute('aria-label', `Choose ${name} for charts and comparison`);
      this.check.title = 'In charts and the comparison (Space)';
      this.swatch.setAttribute('aria-label', hiddenRun ? `Show ${name} in charts` : `Hide ${name} in charts`);
      this.swatch.title = hiddenRun ? 'Show in charts (H)' : 'Hide in charts (H)';
    }
    const color = session.colors.of(runId);
    if (color === this.color && hiddenRun === this.hiddenRun) return;
    this.color = color;
    this.hiddenRun = hiddenRun;
    this.swatch.className = `run-swatch run-${color}${hiddenRun ? ' off' : ''}`;
    this.swatch.replaceChildren(iconNode(hiddenRun ? 'eyeOff' : 'eye'));
  }

  /** The active cell is read out, not the controls in it. */
  private say(state: string): void {
    if (state === this.state) return;
    this.state = state;
    if (state === '') this.element.removeAttribute('aria-label');
    else this.element.setAttribute('aria-label', state);
  }
}
