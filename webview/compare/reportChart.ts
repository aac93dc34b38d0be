import { Chart, Legend, LinearScale, LineController, LineElement, PointElement, Title } from 'chart.js';
import type { SeriesBlock } from '../../src/shared/protocol/series';
import { toCurve } from '../../src/shared/series/axis';
import { shortNumber } from '../../src/shared/series/format';
import { chartColors } from '../controls/theme';

Chart.register(LineController, LineElement, PointElement, LinearScale, Legend, Title);

export interface ChartedRun {
  readonly runId: string;
  readonly name: string;
  /** 1 … 12 */
  readonly color: number;
}

/** CSS pixels; the picture has twice as many each way. */
const size = { width: 860, height: 430 };
/** Names of more runs than this would leave no room for lines. */
const mostNamed = 12;

/** A metric of runs as a PNG at 2×, in the theme's colours, with its title and the names of the runs. */
export async function metricPicture(
  metric: string,
  blocks: readonly SeriesBlock[],
  runs: readonly ChartedRun[],
): Promise<Uint8Array> {
  const canvas = document.createElement('canvas');
  canvas.width = size.width;
  canvas.height = size.height;
  const chart = new Chart<'line', { x: number; y: number }[]>(canvas, {
    type: 'line',
    data: { datasets: datasetsOf(blocks, runs) },
    options: optionsOf(metric, blocks, runs),
    plugins: [{ id: 'background', beforeDraw: ({ ctx }) => fill(ctx) }],
  });
  try {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (!blob) throw new Error(`The chart of ${metric} could not be drawn.`);
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    chart.destroy();
  }
}

function fill(context: CanvasRenderingContext2D): void {
  context.save();
  context.fillStyle = chartColors().background;
  context.fillRect(0, 0, size.width, size.height);
  context.restore();
}

function datasetsOf(blocks: readonly SeriesBlock[], runs: readonly ChartedRun[]) {
  const colors = chartColors();
  return runs.flatMap(({ runId, name, color }) => {
    const block = blocks.find((one) => one.runId === runId);
    if (!block || block.values.length === 0) return [];
    const { x, y } = toCurve(block, 'step', 0);
    const data = Array.from(x, (step, at) => ({ x: step, y: y[at] ?? Number.NaN }));
    const line = colors.run(Math.max(1, color));
    const pointRadius = data.length < 12 ? 2.5 : 0;
    return [
      { label: name, data, borderColor: line, backgroundColor: line, borderWidth: 1.6, pointRadius, spanGaps: false },
    ];
  });
}

function optionsOf(metric: string, blocks: readonly SeriesBlock[], runs: readonly ChartedRun[]) {
  const colors = chartColors();
  const font = { family: colors.font, size: 12 };
  const sampled = blocks.some((block) => block.sampled) ? ' (sampled)' : '';
  const axis = {
    ticks: { color: colors.muted, font, callback: (value: string | number) => shortNumber(Number(value)) },
  };
  return {
    animation: false as const,
    parsing: false as const,
    responsive: false,
    devicePixelRatio: 2,
    layout: { padding: 16 },
    scales: {
      x: {
        ...axis,
        type: 'linear' as const,
        border: { color: colors.border },
        grid: { display: false },
        title: { display: true, text: 'step', color: colors.muted, font },
      },
      y: { ...axis, type: 'linear' as const, border: { display: false }, grid: { color: colors.grid } },
    },
    plugins: {
      title: {
        display: true,
        text: `${metric}${sampled}`,
        color: colors.foreground,
        font: { ...font, size: 14 },
        align: 'start' as const,
      },
      legend: {
        display: runs.length <= mostNamed,
        position: 'bottom' as const,
        labels: { color: colors.foreground, font, boxWidth: 10, boxHeight: 10 },
      },
    },
  };
}
