import { isSafePath } from '../../shared/artifactPath';
import type {
  ArtifactInfo,
  DatasetInput,
  Experiment,
  LifecycleStage,
  LoggedModel,
  Metric,
  ModelVersion,
  RegisteredModel,
  Run,
  RunStatus,
} from '../../shared/domain';
import { TagKey } from '../../shared/domain';
import type { Fields } from './fields';

/** Turns MLflow's JSON into domain types; the only place that knows the wire's names. */

export function decodeExperiment(fields: Fields): Experiment {
  return {
    experimentId: fields.id('experiment_id'),
    name: fields.text('name'),
    artifactLocation: fields.text('artifact_location'),
    lifecycleStage: decodeStage(fields),
    ...instants(fields, 'creation_time', 'last_update_time'),
    tags: fields.pairs('tags'),
  };
}

export function decodeRun(fields: Fields): Run {
  const info = fields.object('info');
  const data = fields.optionalObject('data');
  const tags = data?.pairs('tags') ?? {};
  const endTime = info.optionalInteger('end_time');
  return {
    runId: info.has('run_id') ? info.id('run_id') : info.id('run_uuid'),
    experimentId: info.id('experiment_id'),
    name: info.text('run_name') || tags[TagKey.runName] || '',
    status: decodeStatus(info.text('status')),
    userId: info.text('user_id') || tags[TagKey.user] || '',
    startTime: info.integer('start_time', 0),
    ...(endTime ? { endTime } : {}),
    artifactUri: info.text('artifact_uri'),
    lifecycleStage: decodeStage(info),
    metrics: byKey(data?.list('metrics', decodeMetric) ?? []),
    params: data?.pairs('params') ?? {},
    tags,
    datasets: fields.optionalObject('inputs')?.list('dataset_inputs', decodeDataset) ?? [],
    modelIds: fields.optionalObject('outputs')?.list('model_outputs', (output) => output.id('model_id')) ?? [],
  };
}

function byKey(metrics: readonly Metric[]): Record<string, Metric> {
  const record: Record<string, Metric> = Object.create(null);
  for (const metric of metrics) record[metric.key] = metric;
  return record;
}

const statuses: readonly RunStatus[] = ['SCHEDULED', 'RUNNING', 'FINISHED', 'FAILED', 'KILLED'];
const decodeStatus = (text: string): RunStatus => statuses.find((status) => status === text) ?? 'UNKNOWN';
const decodeStage = (fields: Fields): LifecycleStage =>
  fields.text('lifecycle_stage') === 'deleted' ? 'deleted' : 'active';

export function decodeMetric(fields: Fields): Metric {
  const exactStep = fields.exactInteger('step');
  return {
    key: fields.string('key'),
    value: fields.double('value'),
    timestamp: fields.integer('timestamp', 0),
    step: fields.integer('step', 0),
    ...(exactStep ? { exactStep } : {}),
  };
}

function decodeDataset(fields: Fields): DatasetInput {
  const dataset = fields.object('dataset');
  const context = fields.pairs('tags')['mlflow.data.context'];
  const schema = dataset.optionalText('schema');
  const profile = dataset.optionalText('profile');
  return {
    name: dataset.text('name'),
    digest: dataset.text('digest'),
    sourceType: dataset.text('source_type'),
    source: dataset.text('source'),
    ...(schema ? { schema } : {}),
    ...(profile ? { profile } : {}),
    ...(context ? { context } : {}),
  };
}

const longestRefused = 500;

/**
 * The server's word is not trusted: a path that could leave a folder it is written to belongs to no artifact, and what
 * was listed is only kept to be shown.
 */
export function decodeArtifacts(fields: Fields): {
  readonly files: readonly ArtifactInfo[];
  readonly refused: readonly string[];
} {
  const refused: string[] = [];
  const files = fields.list('files', (file): ArtifactInfo | undefined => {
    const path = file.string('path');
    const isFolder = file.boolean('is_dir');
    if (isSafePath(path)) return { path, isFolder, ...(isFolder ? {} : { size: file.integer('file_size', 0) }) };
    refused.push(path.slice(0, longestRefused));
    return undefined;
  });
  return { files: files.filter((file) => file !== undefined), refused };
}

export function decodeRegisteredModel(fields: Fields): RegisteredModel {
  return {
    name: fields.string('name'),
    ...instants(fields, 'creation_timestamp', 'last_updated_timestamp'),
    description: fields.text('description'),
    tags: fields.pairs('tags'),
    aliases: fields.list('aliases', (alias) => ({ alias: alias.string('alias'), version: alias.id('version') })),
  };
}

export function decodeModelVersion(fields: Fields): ModelVersion {
  const runId = fields.optionalText('run_id');
  return {
    name: fields.string('name'),
    version: fields.id('version'),
    ...instants(fields, 'creation_timestamp', 'last_updated_timestamp'),
    description: fields.text('description'),
    stage: fields.text('current_stage') || 'None',
    source: fields.text('source'),
    ...(runId ? { runId } : {}),
    status: fields.text('status') || 'READY',
    tags: fields.pairs('tags'),
    aliases: fields.strings('aliases'),
  };
}

export function decodeLoggedModel(fields: Fields): LoggedModel {
  const info = fields.object('info');
  const data = fields.optionalObject('data');
  const sourceRunId = info.optionalText('source_run_id');
  const creationTime = info.optionalInteger('creation_timestamp_ms');
  return {
    modelId: info.id('model_id'),
    experimentId: info.id('experiment_id'),
    name: info.text('name'),
    status: info.text('status'),
    ...(sourceRunId ? { sourceRunId } : {}),
    ...(creationTime ? { creationTime } : {}),
    artifactUri: info.text('artifact_uri'),
    tags: info.pairs('tags'),
    params: data?.pairs('params') ?? {},
    metrics: data?.list('metrics', decodeMetric) ?? [],
  };
}

function instants(
  fields: Fields,
  created: string,
  updated: string,
): { creationTime?: number; lastUpdateTime?: number } {
  const creationTime = fields.optionalInteger(created);
  const lastUpdateTime = fields.optionalInteger(updated);
  return { ...(creationTime ? { creationTime } : {}), ...(lastUpdateTime ? { lastUpdateTime } : {}) };
}
