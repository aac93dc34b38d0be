import { isCancelled, MlflowError } from '../../mlflow/mlflowError';
import { readAtMost } from '../../mlflow/readAtMost';
import type { ArtifactDownload, ArtifactListing, ArtifactQuestions } from '../../mlflow/trackingStore';
import { isSafePath } from '../../shared/artifactPath';
import {
  type EnvironmentFile,
  environmentFileNames,
  type Requirement,
  readEnvironment,
} from '../../shared/compare/environment';
import type { Run } from '../../shared/domain';
import { mapLimited } from '../../shared/mapLimited';
import type { RunEnvironment } from '../../shared/protocol/compare';
import { taggedModels } from './modelTag';

/** Runs that are asked for at once, and models of one of them that are read. */
const atOnce = 4;
const mostModels = 3;
/** bytes */
const largestFile = 1_000_000;

export type EnvironmentStore = Pick<
  ArtifactQuestions,
  'listArtifacts' | 'downloadArtifact' | 'listModelArtifacts' | 'downloadModelArtifact'
>;
type YamlParser = (text: string) => unknown;

/** A folder that may hold the files: a model or the run's own root. */
interface Place {
  /** Stands before the names of the files; '' for the run's root. */
  readonly name: string;
  list(signal: AbortSignal): Promise<ArtifactListing>;
  download(path: string, signal: AbortSignal): Promise<ArtifactDownload>;
  /** Of a file in the folder, for `download`. */
  pathOf(name: string): string;
}

/** What each run was made with. A run whose files cannot be read says so; the others are answered. */
export async function environments(
  store: EnvironmentStore,
  runs: readonly Run[],
  signal: AbortSignal,
): Promise<readonly RunEnvironment[]> {
  const { parse } = await import('yaml');
  return mapLimited(runs, atOnce, (run) => environmentOf(store, run, parse, signal));
}

async function environmentOf(store: EnvironmentStore, run: Run, parse: YamlParser, signal: AbortSignal) {
  const files: string[] = [];
  const problems: string[] = [];
  const found: { python: string; packages: readonly Requirement[] }[] = [];
  for (const place of placesOf(store, run)) {
    try {
      const read = await readPlace(place, signal);
      problems.push(...read.problems);
      if (read.files.length === 0) continue;
      files.push(...read.files.map(({ name }) => (place.name ? `${place.name}/${name}` : name)));
      found.push(readEnvironment(read.files, (text) => parseOrNothing(parse, text, problems)));
    } catch (error) {
      if (isCancelled(error) || !(error instanceof MlflowError)) throw error;
      problems.push(`${place.name || 'artifacts'}: ${error.message}`);
    }
  }
  if (files.length === 0 && problems.length === 0) problems.push('no requirements.txt, python_env.yaml or conda.yaml');
  return {
    runId: run.runId,
    ...joined(found),
    files,
    ...(problems.length > 0 ? { problem: problems.slice(0, 3).join('; ') } : {}),
  };
}

/** Models first, for that is where MLflow writes what it inferred. */
function placesOf(store: EnvironmentStore, run: Run): readonly Place[] {
  const { runId } = run;
  const logged = run.modelIds.slice(0, mostModels).map(
    (modelId): Place => ({
      name: modelId,
      list: (signal) => store.listModelArtifacts(modelId, '', signal),
      download: (path, signal) => store.downloadModelArtifact(modelId, path, signal),
      pathOf: (name) => name,
    }),
  );
  const folder = (path: string): Place => ({
    name: path,
    list: (signal) => store.listArtifacts(runId, path, signal),
    download: (file, signal) => store.downloadArtifact(runId, file, signal),
    pathOf: (name) => (path ? `${path}/${name}` : name),
  });
  const tagged = taggedModels(run).models.map(({ artifactPath }) => artifactPath);
  // MLflow 3's client writes the tag too, for models that are none of the run's artifacts.
  const inRun = logged.length > 0 ? [] : tagged.filter(isSafePath).slice(0, mostModels).map(folder);
  return [...logged, ...inRun, folder('')];
}

async function readPlace(place: Place, signal: AbortSignal) {
  const { files } = await place.list(signal);
  const found: EnvironmentFile[] = [];
  const problems: string[] = [];
  for (const name of environmentFileNames) {
    const path = place.pathOf(name);
    const listed = files.find((file) => !file.isFolder && file.path === path);
    if (!listed) continue;
    const bytes =
      (listed.size ?? 0) > largestFile
        ? undefined
        : await readAtMost((abort) => place.download(path, abort), largestFile, signal);
    if (bytes) found.push({ name, text: new TextDecoder().decode(bytes) });
    else problems.push(`${path} is over 1 MB`);
  }
  return { files: found, problems };
}

function parseOrNothing(parse: YamlParser, text: string, problems: string[]): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    problems.push(`no YAML: ${error.message.split('\n')[0]}`);
    return undefined;
  }
}

/** Models of one run may disagree: then both versions stand there. */
function joined(found: readonly { readonly python: string; readonly packages: readonly Requirement[] }[]) {
  const versions = new Map<string, Set<string>>();
  for (const { name, version } of found.flatMap(({ packages }) => packages))
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  return {
    python: [...new Set(found.map(({ python }) => python).filter((python) => python !== ''))].join(', '),
    packages: [...versions].map(([name, all]) => ({ name, version: [...all].join(', ') })),
  };
}
