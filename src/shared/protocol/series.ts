import type { KnownPoints, RunStatus } from '../domain';
import type { PackedSeries } from './packedSeries';

/** Points of series travel only as typed arrays. */
export interface SeriesMethods {
  /** One metric of runs, within the point budget or, with an interval, as many as the server gives. */
  series: (params: SeriesQuestion) => SeriesAnswer;
  /** Points from the given steps on, these included: what is logged without a step is all at one. */
  newPoints: (params: { readonly key: string; readonly after: readonly LastPoint[] }) => SeriesAnswer;
  /** Every point, page by page: ask with the token of the answer before until there is none. MLflow 2 has one page. */
  history: (params: HistoryQuestion) => HistoryPage;
  /** How many points are stored. Costs a read of up to 25,000 points a run. */
  count: (params: { readonly key: string; readonly runIds: readonly string[] }) => readonly PointCount[];
}

export interface SeriesQuestion {
  readonly key: string;
  readonly runIds: readonly string[];
  /** Inclusive steps; both or neither. */
  readonly startStep?: number;
  readonly endStep?: number;
  /** Most points a run that are wanted without an interval; what the setting allows is never passed. */
  readonly maxPoints?: number;
  /** How many points these runs have in all, as far as the asker knows; only where it wants them all. */
  readonly expectedPoints?: number;
}

export interface HistoryQuestion {
  readonly key: string;
  readonly runId: string;
  readonly pageToken?: string;
}

export interface HistoryPage {
  readonly block: PackedSeries;
  readonly nextPageToken?: string;
}

export interface ChartsRun {
  readonly runId: string;
  readonly name: string;
  readonly status: RunStatus;
  /** ms */
  readonly startTime: number;
  /** 1 … 12: `--vscode-flowdeck-run1` … */
  readonly color: number;
  /** 0 … : how many charted runs before it have the same colour, which is its pattern of dashes. */
  readonly dash: number;
}

/** Points of one metric of one run, in the server's order (time, step, value). */
export interface SeriesBlock {
  readonly runId: string;
  readonly steps: Float64Array;
  /** ms */
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  /** The server chose some of the points. */
  readonly sampled: boolean;
}

export interface SeriesAnswer {
  readonly series: readonly PackedSeries[];
}

export interface LastPoint {
  readonly runId: string;
  /** The highest; the lowest where what is known is all asked about. */
  readonly step: number;
  /** Where it is known how many points there are. */
  readonly known?: KnownPoints;
}

export interface PointCount {
  readonly runId: string;
  readonly points: number;
  /** False when there are more than `points`. */
  readonly exact: boolean;
}

/** One chart that is on screen, as drawn. */
export interface DrawnChart {
  readonly key: string;
  readonly badge: string;
  readonly notes: readonly string[];
  readonly series: readonly {
    readonly runId: string;
    readonly points: number;
    /** Text, since JSON has no NaN. */
    readonly lastValue: string;
    readonly lastX: number;
  }[];
}
