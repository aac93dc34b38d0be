import type { Readable } from 'node:stream';
import zlib from 'node:zlib';
import type { Dispatcher } from 'undici';
import { MlflowError } from '../mlflowError';
import { endpointOf, faultCode, networkFailure, statusFailure } from './failure';
import type { HttpAnswer, HttpOptions, HttpRequest } from './httpOptions';
import { neverPauseAtTheEnd } from './pauseGuard';
import { backOffMs, isBusyStatus, isPassingFault, retryAfterMs, wait } from './retry';

const connectTimeoutMs = 10_000;
const bodyTimeoutMs = 60_000;
/** Uvicorn closes idle sockets after 5 s: ours go first. */
const keepAliveMs = 4_000;
const connectionsPerServer = 8;

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Decoded. */
  readonly body: Readable;
  readonly totalBytes: number | undefined;
}

/** HTTP to one server: a keep-alive pool, time limits, retries of what may be asked twice, one kind of error. */
export class HttpClient {
  private dispatcher: Promise<Dispatcher> | undefined;
  private readonly closing = new AbortController();

  constructor(private readonly options: HttpOptions) {}

  get baseUrl(): string {
    return this.options.baseUrl;
  }

  /** The answer's text when the status is 2xx; `MlflowError` otherwise. */
  async text(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer> {
    return this.attempt(request, signal, async (reply) => {
      const text = await this.readText(reply, request);
      return { status: reply.status, contentType: header(reply, 'content-type') ?? '', text };
    });
  }

  /** The answer's body as a stream when the status is 2xx. Consume or destroy it: it holds a connection. */
  async stream(request: HttpRequest, signal?: AbortSignal): Promise<Reply> {
    return this.attempt(request, signal, (reply) => Promise.resolve(reply));
  }

  dispose(): void {
    this.closing.abort();
    this.dispatcher?.then(
      (dispatcher) => dispatcher.destroy(),
      () => undefined,
    );
    this.dispatcher = undefined;
  }

  private where(request: HttpRequest) {
    return { server: this.options.baseUrl, endpoint: endpointOf(request) };
  }

  private async attempt<T>(
    request: HttpRequest,
    outer: AbortSignal | undefined,
    read: (reply: Reply) => Promise<T>,
  ): Promise<T> {
    const signal = outer ? AbortSignal.any([outer, this.closing.signal]) : this.closing.signal;
    const mayRepeat = request.idempotent ?? request.method === 'GET';
    const tries = mayRepeat ? this.options.retries : 0;
    for (let tried = 0; ; tried++) {
      const started = Date.now();
      try {
        const reply = await this.send(request, signal);
        this.options.log?.(`${endpointOf(request)} ${reply.status} ${Date.now() - started} ms`);
        if (reply.status >= 200 && reply.status < 300) return await read(reply);
        const failure = await this.failureOf(reply, request);
        if (tried >= tries || !isBusyStatus(reply.status)) throw failure;
        await wait(retryAfterMs(header(reply, 'retry-after')) ?? backOffMs(tried), signal);
      } catch (error) {
        if (signal.aborted) throw new MlflowError('cancelled', 'Cancelled.', this.where(request));
        if (error instanceof MlflowError) throw error;
        const code = faultCode(error);
        this.options.log?.(`${endpointOf(request)} ${code ?? 'failed'} ${Date.now() - started} ms`);
        if (tried >= tries || !isPassingFault(code))
          throw networkFailure(error, this.where(request), this.options.headersTimeoutMs);
        await this.pause(backOffMs(tried), request, signal);
      }
    }
  }

  private async pause(ms: number, request: HttpRequest, signal: AbortSignal): Promise<void> {
    try {
      await wait(ms, signal);
    } catch (error) {
      throw networkFailure(error, this.where(request), this.options.headersTimeoutMs);
    }
  }

  private async failureOf(reply: Reply, request: HttpRequest): Promise<MlflowError> {
    let text = '';
    for await (const chunk of reply.body) {
      text += String(chunk);
      if (text.length > 20_000) break;
    }
    reply.body.destroy();
    const contentType = header(reply, 'content-type') ?? '';
    return statusFailure({ status: reply.status, contentType, text }, header(reply, 'location'), this.where(request));
  }

  private async send(request: HttpRequest, signal: AbortSignal): Promise<Reply> {
    this.dispatcher ??= createDispatcher(this.options);
    const { request: send } = await import('undici');
    const url = new URL(this.options.baseUrl + request.path);
    for (const [key, value] of request.query ?? []) url.searchParams.append(key, value);
    const body = request.bytes ?? (request.json === undefined ? undefined : JSON.stringify(request.json));
    const answer = await send(url, {
      dispatcher: await this.dispatcher,
      method: request.method,
      headers: this.headers(request),
      headersTimeout: this.options.headersTimeoutMs,
      bodyTimeout: bodyTimeoutMs,
      signal,
      ...(body === undefined ? {} : { body }),
    });
    const length = Number(answer.headers['content-length']);
    const encoding = String(answer.headers['content-encoding'] ?? '').toLowerCase();
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: decoded(answer.body, encoding),
      totalBytes: encoding === '' && Number.isSafeInteger(length) && length > 0 ? length : undefined,
    };
  }

  private headers(request: HttpRequest): Record<string, string> {
    const { credentials } = this.options;
    const authorization =
      credentials?.kind === 'basic'
        ? `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`
        : credentials
          ? `Bearer ${credentials.token}`
          : undefined;
    return {
      accept: 'application/json, */*;q=0.5',
      'accept-encoding': 'gzip, br, deflate',
      'user-agent': this.options.userAgent,
      ...(request.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(authorization ? { authorization } : {}),
      ...request.headers,
    };
  }

  private async readText(reply: Reply, request: HttpRequest): Promise<string> {
    const chunks: Buffer[] = [];
    let received = 0;
    let toldAt = 0;
    for await (const chunk of reply.body) {
      const buffer = Buffer.from(chunk);
      received += buffer.length;
      if (received > this.options.maxResponseBytes) {
        reply.body.destroy();
        throw tooLarge(this.options.maxResponseBytes, this.where(request));
      }
      chunks.push(buffer);
      if (request.onBytes && Date.now() - toldAt > 100) {
        toldAt = Date.now();
        request.onBytes(received, reply.totalBytes);
      }
    }
    return Buffer.concat(chunks).toString('utf8');
  }
}

function tooLarge(limit: number, where: { server: string; endpoint: string }): MlflowError {
  return new MlflowError('protocol', `The answer is larger than ${Math.round(limit / 1_000_000)} MB.`, {
    ...where,
    advice: 'Ask for less at a time, or raise flowdeck.http.maxResponseMegabytes.',
  });
}

function header(reply: Reply, name: string): string | undefined {
  const value = reply.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function decoded(body: Readable, encoding: string): Readable {
  const decoder = decoderOf(encoding);
  if (!decoder) return body;
  body.on('error', (error) => decoder.destroy(error));
  decoder.on('close', () => body.destroy());
  return body.pipe(decoder);
}

function decoderOf(encoding: string) {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'deflate':
      return zlib.createInflate();
    default:
      return undefined;
  }
}

async function createDispatcher(options: HttpOptions): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await import('undici');
  const tls = { rejectUnauthorized: options.strictSsl ?? true, ...(options.ca ? { ca: [...options.ca] } : {}) };
  const common = {
    connections: connectionsPerServer,
    keepAliveTimeout: keepAliveMs,
    connect: { timeout: connectTimeoutMs, ...tls },
  };
  const { proxy } = options;
  if (!proxy?.httpProxy && !proxy?.httpsProxy) return new Agent(common).compose(neverPauseAtTheEnd);
  return new EnvHttpProxyAgent({
    ...common,
    ...(proxy.httpProxy ? { httpProxy: proxy.httpProxy } : {}),
    ...(proxy.httpsProxy ? { httpsProxy: proxy.httpsProxy } : {}),
    noProxy: [proxy.noProxy, 'localhost', '127.0.0.1', '[::1]', '::1'].filter(Boolean).join(','),
    requestTls: tls,
  }).compose(neverPauseAtTheEnd);
}
