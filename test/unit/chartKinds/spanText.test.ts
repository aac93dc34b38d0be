import assert from 'node:assert/strict';
import type { ColumnData } from '../../../src/shared/charts/columnData';
import { cellOf, cellText } from '../../../src/shared/charts/scatter';
import { spanText } from '../../../src/shared/charts/spanText';

const column: ColumnData = {
  id: 'metrics.loss',
  label: 'loss',
  kind: 'number',
  values: new Float64Array(),
  categories: [],
  missing: 0,
  unread: 0,
  notFinite: 0,
};

describe('what a column spans, in words', () => {
  it('goes from the least to the largest number, whatever is none', () => {
    assert.equal(spanText(column, [2, Number.NaN, -1.5, Number.POSITIVE_INFINITY]), 'loss from -1.5 to 2');
    assert.equal(spanText(column, [2, 2]), 'loss 2');
    assert.equal(spanText(column, [Number.NaN]), 'no loss');
    assert.match(spanText({ ...column, kind: 'time' }, [0, 1e12]), /^loss from 0?1\/01\/1970, .* to 09\/09\/2001, /);
  });

  it('stays a number where a server holds one as a time that no clock shows', () => {
    const time = { ...column, kind: 'time', values: Float64Array.of(9.2e18) } as const;
    assert.equal(spanText(time, time.values), 'loss 9200000000000000000');
    assert.deepEqual([cellOf(time, 0), cellText(time, 0)], [9.2e18, '9200000000000000000']);
  });

  it('is as many texts as are drawn', () => {
    const texts = { ...column, kind: 'category', categories: ['adam', 'sgd', 'lion'] } as const;
    assert.equal(spanText(texts, [0, 2, 2, Number.NaN]), '2 values of loss');
    assert.equal(spanText(texts, [1]), 'loss sgd');
  });
});
