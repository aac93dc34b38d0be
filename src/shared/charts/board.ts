import { type ChartDefinition, decodeChartDefinition, mostCharts } from '../view/chartDefinition';

export type Board = readonly ChartDefinition[];

/** An id that no chart of the board has. */
export function newId(board: Board): string {
  const taken = new Set(board.map(({ id }) => id));
  let number = board.length + 1;
  while (taken.has(`chart-${number}`)) number++;
  return `chart-${number}`;
}

/** At a place, or at the end. A full board stays as it is. */
export function addChart(board: Board, chart: ChartDefinition, at = board.length): Board {
  return board.length >= mostCharts ? board : board.toSpliced(at, 0, chart);
}

export const replaceChart = (board: Board, chart: ChartDefinition): Board =>
  board.map((known) => (known.id === chart.id ? chart : known));

export const removeChart = (board: Board, id: string): Board => board.filter((chart) => chart.id !== id);

/** By places: -1 is one to the left. The ends stop it. */
export function moveChart(board: Board, id: string, by: number): Board {
  const from = board.findIndex((chart) => chart.id === id);
  const chart = board[from];
  if (!chart) return board;
  const to = Math.min(board.length - 1, Math.max(0, from + by));
  return board.toSpliced(from, 1).toSpliced(to, 0, chart);
}

/** The copy stands beside the original. */
export function duplicateChart(board: Board, id: string): Board {
  const at = board.findIndex((chart) => chart.id === id);
  const chart = board[at];
  return chart ? addChart(board, { ...chart, id: newId(board) }, at + 1) : board;
}

export type ReadDefinition =
  | { readonly ok: true; readonly charts: readonly ChartDefinition[] }
  | { readonly ok: false; readonly message: string };

/** One definition or a list of them, as JSON that was pasted or read from a file. Says what is wrong. */
export function readDefinitions(text: string): ReadDefinition {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    return { ok: false, message: `This is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const items: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  const charts = items.map(decodeChartDefinition);
  const wrong = charts.indexOf(undefined);
  if (items.length === 0) return { ok: false, message: 'There is no chart in it.' };
  if (wrong >= 0) {
    const which = items.length > 1 ? `Item ${wrong + 1} is` : 'This is';
    return { ok: false, message: `${which} no chart: "version" must be 1 and "kind" one that Flowdeck knows.` };
  }
  return { ok: true, charts: charts.filter((chart) => chart !== undefined) };
}

/** As it is copied and saved: what only belongs to the board it stands on is left out. */
export function definitionText({ id: _, ...chart }: ChartDefinition): string {
  return `${JSON.stringify(chart, undefined, 2)}\n`;
}
