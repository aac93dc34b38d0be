/** What stands in a repository's folder, from `git status --porcelain=v2 --branch -z`. */
export interface RepositoryState {
  /** Absent while the repository has no commits. */
  readonly commit?: string;
  /** Absent when the head is detached. */
  readonly branch?: string;
  /** `origin/main` */
  readonly upstream?: string;
  readonly changes: Changes;
}

export interface Changes {
  readonly staged: number;
  readonly unstaged: number;
  readonly conflicted: number;
  readonly untracked: number;
  /** Those of the counted files that are submodules with changes inside, which no patch of this repository holds. */
  readonly submodules: readonly string[];
  /** The first of them, relative to the root, for a person to recognise. */
  readonly examples: readonly string[];
}

/** True when the commit alone does not say what stands in the folder. Untracked files count: one of them may be what ran. */
export function isDirty(changes: Changes): boolean {
  return changes.staged + changes.unstaged + changes.conflicted + changes.untracked > 0;
}

const exampleCount = 8;

/** Throws nothing: a line of a form not known is passed over. https://git-scm.com/docs/git-status#_porcelain_format_version_2 */
export function parseStatus(output: string): RepositoryState {
  const head: { commit?: string; branch?: string; upstream?: string } = {};
  const counts = { staged: 0, unstaged: 0, conflicted: 0, untracked: 0 };
  const examples: string[] = [];
  const submodules: string[] = [];
  const fields = output.split('\0');
  for (let at = 0; at < fields.length; at++) {
    const line = fields[at] ?? '';
    if (line.startsWith('# ')) readHeader(line, head);
    else {
      const path = readEntry(line, counts);
      // A rename is followed by a field of its own: the old path.
      if (line.startsWith('2 ')) at++;
      if (path !== undefined && examples.length < exampleCount) examples.push(path);
      if (path !== undefined && /^[12] .. S.(M|.U)/.test(line)) submodules.push(path);
    }
  }
  return { ...head, changes: { ...counts, submodules, examples } };
}

function readHeader(line: string, head: { commit?: string; branch?: string; upstream?: string }): void {
  const [, key = '', value = ''] = /^# (\S+) (.*)$/s.exec(line) ?? [];
  if (key === 'branch.oid' && value !== '(initial)') head.commit = value;
  if (key === 'branch.head' && value !== '(detached)') head.branch = value;
  if (key === 'branch.upstream') head.upstream = value;
}

function readEntry(
  line: string,
  counts: { staged: number; unstaged: number; conflicted: number; untracked: number },
): string | undefined {
  const states = line.slice(2, 4);
  switch (line[0]) {
    case '1':
    case '2': {
      if (states[0] !== '.') counts.staged++;
      if (states[1] !== '.') counts.unstaged++;
      return afterFields(line, line.startsWith('1') ? 8 : 9);
    }
    case 'u':
      counts.conflicted++;
      return afterFields(line, 10);
    case '?':
      counts.untracked++;
      return line.slice(2);
    default:
      return undefined;
  }
}

/** What follows `count` fields: a path, which may itself hold spaces. */
function afterFields(line: string, count: number): string {
  let at = 0;
  for (let field = 0; field < count; field++) at = line.indexOf(' ', at) + 1;
  return line.slice(at);
}
