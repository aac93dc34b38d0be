import assert from 'node:assert/strict';
import { initialRunsView } from '../../../src/shared/view/runsView';
import { groupChoices } from '../../../webview/charts/groupChoices';
import { tableOf } from '../chartKinds/tableOf';

describe('what charts group runs by', () => {
  it('has data sets, commits and statuses also where hundreds of params differ', () => {
    const params = (value: string) => Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`p${at}`, value]));
    const { table, rows } = tableOf([{ params: params('a') }, { params: params('b') }]);
    const session = { runs: { table, view: initialRunsView, chosen: rows } };
    const texts = (chosen: readonly string[] = []) => groupChoices(session, chosen).map(({ text }) => text);
    const choices = texts();
    assert.equal(choices.length, 301);
    assert.equal(choices.at(-1), '109 more: group the table by one, then take it here');
    assert.equal(texts(['params.p399']).at(-2), 'p399');
    assert.equal(texts(['params.p1']).length, 301);
    for (const text of ['datasets', 'commit', 'status', 'p0']) assert.ok(choices.includes(text), text);
  });
});
