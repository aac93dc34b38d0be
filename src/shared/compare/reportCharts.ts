import { boardKey } from '../charts/boardLines';
import { kindTitle } from '../charts/chartSettings';
import { inOrder } from '../series/cardOrder';
import { sectionsOf } from '../series/sections';
import type { ChartDefinition } from '../view/chartDefinition';
import { settingsOf } from '../view/chartSettings';
import type { ViewState } from '../viewState';

/** A chart that a report can hold: what the Charts tab shows, with what was set up there. */
export type OfferedChart =
  | { readonly id: string; readonly title: string; readonly kind: 'board'; readonly chart: ChartDefinition }
  | {
      readonly id: string;
      readonly title: string;
      readonly kind: 'line';
      readonly key: string;
      readonly metric?: string;
      readonly expression?: string;
    };

/**
 * The charts in the order of the Charts tab: those that the person made, expressions, metrics. Images and texts are no
 * pictures of their own. @param metrics that have a course
 */
export function offeredCharts(view: ViewState, metrics: readonly string[]): readonly OfferedChart[] {
  const { board, expressions, cardOrder, sectionOrder } = view;
  const made = board.flatMap((chart): OfferedChart[] => {
    if (chart.kind === 'images' || chart.kind === 'text') return [];
    const of = chart.kind === 'line' ? (chart.metric ?? chart.expression) : undefined;
    const title = chart.title ?? of ?? kindTitle(chart.kind);
    const id = boardKey(chart.id);
    if (chart.kind !== 'line') return [{ id, title, kind: 'board', chart }];
    if (chart.metric !== undefined) return [{ id, title, kind: 'line', key: id, metric: chart.metric }];
    return chart.expression === undefined ? [] : [{ id, title, kind: 'line', key: id, expression: chart.expression }];
  });
  const texts = new Map(expressions.map(({ id, text }) => [id, text]));
  const ownExpressions = inOrder([...texts.keys()], cardOrder, (key) => key).map(
    (key): OfferedChart => lineOf(view, key, texts.get(key)),
  );
  const sections = inOrder(sectionsOf(metrics, ''), sectionOrder, ({ name }) => name);
  const ofMetrics = sections.flatMap(({ keys }) =>
    inOrder(keys, cardOrder, (key) => key).map((key) => lineOf(view, key, undefined)),
  );
  return [...made, ...ownExpressions, ...ofMetrics];
}

function lineOf(view: ViewState, key: string, expression: string | undefined): OfferedChart {
  const title = lineTitle(view, key, expression ?? key);
  return { id: `line ${key}`, title, kind: 'line', key, ...(expression === undefined ? {} : { expression }) };
}

const axisTexts = { step: 'step', relative: 'time since the start', wall: 'time' } as const;

/** `loss by step` */
function lineTitle(view: ViewState, key: string, name: string): string {
  const { axis, xMetric } = settingsOf(view, key);
  return `${name} by ${axis === 'metric' ? xMetric : axisTexts[axis]}`;
}

/** What is ticked at first: the charts that the person made, else a few. */
export function tickedAtFirst(charts: readonly OfferedChart[], most: number, least: number): ReadonlySet<string> {
  const made = charts.filter(({ id }) => id.startsWith('board ')).slice(0, most);
  const few = charts.filter((chart) => !made.includes(chart)).slice(0, Math.max(0, least - made.length));
  return new Set([...made, ...few].map(({ id }) => id));
}
