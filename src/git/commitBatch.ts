export interface Commit {
  readonly id: string;
  readonly subject: string;
  readonly author: string;
  /** ms; when it was committed. */
  readonly time: number;
}

interface BatchObject {
  readonly id: string;
  readonly type: string;
  readonly content: Buffer;
}

/**
 * Reads what `git cat-file --batch` wrote for a list of names, in their order: undefined where there is no such object.
 * https://git-scm.com/docs/git-cat-file#_batch_output
 */
function parseBatch(output: Buffer): readonly (BatchObject | undefined)[] {
  const objects: (BatchObject | undefined)[] = [];
  let at = 0;
  while (at < output.length) {
    const end = output.indexOf(10, at);
    if (end < 0) break;
    const header = output.toString('utf8', at, end);
    at = end + 1;
    const [, id, type, size] = /^([0-9a-f]+) (\w+) (\d+)$/.exec(header) ?? [];
    if (id === undefined || type === undefined || size === undefined) {
      objects.push(undefined);
      continue;
    }
    const length = Number(size);
    objects.push({ id, type, content: output.subarray(at, at + length) });
    at += length + 1;
  }
  return objects;
}

/** The commits among the answers of `git cat-file --batch`, in the order of the questions. */
export const parseCommitBatch = (output: Buffer): readonly (Commit | undefined)[] =>
  parseBatch(output).map((object) =>
    object?.type === 'commit' ? parseCommit(object.id, object.content.toString('utf8')) : undefined,
  );

/** The files among the answers of `git cat-file --batch` that are no larger than `limit` bytes, by the names asked for. */
export function parseBlobBatch(names: readonly string[], output: Buffer, limit: number): ReadonlyMap<string, Buffer> {
  const objects = parseBatch(output);
  return new Map(
    names.flatMap((name, at) => {
      const object = objects[at];
      return object?.type === 'blob' && object.content.length <= limit ? [[name, object.content] as const] : [];
    }),
  );
}

/** The full ids of the commits among `git cat-file --batch-check=%(objectname) %(objecttype)`, by the ids asked for. */
export function parsePresent(asked: readonly string[], output: string): ReadonlyMap<string, string> {
  const lines = output.split('\n');
  return new Map(
    asked.flatMap((id, at) => {
      const [, full] = /^([0-9a-f]{40,64}) commit$/.exec(lines[at] ?? '') ?? [];
      return full === undefined ? [] : [[id, full] as const];
    }),
  );
}

function parseCommit(id: string, text: string): Commit {
  const split = text.indexOf('\n\n');
  const headers = split < 0 ? text : text.slice(0, split);
  const message = split < 0 ? '' : text.slice(split + 2);
  const [, author = ''] = /^author ([^\n]*?) ?<[^>\n]*> \d+ [+-]\d+$/m.exec(headers) ?? [];
  const [, seconds = '0'] = /^committer [^\n]*> (\d+) [+-]\d+$/m.exec(headers) ?? [];
  const subject = message.trimStart().split('\n')[0]?.trim() ?? '';
  return { id, subject, author, time: Number(seconds) * 1000 };
}
