import assert from 'node:assert/strict';
import { initialRunsView } from '../../../src/shared/view/runsView';
import { groupChoices } from '../../../webview/charts/groupChoices';
import { tableOf } from '../chartKinds/tableOf';

describe('what charts group runs by', () => {
  it('has data sets, commits and statuses also where hundreds of params differ', () => {
    const params = (value: string) => Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`p${at}`, value]));
    const { table, rows } = tableOf([{ params: params('a') }, { params: params('b') }]);
    const choices = groupChoices({ runs: { table, view: initialRunsView, chosen: rows } }).map(({ text }) => text);
    assert.equal(choices.length, 300);
    for (const text of ['datasets', 'commit', 'status', 'p0']) assert.ok(choices.includes(text), text);
  });
});
