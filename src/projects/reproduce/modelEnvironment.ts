import fs from 'node:fs/promises';
import path from 'node:path';
import { MlflowError } from '../../mlflow/mlflowError';
import type { ArtifactListing, TrackingStore } from '../../mlflow/trackingStore';
import { nameOf } from '../../shared/artifactPath';
import { type Run, TagKey } from '../../shared/domain';
import type { Checkout } from '../checkouts';
import { downloadedText } from './downloadedText';

/** What a model that the run logged was made with. */
export interface ModelEnvironment {
  /** For people: `model/requirements.txt`. */
  readonly from: string;
  readonly requirements: string;
  /** python_env.yaml as MLflow writes it beside a model; absent where the model has none. */
  readonly pythonEnv?: string;
}

const mostBytes = 200_000;
const ownFolder = '.flowdeck-environment';

/** The environment of the first model that the run logged; https://mlflow.org/docs/latest/ml/model/#storage-format */
export async function modelEnvironmentOf(
  run: Run,
  store: TrackingStore,
  signal: AbortSignal,
): Promise<ModelEnvironment | undefined> {
  const [modelId] = run.modelIds;
  const folder = loggedFolder(run);
  if (modelId !== undefined) {
    const read = (file: string) =>
      downloadedText((abort) => store.downloadModelArtifact(modelId, file, abort), mostBytes, signal);
    return fromListing(() => store.listModelArtifacts(modelId, '', signal), modelId, read);
  }
  if (folder === undefined) return undefined;
  const read = (file: string) =>
    downloadedText((abort) => store.downloadArtifact(run.runId, file, abort), mostBytes, signal);
  return fromListing(() => store.listArtifacts(run.runId, folder, signal), folder, read);
}

async function fromListing(
  list: () => Promise<ArtifactListing>,
  label: string,
  read: (file: string) => Promise<string>,
): Promise<ModelEnvironment | undefined> {
  try {
    const { files } = await list();
    const file = (name: string) => files.find(({ path: place }) => nameOf(place) === name)?.path;
    const [requirements, pythonEnv] = [file('requirements.txt'), file('python_env.yaml')];
    if (requirements === undefined) return undefined;
    const text = await read(requirements);
    const python = pythonEnv === undefined ? {} : { pythonEnv: await read(pythonEnv) };
    return { from: `${label}/requirements.txt`, requirements: text, ...python };
  } catch (error) {
    // A model that cannot be read leaves the environment unknown, which is said.
    if (error instanceof MlflowError && error.kind !== 'cancelled') return undefined;
    throw error;
  }
}

/** MLflow 2 keeps models among the run's artifacts and lists them in a tag. */
function loggedFolder({ tags }: Pick<Run, 'tags'>): string | undefined {
  try {
    const models: unknown = JSON.parse(tags[TagKey.loggedModels] ?? '[]');
    const [first] = Array.isArray(models) ? models : [];
    const folder: unknown = Reflect.get(Object(first), 'artifact_path');
    return typeof folder === 'string' && folder !== '' ? folder : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Lets the project of a working tree that is ours use it, so that MLflow's own managers make the environment. */
export async function addModelEnvironment(checkout: Checkout, model: ModelEnvironment): Promise<void> {
  const folder = path.join(checkout.folder, ownFolder);
  await fs.mkdir(folder, { recursive: true });
  await fs.writeFile(path.join(folder, 'requirements.txt'), model.requirements);
  const plain = 'dependencies:\n- -r requirements.txt\n';
  await fs.writeFile(path.join(folder, 'python_env.yaml'), model.pythonEnv ?? plain);
  const names = await fs.readdir(checkout.folder);
  const file = path.join(checkout.folder, names.find((name) => name.toLowerCase() === 'mlproject') ?? 'MLproject');
  const line = `python_env: ${ownFolder}/python_env.yaml\n`;
  const text = await fs.readFile(file, 'utf8').catch(() => '');
  await fs.writeFile(file, text === '' || text.endsWith('\n') ? text + line : `${text}\n${line}`);
  await checkout.settle();
}
