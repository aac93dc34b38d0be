import type {
  ArtifactInfo,
  Experiment,
  KnownPoints,
  LoggedModel,
  Metric,
  MetricSeries,
  ModelVersion,
  Page,
  RegisteredModel,
  Run,
  RunStatus,
  ServerInfo,
  ViewType,
} from '../shared/domain';

/**
 * Everything Flowdeck asks of an MLflow server, one method per question. Every failure is an `MlflowError`;
 * an aborted signal gives one of kind `cancelled`. Implementations may be remote (REST) or local.
 */
export interface TrackingStore
  extends ServerQuestions,
    ExperimentQuestions,
    RunQuestions,
    MetricQuestions,
    ArtifactQuestions,
    RegistryQuestions,
    LoggedModelQuestions {
  /** Closes connections. Questions in flight end as `cancelled`. */
  dispose(): void;
}

export interface ServerQuestions {
  serverInfo(signal?: AbortSignal): Promise<ServerInfo>;
}

export interface ExperimentSearch {
  readonly filter?: string;
  readonly orderBy?: readonly string[];
  readonly viewType?: ViewType;
  /** 1 … 50,000; 1,000 when absent. */
  readonly maxResults?: number;
  readonly pageToken?: string;
}

export interface ExperimentQuestions {
  searchExperiments(search: ExperimentSearch, signal?: AbortSignal): Promise<Page<Experiment>>;
  getExperiment(experimentId: string, signal?: AbortSignal): Promise<Experiment>;
  /** Undefined when no experiment, active or deleted, has that name. */
  getExperimentByName(name: string, signal?: AbortSignal): Promise<Experiment | undefined>;
  /** Gives the new experiment's id. */
  createExperiment(name: string, tags?: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<string>;
  renameExperiment(experimentId: string, newName: string, signal?: AbortSignal): Promise<void>;
  /** Marks the experiment and all its runs as deleted. */
  deleteExperiment(experimentId: string, signal?: AbortSignal): Promise<void>;
  /** Restores the experiment and all its runs, also those that were deleted before it. */
  restoreExperiment(experimentId: string, signal?: AbortSignal): Promise<void>;
  setExperimentTag(experimentId: string, key: string, value: string, signal?: AbortSignal): Promise<void>;
  /** Kind `invalid` on MLflow 2, which has no such call. */
  deleteExperimentTag(experimentId: string, key: string, signal?: AbortSignal): Promise<void>;
}

export interface RunSearch {
  readonly experimentIds: readonly string[];
  readonly filter?: string;
  readonly orderBy?: readonly string[];
  readonly viewType?: ViewType;
  /** 1 … 50,000; 100 when absent. */
  readonly maxResults?: number;
  readonly pageToken?: string;
}

export interface NewRun {
  readonly experimentId: string;
  readonly name?: string;
  /** ms; now when absent. */
  readonly startTime?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface RunChange {
  readonly name?: string;
  readonly status?: Exclude<RunStatus, 'UNKNOWN'>;
  /** ms */
  readonly endTime?: number;
}

export interface RunBatch {
  readonly metrics?: readonly Metric[];
  readonly params?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface RunQuestions {
  searchRuns(search: RunSearch, signal?: AbortSignal): Promise<Page<Run>>;
  /** Deleted runs too. */
  getRun(runId: string, signal?: AbortSignal): Promise<Run>;
  createRun(run: NewRun, signal?: AbortSignal): Promise<Run>;
  updateRun(runId: string, change: RunChange, signal?: AbortSignal): Promise<void>;
  deleteRun(runId: string, signal?: AbortSignal): Promise<void>;
  restoreRun(runId: string, signal?: AbortSignal): Promise<void>;
  logParam(runId: string, key: string, value: string, signal?: AbortSignal): Promise<void>;
  logMetric(runId: string, metric: Metric, signal?: AbortSignal): Promise<void>;
  /** Split to the server's limits (1,000 in all, 100 params, 100 tags a call); each call is all or nothing. */
  logBatch(runId: string, batch: RunBatch, signal?: AbortSignal): Promise<void>;
  setRunTag(runId: string, key: string, value: string, signal?: AbortSignal): Promise<void>;
  /** A tag that is not there is no error. */
  deleteRunTag(runId: string, key: string, signal?: AbortSignal): Promise<void>;
}

export interface SampledHistoryQuestion {
  /** Any number; asked in pieces the server takes. */
  readonly runIds: readonly string[];
  readonly key: string;
  /** Most points per run: 1 … 2,500. */
  readonly maxPoints: number;
  /** How many points there are in all, if the asker knows: few can be had whole where a run has more than 2,499. A guess will do. */
  readonly expectedPoints?: number;
  /** Inclusive; both or neither. */
  readonly startStep?: number;
  readonly endStep?: number;
}

export interface NewPointsQuestion {
  readonly runId: string;
  readonly key: string;
  /** Inclusive: what is logged without a step is all at one. */
  readonly step: number;
  readonly known?: KnownPoints;
}

export type Progress = (done: {
  readonly points?: number;
  readonly bytes?: number;
  readonly totalBytes?: number;
}) => void;

export interface MetricQuestions {
  /** Every point, paged where the server pages (MLflow 3), in one answer on MLflow 2. */
  metricHistory(runId: string, key: string, signal?: AbortSignal, progress?: Progress): Promise<MetricSeries>;
  /** Points of one page, where the server pages; everything at once where it does not. */
  metricHistoryPage(
    runId: string,
    key: string,
    page: { readonly maxResults: number; readonly pageToken?: string },
    signal?: AbortSignal,
  ): Promise<{ readonly series: MetricSeries; readonly nextPageToken?: string }>;
  /**
   * One metric of many runs, sampled by the server; series come in the order of `runIds`, empty where a run lacks the
   * metric. Falls back to full histories where the sampling endpoint is missing.
   */
  sampledHistory(question: SampledHistoryQuestion, signal?: AbortSignal): Promise<readonly MetricSeries[]>;
  /**
   * Points of a run from a step on, for one that goes on; a sample only where there are more than one answer holds and
   * nobody knows how many there were before. Where that is known, those behind them alone, where the server can.
   */
  newPoints(question: NewPointsQuestion, signal?: AbortSignal): Promise<MetricSeries>;
}

export interface ArtifactListing {
  readonly rootUri: string;
  readonly files: readonly ArtifactInfo[];
  /** What the server lists beside them under paths that lead out of the folder: to be shown, never opened or written. */
  readonly refused: readonly string[];
}

export interface ArtifactDownload {
  /** bytes, where the server says. */
  readonly totalBytes?: number;
  readonly contentType?: string;
  /** Consume it or abort; it holds a connection. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface ArtifactQuestions {
  /** One level. `path` is relative to the run's root; '' is the root. */
  listArtifacts(runId: string, path?: string, signal?: AbortSignal): Promise<ArtifactListing>;
  downloadArtifact(
    runId: string,
    path: string,
    signal?: AbortSignal,
    range?: { readonly start: number; readonly end: number },
  ): Promise<ArtifactDownload>;
  /** Writes one file of at most 10 MB. */
  uploadArtifact(runId: string, path: string, content: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** Files of a logged model (MLflow 3), one level. */
  listModelArtifacts(modelId: string, path?: string, signal?: AbortSignal): Promise<ArtifactListing>;
  downloadModelArtifact(modelId: string, path: string, signal?: AbortSignal): Promise<ArtifactDownload>;
}

export interface RegistrySearch {
  readonly filter?: string;
  readonly orderBy?: readonly string[];
  readonly maxResults?: number;
  readonly pageToken?: string;
}

export interface RegistryQuestions {
  searchRegisteredModels(search: RegistrySearch, signal?: AbortSignal): Promise<Page<RegisteredModel>>;
  getRegisteredModel(name: string, signal?: AbortSignal): Promise<RegisteredModel>;
  createRegisteredModel(name: string, description?: string, signal?: AbortSignal): Promise<RegisteredModel>;
  renameRegisteredModel(name: string, newName: string, signal?: AbortSignal): Promise<void>;
  describeRegisteredModel(name: string, description: string, signal?: AbortSignal): Promise<void>;
  deleteRegisteredModel(name: string, signal?: AbortSignal): Promise<void>;
  setRegisteredModelTag(name: string, key: string, value: string, signal?: AbortSignal): Promise<void>;
  deleteRegisteredModelTag(name: string, key: string, signal?: AbortSignal): Promise<void>;
  searchModelVersions(search: RegistrySearch, signal?: AbortSignal): Promise<Page<ModelVersion>>;
  getModelVersion(name: string, version: string, signal?: AbortSignal): Promise<ModelVersion>;
  createModelVersion(
    version: { readonly name: string; readonly source: string; readonly runId?: string; readonly description?: string },
    signal?: AbortSignal,
  ): Promise<ModelVersion>;
  describeModelVersion(name: string, version: string, description: string, signal?: AbortSignal): Promise<void>;
  deleteModelVersion(name: string, version: string, signal?: AbortSignal): Promise<void>;
  setModelVersionTag(name: string, version: string, key: string, value: string, signal?: AbortSignal): Promise<void>;
  deleteModelVersionTag(name: string, version: string, key: string, signal?: AbortSignal): Promise<void>;
  transitionStage(
    name: string,
    version: string,
    stage: string,
    archiveExisting: boolean,
    signal?: AbortSignal,
  ): Promise<ModelVersion>;
  /** Moves the alias when it exists. */
  setAlias(name: string, alias: string, version: string, signal?: AbortSignal): Promise<void>;
  deleteAlias(name: string, alias: string, signal?: AbortSignal): Promise<void>;
  getModelVersionByAlias(name: string, alias: string, signal?: AbortSignal): Promise<ModelVersion>;
}

export interface LoggedModelQuestions {
  /** Empty on MLflow 2. */
  searchLoggedModels(
    search: {
      readonly experimentIds: readonly string[];
      readonly filter?: string;
      readonly maxResults?: number;
      readonly pageToken?: string;
    },
    signal?: AbortSignal,
  ): Promise<Page<LoggedModel>>;
  getLoggedModel(modelId: string, signal?: AbortSignal): Promise<LoggedModel>;
}
