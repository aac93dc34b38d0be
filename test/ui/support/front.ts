import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an artifact listing may hold. */
export interface ListedFile {
  readonly path: string;
  readonly is_dir: boolean;
  readonly file_size?: number;
}

/**
 * Stands between an extension and a real MLflow server, as a gateway does: it passes everything on, until it is told to
 * be gone, to want a token, to keep questions waiting, or to list artifacts that the server does not have.
 */
export class Front {
  /** The only bearer token that is let in; undefined lets everybody in. */
  token: string | undefined;
  /** Added to every listing of a run's root. */
  alsoListed: readonly ListedFile[] = [];
  /** `GET /path` of everything that was asked. */
  readonly asked: string[] = [];
  private readonly server = http.createServer((request, response) => this.answer(request, response));
  private port = 0;
  private held: RegExp | undefined;
  private waiting: (() => void)[] = [];

  private constructor(private readonly target: URL) {}

  static async start(target: string): Promise<Front> {
    const front = new Front(new URL(target));
    await front.comeBack();
    return front;
  }

  get uri(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** From now on nothing listens; what was under way breaks off. */
  async goAway(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    if (this.server.listening) await once(this.server, 'close');
  }

  /** Questions for such a path wait until `letGo`. */
  hold(path: RegExp): void {
    this.held = path;
  }

  letGo(): void {
    this.held = undefined;
    for (const go of this.waiting.splice(0)) go();
  }

  /** Listens again, at the same port. */
  async comeBack(): Promise<void> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  private answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    this.asked.push(`${request.method} ${request.url}`);
    if (this.token !== undefined && request.headers.authorization !== `Bearer ${this.token}`) {
      request.resume();
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"message":"The token has expired."}');
      return;
    }
    if (this.held?.test(request.url ?? '')) this.waiting.push(() => this.passOn(request, response));
    else this.passOn(request, response);
  }

  private passOn(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { url = '/', method, headers } = request;
    const asked = new URL(url, this.target);
    const isListing = asked.pathname.endsWith('/artifacts/list') && !asked.searchParams.has('path');
    const passedOn = { ...headers, host: this.target.host, ...(isListing ? { 'accept-encoding': 'identity' } : {}) };
    const asking = http.request(new URL(url, this.target), { method, headers: passedOn }, (answer) => {
      if (isListing && answer.statusCode === 200) void this.relist(answer, response);
      else {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      }
    });
    asking.on('error', () => response.destroy());
    response.on('close', () => asking.destroy());
    request.pipe(asking);
  }

  private async relist(answer: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const listing = JSON.parse(Buffer.concat(chunks).toString());
    const files = [...this.alsoListed, ...(listing.files ?? [])];
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ...listing, files }));
  }
}
