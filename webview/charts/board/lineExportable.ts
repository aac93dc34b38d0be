import type { ChartTable } from '../../../src/shared/charts/chartTable';
import type { SeriesBlock } from '../../../src/shared/protocol/series';
import type { ChartDefinition } from '../../../src/shared/view/chartDefinition';
import { chartColors } from '../../controls/theme';
import type { CardData } from '../cardData';
import { loadHistories } from '../fullHistory';
import type { LegendItem } from '../kinds/kind';
import type { LineChart } from '../lineChart';
import type { Session } from '../session';
import type { Exportable } from './exportable';

/** A line chart as what can be saved. @param chart undefined while it is shown as a table */
export function lineExportable(session: Session, data: CardData, chart: LineChart | undefined): Exportable {
  return {
    title: data.title,
    notes: [...(data.badge === '' ? [] : [data.badge]), ...data.notes],
    legend: legendOf(data),
    canvas: () => chart?.canvas,
    table: (signal) => (data.metric === undefined ? drawnPoints(data) : allPoints(session, data.metric, signal)),
    definition: () => definitionOf(data),
    drawTo: (surface) => {
      if (!chart) throw new Error('Show the chart first: it is a table now.');
      return chart.drawTo(surface);
    },
  };
}

function legendOf(data: CardData): LegendItem[] {
  const colors = chartColors();
  return data.curves.map(({ name, color }) => ({ label: name, color: colors.run(color) }));
}

/** One row a run and step, every point that the server has, in the order it was logged. */
async function allPoints(session: Session, key: string, signal: AbortSignal): Promise<ChartTable> {
  const blocks: SeriesBlock[] = [];
  const { rpc, queue, shownRuns } = session;
  const table = session.runs.table;
  const wanted = shownRuns.filter(({ runId }) => {
    const row = table.rowOf(runId);
    return row !== undefined && table.metric(key)?.last.has(row) === true;
  });
  const services = { rpc, queue, table, mostPoints: () => Number.MAX_SAFE_INTEGER };
  await loadHistories(key, wanted, services, signal, {
    progress: () => undefined,
    take: (block) => blocks.push(block),
  });
  const names = new Map(wanted.map(({ runId, name }) => [runId, name]));
  return {
    columns: ['Run', 'Run ID', 'Step', 'Time', key],
    rows: blocks.flatMap(({ runId, steps, timestamps, values }) =>
      [...values].map((value, at) => [names.get(runId) ?? runId, runId, steps[at], timeText(timestamps[at]), value]),
    ),
  };
}

/** Of an expression, which only the page computes: what is drawn. */
async function drawnPoints({ curves, title }: CardData): Promise<ChartTable> {
  return {
    columns: ['Run', 'Run ID', 'x', title],
    rows: curves.flatMap(({ name, runId, x, y }) => [...y].map((value, at) => [name, runId, x[at], value])),
  };
}

const timeText = (ms: number | undefined) =>
  ms === undefined || Number.isNaN(ms) ? undefined : new Date(ms).toISOString();

/** With all that holds for it now, so that it is the same picture on another board. */
function definitionOf({ source, metric, settings }: CardData): ChartDefinition {
  const { own, axisId: _, ...lines } = settings;
  return {
    version: 1,
    id: '',
    kind: 'line',
    runs: 'chosen',
    size: own.size ?? 'small',
    ...(source.title === undefined ? {} : { title: source.title }),
    ...(metric === undefined ? {} : { metric }),
    ...(source.expression === undefined ? {} : { expression: source.expression }),
    line: { ...lines, ...own },
  };
}
