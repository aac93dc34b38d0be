import { BarController, BarElement, CategoryScale, Chart, LinearScale, type Plugin } from 'chart.js';
import { runs as runsText } from '../../../src/shared/charts/columnData';
import { type Differences, differencesOf, differencesTable } from '../../../src/shared/charts/difference';
import { rangeText } from '../../../src/shared/charts/spanText';
import { yBounds } from '../../../src/shared/series/bounds';
import type { ChartColors } from '../../controls/theme';
import { type Drawn, emptyPicture, type KindInput, type Mark, type Picture } from './picture';
import { categoryScale, numberScale, shortened } from './scales';
import { paint, type Surface } from './surface';

Chart.register(BarController, BarElement, CategoryScale, LinearScale);

/** Each run less a baseline, which is a line at zero. Better or worse is not said: only the person knows. */
export function differencePicture(input: KindInput): Picture {
  const { chart, runs } = input;
  if (!chart.value) return emptyPicture('Difference', 'Choose a value.');
  const relative = chart.relative === true;
  const data = differencesOf(runs, { value: chart.value, relative, baseline: chart.baseline ?? input.baseline });
  if (!data) return emptyPicture('Difference', 'There is no such column of numbers.');
  const title = `Difference in ${data.value.label}`;
  if (!data.baseline) return emptyPicture(title, `The baseline has no ${data.value.label}.`, data.notes);
  if (data.differences.length === 0)
    return emptyPicture(
      title,
      `No other run has ${data.value.label} to compare with ${data.baseline.label}.`,
      data.notes,
    );
  const differences = data.differences.map(({ difference }) => difference);
  const range = rangeText(relative ? 'percent' : 'differences', differences);
  return {
    title,
    summary: `Differences in ${data.value.label} of ${runsText(data.differences.length)} to ${data.baseline.label}, ${range}`,
    notes: data.notes,
    table: differencesTable(data),
    legend: [],
    draw: (surface) => draw(surface, data, input),
  };
}

function draw(surface: Surface, data: Differences, { chart, colors, colorOf }: KindInput): Drawn {
  const labels = data.differences.map(({ label }) => label);
  const bounds = yBounds([0, ...data.differences.map(({ difference }) => difference)], false);
  const unit = chart.relative ? '%' : data.value.label;
  const drawn = paint<'bar'>(surface, {
    type: 'bar',
    plugins: [baselineMark(data.baseline?.label ?? '', colors)],
    data: {
      labels,
      datasets: [
        {
          data: data.differences.map(({ difference }, x) => ({ x, y: difference })) as never,
          backgroundColor: data.differences.map(({ row }) => colorOf(row)),
          maxBarThickness: 48,
          minBarLength: 1,
        },
      ],
    },
    options: {
      layout: { padding: { top: 8, right: 8 } },
      scales: {
        x: categoryScale(labels, '', colors, 'x'),
        y: numberScale({ title: `Δ ${unit}`, log: false, colors, side: 'y', ...(bounds ? { bounds } : {}) }),
      } as never,
    },
  });
  const elements = drawn.getDatasetMeta(0).data;
  const marks = data.differences.map((item, at): Mark => {
    const {
      x = 0,
      y = 0,
      base = 0,
      width = 0,
    } = elements[at] as unknown as Partial<Record<'x' | 'y' | 'base' | 'width', number>>;
    return {
      x,
      y: (y + base) / 2,
      rx: width / 2,
      ry: Math.abs(base - y) / 2,
      row: item.row,
      title: item.label,
      lines: () => [
        [data.value.label, String(item.value)],
        [`${data.baseline?.label ?? ''}`, String(data.baseline?.value)],
        ['difference', `${item.difference}${chart.relative ? ' %' : ''}`],
      ],
    };
  });
  return { marks, dispose: () => drawn.destroy() };
}

/** A strong line at zero with the baseline's name. */
function baselineMark(name: string, colors: ChartColors): Plugin<'bar'> {
  return {
    id: 'baselineMark',
    afterDatasetsDraw: ({ ctx, chartArea: { left, right, top }, scales }) => {
      const y = Math.round(scales.y?.getPixelForValue(0) ?? 0);
      const text = shortened(name, 32);
      ctx.save();
      ctx.fillStyle = colors.foreground;
      ctx.fillRect(left, y - 0.5, right - left, 1);
      ctx.font = `${colors.fontSize}px ${colors.font}`;
      ctx.textAlign = 'right';
      ctx.textBaseline = 'middle';
      const middle = y - 10 < top ? y + 10 : y - 10;
      const width = ctx.measureText(text).width + 8;
      ctx.fillRect(right - width, middle - 8, width, 16);
      ctx.fillStyle = colors.background;
      ctx.fillText(text, right - 4, middle);
      ctx.restore();
    },
  };
}
