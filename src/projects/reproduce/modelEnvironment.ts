import fs from 'node:fs/promises';
import path from 'node:path';
import { MlflowError } from '../../mlflow/mlflowError';
import type { ArtifactListing, TrackingStore } from '../../mlflow/trackingStore';
import { nameOf } from '../../shared/artifactPath';
import { type Run, TagKey } from '../../shared/domain';
import type { Checkout } from '../checkouts/checkouts';
import type { EnvironmentManager } from '../request/taskDefinition';
import { downloadedText } from './downloadedText';
import { addToProject } from './projectFile';

/** What a model that the run logged was made with. */
export interface ModelEnvironment {
  /** For people: `model/requirements.txt`. */
  readonly from: string;
  /** By their names. */
  readonly files: ReadonlyMap<string, string>;
  /** Environments are made from requirements, unless there is only what conda reads. */
  readonly hasRequirements: boolean;
  readonly hasConda: boolean;
}

const mostBytes = 200_000;
const ownFolder = '.flowdeck-environment';
const [requirementsFile, pythonFile, condaFile] = ['requirements.txt', 'python_env.yaml', 'conda.yaml'];
/** As MLflow writes them beside a model; requirements may be held by constraints. */
const fileNames = [requirementsFile, 'constraints.txt', pythonFile, condaFile];

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
    const listed = (await list()).files.map(({ path: place }) => place);
    const files = new Map<string, string>();
    for (const name of fileNames) {
      const place = listed.find((candidate) => nameOf(candidate) === name);
      if (place !== undefined) files.set(name, await read(place));
    }
    const [hasRequirements, hasConda] = [files.has(requirementsFile), files.has(condaFile)];
    if (!hasRequirements && !hasConda) return undefined;
    return { from: `${label}/${hasRequirements ? requirementsFile : condaFile}`, files, hasRequirements, hasConda };
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
export async function addModelEnvironment(
  checkout: Checkout,
  { files, hasRequirements }: ModelEnvironment,
  manager: EnvironmentManager,
): Promise<void> {
  const folder = path.join(checkout.folder, ownFolder);
  await fs.mkdir(folder, { recursive: true });
  const pythonEnv = files.get(pythonFile) ?? `dependencies:\n- -r ${requirementsFile}\n`;
  // MLflow installs from the project's folder, where another file may have this name.
  const all = new Map(files).set(
    pythonFile,
    pythonEnv.replace(/(?<=^\s*- -r )(?=requirements\.txt\s*$)/gm, `${ownFolder}/`),
  );
  for (const [name, text] of all) await fs.writeFile(path.join(folder, name), text);
  const isPython = hasRequirements && manager !== 'conda';
  const [key, env] = isPython ? ['python_env', pythonFile] : ['conda_env', condaFile];
  await addToProject(checkout.folder, (document) => document.set(key, `${ownFolder}/${env}`));
  await checkout.settle();
}
