import { historiesOf } from '../../src/shared/charts/chartSettings';
import type { OfferedChart } from '../../src/shared/compare/reportCharts';
import { mostHistories } from '../../src/shared/runs/tableOrder';
import type { ChartDefinition } from '../../src/shared/view/chartDefinition';
import { chartColors } from '../controls/theme';
import { ExtremesLoader } from '../runs/extremesLoader';
import type { Session as RunsSession } from '../runs/session';
import { type Exportable, pictureExportable } from './board/exportable';
import { pngOf } from './board/exportFiles';
import { lineExportable } from './board/lineExportable';
import { PictureSource } from './board/pictureSource';
import { CardData } from './cardData';
import { LineChart } from './lineChart';
import { chartsSessionOf } from './sessions';

/** CSS pixels of a chart without a size of its own; a picture has twice as many each way. */
const widths = { small: 720, wide: 860, large: 1_200 } as const;
const usualHeight = 400;

/**
 * A chart of the Charts tab as it is there: the same points, settings and drawing, though the tab is not in sight.
 * @returns a PNG; undefined where there is nothing to draw. @throws RemoteError, or why there is no picture
 */
export async function chartPng(runs: RunsSession, offered: OfferedChart): Promise<Uint8Array | undefined> {
  return offered.kind === 'board' ? await boardPng(runs, offered.chart) : await linePng(runs, offered);
}

async function boardPng(runs: RunsSession, chart: ChartDefinition): Promise<Uint8Array | undefined> {
  const changes = new EventTarget();
  const source = new PictureSource(runs, () => changes.dispatchEvent(new Event('change')));
  if (!source.picture(chart, 0)) await nextChange(changes);
  source.picture(chart, 0);
  await readHistories(runs, historiesOf(chart), source.rows);
  const picture = source.picture(chart, 0);
  if (!picture || picture.problem !== undefined) return undefined;
  return await pngBytes(pictureExportable(picture, chart, chart.title ?? picture.title, () => undefined));
}

/** As far as a chart reads them unasked. */
async function readHistories(runs: RunsSession, keys: readonly string[], rows: readonly number[]): Promise<void> {
  const loader = new ExtremesLoader(runs);
  loader.want({ rows: rows.slice(0, mostHistories), keys });
  while (loader.left > 0) await nextChange(runs);
}

const nextChange = (of: EventTarget) =>
  new Promise((resolve) => of.addEventListener('change', resolve, { once: true }));

async function linePng(
  runs: RunsSession,
  { key, metric, expression, title }: OfferedChart & { readonly kind: 'line' },
): Promise<Uint8Array | undefined> {
  const session = chartsSessionOf(runs);
  const { own } = session.settingsOf(key);
  const size = { width: widths[own.size ?? 'small'], height: own.height ?? usualHeight };
  const changes = new EventTarget();
  const viewer = { priority: () => 0, budget: () => size.width * 2, joins: () => data.joins };
  const source = {
    key,
    title,
    ...(metric === undefined ? {} : { metric }),
    ...(expression === undefined ? {} : { expression }),
  };
  const data: CardData = new CardData(session, source, viewer, () => changes.dispatchEvent(new Event('change')));
  try {
    await settled(data, changes);
    await data.askForDetail();
    data.update(true);
    const { shown: interval, settings, curves, range } = data;
    if (!interval || curves.length === 0) return undefined;
    const { axis, logX, logY } = settings;
    const plot = { curves, interval, axis, logX, logY, bounds: range.bounds };
    return await onHiddenCanvas(size, async (canvas) => {
      const chart = new LineChart(canvas, () => undefined);
      try {
        chart.draw(plot, chartColors(), undefined);
        return await pngBytes(lineExportable(session, data, chart));
      } finally {
        chart.destroy();
      }
    });
  } finally {
    data.dispose();
  }
}

/** Until all its points are here. @throws RemoteError */
async function settled(data: CardData, changes: EventTarget): Promise<void> {
  for (;;) {
    data.update(true);
    // What is loaded begins the next question in a turn of its own.
    await new Promise((resolve) => setTimeout(resolve));
    if (data.error && !data.loaded) throw data.error;
    if (data.loaded && !data.loading && !data.progress) return;
    await new Promise((resolve) => changes.addEventListener('change', resolve, { once: true }));
  }
}

/** chart.js takes its size from what is around the canvas. */
async function onHiddenCanvas<T>(
  { width, height }: { readonly width: number; readonly height: number },
  use: (canvas: HTMLCanvasElement) => Promise<T>,
): Promise<T> {
  const host = document.createElement('div');
  host.setAttribute('aria-hidden', 'true');
  const style = { position: 'fixed', left: '-10000px', top: '0', width: `${width}px`, height: `${height}px` };
  Object.assign(host.style, style);
  const canvas = document.createElement('canvas');
  host.append(canvas);
  document.body.append(host);
  try {
    return await use(canvas);
  } finally {
    host.remove();
  }
}

async function pngBytes(chart: Exportable): Promise<Uint8Array> {
  const blob = await pngOf(chart, chartColors());
  return new Uint8Array(await blob.arrayBuffer());
}
