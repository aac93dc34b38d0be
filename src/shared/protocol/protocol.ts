import type { CompareMethods } from './compare';
import type { ExportMethods } from './exports';
import type { RowsMethods } from './rows';
import type { RunsEvents, RunsMethods } from './runs';
import type { DrawnChart, SeriesMethods } from './series';

/**
 * What the runs page and the host say to each other. Numbers outside typed arrays travel as JSON: none of them may
 * be NaN or infinite.
 */
export type HostMethods = RunsMethods & SeriesMethods & RowsMethods & CompareMethods & ExportMethods;
export type HostEvents = RunsEvents;

/** Methods of the page, asked by the host. */
export interface PageMethods {
  /** Reads what may have changed: live runs, new runs, new points. Fails when the server does not answer. */
  poll: (params: Record<string, never>) => void;
  /** Ids of the runs whose colours a person sees, those that are charted first. */
  coloredRuns: (params: Record<string, never>) => readonly string[];
  /** Charts as drawn (tests read a chart through it as a person would). */
  inspect: (params: Record<string, never>) => readonly DrawnChart[];
}
