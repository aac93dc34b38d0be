import { html, nothing, type TemplateResult } from 'lit';
import type { ShownColumns } from '../../src/shared/runs/columns/shownColumns';
import { count } from '../../src/shared/series/format';
import type { Session } from '../runs/session';

interface Switch {
  readonly on: boolean;
  change(on: boolean): void;
}

/** What leaves columns out, and how many it does; `systemTags` offers more of them. */
export function columnSwitches(session: Session, shown: ShownColumns, systemTags: Switch): TemplateResult[] {
  const { hideEmpty, hideConstant, onlyDifferences } = session.view.table;
  return [
    line('Hide empty', 'Columns without a value in the runs shown', shown.empty, {
      on: hideEmpty,
      change: (on) => session.updateTable({ hideEmpty: on }),
    }),
    line('Hide constant', 'Columns with the same value in all runs shown', shown.constant, {
      on: hideConstant,
      change: (on) => session.updateTable({ hideConstant: on }),
    }),
    line('Only differences', 'Columns in which the chosen runs differ', shown.same, {
      on: onlyDifferences,
      change: (on) => session.updateTable({ onlyDifferences: on }),
    }),
    line('MLflow’s own tags', 'Offer tags that begin with mlflow.', 0, systemTags),
  ];
}

const line = (label: string, title: string, hidden: number, { on, change }: Switch) =>
  html`<label class="switch" title=${title}
    ><input
      type="checkbox"
      class="run-choice"
      .checked=${on}
      @change=${(event: Event) => change(event.target instanceof HTMLInputElement && event.target.checked)}
    /><span>${label}${hidden > 0 ? html` <span class="quiet">${count(hidden)} hidden</span>` : nothing}</span></label
  >`;
