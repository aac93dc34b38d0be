import { type ChartDefinition, decodeBoard } from './view/chartDefinition';
import { isRecord, texts } from './view/decode';
import {
  type CardSettings,
  decodeCards,
  decodeLines,
  decodeZoom,
  type Interval,
  initialLines,
  type LineSettings,
} from './view/lineSettings';

export type { Interval } from './view/lineSettings';

/** A chart of an expression over metrics, as the person wrote it. */
export interface ExpressionChart {
  /** Never changes, so that settings stay with the chart. */
  readonly id: string;
  readonly text: string;
}

/** What a person set up in the charts; kept through hiding, reloading and refreshing. */
export interface ViewState extends LineSettings {
  /** A text, or a regular expression between slashes. */
  readonly search: string;
  readonly hiddenRuns: readonly string[];
  /** Sections that are not as they start: system metrics start collapsed, all others open. */
  readonly toggledSections: readonly string[];
  /** Charts that are shown as a table. */
  readonly tables: readonly string[];
  /** In units of `axis`. */
  readonly zoom?: Interval;
  readonly legendShown: boolean;
  readonly scroll: number;
  /** By key of the chart: a metric, or the id of an expression. */
  readonly perChart: Readonly<Record<string, CardSettings>>;
  /** Charts and sections that were put in an order, in that order; the others follow as people count. */
  readonly cardOrder: readonly string[];
  readonly sectionOrder: readonly string[];
  readonly expressions: readonly ExpressionChart[];
  /** The chart that fills the page. */
  readonly full?: string;
  /** The chart of the board that fills the page. */
  readonly fullBoard?: string;
  /** Ids of groups by the columns that make them, in the order they first came: a group keeps its colour by its place. */
  readonly groupPlaces: Readonly<Record<string, readonly string[]>>;
  /** Charts that the person made. */
  readonly board: readonly ChartDefinition[];
}

export const initialView: ViewState = {
  ...initialLines,
  search: '',
  hiddenRuns: [],
  toggledSections: [],
  tables: [],
  legendShown: true,
  scroll: 0,
  perChart: {},
  cardOrder: [],
  sectionOrder: [],
  expressions: [],
  groupPlaces: {},
  board: [],
};

const mostExpressions = 100;
const mostGroupings = 20;
/** Groups that keep their colours: colours and dashes tell no more of them apart. */
export const mostPlaces = 200;

/** Takes what fits and the beginning's value for what does not. */
export function decodeViewState(raw: unknown): ViewState {
  if (!isRecord(raw)) return initialView;
  const { search, legendShown, scroll, expressions, full, fullBoard } = raw;
  return {
    ...decodeLines(raw),
    search: typeof search === 'string' ? search : '',
    hiddenRuns: texts(raw.hiddenRuns),
    toggledSections: texts(raw.toggledSections),
    tables: texts(raw.tables),
    legendShown: legendShown !== false,
    scroll: isNumber(scroll) ? Math.max(0, scroll) : 0,
    perChart: decodeCards(raw.perChart),
    cardOrder: texts(raw.cardOrder),
    sectionOrder: texts(raw.sectionOrder),
    expressions: Array.isArray(expressions) ? expressions.flatMap(decodeExpression).slice(0, mostExpressions) : [],
    ...(typeof full === 'string' ? { full } : {}),
    ...(typeof fullBoard === 'string' ? { fullBoard } : {}),
    groupPlaces: decodePlaces(raw.groupPlaces),
    board: decodeBoard(raw.board),
    ...decodeZoom(raw),
  };
}

const decodeExpression = (raw: unknown): ExpressionChart[] =>
  isRecord(raw) && typeof raw.id === 'string' && typeof raw.text === 'string' ? [{ id: raw.id, text: raw.text }] : [];

function decodePlaces(raw: unknown): ViewState['groupPlaces'] {
  const entries = Object.entries(isRecord(raw) ? raw : {}).slice(0, mostGroupings);
  return Object.fromEntries(entries.map(([columns, ids]) => [columns, texts(ids).slice(0, mostPlaces)]));
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
