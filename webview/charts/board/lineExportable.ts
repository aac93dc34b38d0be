import type { ChartDefinition } from '../../../src/shared/view/chartDefinition';
import { chartColors } from '../../controls/theme';
import type { CardData } from '../cardData';
import type { LegendItem } from '../kinds/picture';
import type { LineChart } from '../lineChart';
import type { Session } from '../session';
import type { Exportable } from './exportable';
import { linePoints } from './linePoints';

/** A line chart as what can be saved. @param chart undefined while it is shown as a table */
export function lineExportable(session: Session, data: CardData, chart: LineChart | undefined): Exportable {
  return {
    title: data.title,
    notes: [...(data.badge === '' ? [] : [data.badge]), ...data.notes],
    legend: legendOf(data),
    canvas: () => chart?.canvas,
    points: () => linePoints(session, data),
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
