import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Brush,
  brushesIn,
  isBrushable,
  offeredTexts,
  roundedBound,
  withBrush,
} from '../../../src/shared/charts/brush';
import { evaluateFilter, type FilterRow } from '../../../src/shared/filter/evaluate';
import { parseFilter } from '../../../src/shared/filter/parse';

const range = (min: number, max: number): Brush => ({ kind: 'range', min, max });

describe('brushes in the filter', () => {
  it('stand beside what was typed, one for each column', () => {
    const typed = "start_time > now-7d and tags.team = 'a AND b'";
    const once = withBrush(typed, 'metrics.loss', range(0.1, 0.5));
    assert.equal(once, `${typed.replace(' and ', ' AND ')} AND metrics.loss >= 0.1 AND metrics.loss <= 0.5`);
    assert.equal(
      withBrush(once, 'metrics.loss', range(0.2, Number.POSITIVE_INFINITY)),
      `${typed.replace(' and ', ' AND ')} AND metrics.loss >= 0.2`,
    );
    assert.equal(withBrush(once, 'metrics.loss', undefined), typed.replace(' and ', ' AND '));
    assert.equal(
      withBrush('', 'params.opt', { kind: 'texts', texts: ['adam', "it's"] }),
      `params.opt IN ('adam', "it's")`,
    );
  });

  it('put what has an OR into parentheses, and leave BETWEEN and parentheses whole', () => {
    assert.equal(
      withBrush('metrics.a > 1 OR metrics.b > 1', 'metrics.c', range(1, 2)),
      '(metrics.a > 1 OR metrics.b > 1) AND metrics.c >= 1 AND metrics.c <= 2',
    );
    assert.equal(
      withBrush('metrics.c BETWEEN 1 AND 2 AND (metrics.c > 0 AND metrics.d < 1)', 'metrics.c', undefined),
      '(metrics.c > 0 AND metrics.d < 1)',
    );
    assert.deepEqual(brushesIn('metrics.c BETWEEN 1 AND 2'), [{ column: 'metrics.c', brush: range(1, 2) }]);
  });

  it('know columns with strange names, times and durations, and refuse what the filter cannot say', () => {
    const filter = withBrush(withBrush('', 'metrics.val/top `5`', range(0, 1)), 'attributes.duration', range(1.5, 60));
    assert.deepEqual(brushesIn(filter), [
      { column: 'metrics.val/top `5`', brush: range(0, 1) },
      { column: 'attributes.duration', brush: range(1.5, 60) },
    ]);
    assert.equal(withBrush('', 'attributes.start_time', range(10.4, 20)), 'start_time >= 10 AND start_time <= 20');
    for (const id of ['attributes.commit', 'metrics[min].loss', 'nonsense']) {
      assert.equal(isBrushable(id), false);
      assert.equal(withBrush('a', id, range(0, 1)), 'a');
    }
  });

  it('are read back as they were put in, and keep exactly the runs inside', () => {
    const column = fc
      .string({ minLength: 1, maxLength: 8 })
      .filter((key) => !/[\0\ud800-\udfff]/.test(key) && key.trim() !== '');
    const brush = fc.oneof(
      fc
        .tuple(
          fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
          fc.double({ noNaN: true, min: 0, max: 1e9, noDefaultInfinity: true }),
        )
        .map(([min, size]) => range(min + 0, min + size + 0)),
      fc
        .uniqueArray(
          fc.string({ maxLength: 5 }).filter((text) => !/[\0\ud800-\udfff]/.test(text)),
          { minLength: 1, maxLength: 4 },
        )
        .map((texts): Brush => ({ kind: 'texts', texts })),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('', 'metrics.other > 1', "tags.x = 'a' OR tags.y = 'b'", 'NOT status = FAILED'),
        column,
        brush,
        fc.double({ noNaN: true }),
        (before, key, given, value) => {
          const id = given.kind === 'range' ? `metrics.${key}` : `params.${key}`;
          const filter = withBrush(before, id, given);
          const parsed = parseFilter(filter, 0);
          assert.ok(parsed.ok, filter);
          const found = brushesIn(filter).find((item) => item.column === id);
          assert.deepEqual(found?.brush, given);
          assert.deepEqual(
            brushesIn(withBrush(filter, id, undefined)).filter((item) => item.column === id),
            [],
          );
          if (before !== '' || given.kind !== 'range') return;
          const row: FilterRow = {
            metric: () => value,
            param: () => undefined,
            tag: () => undefined,
            attribute: () => undefined,
            datasets: () => [],
          };
          assert.equal(evaluateFilter(parsed.filter, row), value >= given.min && value <= given.max);
        },
      ),
    );
  });

  it('never throw, whatever was typed', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc
            .array(fc.constantFrom('AND', 'OR', '(', ')', 'metrics.a', '>=', '1', "'", 'BETWEEN', 'IN', 'now-1d'))
            .map((parts) => parts.join(' ')),
        ),
        (filter) => {
          brushesIn(filter);
          withBrush(filter, 'metrics.a', range(0, 1));
        },
      ),
    );
  });

  it('have bounds that a person would type', () => {
    assert.equal(roundedBound(0.123456789, 1), 0.123);
    assert.equal(roundedBound(1234567.89, 10), 1234567.89);
    assert.equal(roundedBound(0, 1), 0);
    assert.equal(roundedBound(0.00145, 1.45e-2), 0.00145);
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        (value, span) => {
          // A thousandth, and what the last bits of the numbers themselves are worth.
          const most = (span / 1_000) * (1 + 1e-9) + 4 * Number.EPSILON * Math.abs(value);
          assert.ok(Math.abs(roundedBound(value, span) - value) <= most);
        },
      ),
    );
  });

  it('offer no more texts than can be looked through, say how many are left, and lose none that is chosen', () => {
    const texts = Array.from({ length: 300 }, (_, at) => `t${at}`);
    const few = offeredTexts(texts, new Set(['t299', 'gone']), 200);
    assert.deepEqual([few.texts.length, few.left, few.texts.slice(0, 3)], [200, 101, ['t299', 'gone', 't0']]);
    assert.deepEqual(offeredTexts(texts, new Set(texts), 200), { texts, left: 0 });
    assert.deepEqual(offeredTexts(['a', 'b'], new Set(), 200), { texts: ['a', 'b'], left: 0 });
  });
});
