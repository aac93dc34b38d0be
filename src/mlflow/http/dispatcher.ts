import type { Dispatcher } from 'undici';
import { MlflowError } from '../mlflowError';
import type { HttpOptions, ProxyOptions } from './httpOptions';
import { neverPauseAtTheEnd } from './pauseGuard';

const connectTimeoutMs = 10_000;
/** Uvicorn closes idle sockets after 5 s: ours go first. */
const keepAliveMs = 4_000;
const connectionsPerServer = 8;

/** The pool of connections to one server, through a proxy where one is set. Loopback never goes through a proxy. */
export async function createDispatcher(options: HttpOptions): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await import('undici');
  const tls = { rejectUnauthorized: options.strictSsl ?? true, ...(options.ca ? { ca: [...options.ca] } : {}) };
  const common = {
    connections: connectionsPerServer,
    keepAliveTimeout: keepAliveMs,
    connect: { timeout: connectTimeoutMs, ...tls },
  };
  const { proxy } = options;
  if ((!proxy?.httpProxy && !proxy?.httpsProxy) || isLoopback(new URL(options.baseUrl).hostname))
    return new Agent(common).compose(neverPauseAtTheEnd);
  checkProxies(proxy);
  return new EnvHttpProxyAgent({
    ...common,
    // An empty text keeps undici from reading the environment by itself.
    httpProxy: proxy.httpProxy ?? '',
    httpsProxy: proxy.httpsProxy ?? '',
    noProxy: proxy.noProxy ?? '',
    requestTls: { ...tls, timeout: connectTimeoutMs },
    proxyTls: { ...tls, timeout: connectTimeoutMs },
  }).compose(neverPauseAtTheEnd);
}

export const isLoopback = (host: string) =>
  /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|0\.0\.0\.0)$/i.test(host);

/** The URL of a proxy may hold a password, so no fault that quotes it may leave. */
function checkProxies(proxy: ProxyOptions): void {
  for (const url of [proxy.httpProxy, proxy.httpsProxy]) {
    if (!url || (URL.canParse(url) && /^(https?|socks5?):$/.test(new URL(url).protocol))) continue;
    throw new MlflowError('invalid', 'The address of the proxy cannot be used.', {
      advice: 'Check the setting http.proxy, or HTTP_PROXY and HTTPS_PROXY: they look like http://proxy:3128.',
    });
  }
}
