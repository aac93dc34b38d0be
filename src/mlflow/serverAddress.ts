import type { Credentials } from './http/httpOptions';
import { MlflowError } from './mlflowError';

/** What a pasted web UI link points to. */
export interface WebTarget {
  readonly experimentId?: string;
  readonly runId?: string;
  readonly modelName?: string;
  readonly version?: string;
}

export interface ServerAddress {
  /** `https://host:5000/prefix`: no credentials, no trailing slash, no fragment. */
  readonly uri: string;
  /** Split off from `https://user:password@host`; to be kept as a secret, never in a setting. */
  readonly credentials?: Credentials;
  readonly target?: WebTarget;
}

const isLoopback = (host: string) => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)$/.test(host);

/**
 * Reads what a person typed, pasted or set as an address. Without a scheme, loopback and bare ports mean http and all
 * else https. Throws `MlflowError` of kind `invalid` for what no tracking server answers at.
 */
export function parseServerAddress(text: string): ServerAddress {
  const trimmed = text.trim();
  refuseLocal(trimmed);
  const url = toUrl(/^\d{2,5}$/.test(trimmed) ? `127.0.0.1:${trimmed}` : trimmed);
  const { base, target } = splitUi(url);
  // A server listens on 0.0.0.0; only some systems let a client connect to it.
  const host = url.host.replace(/^0\.0\.0\.0(?=:|$)/, '127.0.0.1');
  const uri = `${url.protocol}//${host}${base}`;
  const credentials = credentialsOf(url);
  return { uri, ...(credentials ? { credentials } : {}), ...(target ? { target } : {}) };
}

function toUrl(text: string): URL {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const host = /^(?:[^@/]*@)?(\[[^\]]*\]|[^:/?#]*)/.exec(text)?.[1] ?? '';
  const plain = isLoopback(host) || /:\d+/.test(text);
  let url: URL;
  try {
    url = new URL(hasScheme ? text : `${plain ? 'http' : 'https'}://${text}`);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Not passed on as the cause: Node's error quotes the text, which may hold a password.
    throw invalid('This is not an address.');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw invalid(`Addresses that start with ${url.protocol} are not served over HTTP.`);
  if (url.hostname === '') throw invalid('The address has no host.');
  return url;
}

function refuseLocal(text: string): void {
  if (text === '') throw invalid('The address is empty.');
  if (/^databricks(-uc)?(:\/\/.*)?$|\.(cloud\.databricks\.com|azuredatabricks\.net)\b/i.test(text))
    throw new MlflowError('invalid', 'Databricks workspaces are not supported yet.', {
      advice: 'Use the address of an open-source MLflow server.',
    });
  if (/^(sqlite|postgresql|mysql|mssql|file)[+\w]*:|^[./~\\]|^[a-z]:[\\/]|^mlruns$|\.db$/i.test(text))
    throw new MlflowError('invalid', 'This is a store, not a server.', {
      advice:
        'Start a server on it with "Flowdeck: Start a Local MLflow Server" or `mlflow server --backend-store-uri …`.',
    });
}

const invalid = (message: string) =>
  new MlflowError('invalid', message, {
    advice: 'An address looks like http://127.0.0.1:5000 or https://mlflow.example.com/prefix.',
  });

function credentialsOf(url: URL): Credentials | undefined {
  if (url.username === '' && url.password === '') return undefined;
  const [user, password] = [decodePart(url.username), decodePart(url.password)];
  return user === '' ? { kind: 'bearer', token: password } : { kind: 'basic', user, password };
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** Cuts the web UI's own parts off the path: `/#/experiments/1/runs/abc`, `/ajax-api/…`. */
function splitUi(url: URL): { base: string; target?: WebTarget } {
  const base = url.pathname
    .replace(/\/(?:(?:ajax-)?api\/\d.*|static-files(?:\/.*)?|get-artifact|graphql|index\.html)$/, '')
    .replace(/\/+$/, '');
  const [route = ''] = url.hash.replace(/^#/, '').split('?');
  const parts = route.split('/').filter(Boolean).map(decodePart);
  const [section, first, kind, second] = parts;
  if (section === 'experiments' && first) {
    return { base, target: { experimentId: first, ...(kind === 'runs' && second ? { runId: second } : {}) } };
  }
  if (section === 'models' && first) {
    return { base, target: { modelName: first, ...(kind === 'versions' && second ? { version: second } : {}) } };
  }
  return { base };
}

/** The web UI's page for a target; both generations use the same routes. */
export function webUrl(uri: string, target: WebTarget = {}): string {
  const { experimentId, runId, modelName, version } = target;
  const part = encodeURIComponent;
  if (modelName !== undefined)
    return `${uri}/#/models/${part(modelName)}${version === undefined ? '' : `/versions/${part(version)}`}`;
  if (experimentId !== undefined)
    return `${uri}/#/experiments/${part(experimentId)}${runId === undefined ? '' : `/runs/${part(runId)}`}`;
  return `${uri}/`;
}
