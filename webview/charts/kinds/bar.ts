import { BarController, BarElement, CategoryScale, Chart, LinearScale, LogarithmicScale } from 'chart.js';
import { BarWithErrorBar, BarWithErrorBarsController } from 'chartjs-chart-error-bars';
import { type Bars, barsOf, barsTable } from '../../../src/shared/charts/bars';
import { runs as runsText } from '../../../src/shared/charts/columnData';
import { rangeText } from '../../../src/shared/charts/spanText';
import { runColorCount } from '../../../src/shared/runColor';
import { yBounds } from '../../../src/shared/series/bounds';
import { type Drawn, emptyPicture, type KindInput, type Mark, type Picture, runInGroup } from './picture';
import { categoryScale, numberScale } from './scales';
import { paint, type Surface } from './surface';

Chart.register(
  BarController,
  BarElement,
  BarWithErrorBar,
  BarWithErrorBarsController,
  CategoryScale,
  LinearScale,
  LogarithmicScale,
);

/** A bar a run in its colour, or a bar a group with an error bar. */
export function barPicture(input: KindInput): Picture {
  const { chart, runs, colorOf, colors } = input;
  if (!chart.value) return emptyPicture('Bar chart', 'Choose a value.');
  const data = barsOf(runs, { ...chart, value: chart.value });
  if (!data) return emptyPicture('Bar chart', 'There is no such column.');
  const title = data.group ? `${data.value.label} by ${data.group.label}` : data.value.label;
  if (data.bars.length === 0) return emptyPicture(title, `No run has ${data.value.label}.`, data.notes);
  const fills = data.bars.map(({ rows }, at) =>
    data.group ? colors.run((at % runColorCount) + 1) : colorOf(rows[0] ?? 0),
  );
  return {
    title,
    summary: summaryOf(title, data),
    notes: data.notes,
    table: barsTable(data),
    legend: [],
    draw: (surface) => draw(surface, data, fills, input),
  };
}

function summaryOf(title: string, { bars, group, value }: Bars): string {
  const what = group ? `${bars.length} groups` : runsText(bars.length);
  const values = bars.map((bar) => bar.value);
  return `Bar chart of ${title}: ${what}, ${rangeText(value.label, values)}`;
}

function draw(surface: Surface, data: Bars, fills: readonly string[], { chart, colors }: KindInput): Drawn {
  const log = chart.logY === true;
  const ends = data.bars.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]);
  // Bars begin at zero, where there is one.
  const bounds = yBounds(log ? ends : [0, ...ends], log);
  const labels = data.bars.map(({ label }) => label);
  const drawn = paint<'barWithErrorBars'>(surface, {
    type: 'barWithErrorBars',
    data: {
      labels,
      datasets: [
        {
          data: data.bars.map(({ value, low, high }, x) => ({ x, y: value, yMin: low, yMax: high })) as never,
          backgroundColor: [...fills],
          maxBarThickness: 48,
          minBarLength: 1,
          errorBarColor: colors.foreground,
          errorBarWhiskerColor: colors.foreground,
          errorBarLineWidth: 1.2,
          errorBarWhiskerLineWidth: 1.2,
          errorBarWhiskerSize: 8,
        },
      ],
    },
    options: {
      layout: { padding: { top: 8, right: 8 } },
      scales: {
        x: { ...categoryScale(labels, data.group?.label ?? '', colors, 'x'), offset: false },
        y: numberScale({ title: data.value.label, log, colors, side: 'y', ...(bounds ? { bounds } : {}) }),
      } as never,
    },
  });
  const marks = marksOf(drawn, data);
  const ofRun = data.group ? { ofRun: runInGroup(data.bars, marks, drawn.scales.y) } : {};
  return { marks, ...ofRun, dispose: () => drawn.destroy() };
}

function marksOf(drawn: Chart<'barWithErrorBars'>, { bars, value, group }: Bars): Mark[] {
  const elements = drawn.getDatasetMeta(0).data;
  return bars.map((bar, at): Mark => {
    const {
      x = 0,
      y = 0,
      base = 0,
      width = 0,
    } = elements[at] as unknown as Partial<Record<'x' | 'y' | 'base' | 'width', number>>;
    const [row] = bar.rows;
    return {
      x,
      y: (y + base) / 2,
      rx: width / 2,
      ry: Math.abs(y - base) / 2,
      ...(group || row === undefined ? {} : { row }),
      title: bar.label,
      lines: () => [
        [group ? `mean ${value.label}` : value.label, String(bar.value)],
        ...(bar.low === undefined ? [] : [['from – to', `${bar.low} – ${bar.high}`] as const]),
        ...(group ? [['runs', String(bar.rows.length)] as const] : []),
      ],
    };
  });
}
