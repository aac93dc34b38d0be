import { redactUrls } from './remoteUrl';

export type GitErrorKind =
  | 'notInstalled'
  | 'notRepository'
  | 'unsafeRepository'
  | 'badArgument'
  | 'notFound'
  | 'network'
  | 'auth'
  | 'timeout'
  | 'tooLarge'
  /** A patch that is none, or does not fit the commit. */
  | 'patch'
  | 'failed';

/** The only error that leaves `src/git`, cancellation (an `AbortError`) aside. Its message is for people and holds no credential. */
export class GitError extends Error {
  readonly kind: GitErrorKind;

  constructor(kind: GitErrorKind, message: string) {
    super(redactUrls(message));
    this.name = 'GitError';
    this.kind = kind;
  }
}

const network =
  /could not resolve host|failed to connect|connection (refused|timed out|reset)|network is unreachable|couldn't connect/i;
const auth =
  /authentication failed|could not read (username|password)|permission denied \(|permission to .* denied|access denied|terminal prompts disabled|(error:|http) 40[13]\b|host key verification failed/i;
const notThere =
  /not our ref|couldn't find remote ref|no such remote|does not appear to be a git repository|repository .* not found|unadvertised object|bad object|invalid object name|does not exist in/i;

/** What git's own words (LC_ALL=C) and exit code come to. */
export function gitFailure(exitCode: number, stderr: string): GitError {
  const said = firstLines(stderr);
  if (/\bENOENT\b/.test(stderr) && /spawn/.test(stderr))
    return new GitError('notInstalled', 'git was not found. Install it and make sure it is on the PATH.');
  if (/not a git repository/i.test(stderr)) return new GitError('notRepository', said);
  if (/dubious ownership/i.test(stderr))
    return new GitError(
      'unsafeRepository',
      'git refuses to read this repository because it belongs to another user. Add it to safe.directory to allow it.',
    );
  if (network.test(stderr)) return new GitError('network', said);
  if (notThere.test(stderr)) return new GitError('notFound', said);
  if (auth.test(stderr))
    return new GitError('auth', `${withFullStop(said)} Sign in with git in a terminal once, then try again.`);
  return new GitError('failed', said || `git ended with exit code ${exitCode}`);
}

const withFullStop = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

/** The lines that say why, without git's prefixes and hints; at most 400 characters. */
function firstLines(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('hint:'));
  const reasons = lines.filter((line) => /^(fatal|error|remote):/.test(line));
  const chosen = reasons.length > 0 ? reasons : lines.slice(0, 2);
  return chosen
    .slice(0, 2)
    .map((line) => line.replace(/^(fatal|error): /, ''))
    .join(' ')
    .slice(0, 400);
}
