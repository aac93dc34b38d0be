import { html, nothing, type TemplateResult } from 'lit';
import { count } from '../../src/shared/series/format';
import { styled } from '../controls/styled';
import type { Session } from '../runs/session';
import type { GridColumn } from './gridModel';

/** Instead of rows: bones while they come, and what to do where there are none. */
export function tableEmpty(
  session: Session,
  columns: readonly GridColumn[],
  late: boolean,
): TemplateResult | typeof nothing {
  const { loader, view } = session;
  if (loader.edition === 0) return loader.loadingSince !== undefined && late ? skeleton(columns) : nothing;
  if (loader.order.length > 0) return nothing;
  return view.filter.trim() === '' ? noRuns(session) : noMatch(session);
}

/** Under the heads that are there already, at the side where their values are going to be. */
function skeleton(columns: readonly GridColumn[]): TemplateResult {
  const bones = columns.slice(0, 12).filter(({ part }) => part !== 'lead');
  const bone = ({ left, width, numeric }: GridColumn) => {
    const wide = Math.round((width - 20) * 0.7);
    const at = numeric ? left + width - 10 - wide : left + 10;
    return html`<span class="bone" ${styled({ left: `${at}px`, width: `${wide}px` })}></span>`;
  };
  return html`<div class="grid-bones" role="status" aria-label="Loading runs">
    ${Array.from({ length: 12 }, () => html`<div class="bone-row">${bones.map(bone)}</div>`)}
  </div>`;
}

function noMatch(session: Session): TemplateResult {
  return html`<div class="table-empty">
    <h2>No runs match the filter</h2>
    <p>None of the runs here has what <code>${session.view.filter}</code> asks for.</p>
    <button class="button" @click=${() => session.update({ filter: '' })}>Clear filter</button>
    ${showDeleted(session)}
  </div>`;
}

/** Runs chosen one by one: no code is going to log others. */
function chosenGone({ snapshot }: Session, runs: number): TemplateResult {
  return html`<div class="table-empty">
    <h2>${runs === 1 ? 'The chosen run is not there' : `None of the ${count(runs)} chosen runs is there`}</h2>
    <p>
      The server <code>${snapshot?.serverUri}</code> does not have ${runs === 1 ? 'it' : 'them'}: deleted for good, or of another
      server, where a view or a link was made. Connect to that server, or open the runs of an experiment.
    </p>
  </div>`;
}

function noRuns(session: Session): TemplateResult {
  const { snapshot } = session;
  if (snapshot && 'runIds' in snapshot.scope) return chosenGone(session, snapshot.scope.runIds.length);
  const several = snapshot && 'experimentIds' in snapshot.scope && snapshot.scope.experimentIds.length > 1;
  return html`<div class="table-empty">
    <h2>No runs yet</h2>
    <p>
      Runs of ${several ? 'these experiments' : 'this experiment'} appear here as soon as code logs them, for example with
      <code>mlflow.start_run()</code>.
    </p>
    ${showDeleted(session)}
  </div>`;
}

const showDeleted = (session: Session) =>
  session.view.showDeleted
    ? nothing
    : html`<button class="button secondary" @click=${() => session.update({ showDeleted: true })}>Show deleted runs</button>`;
