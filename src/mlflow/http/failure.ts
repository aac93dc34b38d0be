import { MlflowError, type MlflowErrorDetails, type MlflowErrorKind } from '../mlflowError';
import type { HttpAnswer, HttpRequest } from './httpOptions';

export type Where = Pick<MlflowErrorDetails, 'server' | 'endpoint'>;
export interface Verdict {
  readonly kind: MlflowErrorKind;
  readonly message: string;
  readonly advice?: string;
}

export const endpointOf = (request: Pick<HttpRequest, 'method' | 'path'>) => `${request.method} ${request.path}`;

const longestShown = 500;

/** What the headers of an answer with an error status say beside its body. */
export interface StatusHints {
  readonly location?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** The URL asked, which a relative `location` starts from. */
  readonly target: string;
}

/** An answer with an error status: MLflow's JSON, a proxy's page or plain text. */
export function statusFailure(answer: HttpAnswer, hints: StatusHints, where: Where): MlflowError {
  const { errorCode, message } = readErrorBody(answer);
  const verdict = statusVerdict(answer, errorCode, message, hints);
  return new MlflowError(verdict.kind, verdict.message, {
    ...where,
    status: answer.status,
    ...(errorCode ? { errorCode } : {}),
    ...(verdict.advice ? { advice: verdict.advice } : {}),
  });
}

function readErrorBody(answer: HttpAnswer): { errorCode?: string; message?: string } {
  const text = answer.text.slice(0, 20_000);
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null) return {};
    const errorCode = 'error_code' in body && typeof body.error_code === 'string' ? body.error_code : undefined;
    const said = 'message' in body ? body.message : 'detail' in body ? body.detail : undefined;
    const message = typeof said === 'string' ? shorten(said) : undefined;
    return { ...(errorCode ? { errorCode } : {}), ...(message ? { message } : {}) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return isHtml(answer) ? {} : { message: shorten(text) };
  }
}

const shorten = (text: string) => (text.length > longestShown ? `${text.slice(0, longestShown)}…` : text).trim();

export const isHtml = (answer: Pick<HttpAnswer, 'contentType' | 'text'>) => /^\s*<(!doctype|html)/i.test(answer.text);

const kindsByCode: Readonly<Record<string, MlflowErrorKind>> = {
  RESOURCE_DOES_NOT_EXIST: 'notFound',
  RESOURCE_ALREADY_EXISTS: 'conflict',
  RESOURCE_CONFLICT: 'conflict',
  INVALID_PARAMETER_VALUE: 'invalid',
  INVALID_STATE: 'conflict',
  BAD_REQUEST: 'invalid',
  PERMISSION_DENIED: 'forbidden',
  UNAUTHENTICATED: 'auth',
  REQUEST_LIMIT_EXCEEDED: 'rateLimited',
  FEATURE_DISABLED: 'invalid',
  NOT_IMPLEMENTED: 'invalid',
};

function statusVerdict(
  answer: HttpAnswer,
  errorCode: string | undefined,
  message: string | undefined,
  hints: StatusHints,
): Verdict {
  const { status } = answer;
  if (status >= 300 && status < 400) return redirectVerdict(hints);
  const known = message === undefined ? undefined : knownMessage(message, status);
  if (known) return known;
  if (status === 401)
    return {
      kind: 'auth',
      message: 'The server wants a sign-in, or does not accept this one.',
      advice: 'Sign in with "Flowdeck: Connect to Server…".',
    };
  if (status === 407)
    return {
      kind: 'auth',
      message: 'A proxy in between wants a sign-in.',
      advice: 'Put its credentials into the setting http.proxy.',
    };
  if (status === 403 && !errorCode)
    return {
      kind: 'forbidden',
      message: message || 'Permission denied.',
      advice: 'Ask the owner of the server for the permission, or sign in as somebody else.',
    };
  if (status === 429)
    return {
      kind: 'rateLimited',
      message: message || 'The server asks for fewer requests.',
      advice: hints.retryAfterMs
        ? `The server asks to wait ${Math.ceil(hints.retryAfterMs / 1000)} s before the next try.`
        : 'Wait a moment, then try again.',
    };
  const kind = (errorCode && kindsByCode[errorCode]) || kindOfStatus(status);
  if (message) return { kind, message, ...adviceOf(kind) };
  if (isHtml(answer) && status < 500)
    return {
      kind: kind === 'notFound' ? 'notFound' : 'protocol',
      message: `The server answered ${status} with an HTML page instead of MLflow's JSON.`,
      advice: 'Is this the address of an MLflow server? A proxy or a sign-in page may stand in between.',
    };
  return { kind, message: `The server answered ${status}.`, ...adviceOf(kind) };
}

/** Texts of MLflow that are known to mean something a person can act on. */
function knownMessage(message: string, status: number): Verdict | undefined {
  if (message.startsWith('Invalid Host header'))
    return {
      kind: 'forbidden',
      message: 'The server refuses requests under this host name ("Invalid Host header").',
      advice:
        'Start it with --allowed-hosts and this name, with its port, in the list; that list replaces the defaults.',
    };
  if (message.startsWith('Cross-origin request blocked'))
    return {
      kind: 'forbidden',
      message: 'The server blocks requests from this origin.',
      advice: 'Check --cors-allowed-origins.',
    };
  if (/filesystem (?:tracking|model registry).{0,60}maintenance mode/s.test(message))
    return {
      kind: 'server',
      message: 'The server does not serve file stores (./mlruns) any more.',
      advice: 'Move the data with `mlflow migrate-filestore`, or start the server with MLFLOW_ALLOW_FILE_STORE=true.',
    };
  if (/UNIQUE constraint failed|duplicate key value|Duplicate entry/.test(message))
    return {
      kind: 'conflict',
      message: 'The name is already taken.',
      advice: 'Choose another name; deleted experiments keep theirs until they are removed for good.',
    };
  if (status === 503 && /\bdisabled\b/.test(message))
    return { kind: 'invalid', message, advice: 'Ask the owner of the server to switch it on.' };
  return undefined;
}

function redirectVerdict({ location, target: asked }: StatusHints): Verdict {
  let target = 'another address';
  try {
    if (location) target = new URL(location, asked).origin;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  return {
    kind: 'protocol',
    message: `The server redirects to ${target}, which is not followed, since credentials would travel with it.`,
    advice: 'Use the address it points to, if that is the MLflow server. A sign-in page may stand in between.',
  };
}

function kindOfStatus(status: number): MlflowErrorKind {
  if (status === 403) return 'forbidden';
  if (status === 404) return 'notFound';
  if (status === 409) return 'conflict';
  if (status === 408 || status === 504) return 'timeout';
  return status >= 500 ? 'server' : 'invalid';
}

function adviceOf(kind: MlflowErrorKind): { advice?: string } {
  return kind === 'server' ? { advice: "Look into the server's own log, then try again." } : {};
}

/** An answer with a good status that is not what MLflow sends. */
export function notJson(answer: HttpAnswer, where: Where): MlflowError {
  const page = isHtml(answer) ? 'an HTML page' : `${answer.contentType || 'something'} that is no JSON`;
  return new MlflowError('protocol', `The server answered with ${page} instead of MLflow's JSON.`, {
    ...where,
    status: answer.status,
    advice: 'Is this the address of an MLflow server? A proxy or a sign-in page may stand in between.',
  });
}
