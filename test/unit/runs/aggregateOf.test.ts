import assert from 'node:assert/strict';
import { packRuns } from '../../../src/panels/runs/packRuns';
import { aggregateOf } from '../../../src/shared/runs/aggregateOf';
import type { Column } from '../../../src/shared/runs/column';
import { RunTable } from '../../../src/shared/runs/runTable';
import { runOf } from '../../support/runOf';

describe('what is said of the rows under a row', () => {
  const column: Column = { kind: 'metric', key: 'loss', stat: 'last' };
  const table = new RunTable();
  let rows: readonly number[] = [];
  before(async () => {
    const values = [1, Number.NaN, 4, undefined, -2];
    rows = table.add(
      await packRuns(
        values.map((value, at) =>
          runOf(`r${at}`, {
            metrics: value === undefined ? {} : { loss: { key: 'loss', value, timestamp: 0, step: 0 } },
            params: { lr: String(at), name: `n${at}`, ...(at > 2 ? { late: 'None' } : {}) },
          }),
        ),
      ),
    );
  });
  const all = (asked: Column) =>
    (['mean', 'min', 'max', 'count'] as const).map((aggregate) => aggregateOf(table, asked, rows, aggregate));

  it('leaves out NaN and what is missing', () => {
    assert.deepEqual(all(column), [1, -2, 4, 3]);
    assert.deepEqual(all({ ...column, key: 'none' }), [undefined, undefined, undefined, 0]);
  });

  it('counts texts, and calculates where they are numbers', () => {
    assert.deepEqual(all({ kind: 'param', key: 'lr' }), [2, 0, 4, 5]);
    assert.deepEqual(all({ kind: 'param', key: 'name' }), [undefined, undefined, undefined, 5]);
    assert.deepEqual(all({ kind: 'param', key: 'late' }), [undefined, undefined, undefined, 2]);
  });

  it('is about the best once it is known what is better', () => {
    const best: Column = { kind: 'metric', key: 'loss', stat: 'best' };
    table.stat('min', 'loss').set(rows[0] ?? 0, 0.5);
    assert.equal(aggregateOf(table, best, rows, 'mean'), undefined);
    assert.equal(aggregateOf(table, best, rows, 'mean', { loss: 'lower' }), 0.5);
    for (const key of ['constructor', '__proto__', 'toString']) {
      table.stat('max', key).set(rows[0] ?? 0, 0.5);
      assert.equal(aggregateOf(table, { ...best, key }, rows, 'mean'), undefined, key);
    }
  });
});
