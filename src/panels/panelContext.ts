import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import type { TrackingStore } from '../mlflow/trackingStore';
import type { Platform } from '../platform/services';
import type { PanelSnapshot, RunsPage } from '../shared/protocol/runs';
import type { RunsView, Scope } from '../shared/view/runsView';
import type { ExtremesReader } from './runs/metricExtremes';
import type { RunsQueries } from './runs/runsQueries';
import type { SeriesAhead } from './seriesAhead';
import type { SeriesData } from './seriesData';

export interface PanelServices {
  readonly platform: Pick<Platform, 'context' | 'log' | 'commands'>;
  readonly connections: Connections;
  readonly runs: RunsService;
}

/** What the answers to a page are made of. */
export interface PanelContext {
  readonly services: PanelServices;
  readonly serverUri: string;
  readonly scope: Scope;
  readonly queries: RunsQueries;
  readonly series: SeriesData;
  readonly ahead: SeriesAhead;
  readonly extremes: ExtremesReader;
  /** Of the panel's own server; throws when the window is connected to another. `anew` as in `Connections.require`. */
  store(anew?: boolean): Promise<TrackingStore>;
  /** Runs a question, and lets page and poller know whether the server answered. */
  contacting<T>(question: () => Promise<T>): Promise<T>;
  /** The page is getting these runs. */
  answered(page: RunsPage): void;
  open(signal: AbortSignal): Promise<PanelSnapshot>;
  keepView(view: RunsView): void;
  /** A run is pointed at in the page's charts; undefined for none. */
  highlight(runId: string | undefined): void;
  /** Of the tab. */
  title(): string;
  onDispose(dispose: () => void): void;
}
