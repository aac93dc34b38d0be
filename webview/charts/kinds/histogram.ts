import { BarController, BarElement, CategoryScale, Chart, LinearScale } from 'chart.js';
import { runs as runsText } from '../../../src/shared/charts/columnData';
import { type Distribution, distributionOf, distributionTable } from '../../../src/shared/charts/distribution';
import { valueText } from '../../../src/shared/charts/groups';
import { spanText } from '../../../src/shared/charts/spanText';
import { shortNumber } from '../../../src/shared/series/format';
import { type Drawn, emptyPicture, type KindInput, type Mark, type Picture } from './picture';
import { fontOf, numberScale } from './scales';
import { paint, type Surface } from './surface';

Chart.register(BarController, BarElement, CategoryScale, LinearScale);

/** How many runs have a value in each bin. */
export function histogramPicture(input: KindInput): Picture {
  const { chart, runs } = input;
  if (!chart.value) return emptyPicture('Histogram', 'Choose a value.');
  const data = distributionOf(runs, { ...chart, value: chart.value });
  if (!data) return emptyPicture('Histogram', 'There is no such column of numbers.');
  const { label } = data.value;
  if (data.bins.length === 0) return emptyPicture(label, `No run has ${label}.`, data.notes);
  const ends = data.bins.flatMap(({ from, to }) => [from, to]);
  const count = data.bins.reduce((sum, { rows }) => sum + rows.length, 0);
  return {
    title: label,
    summary: `Histogram of ${label}: ${runsText(count)} in ${data.bins.length} bins, ${spanText(data.value, ends)}`,
    notes: data.notes,
    table: distributionTable(data),
    legend: [],
    draw: (surface) => draw(surface, data, input),
  };
}

function draw(surface: Surface, data: Distribution, { colors }: KindInput): Drawn {
  const text = (value: number) =>
    data.value.kind === 'time' ? valueText('time', value) : shortNumber(Number(value.toPrecision(4)));
  const drawn = paint<'bar'>(surface, {
    type: 'bar',
    data: {
      labels: data.bins.map(({ from, to }) => text(from / 2 + to / 2)),
      datasets: [
        {
          data: data.bins.map(({ rows }) => rows.length),
          backgroundColor: colors.low,
          categoryPercentage: 1,
          barPercentage: data.bins.length > 60 ? 1 : 0.94,
        },
      ],
    },
    options: {
      layout: { padding: { top: 8, right: 8 } },
      scales: {
        x: {
          border: { color: colors.border },
          grid: { display: false },
          title: { display: true, text: data.value.label, color: colors.foreground, font: fontOf(colors), padding: 2 },
          ticks: { color: colors.muted, font: fontOf(colors), maxRotation: 0, autoSkipPadding: 14 },
        },
        y: {
          ...numberScale({
            title: 'runs',
            log: false,
            colors,
            side: 'y',
            text: (value) => (Number.isInteger(value) ? String(value) : ''),
          }),
          beginAtZero: true,
        },
      } as never,
    },
  });
  const elements = drawn.getDatasetMeta(0).data;
  const marks = data.bins.map(({ from, to, rows }, at): Mark => {
    const {
      x = 0,
      y = 0,
      base = 0,
      width = 0,
    } = elements[at] as unknown as Partial<Record<'x' | 'y' | 'base' | 'width', number>>;
    const [row] = rows;
    return {
      x,
      y: (y + base) / 2,
      rx: width / 2,
      ry: Math.abs(base - y) / 2,
      ...(rows.length === 1 && row !== undefined ? { row } : {}),
      title: `${valueText(data.value.kind, from)} – ${valueText(data.value.kind, to)}`,
      lines: () => [['runs', String(rows.length)]],
    };
  });
  return { marks, dispose: () => drawn.destroy() };
}
