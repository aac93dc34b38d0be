export interface Commit {
  readonly id: string;
  readonly subject: string;
  readonly author: string;
  /** ms; when it was committed. */
  readonly time: number;
}

/**
 * Reads what `git cat-file --batch` wrote for a list of names, in their order: undefined where the repository has no
 * such commit. https://git-scm.com/docs/git-cat-file#_batch_output
 */
export function parseCommitBatch(output: Buffer): readonly (Commit | undefined)[] {
  const commits: (Commit | undefined)[] = [];
  let at = 0;
  while (at < output.length) {
    const end = output.indexOf(10, at);
    if (end < 0) break;
    const header = output.toString('utf8', at, end);
    at = end + 1;
    const [, id, type, size] = /^([0-9a-f]+) (\w+) (\d+)$/.exec(header) ?? [];
    if (id === undefined || size === undefined) {
      commits.push(undefined);
      continue;
    }
    const length = Number(size);
    commits.push(type === 'commit' ? parseCommit(id, output.toString('utf8', at, at + length)) : undefined);
    at += length + 1;
  }
  return commits;
}

function parseCommit(id: string, text: string): Commit {
  const split = text.indexOf('\n\n');
  const headers = split < 0 ? text : text.slice(0, split);
  const message = split < 0 ? '' : text.slice(split + 2);
  const [, author = ''] = /^author (.*?) ?<[^>\n]*> \d+ [+-]\d+$/m.exec(headers) ?? [];
  const [, seconds = '0'] = /^committer .*> (\d+) [+-]\d+$/m.exec(headers) ?? [];
  const subject = message.trimStart().split('\n')[0]?.trim() ?? '';
  return { id, subject, author, time: Number(seconds) * 1000 };
}
