import type { XAxis } from './series/axis';
import { type ChartDefinition, decodeBoard } from './view/chartDefinition';

/** What a person set up in the charts page; kept through hiding, reloading and refreshing. */
export interface ViewState {
  readonly axis: XAxis;
  readonly logY: boolean;
  /** 0 … 0.99 */
  readonly smoothing: number;
  readonly search: string;
  readonly hiddenRuns: readonly string[];
  /** Sections that are not as they start: system metrics start collapsed, all others open. */
  readonly toggledSections: readonly string[];
  /** Metrics that are shown as a table. */
  readonly tables: readonly string[];
  /** In units of `axis`. */
  readonly zoom?: { readonly min: number; readonly max: number };
  readonly legendShown: boolean;
  readonly scroll: number;
  /** Charts that the person made. */
  readonly board: readonly ChartDefinition[];
}

/** What the page keeps and VS Code hands back when the window was reloaded. */
export interface PanelState {
  readonly serverUri: string;
  readonly runIds: readonly string[];
  readonly view: ViewState;
}

export const initialView: ViewState = {
  axis: 'step',
  logY: false,
  smoothing: 0,
  search: '',
  hiddenRuns: [],
  toggledSections: [],
  tables: [],
  legendShown: true,
  scroll: 0,
  board: [],
};

/** Runs in one panel: what VS Code kept may be anything. */
export const mostRuns = 200;

/** Undefined when there is nothing in it that can be shown. */
export function decodePanelState(raw: unknown): PanelState | undefined {
  if (!isRecord(raw) || typeof raw.serverUri !== 'string') return undefined;
  const runIds = texts(raw.runIds).slice(0, mostRuns);
  return runIds.length > 0 ? { serverUri: raw.serverUri, runIds, view: decodeViewState(raw.view) } : undefined;
}

/** Takes what fits and the beginning's value for what does not. */
export function decodeViewState(raw: unknown): ViewState {
  if (!isRecord(raw)) return initialView;
  const { axis, logY, smoothing, search, zoom, legendShown, scroll } = raw;
  return {
    axis: axis === 'relative' || axis === 'wall' ? axis : 'step',
    logY: logY === true,
    smoothing: isNumber(smoothing) ? Math.min(0.99, Math.max(0, smoothing)) : 0,
    search: typeof search === 'string' ? search : '',
    hiddenRuns: texts(raw.hiddenRuns),
    toggledSections: texts(raw.toggledSections),
    tables: texts(raw.tables),
    legendShown: legendShown !== false,
    scroll: isNumber(scroll) ? Math.max(0, scroll) : 0,
    board: decodeBoard(raw.board),
    ...(isRecord(zoom) && isNumber(zoom.min) && isNumber(zoom.max) && zoom.min < zoom.max
      ? { zoom: { min: zoom.min, max: zoom.max } }
      : {}),
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
