/**
 * MLflow's nouns as this product uses them. Values are what a person sees, not what the wire sends:
 * numbers may be NaN or ±Infinity, instants are milliseconds since 1970, ids are strings.
 */

export type LifecycleStage = 'active' | 'deleted';
export type ViewType = 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';
/** `UNKNOWN` stands for a status this version of Flowdeck has no name for. */
export type RunStatus = 'SCHEDULED' | 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED' | 'UNKNOWN';
export type Tags = Readonly<Record<string, string>>;

export interface Experiment {
  readonly experimentId: string;
  readonly name: string;
  readonly artifactLocation: string;
  readonly lifecycleStage: LifecycleStage;
  /** ms; absent on stores that do not record it. */
  readonly creationTime?: number;
  readonly lastUpdateTime?: number;
  readonly tags: Tags;
}

export interface Metric {
  readonly key: string;
  readonly value: number;
  /** ms */
  readonly timestamp: number;
  /** Steps beyond 2^53 are rounded to the nearest number; `exactStep` then has all digits. */
  readonly step: number;
  readonly exactStep?: string;
}

export interface DatasetInput {
  readonly name: string;
  readonly digest: string;
  readonly sourceType: string;
  readonly source: string;
  readonly schema?: string;
  readonly profile?: string;
  /** `mlflow.data.context`: training, evaluation, … */
  readonly context?: string;
}

export interface Run {
  readonly runId: string;
  readonly experimentId: string;
  readonly name: string;
  readonly status: RunStatus;
  readonly userId: string;
  /** ms */
  readonly startTime: number;
  /** ms; absent while running. */
  readonly endTime?: number;
  readonly artifactUri: string;
  readonly lifecycleStage: LifecycleStage;
  /** The latest value of each metric: by step, then time, then value. */
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Tags;
  readonly datasets: readonly DatasetInput[];
  /** Ids of models the run logged (MLflow 3). */
  readonly modelIds: readonly string[];
}

/** One metric of one run as parallel arrays in the server's order (timestamp, step, value). */
export interface MetricSeries {
  readonly runId: string;
  readonly key: string;
  readonly steps: Float64Array;
  /** ms */
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  /** True when the server chose some of the points; then `steps.length` is less than what is stored. */
  readonly sampled: boolean;
}

/** What is known of a run's points up to the last one: enough to ask for those behind it alone. */
export interface KnownPoints {
  /** How many there are. */
  readonly points: number;
  /** How many of them lie at the last step: who asks by steps gets them again. */
  readonly again: number;
  /** The one a history ends with; its value as text, since JSON has no NaN. */
  readonly last: { readonly step: number; readonly timestamp: number; readonly value: string };
}

export interface ArtifactInfo {
  /** Relative to the run's artifact root, `/` between parts. */
  readonly path: string;
  readonly isFolder: boolean;
  /** bytes; absent for folders. */
  readonly size?: number;
}

export interface ModelAlias {
  readonly alias: string;
  readonly version: string;
}

export interface RegisteredModel {
  readonly name: string;
  readonly creationTime?: number;
  readonly lastUpdateTime?: number;
  readonly description: string;
  readonly tags: Tags;
  readonly aliases: readonly ModelAlias[];
}

export interface ModelVersion {
  readonly name: string;
  readonly version: string;
  readonly creationTime?: number;
  readonly lastUpdateTime?: number;
  readonly description: string;
  /** None, Staging, Production, Archived, or what else the server says. */
  readonly stage: string;
  readonly source: string;
  readonly runId?: string;
  readonly status: string;
  readonly tags: Tags;
  /** The server omits aliases in searches: take those of the registered model. */
  readonly aliases: readonly string[];
}

export interface LoggedModel {
  readonly modelId: string;
  readonly experimentId: string;
  readonly name: string;
  readonly status: string;
  readonly sourceRunId?: string;
  readonly creationTime?: number;
  readonly artifactUri: string;
  readonly tags: Tags;
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: readonly Metric[];
}

/** What the server says of itself, and what follows from it. */
export interface ServerInfo {
  /** As `/version` gives it, `3.17.2`; absent when the server does not say. */
  readonly version?: string;
  /** 3 when the 3.x interface answers, else 2. */
  readonly generation: 2 | 3;
  readonly storeType?: string;
  readonly workspacesEnabled: boolean;
  /** The user signed in, where the server can tell. */
  readonly user?: string;
}

/** Tag keys with a meaning of their own. https://mlflow.org/docs/latest/ml/tracking/tracking-api#system-tags */
export const TagKey = {
  runName: 'mlflow.runName',
  parentRunId: 'mlflow.parentRunId',
  user: 'mlflow.user',
  note: 'mlflow.note.content',
  sourceName: 'mlflow.source.name',
  sourceType: 'mlflow.source.type',
  gitCommit: 'mlflow.source.git.commit',
  gitBranch: 'mlflow.source.git.branch',
  gitRepoUrl: 'mlflow.source.git.repoURL',
  /** `true` when the working tree had changes. MLflow 3 writes it on logged models, Flowdeck on runs. */
  gitDirty: 'mlflow.source.git.dirty',
  /** The changes themselves, as MLflow 3's git versioning records them: not staged, then staged. */
  gitDiff: 'mlflow.source.git.diff',
  /** Flowdeck's own: path of the run's artifact that holds the changes beyond the commit, as `git apply` takes them. */
  gitPatch: 'flowdeck.git.patch',
  projectEntryPoint: 'mlflow.project.entryPoint',
  projectBackend: 'mlflow.project.backend',
  projectEnv: 'mlflow.project.env',
  loggedModels: 'mlflow.log-model.history',
} as const;

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken?: string;
}
