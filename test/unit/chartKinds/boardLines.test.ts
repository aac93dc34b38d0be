import assert from 'node:assert/strict';
import { boardKey, lineSettingsOf, withLineSettings } from '../../../src/shared/charts/boardLines';
import { offeredCharts, tickedAtFirst } from '../../../src/shared/compare/reportCharts';
import { type ChartDefinition, decodeChartDefinition } from '../../../src/shared/view/chartDefinition';
import { initialView } from '../../../src/shared/viewState';

const line: ChartDefinition = {
  version: 1,
  id: 'chart-1',
  kind: 'line',
  runs: 'chosen',
  size: 'small',
  metric: 'loss',
};

describe('lines on the board', () => {
  it('are drawn as their definition says, short words before what was exported', () => {
    const chart: ChartDefinition = { ...line, axis: 'wall', logY: true, line: { axis: 'step', smoothing: 0.5 } };
    assert.deepEqual(lineSettingsOf(chart), { axis: 'wall', logY: true, smoothing: 0.5 });
    assert.deepEqual(lineSettingsOf({ ...chart, kind: 'bar' }), {});
  });

  it('come back to the form with what was set up in their card since', () => {
    const own = { axis: 'relative', logY: true, smoothing: 0.5 } as const;
    const form = withLineSettings({ ...line, axis: 'wall', logX: true }, own);
    assert.deepEqual([form.axis, form.logX, form.logY], ['relative', undefined, true]);
    assert.deepEqual(lineSettingsOf(form), own);
    assert.equal(withLineSettings(line, { axis: 'metric', xMetric: 'm' }).axis, undefined);
  });

  it('have a definition that is read back whole, whatever it is', () => {
    const whole = {
      ...line,
      line: { axis: 'metric', xMetric: 'epoch', smoothing: 0.4, groupBy: ['params.lr'], yMax: 3 },
    };
    assert.deepEqual(decodeChartDefinition(JSON.parse(JSON.stringify(whole))), whole);
    assert.deepEqual(decodeChartDefinition({ ...line, line: { axis: 'x', smoothing: 9, yMin: 'a' } })?.line, {
      smoothing: 0.99,
    });
  });
});

describe('charts that a report can hold', () => {
  const view = {
    ...initialView,
    axis: 'relative' as const,
    perChart: { 'val/acc': { axis: 'step' as const } },
    cardOrder: ['b', 'a'],
    expressions: [{ id: 'e1', text: `\${a} - \${b}` }],
    board: [
      { ...line, title: 'mine' },
      { ...line, id: 'p', kind: 'images' as const, path: 'plots' },
      { ...line, id: 'h', kind: 'heatmap' as const },
    ],
  };

  it('are those of the Charts tab, in its order, with their axes', () => {
    assert.deepEqual(
      offeredCharts(view, ['a', 'b', 'system/cpu', 'val/acc']).map(({ title }) => title),
      [
        'mine',
        'Heat map',
        `\${a} - \${b} by time since the start`,
        'b by time since the start',
        'a by time since the start',
        'val/acc by step',
        'system/cpu by time since the start',
      ],
    );
    const [mine] = offeredCharts(view, []);
    assert.deepEqual(mine, {
      id: boardKey('chart-1'),
      title: 'mine',
      kind: 'line',
      key: 'board chart-1',
      metric: 'loss',
    });
  });

  it('are ticked where a person made them, else a few are', () => {
    const charts = offeredCharts(view, ['a', 'b']);
    assert.deepEqual([...tickedAtFirst(charts, 20, 3)], ['board chart-1', 'board h', 'line e1']);
    assert.deepEqual([...tickedAtFirst(charts, 1, 0)], ['board chart-1']);
    assert.deepEqual([...tickedAtFirst(offeredCharts(initialView, ['a', 'b']), 20, 1)], ['line a']);
  });
});
