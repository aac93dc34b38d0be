import type { RunStatus } from './domain';

/**
 * What the charts page and the host say to each other. Numbers outside typed arrays travel as JSON: none of them may
 * be NaN or infinite. Points of series travel only as typed arrays.
 */

/** Methods of the host, asked by the page. */
export interface HostMethods {
  /** Everything but the points. Asked when a page starts, also when a hidden tab comes back. */
  open: (params: Record<string, never>) => ChartsSnapshot;
  /** One metric of all runs of the panel, within the point budget or, with an interval, as many as the server gives. */
  series: (params: SeriesQuestion) => SeriesAnswer;
  /** Points logged after the given ones. Empty where the host knows there are none. */
  newPoints: (params: { readonly key: string; readonly after: readonly LastPoint[] }) => SeriesAnswer;
  /** How many points are stored. Costs a read of up to 25,000 points a run. */
  count: (params: { readonly key: string; readonly runIds: readonly string[] }) => readonly PointCount[];
  /** Fetches the runs again and gives a complete snapshot. */
  refresh: (params: Record<string, never>) => ChartsSnapshot;
  /** Shows the run in the tree. */
  reveal: (params: { readonly runId: string }) => void;
}

export interface SeriesQuestion {
  readonly key: string;
  /** Inclusive steps; both or neither. */
  readonly startStep?: number;
  readonly endStep?: number;
  /** Every point, however many there are. */
  readonly full?: boolean;
}

/** Events of the host. Always complete: a page that missed one has lost nothing. */
export interface HostEvents {
  snapshot: ChartsSnapshot;
  /** The server did not answer a refresh, or answers again. */
  contact: Contact;
}

/** Methods of the page, asked by the host (tests read a chart through them as a person would). */
export interface PageMethods {
  inspect: (params: Record<string, never>) => readonly DrawnChart[];
}

export interface ChartsRun {
  readonly runId: string;
  readonly name: string;
  readonly status: RunStatus;
  /** ms */
  readonly startTime: number;
  /** 1 … 12: `--vscode-flowdeck-run1` … */
  readonly color: number;
}

export interface ChartsSnapshot {
  readonly serverUri: string;
  readonly runs: readonly ChartsRun[];
  /** Ids asked for that the server does not have. */
  readonly missing: readonly string[];
  /** Every metric any of the runs has, sorted. */
  readonly metrics: readonly string[];
  readonly contact: Contact;
  /** s; 0 is off. */
  readonly refreshSeconds: number;
}

export type Contact =
  | { readonly ok: true /** ms */; readonly at: number }
  | { readonly ok: false; readonly at: number; readonly message: string; readonly advice?: string };

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
  readonly series: readonly SeriesBlock[];
}

export interface LastPoint {
  readonly runId: string;
  readonly step: number;
  /** ms */
  readonly timestamp: number;
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
