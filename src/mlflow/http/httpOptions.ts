export type Credentials =
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

export interface ProxyOptions {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  /** Comma list as in NO_PROXY. Loopback addresses are never sent to a proxy, listed or not. */
  readonly noProxy?: string;
}

export interface HttpOptions {
  /** Normalised, without credentials or trailing slash: `https://host/prefix`. */
  readonly baseUrl: string;
  readonly credentials?: Credentials;
  /** How long the server may take to its first byte, ms. */
  readonly headersTimeoutMs: number;
  /** How often an idempotent question is asked again, 0 … 10. */
  readonly retries: number;
  /** Cap on the decoded bytes of an answer that is held in memory. */
  readonly maxResponseBytes: number;
  readonly proxy?: ProxyOptions;
  /** False accepts any certificate. */
  readonly strictSsl?: boolean;
  /** Certificates trusted beside or instead of the defaults, PEM. */
  readonly ca?: readonly string[];
  readonly userAgent: string;
  /** Gets one line per request: method, path, status, ms. Never a query, a header or a body. */
  readonly log?: (line: string) => void;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below the base URL, `/ajax-api/2.0/mlflow/runs/get`. */
  readonly path: string;
  readonly query?: readonly (readonly [string, string])[];
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** A question that may be asked again: every GET, and searches sent by POST. */
  readonly idempotent?: boolean;
  /** Given at most ten times a second while a body arrives. */
  readonly onBytes?: (received: number, total: number | undefined) => void;
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** As `HttpAnswer`, its text in the pieces in which it arrived. */
export interface HttpParts extends Omit<HttpAnswer, 'text'> {
  readonly parts: readonly string[];
}
