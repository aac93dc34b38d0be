import { packRuns } from '../../../src/panels/runs/packRuns';
import { type Run, TagKey } from '../../../src/shared/domain';
import { buildRows, type Listing, type RowsView, type ViewRow } from '../../../src/shared/runs/rowModel';
import { RunTable } from '../../../src/shared/runs/runTable';
import { serverSort } from '../../../src/shared/runs/serverSort';
import { sortLoaded } from '../../../src/shared/runs/sortLoaded';
import { initialRunsView, type TableView } from '../../../src/shared/view/runsView';
import { runOf } from '../../support/runOf';

export const run = (runId: string, parent?: string, change: Partial<Run> = {}) =>
  runOf(runId, {
    ...change,
    tags: { ...(parent === undefined ? {} : { [TagKey.parentRunId]: parent }), ...change.tags },
  });
export const loss = (value: number) => ({ metrics: { loss: { key: 'loss', value, timestamp: 0, step: 0 } } });

export async function listed(matching: readonly Run[], others: readonly Run[] = []) {
  const table = new RunTable();
  const order = table.add(await packRuns(matching));
  const parents = table.add(await packRuns(others));
  const listing: Answer = { order, parents, early: [], more: false };
  return { table, listing };
}

interface Answer extends Listing {
  readonly more: boolean;
}

/** As a page shows the server's answer to the view's own sort. */
export function modelOf(table: RunTable, { order, parents, early, more }: Answer, view: RowsView) {
  const orderedBy = serverSort(view.table.sort);
  const sorted = sortLoaded(table, { order, more, orderedBy }, view.table.sort, view.better);
  return { rows: buildRows(table, { order: sorted.order, parents, early }, view), sortedBy: sorted.sortedBy };
}

export const viewOf = (change: Partial<TableView> = {}, pinnedRuns: readonly string[] = []): RowsView => ({
  pinnedRuns,
  better: { loss: 'lower' },
  table: { ...initialRunsView.table, sort: [], ...change },
});

/** Names with their depth as dots; greyed ones in brackets, closed ones with a plus. */
export const shape = (table: RunTable, rows: readonly ViewRow[]) =>
  rows.map((line) => {
    const dots = '.'.repeat(line.depth);
    if (line.kind === 'group') return `${dots}${line.values.at(-1) ?? '–'}:${line.runs.length}${line.open ? '' : '+'}`;
    const { runId } = table.head(line.row);
    const name = line.unmatched ? `(${runId})` : runId;
    return `${dots}${name}${line.children > 0 && !line.open ? '+' : ''}`;
  });

export async function rowsOf(matching: readonly Run[], view: RowsView, others: readonly Run[] = []) {
  const { table, listing } = await listed(matching, others);
  const model = modelOf(table, listing, view);
  return { lines: shape(table, model.rows), sortedBy: model.sortedBy };
}

export const byLoss = (descending = false, stat = '') => ({ sort: [{ column: `metrics${stat}.loss`, descending }] });
