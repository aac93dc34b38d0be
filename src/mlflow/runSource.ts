import { isCommitId } from '../shared/commitId';
import { type Run, TagKey } from '../shared/domain';

/** Where the code of a run is, as its tags say. Paths have `/` between parts and are as recorded: from another machine, often. */
export type RunSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'notebook'; readonly path: string }
  /** An MLproject: `folder` is a path, or a path inside the repository at `url`. */
  | { readonly kind: 'project'; readonly folder: string; readonly url?: string; readonly entryPoint: string }
  /** `python -c`, a prompt, a notebook kernel: nothing that a file could be found by. */
  | { readonly kind: 'none'; readonly name: string };

export interface RunOrigin {
  readonly source: RunSource;
  /** In lower case; at least seven hex digits. */
  readonly commit?: string;
  /** What stands in the commit tag when it is no commit id. */
  readonly strangeCommit?: string;
  readonly branch?: string;
  readonly repoUrl?: string;
  /** Undefined where nobody recorded it. */
  readonly dirty?: boolean;
}

/**
 * Spellings of one fact, the preferred first: MLflow's current tags (its git versioning writes the same on logged
 * models), what 2.x writes beside them for Projects, what the earliest versions of git versioning wrote, and Databricks.
 * https://github.com/mlflow/mlflow/blob/master/mlflow/utils/mlflow_tags.py
 */
const spellings = {
  commit: [TagKey.gitCommit, 'mlflow.git.commit', 'mlflow.databricks.gitRepoCommit'],
  branch: [TagKey.gitBranch, 'mlflow.gitBranchName', 'mlflow.git.branch'],
  repoUrl: [TagKey.gitRepoUrl, 'mlflow.gitRepoURL', 'mlflow.git.repo_url', 'mlflow.databricks.gitRepoUrl'],
  dirty: [TagKey.gitDirty, 'mlflow.git.dirty'],
  diff: [TagKey.gitDiff, 'mlflow.git.diff'],
} as const;

export type SpelledFact = 'commit' | 'branch' | 'repoUrl';
export const spellingsOf = (fact: SpelledFact): readonly [string, ...string[]] => spellings[fact];

/** The first spelling that says anything. */
function tagOf({ tags }: Pick<Run, 'tags'>, fact: keyof typeof spellings): string | undefined {
  for (const key of spellings[fact]) {
    const value = tags[key];
    if (value !== undefined && value.trim() !== '') return value;
  }
  return undefined;
}

/** True when a commit is recorded, be it one or not. */
export const namesCommit = (run: Pick<Run, 'tags'>) => tagOf(run, 'commit') !== undefined;

/**
 * True where `recordedOrigin` may find a commit. What the models that a run logged say is one more question for each run: what
 * a commit is for is on offer without it, and asks when it is wanted.
 */
export const mayNameCommit = (run: Pick<Run, 'tags' | 'modelIds'>) => namesCommit(run) || run.modelIds.length > 0;

/** Where the uncommitted changes of a run are kept: in an artifact, or in the tag itself. */
export type RecordedPatch =
  | { readonly kind: 'artifact'; readonly path: string }
  | { readonly kind: 'text'; readonly text: string };

export function recordedPatch(run: Pick<Run, 'tags'>): RecordedPatch | undefined {
  const path = run.tags[TagKey.gitPatch]?.trim();
  if (path) return { kind: 'artifact', path };
  // Not trimmed: a patch may begin and end with spaces that matter.
  const text = tagOf(run, 'diff');
  return text === undefined ? undefined : { kind: 'text', text };
}

const interactive = /^(|-|-c|-m|<stdin>|<string>)$/;
const kernel = /(^|\/)(ipykernel_launcher|colab_kernel_launcher)\.py$/;
const networkAddress = /^(?!file:)(?:[a-z][a-z0-9+.-]*:\/\/|[\w.-]+@[\w.-]+:)/i;

/** What ties a run to a commit, for many runs at once: where it was made is not looked at unless it has to be. */
export function recordedCommit(run: Pick<Run, 'tags'>): Pick<RunOrigin, 'commit' | 'repoUrl'> {
  const commit = tagOf(run, 'commit')?.trim().toLowerCase();
  if (commit === undefined || !isCommitId(commit)) return {};
  const repoUrl = tagOf(run, 'repoUrl')?.trim() ?? runOrigin(run).repoUrl;
  return { commit, ...(repoUrl === undefined ? {} : { repoUrl }) };
}

export function runOrigin(run: Pick<Run, 'tags'>): RunOrigin {
  const tag = (fact: keyof typeof spellings) => tagOf(run, fact)?.trim();
  const commit = tag('commit')?.toLowerCase();
  const branch = tag('branch');
  const dirty = tag('dirty')?.toLowerCase();
  const source = runSource(run);
  const repoUrl = tag('repoUrl') ?? (source.kind === 'project' ? source.url : undefined);
  return {
    source,
    ...(commit === undefined ? {} : isCommitId(commit) ? { commit } : { strangeCommit: commit }),
    ...(branch === undefined ? {} : { branch }),
    ...(repoUrl === undefined ? {} : { repoUrl }),
    ...(dirty === 'true' || dirty === 'false' ? { dirty: dirty === 'true' } : {}),
  };
}

export function runSource(run: Pick<Run, 'tags'>): RunSource {
  const name = (run.tags[TagKey.sourceName] ?? '').trim();
  const type = run.tags[TagKey.sourceType];
  const entryPoint = run.tags[TagKey.projectEntryPoint];
  if (interactive.test(name) || kernel.test(slashes(name))) return { kind: 'none', name };
  if (networkAddress.test(name)) return { ...splitFragment(name), kind: 'project', entryPoint: entryPoint || 'main' };
  if (type === 'PROJECT' || entryPoint) {
    const { url, folder } = splitFragment(name);
    return { kind: 'project', folder: joined(localPath(url), folder), entryPoint: entryPoint || 'main' };
  }
  const path = localPath(name);
  return type === 'NOTEBOOK' || path.endsWith('.ipynb') ? { kind: 'notebook', path } : { kind: 'file', path };
}

/** MLflow writes `<address>#<folder>`. */
function splitFragment(name: string): { readonly url: string; readonly folder: string } {
  const at = name.indexOf('#');
  if (at < 0) return { url: name, folder: '' };
  return { url: name.slice(0, at), folder: slashes(name.slice(at + 1)).replace(/^\/+|\/+$/g, '') };
}

function localPath(name: string): string {
  if (!/^file:/i.test(name)) return slashes(name);
  const path = name.replace(/^file:(\/\/[^/]*)?/i, '').replace(/^\/([a-z]:[\\/])/i, '$1');
  try {
    return slashes(decodeURIComponent(path));
  } catch (error) {
    // Not encoded at all: a `%` of the folder's own name.
    if (error instanceof URIError) return slashes(path);
    throw error;
  }
}

const slashes = (path: string) => path.replaceAll('\\', '/');
const joined = (path: string, folder: string) =>
  folder === '' ? path.replace(/(?<=.)\/+$/, '') : `${path.replace(/\/+$/, '')}/${folder}`;
