import { isCommitId } from '../shared/commitId';
import { GitError } from './gitError';

/**
 * The id in lower case. What comes from a server passes here before it reaches a command line: `--output=x` throws.
 * Throws `GitError` of kind `badArgument`.
 */
export function requireCommitId(text: string): string {
  const id = text.trim().toLowerCase();
  if (!isCommitId(id)) throw new GitError('badArgument', `${JSON.stringify(text.slice(0, 80))} is not a commit id.`);
  return id;
}
