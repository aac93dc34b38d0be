/** A commit as `git cat-file commit` prints it. */
export interface CommitDetails {
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  /** The whole message, without the empty lines around it. */
  readonly message: string;
}

export interface Signature {
  readonly name: string;
  readonly email: string;
  /** ms */
  readonly time: number;
}

/** Throws nothing: what is missing is empty. https://git-scm.com/docs/git-commit#_commit_information */
export function parseCommitDetails(object: Buffer): CommitDetails {
  const split = object.indexOf('\n\n');
  const headers = object.toString('latin1', 0, split < 0 ? object.length : split);
  const encoding = /^encoding (\S+)$/m.exec(headers)?.[1] ?? 'utf-8';
  const body = (bytes: Buffer) => decode(bytes, encoding);
  const lines = body(object.subarray(0, split < 0 ? object.length : split)).split('\n');
  const signature = (name: string) => parseSignature(lines.find((line) => line.startsWith(`${name} `)) ?? '');
  return {
    parents: lines.flatMap((line) => /^parent ([0-9a-f]+)$/.exec(line)?.[1] ?? []),
    author: signature('author'),
    committer: signature('committer'),
    message: split < 0 ? '' : body(object.subarray(split + 2)).replace(/^\n+|\s+$/g, ''),
  };
}

function parseSignature(line: string): Signature {
  const [, name = '', email = '', seconds = '0'] = /^\S+ (.*?) ?<([^>]*)> (\d+) [+-]\d+$/s.exec(line) ?? [];
  return { name, email, time: Number(seconds) * 1000 };
}

/** What a commit says of its encoding may be anything. */
function decode(bytes: Buffer, encoding: string): string {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError) return bytes.toString('utf8');
    throw error;
  }
}
