import { Chart, LinearScale } from 'chart.js';
import { MatrixController, MatrixElement } from 'chartjs-chart-matrix';
import { type HeatCell, type HeatMap, heatMapOf, heatMapTable } from '../../../src/shared/charts/heatmap';
import { unitScale } from '../../../src/shared/charts/scatter';
import { shortNumber } from '../../../src/shared/series/format';
import { strength } from './colorScale';
import { contourLines } from './contour';
import { type Drawn, emptyPicture, type KindInput, type Mark, type Picture } from './picture';
import { categoryScale } from './scales';
import { paint, type Surface } from './surface';

Chart.register(MatrixController, MatrixElement, LinearScale);

/** A value over two columns: the stronger the colour, the larger the value. */
export function heatMapPicture(input: KindInput): Picture {
  const { chart, runs, colors } = input;
  if (!chart.x || !chart.y || !chart.value) return emptyPicture('Heat map', 'Choose an x axis, a y axis and a value.');
  const data = heatMapOf(runs, { ...chart, x: chart.x, y: chart.y, value: chart.value });
  if (!data) return emptyPicture('Heat map', 'There is no such column.');
  const stat = chart.aggregate ?? 'mean';
  const what = stat === 'count' ? 'Runs' : `${stat === 'mean' ? '' : `${stat} `}${data.value.label}`;
  const title = `${what} by ${data.x.column.label} and ${data.y.column.label}`;
  if (data.cells.length === 0) return emptyPicture(title, 'No run has all three values.', data.notes);
  const values = Float64Array.from(data.cells, ({ value }) => value);
  const scale = unitScale(values);
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const ends = min === max ? [min] : [min, min / 2 + max / 2, max];
  return {
    title,
    summary: `Heat map of ${title}: ${data.cells.length} cells, from ${shortNumber(min)} to ${shortNumber(max)}`,
    notes: data.notes,
    table: heatMapTable(data),
    legend: ends.map((value) => ({
      label: shortNumber(Number(value.toPrecision(5))),
      color: strength(scale(value), colors),
    })),
    draw: (surface) => draw(surface, data, scale, input),
  };
}

function draw(surface: Surface, data: HeatMap, scale: (value: number) => number, { chart, colors }: KindInput): Drawn {
  const [columns, rows] = [data.x.labels.length, data.y.labels.length];
  const size = (area: number, count: number) => Math.max(1, area / count - (count > 30 ? 0 : 1));
  const drawn = paint<'matrix'>(surface, {
    type: 'matrix',
    plugins: chart.contour ? [contourLines(data, colors)] : [],
    data: {
      datasets: [
        {
          data: data.cells.map(({ x, y, value }) => ({ x, y, v: value })) as never,
          backgroundColor: data.cells.map(({ value }) => strength(scale(value), colors)) as never,
          borderWidth: 0,
          width: ({ chart: { chartArea } }) => size(chartArea?.width ?? 0, columns),
          height: ({ chart: { chartArea } }) => size(chartArea?.height ?? 0, rows),
        },
      ],
    },
    options: {
      layout: { padding: { top: 8, right: 8 } },
      scales: {
        x: categoryScale(data.x.labels, data.x.column.label, colors, 'x'),
        y: { ...categoryScale(data.y.labels, data.y.column.label, colors, 'y'), border: { display: false } },
      } as never,
    },
  });
  const { x, y } = drawn.scales;
  const half = { rx: size(drawn.chartArea.width, columns) / 2, ry: size(drawn.chartArea.height, rows) / 2 };
  const marks = data.cells.map((cell): Mark => {
    const place = { x: x?.getPixelForValue(cell.x) ?? 0, y: y?.getPixelForValue(cell.y) ?? 0 };
    return {
      ...place,
      ...half,
      ...rowOf(cell),
      title: chart.aggregate === 'count' ? 'runs' : data.value.label,
      lines: () => linesOf(cell, data, chart.aggregate ?? 'mean'),
    };
  });
  return { marks, dispose: () => drawn.destroy() };
}

const rowOf = ({ rows: [row, second] }: HeatCell) => (row === undefined || second !== undefined ? {} : { row });

const linesOf = (cell: HeatCell, { x, y }: HeatMap, stat: string): readonly (readonly [string, string])[] => [
  [x.column.label, x.labels[cell.x] ?? ''],
  [y.column.label, y.labels[cell.y] ?? ''],
  [stat, String(cell.value)],
  ...(stat === 'count' ? [] : [['runs', String(cell.rows.length)] as const]),
];
