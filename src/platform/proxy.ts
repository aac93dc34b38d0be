import type { ProxyOptions } from '../mlflow/http/httpOptions';

/** The `http.*` settings of VS Code that decide how a request leaves the machine. */
export interface ProxySettings {
  /** `http.proxy` */
  readonly proxy: string;
  /** `http.noProxy` */
  readonly noProxy: readonly string[];
  /** `http.proxySupport`: off | on | fallback | override */
  readonly support: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings go before the environment, as in VS Code itself. Undefined when requests go out directly. */
export function chooseProxy(settings: ProxySettings, environment: Environment): ProxyOptions | undefined {
  if (settings.support === 'off') return undefined;
  const fromEnvironment = (name: string) => environment[name.toLowerCase()] || environment[name] || undefined;
  const all = fromEnvironment('ALL_PROXY');
  const httpProxy = withScheme(settings.proxy.trim() || fromEnvironment('HTTP_PROXY') || all);
  const httpsProxy = withScheme(settings.proxy.trim() || fromEnvironment('HTTPS_PROXY') || all);
  if (!httpProxy && !httpsProxy) return undefined;
  const noProxy = settings.noProxy.length > 0 ? settings.noProxy.join(',') : fromEnvironment('NO_PROXY');
  return {
    ...(httpProxy ? { httpProxy } : {}),
    ...(httpsProxy ? { httpsProxy } : {}),
    ...(noProxy ? { noProxy } : {}),
  };
}

/** `proxy:3128` is what people write; SOCKS proxies are not spoken by undici and count as none. */
function withScheme(proxy: string | undefined): string | undefined {
  if (!proxy) return undefined;
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  return /^https?:\/\//i.test(url) && URL.canParse(url) ? url : undefined;
}
