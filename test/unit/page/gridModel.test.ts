import assert from 'node:assert/strict';
import { initialRunsView } from '../../../src/shared/view/runsView';
import type { Session } from '../../../webview/runs/session';
import { GridModel } from '../../../webview/table/gridModel';
import { tableOf } from '../chartKinds/tableOf';

describe('columns that are there only where the charted runs differ', () => {
  it('are those of the runs that come first by now, where these are charted', () => {
    const { table, rows } = tableOf([
      { params: { a: '1', b: '1' } },
      { params: { a: '2', b: '1' } },
      { params: { a: '2', b: '2' } },
    ]);
    const shown = { ...initialRunsView.table, columns: ['params.a', 'params.b'], onlyDifferences: true };
    const view = { ...initialRunsView, chosen: { first: 2 }, table: shown };
    const loader = { order: rows, edition: 1, parents: [], early: new Set(), arriving: false };
    const session = { table, loader, view, sorted: { rows, applied: [], settled: 1 } };
    const model = new GridModel(session as unknown as Session);
    const columns = () => {
      model.refresh();
      return model.columns.map(({ id }) => id).filter((id) => id.startsWith('params.'));
    };
    assert.deepEqual(columns(), ['params.a']);
    session.sorted = { rows: rows.toReversed(), applied: [], settled: 2 };
    assert.deepEqual(columns(), ['params.b']);
  });
});
