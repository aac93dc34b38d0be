import type { ChartDefinition } from '../view/chartDefinition';
import type { CardSettings } from '../view/lineSettings';

/** Names the settings of a line chart on the board among those of all charts; metrics are named by themselves. */
export const boardKey = (id: string): string => `board ${id}`;

/** What a definition says of how its line is drawn: in short, as people write it, over what was exported. */
export function lineSettingsOf({ axis, logX, logY, line, kind }: ChartDefinition): CardSettings {
  if (kind !== 'line') return {};
  return {
    ...line,
    ...(axis === undefined ? {} : { axis }),
    ...(logX === undefined ? {} : { logX }),
    ...(logY === undefined ? {} : { logY }),
  };
}

/** The definition with the settings that hold now, for a form that changes them. */
export function withLineSettings(chart: ChartDefinition, own: CardSettings): ChartDefinition {
  if (chart.kind !== 'line') return chart;
  const { axis: _, logX: __, logY: ___, ...rest } = chart;
  return {
    ...rest,
    ...(own.axis === undefined || own.axis === 'metric' ? {} : { axis: own.axis }),
    ...(own.logX ? { logX: true } : {}),
    ...(own.logY ? { logY: true } : {}),
    line: own,
  };
}
