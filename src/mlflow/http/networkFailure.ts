import { MlflowError } from '../mlflowError';
import type { Verdict, Where } from './failure';

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
      // undici gives some of its parser's errors no code.
      if (code?.startsWith('HPE_') || (error instanceof Error && error.name === 'HTTPParserError'))
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
