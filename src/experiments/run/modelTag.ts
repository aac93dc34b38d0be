import { type ModelVersion, type Run, TagKey } from '../../shared/domain';

/** A model that MLflow 2 logged: an artifact of the run and an entry in one of its tags. */
export interface TaggedModel {
  readonly artifactPath: string;
  readonly flavors: readonly string[];
  readonly uuid?: string;
  /** As Python wrote it, UTC: `2026-01-31 12:00:00.000000`. */
  readonly created?: string;
  readonly mlflowVersion?: string;
}

export interface TaggedModels {
  readonly models: readonly TaggedModel[];
  /** The tag or an entry of it is not what MLflow writes. */
  readonly unreadable: boolean;
}

const mostModels = 1_000;

/** Anybody can set the tag: every field is checked. A model logged again under the same path counts once, the last. */
export function taggedModels(run: Pick<Run, 'tags'>): TaggedModels {
  const text = run.tags[TagKey.loggedModels];
  if (!text) return { models: [], unreadable: false };
  const entries = parseList(text);
  if (!entries) return { models: [], unreadable: true };
  const models = new Map<string, TaggedModel>();
  let unreadable = entries.length > mostModels;
  for (const entry of entries.slice(0, mostModels)) {
    const model = decodeModel(entry);
    if (model) models.set(model.artifactPath, model);
    else unreadable = true;
  }
  return { models: [...models.values()], unreadable };
}

function parseList(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function decodeModel(value: unknown): TaggedModel | undefined {
  if (!isRecord(value)) return undefined;
  const artifactPath = text(value.artifact_path);
  if (artifactPath === undefined) return undefined;
  const uuid = text(value.model_uuid);
  const created = text(value.utc_time_created);
  const mlflowVersion = text(value.mlflow_version);
  return {
    artifactPath,
    flavors: isRecord(value.flavors) ? Object.keys(value.flavors).slice(0, 20) : [],
    ...(uuid === undefined ? {} : { uuid }),
    ...(created === undefined ? {} : { created }),
    ...(mlflowVersion === undefined ? {} : { mlflowVersion }),
  };
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Version = Pick<ModelVersion, 'source'>;

/** Versions made of the MLflow 3 model, whose source is `models:/<id>`. */
export const versionsOfLoggedModel = <V extends Version>(versions: readonly V[], modelId: string): readonly V[] =>
  versions.filter(({ source }) => source === `models:/${modelId}` || source.includes(`/models/${modelId}/artifacts`));

/** Versions made of the artifact: `…/<run id>/artifacts/<path>` or `runs:/<run id>/<path>`. */
export function versionsOfArtifact<V extends Version>(
  versions: readonly V[],
  runId: string,
  artifactPath: string,
): readonly V[] {
  const ends = [`/${runId}/artifacts/${artifactPath}`, `runs:/${runId}/${artifactPath}`];
  return versions.filter(({ source }) => ends.some((end) => source.replace(/\/+$/, '').endsWith(end)));
}
