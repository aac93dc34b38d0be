import os from 'node:os';
import path from 'node:path';
import type { SimpleGit, SimpleGitOptions } from 'simple-git';
import { exists } from './exists';
import { GitError, gitFailure } from './gitError';

export interface GitRunOptions {
  readonly signal?: AbortSignal | undefined;
  /** ms without any output before git is ended. */
  readonly timeout?: number;
  /** What git reads on its standard input. */
  readonly input?: string | Buffer;
  /** `stage` is git's own word: counting, compressing, receiving, resolving. */
  readonly progress?: (stage: string, percent: number) => void;
  /** Exit codes that are an answer and no failure. */
  readonly acceptedExitCodes?: readonly number[];
  /** Where git reads and writes beside the repository. Folders and files of our own making, never of a repository. */
  readonly beside?: GitPlaces;
}

export interface GitPlaces {
  /** A bare repository of our own: some people have git read none that it is not told to read. */
  readonly gitDir?: string;
  /** Instead of the repository's index. */
  readonly index?: string;
  /** Where new objects go; the repository's own are read all the same. */
  readonly newObjects?: { readonly folder: string; readonly repository: string };
  /** Folders of further objects to read, written before. */
  readonly moreObjects?: readonly string[];
  /** A partial clone asks its remote for nothing that is not here. */
  readonly hereAlone?: boolean;
}

const defaultTimeout = 30_000;

/**
 * What a repository's own configuration could make git execute, or ask of a terminal that is not there.
 * Flowdeck runs git in trusted workspaces only; these hold even so. And what a person's own would change of answers.
 */
const config = [
  'core.fsmonitor=false',
  `core.hooksPath=${os.devNull}`,
  'protocol.ext.allow=never',
  'core.quotePath=false',
  'maintenance.auto=false',
  'gc.auto=0',
  'log.showSignature=false',
  'i18n.logOutputEncoding=UTF-8',
  'clone.defaultRemoteName=origin',
];
const guards: Readonly<Record<string, string>> = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_LITERAL_PATHSPECS: '1',
  LC_ALL: 'C',
  LANGUAGE: 'C',
};
/** Of the surroundings' own variables only these reach git; simple-git takes out all other `GIT_…`. */
const passedOn = [
  'GIT_SSH_COMMAND',
  'GIT_SSH',
  'GIT_SSL_CAINFO',
  'GIT_SSL_NO_VERIFY',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CONFIG_GLOBAL',
];

function placesEnvironment({ gitDir, index, newObjects, moreObjects, hereAlone }: GitPlaces): Record<string, string> {
  const alternates = [...(newObjects ? [newObjects.repository] : []), ...(moreObjects ?? [])];
  return {
    ...(gitDir === undefined ? {} : { GIT_DIR: gitDir }),
    ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
    ...(hereAlone ? { GIT_NO_LAZY_FETCH: '1' } : {}),
    ...(newObjects === undefined ? {} : { GIT_OBJECT_DIRECTORY: newObjects.folder }),
    ...(alternates.length === 0
      ? {}
      : { GIT_ALTERNATE_OBJECT_DIRECTORIES: alternates.map(quotedPath).join(path.delimiter) }),
  };
}

/** A colon (a semicolon on Windows) would end the path. https://git-scm.com/docs/git#_environment_variables */
const quotedPath = (folder: string) => `"${folder.replace(/["\\]/g, '\\$&')}"`;

function environment(places: GitPlaces): Record<string, string> {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      (!/^(git_|editor$|visual$|pager$|prefix$|ssh_askpass$)/i.test(entry[0]) || passedOn.includes(entry[0])),
  );
  return { ...Object.fromEntries(own), ...guards, ...placesEnvironment(places) };
}

interface Outcome {
  exitCode: number;
  stderr: string;
  failed: boolean;
}

async function open(folder: string, options: GitRunOptions, outcome: Outcome): Promise<SimpleGit> {
  const { simpleGit } = await import('simple-git');
  options.signal?.throwIfAborted();
  const { signal, input, progress } = options;
  const settings: Partial<SimpleGitOptions> = {
    baseDir: folder,
    config,
    unsafe: {
      allowUnsafeFsMonitor: true,
      allowUnsafeHooksPath: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeSshCommand: true,
      allowUnsafeConfigPaths: true,
    },
    allowEnvironment: [...Object.keys(guards), ...passedOn, ...Object.keys(placesEnvironment(options.beside ?? {}))],
    // The exit event can come before the last output: only `close` means that everything was read.
    completion: { onClose: true, onExit: false },
    timeout: { block: options.timeout ?? defaultTimeout },
    errors: (error, result) => {
      outcome.exitCode = result.exitCode;
      outcome.stderr = Buffer.concat(result.stdErr).toString('utf8');
      outcome.failed = result.exitCode !== 0 && !(options.acceptedExitCodes ?? []).includes(result.exitCode);
      if (outcome.failed) return error ?? new Error('failed');
      return error instanceof Error ? error : undefined;
    },
    ...(signal ? { abort: signal } : {}),
    ...(input === undefined ? {} : { input: () => input }),
    ...(progress ? { progress: ({ stage, progress: percent }) => progress(stage, percent) } : {}),
  };
  return simpleGit(settings).env(environment(options.beside ?? {}));
}

async function run<T>(folder: string, options: GitRunOptions, ask: (git: SimpleGit) => PromiseLike<T>): Promise<T> {
  const outcome: Outcome = { exitCode: 0, stderr: '', failed: false };
  try {
    return await ask(await open(folder, options, outcome));
  } catch (error) {
    options.signal?.throwIfAborted();
    const said = error instanceof Error ? error.message : String(error);
    if (/block timeout reached/.test(said)) throw new GitError('timeout', 'git did not answer in time.');
    if (/does not exist/.test(said) && !outcome.failed)
      throw new GitError('notRepository', 'The folder of the repository is no longer there.');
    throw gitFailure(outcome.exitCode, outcome.stderr || said);
  }
}

/**
 * Runs git in `folder` and gives what it wrote, as text. `args` never pass through a shell; whoever calls sees to
 * it that nothing in them that came from outside can be read as an option.
 */
export async function gitText(folder: string, args: readonly string[], options: GitRunOptions = {}): Promise<string> {
  return run(folder, options, (git) => git.raw([...args]));
}

/** As `gitText` at the root of a repository, which may be one without a working tree that is ours. */
export async function gitAtRoot(root: string, args: readonly string[], options: GitRunOptions = {}): Promise<string> {
  const bare = (await exists(path.join(root, '.git'))) ? {} : { gitDir: root };
  return gitText(root, args, { ...options, beside: { ...bare, ...options.beside } });
}

/** As `gitText` for `git cat-file`, whose output is bytes. */
export async function catFile(folder: string, args: readonly string[], options: GitRunOptions = {}): Promise<Buffer> {
  return run(folder, options, async (git) => {
    const output: unknown = await git.binaryCatFile([...args]);
    return Buffer.isBuffer(output) ? output : Buffer.alloc(0);
  });
}
