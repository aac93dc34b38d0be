import assert from 'node:assert/strict';
import fc from 'fast-check';
import { barsOf } from '../../../src/shared/charts/bars';
import { historiesOf } from '../../../src/shared/charts/chartSettings';
import { columnData, columnNotes, notPositive, numberOf } from '../../../src/shared/charts/columnData';
import { fieldsOf, searchFields } from '../../../src/shared/charts/fields';
import { groupRows } from '../../../src/shared/charts/groups';
import { suggestChart } from '../../../src/shared/charts/suggest';
import { chartKinds, decodeChartDefinition } from '../../../src/shared/view/chartDefinition';
import { tableOf } from './tableOf';

describe('columns of charts', () => {
  const { table, rows } = tableOf([
    { params: { lr: '1e-3', depth: '10', opt: 'adam' }, metrics: { loss: 1 }, startTime: 5, endTime: 2_505 },
    { params: { lr: '0.1', depth: '9', opt: 'sgd' }, metrics: { loss: Number.NaN } },
    { params: { depth: 'deep', opt: 'adam' }, metrics: { loss: -2 } },
    { params: { lr: 'inf', opt: '' } },
  ]);

  it('are numbers when every text is one', () => {
    const lr = columnData({ table, rows }, 'params.lr');
    assert.equal(lr?.kind, 'number');
    assert.deepEqual([...(lr?.values ?? [])], [0.001, 0.1, Number.NaN, Number.NaN]);
    assert.deepEqual([lr?.missing, lr?.notFinite], [1, 1]);
    assert.deepEqual(columnNotes([lr, lr]), ['1 run without lr', '1 run with NaN or infinite lr']);
  });

  it('are categories in natural order otherwise, an empty text being one', () => {
    const depth = columnData({ table, rows }, 'params.depth');
    assert.deepEqual(depth?.categories, ['9', '10', 'deep']);
    assert.deepEqual([...(depth?.values ?? [])], [1, 0, 2, Number.NaN]);
    assert.deepEqual(columnData({ table, rows }, 'params.opt')?.categories, ['', 'adam', 'sgd']);
  });

  it('give metrics, times in ms and durations in seconds', () => {
    const loss = columnData({ table, rows }, 'metrics.loss');
    assert.deepEqual([loss?.missing, loss?.notFinite], [1, 1]);
    assert.deepEqual(loss && notPositive(loss), ['1 run with loss ≤ 0 not on the log axis']);
    assert.equal(columnData({ table, rows }, 'attributes.start_time')?.kind, 'time');
    assert.equal(columnData({ table, rows }, 'attributes.duration')?.values[0], 2.5);
    assert.equal(columnData({ table, rows }, 'attributes.run_name')?.kind, 'category');
    assert.equal(columnData({ table, rows }, 'nonsense'), undefined);
  });

  it('give what is computed from histories, and tell what is not read from what is not there', () => {
    const made = tableOf([{ metrics: { loss: 1 } }, { metrics: { loss: 2 } }, { metrics: { acc: 1 } }]);
    const runs = { ...made, better: { loss: 'lower' } as const };
    made.table.stat('min', 'loss').set(0, 0.5);
    made.table.stat('minStep', 'loss').set(0, 40);
    const best = columnData(runs, 'metrics[best].loss');
    assert.deepEqual([...(best?.values ?? [])], [0.5, Number.NaN, Number.NaN]);
    assert.deepEqual(columnNotes([best]), ['1 run without loss (best)', '1 run whose loss (best) is not read']);
    assert.equal(columnData(runs, 'metrics[bestStep].loss')?.values[0], 40);
    assert.equal(columnData(runs, 'metrics[step].loss')?.values[0], 0);
    assert.deepEqual(
      barsOf(runs, { value: 'metrics[best].loss' })?.bars.map(({ value }) => value),
      [0.5],
    );
    assert.deepEqual(columnNotes([columnData(made, 'metrics[best].acc')]), ['3 runs without acc (best)']);
  });

  it('read numbers as Python writes them, and nothing else', () => {
    for (const [text, value] of [
      ['1_000', undefined],
      ['0x10', undefined],
      ['', undefined],
      ['-1.5e-7', -1.5e-7],
      ['.5', 0.5],
      ['-Infinity', Number.NEGATIVE_INFINITY],
      ['True', undefined],
    ] as const)
      assert.equal(numberOf(text), value, text);
    fc.assert(fc.property(fc.double({ noNaN: true }), (value) => numberOf(String(value)) === value));
  });

  it('put every row with a value into one group, the largest kept', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.constantFrom('a', 'b', 'c', 'd1', 'd10'), { nil: undefined }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 5 }),
        (texts, most) => {
          const made = tableOf(texts.map((text) => (text === undefined ? {} : { params: { p: text } })));
          const column = columnData(made, 'params.p');
          assert.ok(column);
          const { groups, leftOut } = groupRows(column, most);
          const present = texts.filter((text) => text !== undefined).length;
          assert.equal(groups.reduce((sum, { at }) => sum + at.length, 0) + leftOut.rows, present);
          assert.equal(groups.length + leftOut.groups, new Set(texts.filter((text) => text !== undefined)).size);
          for (const { label, at } of groups) for (const place of at) assert.equal(texts[place], label);
        },
      ),
    );
  });

  it('are found by words of their name, exact and first ones first', () => {
    const many = tableOf([
      {
        metrics: Object.fromEntries(Array.from({ length: 12_000 }, (_, at) => [`layer_${at}/grad norm`, at])),
        params: { grad: '1' },
      },
    ]);
    const fields = fieldsOf(many.table, 'number');
    const found = searchFields(fields, 'GRAD', 50);
    assert.equal(found.matching, 12_001);
    assert.equal(found.fields.length, 50);
    assert.equal(found.fields[0]?.id, 'params.grad');
    assert.deepEqual(
      searchFields(fields, 'norm 11999', 50).fields.map(({ id }) => id),
      ['metrics.layer_11999/grad norm'],
    );
    assert.ok(fieldsOf(table, 'number').every(({ id }) => id !== 'params.opt' && id !== 'params.depth'));
    assert.ok(fieldsOf(table, 'any').some(({ id }) => id === 'params.opt'));
  });

  it('name the histories that a kind is drawn from, and not those that it does not read', () => {
    const chart = decodeChartDefinition({
      kind: 'scatter',
      x: 'metrics[min].a',
      y: 'metrics[step].b',
      colorBy: 'metrics.c',
      value: 'metrics[max].d',
    });
    assert.deepEqual(chart && historiesOf(chart), ['a']);
    const parallel = decodeChartDefinition({
      kind: 'parallel',
      columns: ['metrics[min].a', 'metrics[best].a', 'metrics[max].d'],
    });
    assert.deepEqual(parallel && historiesOf(parallel), ['a', 'd']);
  });

  it('are suggested so that a new chart is a picture, whatever the runs have', () => {
    for (const given of [
      [],
      [{}],
      [{ params: { a: 'x' } }, { params: { a: 'y' } }],
      Array.from({ length: 5 }, (_, at) => ({
        params: { lr: `${10 ** -at}`, opt: 'ab'[at % 2] ?? '' },
        metrics: { loss: at, 'system/cpu': 1 },
      })),
    ])
      for (const kind of chartKinds) {
        const made = tableOf(given);
        const chart = suggestChart(made.table, made.rows, kind, 'c');
        assert.deepEqual(decodeChartDefinition(JSON.parse(JSON.stringify(chart))), chart);
      }
    const swept = tableOf(
      Array.from({ length: 5 }, (_, at) => ({
        params: { lr: `${10 ** -at}`, same: '1' },
        metrics: { 'system/cpu': 1, loss: at },
      })),
    );
    const chart = suggestChart(swept.table, swept.rows, 'parallel', 'c');
    assert.deepEqual(
      [chart.columns, chart.logColumns, chart.colorBy],
      [['params.lr', 'metrics.loss'], ['params.lr'], 'metrics.loss'],
    );
  });
});
