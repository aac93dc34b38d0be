import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  addChart,
  definitionText,
  duplicateChart,
  moveChart,
  newId,
  readDefinitions,
  removeChart,
} from '../../../src/shared/charts/board';
import { settingsOf } from '../../../src/shared/charts/chartSettings';
import { csvOf } from '../../../src/shared/charts/chartTable';
import {
  type ChartDefinition,
  chartKinds,
  decodeBoard,
  decodeChartDefinition,
  mostCharts,
} from '../../../src/shared/view/chartDefinition';
import { decodeViewState } from '../../../src/shared/viewState';

const chart = (id: string): ChartDefinition => ({
  version: 1,
  id,
  kind: 'bar',
  runs: 'all',
  size: 'small',
  value: 'metrics.a',
});
const ids = (board: readonly ChartDefinition[]) => board.map(({ id }) => id).join('');

describe('definitions of charts', () => {
  it('are read whatever they are, keeping what fits', () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        const found = decodeChartDefinition(raw);
        if (found) assert.deepEqual(decodeChartDefinition(JSON.parse(JSON.stringify(found))), found);
        assert.ok(Array.isArray(decodeBoard(raw)));
      }),
    );
    const odd = {
      kind: 'scatter',
      x: 'metrics.a',
      y: 'nonsense',
      bins: 1e9,
      height: -5,
      columns: ['params.a', 3, 'params.a'],
      logX: 'yes',
      more: 1,
      runs: 'some',
    };
    assert.deepEqual(decodeChartDefinition(odd), {
      version: 1,
      id: '',
      kind: 'scatter',
      runs: 'all',
      size: 'small',
      height: 160,
      x: 'metrics.a',
      columns: ['params.a'],
      bins: 200,
    });
    assert.equal(decodeChartDefinition({ kind: 'bar', version: 2 }), undefined);
  });

  it('have ids of their own on a board, in the view too', () => {
    const board = decodeBoard([chart('a'), chart('a'), { kind: 'pie' }, { kind: 'box' }]);
    assert.equal(new Set(board.map(({ id }) => id)).size, 3);
    assert.equal(decodeViewState({ board: [chart('a')] }).board.length, 1);
    assert.deepEqual(decodeViewState({}).board, []);
  });

  it('are what the schema for editors says', () => {
    const schema = JSON.parse(readFileSync('media/schemas/chart.schema.json', 'utf8'));
    const properties = schema.$defs.chart.properties;
    assert.deepEqual(properties.kind.enum, [...chartKinds]);
    const used = new Set(chartKinds.flatMap((kind) => settingsOf(kind).map(({ name }) => name)));
    for (const name of used) assert.ok(name in properties, name);
    const samples: Readonly<Record<string, unknown>> = {
      boolean: true,
      integer: 200,
      array: ['params.a'],
      object: { smoothing: 0.5 },
    };
    for (const name of Object.keys(properties)) {
      const { type, enum: values, const: constant } = properties[name];
      const sample = constant ?? values?.[0] ?? samples[type] ?? 'params.a';
      const decoded = decodeChartDefinition({ kind: 'bar', [name]: sample });
      assert.deepEqual(decoded?.[name as keyof ChartDefinition], sample, name);
    }
  });

  it('are added, moved, duplicated and removed', () => {
    const board = ['a', 'b', 'c'].map(chart);
    assert.equal(ids(moveChart(board, 'a', 1)), 'bac');
    assert.equal(ids(moveChart(board, 'c', 9)), 'abc');
    assert.equal(ids(moveChart(board, 'c', -9)), 'cab');
    assert.equal(ids(moveChart(board, 'x', 1)), 'abc');
    assert.deepEqual(
      duplicateChart(board, 'a').map(({ id }) => id),
      ['a', 'chart-4', 'b', 'c'],
    );
    assert.equal(ids(removeChart(board, 'b')), 'ac');
    assert.equal(ids(addChart(removeChart(board, 'b'), chart('b'), 1)), 'abc');
    const full = Array.from({ length: mostCharts }, (_, at) => chart(`${at}`));
    assert.equal(addChart(full, chart('more')).length, mostCharts);
    assert.ok(!full.some(({ id }) => id === newId(full)));
  });

  it('are copied and read back, and a wrong one is said to be', () => {
    const read = readDefinitions(definitionText(chart('a')));
    assert.ok(read.ok);
    assert.deepEqual(read.charts, [chart('')]);
    for (const [text, message] of [
      ['{', /no JSON/],
      ['[]', /no chart in it/],
      ['{"kind":"pie"}', /This is no chart/],
      [`[${definitionText(chart('a'))}, 3]`, /Item 2/],
    ] as const) {
      const wrong = readDefinitions(text);
      assert.ok(!wrong.ok && message.test(wrong.message), text);
    }
  });
});

describe('tables as CSV', () => {
  it('keep numbers exactly and texts whole; formulas become texts', () => {
    const table = {
      columns: ['Run', 'x'],
      rows: [
        ['a,"b"\n', 0.1 + 0.2],
        ['=1+1', Number.NaN],
        ['-3', Number.NEGATIVE_INFINITY],
        ['ü', -0],
        [undefined, 1e-300],
      ],
    };
    assert.equal(csvOf(table), `Run,x\n"a,""b""\n",0.30000000000000004\n'=1+1,nan\n'-3,-inf\nü,-0\n,1e-300\n`);
  });
});
