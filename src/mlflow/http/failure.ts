import { MlflowError, type MlflowErrorDetails, type MlflowErrorKind } from '../mlflowError';
import type { HttpAnswer, HttpRequest } from './httpOptions';

type Where = Pick<MlflowErrorDetails, 'server' | 'endpoint'>;
interface Verdict {
  readonly kind: MlflowErrorKind;
  readonly message: string;
  readonly advice?: string;
}

export const endpointOf = (request: Pick<HttpRequest, 'method' | 'path'>) => `${request.method} ${request.path}`;

/** The system's or undici's code of a fault, wherever in the chain of causes it stands. */
export function faultCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof AggregateError && at.errors.length > 0) return faultCode(at.errors[0]);
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
}

/** What OpenSSL says to an answer that is not TLS at all. */
const notTlsCode = /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL)/;
const tlsCode = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH)/;

/** A fault below HTTP: no usable answer came. */
export function networkFailure(error: unknown, where: Where, headersTimeoutMs: number): MlflowError {
  if (error instanceof MlflowError) return error;
  const verdict = networkVerdict(error, where.server ?? '', headersTimeoutMs);
  const { kind, message, advice } = verdict;
  return new MlflowError(kind, message, { ...where, ...(advice ? { advice } : {}), cause: error });
}

function networkVerdict(error: unknown, server: string, headersTimeoutMs: number): Verdict {
  const code = faultCode(error);
  const text = error instanceof Error ? error.message : String(error);
  const proxy = /^Proxy response \((\d+)\)|^(Proxy Authentication Required)/.exec(text);
  if (proxy) return proxyVerdict(proxy[1] ?? '407', server);
  if (error instanceof Error && error.name === 'AbortError') return { kind: 'cancelled', message: 'Cancelled.' };
  if (code && notTlsCode.test(code)) return noTls(server);
  if (code && tlsCode.test(code)) return tlsVerdict(code);
  if (code?.startsWith('Z_') || code?.startsWith('ERR__ERROR_FORMAT')) return damaged;
  switch (code) {
    case 'ECONNREFUSED':
      return {
        kind: 'unreachable',
        message: `Nothing listens at ${server}.`,
        advice: 'Start the MLflow server, or check the port: `mlflow server` uses 5000 unless told otherwise.',
      };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {
        kind: 'unreachable',
        message: `The name of the host in ${server} cannot be resolved.`,
        advice: 'Check the spelling of the address, and whether a VPN is needed.',
      };
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return {
        kind: 'unreachable',
        message: `${server} does not answer.`,
        advice: 'Check the address, the network and whether a VPN or a proxy (setting http.proxy) is needed.',
      };
    case 'UND_ERR_HEADERS_TIMEOUT':
      return {
        kind: 'timeout',
        message: `${server} gave no answer within ${Math.round(headersTimeoutMs / 1000)} s.`,
        advice: 'The server may be busy. Try again, or raise flowdeck.http.timeoutSeconds.',
      };
    case 'UND_ERR_BODY_TIMEOUT':
      return { kind: 'timeout', message: `${server} stopped in the middle of its answer.`, advice: 'Try again.' };
    case 'EPROTO':
      return noTls(server);
    case 'UND_ERR_INVALID_ARG':
      return {
        kind: 'auth',
        message: 'The credentials hold characters that HTTP cannot carry.',
        advice: 'Sign in again; a token is often pasted with a line break in it.',
      };
    case 'UND_ERR_SOCKET':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
    case 'ECONNRESET':
    case 'EPIPE':
      return {
        kind: 'unreachable',
        message: `${server} broke off the connection before its answer was complete.`,
        advice: server.startsWith('http:')
          ? 'Check that the server still runs, then try again. If it uses TLS, its address starts with https://.'
          : 'Check that the server is still running, then try again.',
      };
    default:
      if (code?.startsWith('HPE_'))
        return {
          kind: 'protocol',
          message: `What answers at ${server} does not speak HTTP.`,
          advice: 'Use https:// instead of http:// if the server uses TLS, and check the port.',
        };
      return {
        kind: 'unreachable',
        message: `The connection to ${server} broke: ${text}.`,
        advice: 'Check that the server is still running, then try again.',
      };
  }
}

const noTls = (server: string): Verdict => ({
  kind: 'tls',
  message: `${server} does not speak TLS.`,
  advice: 'Use http:// instead of https:// in the address, if that is meant.',
});

const damaged: Verdict = {
  kind: 'protocol',
  message: 'The compressed answer is damaged or cut off.',
  advice: 'Try again. If it stays, a proxy in between changes answers.',
};

function proxyVerdict(status: string, server: string): Verdict {
  if (status === '407')
    return {
      kind: 'auth',
      message: 'The proxy wants a sign-in.',
      advice: 'Put its credentials into the setting http.proxy.',
    };
  return {
    kind: 'unreachable',
    message: `The proxy does not connect to ${server} (it answered ${status}).`,
    advice: 'Check the address, or add the host to the setting http.noProxy.',
  };
}

function tlsVerdict(code: string): Verdict {
  if (code === 'CERT_HAS_EXPIRED')
    return { kind: 'tls', message: 'The certificate of the server has expired.', advice: 'Ask its owner to renew it.' };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH')
    return {
      kind: 'tls',
      message: 'The certificate of the server is for another host name.',
      advice: 'Use the name that the certificate was made for.',
    };
  return {
    kind: 'tls',
    message: `The certificate of the server is not trusted (${code}).`,
    advice: "Add its authority to the system's certificates, or set NODE_EXTRA_CA_CERTS before starting VS Code.",
  };
}

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
