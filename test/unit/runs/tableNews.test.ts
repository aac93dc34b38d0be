import assert from 'node:assert/strict';
import { type TableFacts, tableNews } from '../../../src/shared/runs/tableNews';

const sort = { of: [], text: 'Newest runs first' };
const base: TableFacts = {
  asked: '',
  isFiltered: false,
  loaded: 100,
  more: true,
  count: '100 of 5,213 runs',
  cut: '',
  acts: [sort],
};

describe('news of a table', () => {
  it('say first how many runs there are, and not who sorted them', () => {
    assert.equal(tableNews(undefined, base), 'Loaded: 100 of 5,213 runs');
    assert.equal(tableNews(undefined, { ...base, loaded: 0, more: false, count: '0 runs' }), 'There are no runs');
  });

  it('say what a person loaded, not runs that come by themselves', () => {
    const all = { ...base, loaded: 5_213, more: false, count: '5,213 runs' };
    assert.equal(tableNews(base, all), 'Loaded: 5,213 runs');
    assert.equal(tableNews(all, { ...all, loaded: 5_214, count: '5,214 runs' }), '');
    assert.equal(tableNews(base, { ...base, count: '100 of 5,214 runs' }), '');
  });

  it('say what a filter matches, the same number too', () => {
    const filtered = { ...base, asked: 'a', isFiltered: true, loaded: 12, more: false, count: '12 runs' };
    assert.equal(tableNews(base, filtered), 'Filtered: 12 runs');
    assert.equal(tableNews(filtered, { ...filtered, asked: 'b' }), 'Filtered: 12 runs');
    assert.equal(
      tableNews(filtered, { ...filtered, asked: 'c', loaded: 0, count: '0 runs' }),
      'The filter matches no run',
    );
    assert.equal(tableNews(filtered, base), 'Loaded: 100 of 5,213 runs');
  });

  it('say why there are fewer than there were, once', () => {
    const cut = { ...base, cut: '100 runs are read again.' };
    assert.equal(tableNews(undefined, cut), 'Loaded: 100 of 5,213 runs. 100 runs are read again.');
    assert.equal(tableNews(base, cut), '100 runs are read again.');
    assert.equal(tableNews(cut, cut), '');
    assert.equal(tableNews(cut, base), '');
  });

  it('say what was set up anew, once', () => {
    const sorted = { ...base, acts: [{ of: ['loss'], text: 'Sorted by loss ascending, here' }] };
    assert.equal(tableNews(base, sorted), 'Sorted by loss ascending, here');
    assert.equal(tableNews(sorted, { ...sorted, acts: [...sorted.acts] }), '');
    assert.equal(tableNews(sorted, { ...base, asked: 'b' }), 'Loaded: 100 of 5,213 runs. Newest runs first');
  });
});
