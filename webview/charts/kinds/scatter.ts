import { Chart, LinearScale, LogarithmicScale, PointElement, ScatterController } from 'chart.js';
import { runs as runsText } from '../../../src/shared/charts/columnData';
import { runName } from '../../../src/shared/charts/runRows';
import { cellText, type Scatter, type ScatterPoint, scatterOf, scatterTable } from '../../../src/shared/charts/scatter';
import { spanAt } from '../../../src/shared/charts/spanText';
import { mixed } from '../../controls/theme';
import { type ColorScale, colorScale } from './colorScale';
import { type Drawn, emptyPicture, type KindInput, type Mark, type Picture } from './picture';
import { columnScale } from './scales';
import { paint, type Surface } from './surface';

Chart.register(ScatterController, PointElement, LinearScale, LogarithmicScale);

/** Sizes of bubbles: few, so that those of one size and colour are drawn as one dataset. */
const sizes = 8;

/** A dot a run; with a third column as size it is a bubble chart. */
export function scatterPicture(input: KindInput): Picture {
  const { chart, runs, colors } = input;
  const name = chart.kind === 'bubble' ? 'Bubble chart' : 'Scatter chart';
  if (!chart.x || !chart.y) return emptyPicture(name, 'Choose an x and a y axis.');
  const sizeBy = chart.kind === 'bubble' ? chart.sizeBy : undefined;
  const data = scatterOf(runs, { ...chart, x: chart.x, y: chart.y, sizeBy });
  if (!data) return emptyPicture(name, 'There is no such column.');
  const title = `${data.y.label} over ${data.x.label}`;
  if (data.points.length === 0) return emptyPicture(title, 'No run has both values.', data.notes);
  const scale = data.color && colorScale(data.color, colors);
  return {
    title,
    summary: summaryOf(`${name} of ${title}`, data),
    notes: data.notes,
    table: scatterTable(runs, data),
    legend: scale?.legend ?? [],
    draw: (surface) => draw(surface, data, scale, input),
  };
}

function summaryOf(what: string, { points, x, y, size }: Scatter): string {
  const drawn = points.map(({ at }) => at);
  const spans = [x, y, ...(size ? [size] : [])].map((column) => spanAt(column, drawn));
  return `${what}: ${[runsText(points.length), ...spans].join(', ')}`;
}

function draw(surface: Surface, data: Scatter, scale: ColorScale | undefined, input: KindInput): Drawn {
  const { chart, colors, runs } = input;
  const many = data.points.length > 500;
  // The largest bubbles are not to lie on what is written at the axes.
  const room = data.size ? { grace: '12%' } : {};
  const drawn = paint<'scatter'>(surface, {
    type: 'scatter',
    data: {
      datasets: [...layers(data, scale, input)].map(([look, points]) => {
        const [color = '', size = '0'] = look.split('|');
        return {
          data: points.map(({ x, y }) => ({ x, y })),
          pointRadius: data.size ? 3 + (Number(size) / (sizes - 1)) * 15 : many ? 2.5 : 4,
          pointBackgroundColor: mixed(color, data.size ? 45 : many ? 60 : 85),
          pointBorderColor: color,
          pointBorderWidth: data.size ? 1 : 0,
          clip: 20,
        };
      }),
    },
    options: {
      layout: { padding: { top: 8, right: 12 } },
      parsing: false,
      normalized: true,
      scales: {
        x: { ...columnScale(data.x, chart.logX === true, colors, 'x'), ...room },
        y: { ...columnScale(data.y, chart.logY === true, colors, 'y'), ...room },
      } as never,
    },
  });
  const { x, y } = drawn.scales;
  const marks = data.points.map((point): Mark => {
    const columns = [data.x, data.y, data.size, data.color].filter((column) => column !== undefined);
    return {
      x: x?.getPixelForValue(point.x) ?? 0,
      y: y?.getPixelForValue(point.y) ?? 0,
      row: point.row,
      title: runName(runs.table, point.row),
      lines: () => columns.map((column) => [column.label, cellText(column, point.at)]),
    };
  });
  return { marks, dispose: () => drawn.destroy() };
}

/** One dataset for all dots that look alike: chart.js works out the options of a dataset once, of a dot each time. */
function layers(data: Scatter, scale: ColorScale | undefined, { colorOf, colors }: KindInput) {
  const found = new Map<string, ScatterPoint[]>();
  for (const point of data.points) {
    const color = scale ? (scale.of(point.at) ?? colors.muted) : colorOf(point.row);
    const look = `${color}|${data.size ? Math.round(point.size * (sizes - 1)) : 0}`;
    const layer = found.get(look);
    if (layer) layer.push(point);
    else found.set(look, [point]);
  }
  // The largest at the bottom.
  return [...found].sort(([a], [b]) => Number(b.split('|')[1]) - Number(a.split('|')[1]));
}
