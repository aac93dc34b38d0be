import { isFullCommitId } from '../shared/commitId';
import { GitError } from './gitError';

export interface FetchAttempt {
  readonly refs: readonly string[];
  /** How much history a shallow repository asks for. */
  readonly depth: 'one' | 'same' | 'all';
}

/** From the cheapest to the one that gets everything. Throws kind `badArgument`. */
export function fetchAttempts(remote: string, commit: string, branch: string | undefined): readonly FetchAttempt[] {
  if (remote === '' || remote.startsWith('-')) throw new GitError('badArgument', 'The remote has an unusable name.');
  const everything = [`+refs/heads/*:refs/remotes/${remote}/*`];
  return [
    ...(isFullCommitId(commit) ? [{ refs: [commit], depth: 'one' as const }] : []),
    ...(branch !== undefined && isBranchName(branch)
      ? [{ refs: [`+refs/heads/${branch}:refs/remotes/${remote}/${branch}`], depth: 'same' as const }]
      : []),
    { refs: everything, depth: 'all' },
  ];
}

/** Only what can stand in a refspec without a meaning of its own. https://git-scm.com/docs/git-check-ref-format */
export function isBranchName(name: string): boolean {
  const bad = /[\s~^:?*[\\]|\.\.|@\{|\/\/|^[-/.]|[/.]$|\.lock(\/|$)|\/\./;
  return name !== '' && name.length <= 255 && !bad.test(name) && ![...name].some((character) => character < ' ');
}
