import type { RunsPage } from '../protocol/runs';
import type { SeriesQuestion } from '../protocol/series';
import { chosenRows } from '../runs/chosenRows';
import { isInPlace } from '../runs/runBatch';
import { RunTable } from '../runs/runTable';
import { isServerSorted } from '../runs/serverSort';
import type { RunsView } from '../view/runsView';
import { PointForecast } from './pointForecast';
import { openAtFirst, orderedSections } from './sections';

/** Metrics that are put in order without a thought; more would keep others waiting. */
const mostKeys = 2_000;

/**
 * The curves that a page of charts asks for first, told from its first runs: none where that takes more than they say (a
 * chart that the person made, a sort that is the page's). A question that turns out to be another is only asked in vain.
 * @param mostPoints points of a run
 * @param most questions; a few, since more begin late anyway
 */
export function firstQuestions(
  { batch, more }: Pick<RunsPage, 'batch' | 'more'>,
  view: RunsView,
  mostPoints: number,
  most = 3,
): readonly SeriesQuestion[] {
  const { charts, chosen } = view;
  const isPlain = charts.board.length === 0 && charts.full === undefined && charts.search.trim() === '';
  if (view.tab !== 'charts' || !isPlain || !isServerSorted(view.table.sort)) return [];
  const table = new RunTable();
  const matching = table.add(batch).filter((row) => isInPlace(table.head(row)));
  const rows = chosenRows(table, matching, view);
  if (more && 'first' in chosen && rows.length < chosen.first) return [];
  const hidden = new Set(charts.hiddenRuns);
  const runs = rows.map((row) => ({ row, runId: table.head(row).runId })).filter(({ runId }) => !hidden.has(runId));
  return openKeys(table, rows, view)
    .slice(0, most)
    .flatMap((key) => {
      const forecast = new PointForecast(key, table);
      const having = runs.filter(({ row }) => table.metric(key)?.last.has(row));
      if (having.length === 0) return [];
      return forecast.parts(having, mostPoints).map((part): SeriesQuestion => {
        const runIds = part.map(({ runId }) => runId);
        const expectedPoints = forecast.whole(runIds, mostPoints);
        return { key, runIds, ...(expectedPoints === undefined ? {} : { expectedPoints }) };
      });
    })
    .slice(0, most);
}

/** Metrics whose charts stand in open sections, from the top. */
function openKeys(table: RunTable, rows: readonly number[], { charts }: RunsView): readonly string[] {
  if (table.metricKeys.length > mostKeys) return [];
  const metrics = table.metricKeys.filter((key) => rows.some((row) => table.metric(key)?.last.has(row)));
  const expressions = charts.expressions.map(({ id }) => id);
  const sections = orderedSections(metrics, expressions, charts);
  const open = openAtFirst(sections, false);
  const isMetric = new Set(metrics);
  return sections
    .filter(({ name }) => sections.length === 1 || open.has(name) !== charts.toggledSections.includes(name))
    .flatMap(({ keys }) => keys.filter((key) => isMetric.has(key)));
}
