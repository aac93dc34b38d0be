import { BoxAndWiskers, BoxPlotController } from '@sgratzl/chartjs-chart-boxplot';
import { CategoryScale, Chart, LinearScale, LogarithmicScale } from 'chart.js';
import { type Boxes, boxesOf, boxesTable } from '../../../src/shared/charts/boxes';
import { runs as runsText } from '../../../src/shared/charts/columnData';
import { spanText } from '../../../src/shared/charts/spanText';
import { runColorCount } from '../../../src/shared/runColor';
import { yBounds } from '../../../src/shared/series/bounds';
import { mixed } from '../../controls/theme';
import { type Drawn, emptyPicture, type KindInput, type Mark, type Picture, runInGroup } from './picture';
import { categoryScale, numberScale } from './scales';
import { paint, type Surface } from './surface';

Chart.register(BoxPlotController, BoxAndWiskers, CategoryScale, LinearScale, LogarithmicScale);

/** Quartiles, whiskers of 1.5 interquartile ranges, and outliers of a value, by group. */
export function boxPicture(input: KindInput): Picture {
  const { chart, runs } = input;
  if (!chart.value) return emptyPicture('Box chart', 'Choose a value.');
  const data = boxesOf(runs, { ...chart, value: chart.value });
  if (!data) return emptyPicture('Box chart', 'There is no such column.');
  const title = data.group ? `${data.value.label} by ${data.group.label}` : data.value.label;
  if (data.boxes.length === 0) return emptyPicture(title, `No run has ${data.value.label}.`, data.notes);
  const span = spanText(
    data.value,
    data.boxes.flatMap(({ values }) => values),
  );
  const count = data.boxes.reduce((sum, box) => sum + box.count, 0);
  return {
    title,
    summary: `Box chart of ${title}: ${runsText(count)} in ${data.boxes.length} ${data.boxes.length === 1 ? 'box' : 'boxes'}, ${span}`,
    notes: data.notes,
    table: boxesTable(data),
    legend: [],
    draw: (surface) => draw(surface, data, input),
  };
}

function draw(surface: Surface, data: Boxes, { chart, colors }: KindInput): Drawn {
  const log = chart.logY === true;
  const labels = data.boxes.map(({ label }) => label);
  const bounds = yBounds(
    data.boxes.flatMap((box) => [box.whiskerLow, box.whiskerHigh, ...box.outliers]),
    log,
  );
  const colorAt = (at: number) => colors.run((at % runColorCount) + 1);
  const drawn = paint<'boxplot'>(surface, {
    type: 'boxplot',
    data: {
      labels,
      datasets: [
        {
          data: data.boxes.map(({ whiskerLow, whiskerHigh, q1, median, q3, outliers }) => ({
            min: whiskerLow,
            max: whiskerHigh,
            whiskerMin: whiskerLow,
            whiskerMax: whiskerHigh,
            q1,
            median,
            q3,
            mean: median,
            items: [],
            outliers: [...outliers],
          })),
          backgroundColor: labels.map((_, at) => mixed(colorAt(at), 35)) as never,
          borderColor: labels.map((_, at) => colorAt(at)) as never,
          outlierBackgroundColor: labels.map((_, at) => colorAt(at)) as never,
          borderWidth: 1.4,
          outlierRadius: 2.5,
          meanRadius: 0,
          maxBarThickness: 56,
        },
      ],
    },
    options: {
      layout: { padding: { top: 8, right: 8 } },
      scales: {
        x: {
          ...categoryScale(labels, data.group?.label ?? '', colors, 'x'),
          type: 'category',
          offset: true,
          labels,
          afterBuildTicks: undefined,
          min: undefined,
          max: undefined,
        },
        y: numberScale({ title: data.value.label, log, colors, side: 'y', ...(bounds ? { bounds } : {}) }),
      } as never,
    },
  });
  const marks = marksOf(drawn, data);
  return { marks, ofRun: runInGroup(data.boxes, marks, drawn.scales.y), dispose: () => drawn.destroy() };
}

function marksOf(drawn: Chart<'boxplot'>, { boxes }: Boxes): Mark[] {
  const { y } = drawn.scales;
  const elements = drawn.getDatasetMeta(0).data;
  return boxes.map((box, at): Mark => {
    const { x = 0, width = 20 } = elements[at] as unknown as Partial<Record<'x' | 'width', number>>;
    const [top, bottom] = [y?.getPixelForValue(box.whiskerHigh) ?? 0, y?.getPixelForValue(box.whiskerLow) ?? 0];
    return {
      x,
      y: (top + bottom) / 2,
      rx: width / 2,
      ry: Math.abs(bottom - top) / 2,
      title: box.label,
      lines: () => [
        ['median', String(box.median)],
        ['quartiles', `${box.q1} – ${box.q3}`],
        ['whiskers', `${box.whiskerLow} – ${box.whiskerHigh}`],
        ['outliers', String(box.outliers.length)],
        ['runs', String(box.count)],
      ],
    };
  });
}
