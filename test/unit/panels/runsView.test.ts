import assert from 'node:assert/strict';
import { decodePanelState } from '../../../src/shared/view/panelState';
import { decodeRunsView, initialRunsView, mostChosen } from '../../../src/shared/view/runsView';
import { initialView } from '../../../src/shared/viewState';

describe('what was kept of a panel', () => {
  it('can always be shown', () => {
    for (const raw of [undefined, null, 1, 'x', [], {}]) assert.deepEqual(decodeRunsView(raw), initialRunsView);
    assert.equal(decodePanelState({ serverUri: 'http://x', scope: { runIds: [1] } }), undefined);
    assert.equal(decodePanelState({ scope: { runIds: ['r'] } }), undefined);
    const charts = { axis: 'wall', smoothing: 7, zoom: { min: 5, max: 1 }, tables: ['a', 1], scroll: -3 };
    const view = { tab: 'charts', charts, table: { sort: [{ column: 'params.lr' }, 3], widths: { a: 1e9, b: 80 } } };
    const state = decodePanelState({ serverUri: 'http://x', scope: { runIds: ['r'] }, view });
    assert.deepEqual(state?.view.charts, { ...initialView, axis: 'wall', smoothing: 0.99, tables: ['a'] });
    assert.deepEqual(state?.view.table.sort, [{ column: 'params.lr', descending: false }]);
    assert.deepEqual(state?.view.table.widths, { b: 80 });
  });

  it('charts no more runs than can be told apart', () => {
    assert.deepEqual(decodeRunsView({ chosen: { first: 1e6 } }).chosen, { first: mostChosen });
    assert.deepEqual(decodeRunsView({ chosen: { first: 0 } }).chosen, { first: 1 });
  });

  it('is the same after a round through JSON', () => {
    const view = { ...initialRunsView, filter: 'metrics.loss < 1', pinnedRuns: ['a'], better: { loss: 'lower' } };
    assert.deepEqual(decodeRunsView(JSON.parse(JSON.stringify(view))), view);
  });
});
