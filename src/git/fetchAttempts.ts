import { isFullCommitId } from '../shared/commitId';
import { GitError } from './gitError';

export interface FetchAttempt {
  readonly refs: readonly string[];
  /** How much history a shallow repository asks for. */
  readonly limits: readonly string[];
  /** Servers refuse what reaches no commit of that time, in words like those of a broken line. */
  readonly refusable?: true;
}

/** Of a shallow repository: when the oldest commits of its head were committed, s since 1970. */
export interface Shallow {
  readonly since: number | undefined;
}

/**
 * From the cheapest to the one that gets everything. A commit is asked for with what lies between it and the head first: by
 * itself it would be a new end of the history, and a newer one that ends there can be merged and pulled no more.
 * Throws kind `badArgument`.
 */
export function fetchAttempts(
  remote: string,
  commit: string,
  branch: string | undefined,
  shallow: Shallow | undefined,
): readonly FetchAttempt[] {
  if (remote === '' || remote.startsWith('-')) throw new GitError('badArgument', 'The remote has an unusable name.');
  const everything = [`+refs/heads/*:refs/remotes/${remote}/*`];
  const single: FetchAttempt[] = [];
  if (isFullCommitId(commit)) {
    if (shallow?.since !== undefined)
      single.push({ refs: [commit], limits: [`--shallow-since=${shallow.since}`], refusable: true });
    single.push({ refs: [commit], limits: shallow ? ['--depth=1'] : [] });
  }
  return [
    ...single,
    ...(branch !== undefined && isBranchName(branch)
      ? [{ refs: [`+refs/heads/${branch}:refs/remotes/${remote}/${branch}`], limits: [] }]
      : []),
    { refs: everything, limits: shallow ? ['--unshallow'] : [] },
  ];
}

/** Only what can stand in a refspec without a meaning of its own. https://git-scm.com/docs/git-check-ref-format */
export function isBranchName(name: string): boolean {
  const bad = /[\s~^:?*[\\]|\.\.|@\{|\/\/|^[-/.]|[/.]$|\.lock(\/|$)|\/\./;
  return name !== '' && name.length <= 255 && !bad.test(name) && ![...name].some((character) => character < ' ');
}
