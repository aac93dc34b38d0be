import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Dispatcher } from 'undici';
import { MlflowError } from '../mlflowError';
import { decoded, mappedBody } from './body';
import { createDispatcher } from './dispatcher';
import { endpointOf, statusFailure } from './failure';
import type { HttpAnswer, HttpOptions, HttpParts, HttpRequest } from './httpOptions';
import { faultCode, networkFailure } from './networkFailure';
import { backOffMs, isBusyStatus, isPassingFault, longestDelayMs, retryAfterMs, wait } from './retry';

const bodyTimeoutMs = 60_000;

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Decoded. */
  readonly body: Readable;
  readonly totalBytes: number | undefined;
}

/** As `Reply`, but every fault on the way is an `MlflowError`. */
export interface StreamReply extends Omit<Reply, 'body'> {
  readonly body: AsyncIterable<Uint8Array>;
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
    const { parts, ...answer } = await this.parts(request, signal);
    return { ...answer, text: parts.join('') };
  }

  /** As `text`, for what may be long. */
  async parts(request: HttpRequest, signal?: AbortSignal): Promise<HttpParts> {
    return this.attempt(request, signal, async (reply) => {
      const parts = await this.readParts(reply, request);
      return { status: reply.status, contentType: header(reply, 'content-type') ?? '', parts };
    });
  }

  /** The answer's body as a stream when the status is 2xx. Consume or destroy it: it holds a connection. */
  async stream(request: HttpRequest, signal?: AbortSignal): Promise<StreamReply> {
    const reply = await this.attempt(request, signal, (answer) => Promise.resolve(answer));
    const ended = signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
    const fail = (error: unknown) => this.failure(error, request, ended);
    return { ...reply, body: mappedBody(reply.body, fail) };
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
      const log = (said: string) => this.options.log?.(`${endpointOf(request)} ${said} ${Date.now() - started} ms`);
      try {
        const reply = await this.send(request, signal);
        log(String(reply.status));
        if (reply.status >= 200 && reply.status < 300) return await read(reply);
        const failure = await this.failureOf(reply, request);
        const asked = retryAfterMs(header(reply, 'retry-after'));
        // A server that wants a longer pause than anybody waits for is not asked again before it is over.
        if (tried >= tries || !isBusyStatus(reply.status) || (asked ?? 0) > longestDelayMs) throw failure;
        if (reply.status === 503 && failure.kind === 'invalid') throw failure;
        await wait(asked ?? backOffMs(tried), signal);
      } catch (error) {
        const failure = this.failure(error, request, signal);
        if (error instanceof MlflowError || failure.kind === 'cancelled') throw failure;
        const code = faultCode(error);
        log(code ?? 'failed');
        if (tried >= tries || !isPassingFault(code)) throw failure;
        await this.pause(backOffMs(tried), request, signal);
      }
    }
  }

  private failure(error: unknown, request: HttpRequest, signal: AbortSignal): MlflowError {
    if (signal.aborted) return new MlflowError('cancelled', 'Cancelled.', this.where(request));
    return networkFailure(error, this.where(request), this.options.headersTimeoutMs);
  }

  private async pause(ms: number, request: HttpRequest, signal: AbortSignal): Promise<void> {
    try {
      await wait(ms, signal);
    } catch (error) {
      throw this.failure(error, request, signal);
    }
  }

  private async failureOf(reply: Reply, request: HttpRequest): Promise<MlflowError> {
    const decoder = new StringDecoder('utf8');
    let text = '';
    for await (const chunk of reply.body) {
      text += decoder.write(Buffer.from(chunk));
      if (text.length > 20_000) break;
    }
    reply.body.destroy();
    const contentType = header(reply, 'content-type') ?? '';
    const hints = {
      location: header(reply, 'location'),
      retryAfterMs: retryAfterMs(header(reply, 'retry-after')),
      target: this.options.baseUrl + request.path,
    };
    return statusFailure({ status: reply.status, contentType, text }, hints, this.where(request));
  }

  private async send(request: HttpRequest, signal: AbortSignal): Promise<Reply> {
    signal.throwIfAborted();
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

  private async readParts(reply: Reply, request: HttpRequest): Promise<string[]> {
    if ((reply.totalBytes ?? 0) > this.options.maxResponseBytes) {
      reply.body.destroy();
      throw tooLarge(this.options.maxResponseBytes, this.where(request));
    }
    // Decoded as it comes: 50 MB at once would stop everything for 70 ms.
    const decoder = new StringDecoder('utf8');
    const parts: string[] = [];
    let received = 0;
    let toldAt = 0;
    for await (const chunk of reply.body) {
      const buffer = Buffer.from(chunk);
      received += buffer.length;
      if (received > this.options.maxResponseBytes) {
        reply.body.destroy();
        throw tooLarge(this.options.maxResponseBytes, this.where(request));
      }
      parts.push(decoder.write(buffer));
      if (request.onBytes && Date.now() - toldAt > 100) {
        toldAt = Date.now();
        request.onBytes(received, reply.totalBytes);
      }
    }
    parts.push(decoder.end());
    return parts;
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
