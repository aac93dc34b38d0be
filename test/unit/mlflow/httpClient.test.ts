import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import zlib from 'node:zlib';
import { HttpClient } from '../../../src/mlflow/http/httpClient';
import type { HttpOptions } from '../../../src/mlflow/http/httpOptions';
import { MlflowError, type MlflowErrorKind } from '../../../src/mlflow/mlflowError';
import { createRestTrackingStore } from '../../../src/mlflow/rest/restTrackingStore';
import { certificate, privateKey } from './selfSigned';

const password = 'hunter2-pass';
const question = { method: 'GET', path: '/ajax-api/2.0/mlflow/runs/get' } as const;

/** Faults that no MLflow server produces on demand: a server of the test's own stands in for the network only. */
describe('HttpClient', () => {
  const closers: (() => void)[] = [];
  const lines: string[] = [];
  const failures: MlflowError[] = [];

  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  after('no message, detail or log line holds the password', () => {
    assert.ok(failures.length > 15);
    const said = inspect([failures, lines], { depth: 12, maxStringLength: null, showHidden: true });
    assert.equal(said.includes(password), false);
    assert.equal(said.includes(Buffer.from(`joe:${password}`).toString('base64')), false);
  });

  async function listen(server: net.Server, scheme = 'http'): Promise<string> {
    const sockets = new Set<net.Socket>();
    server.on('connection', (socket) => sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const serve = (listener: http.RequestListener) => listen(http.createServer(listener));

  function client(baseUrl: string, changes: Partial<HttpOptions> = {}): HttpClient {
    const made = new HttpClient({ ...options(baseUrl), ...changes });
    closers.push(() => made.dispose());
    return made;
  }

  const options = (baseUrl: string): HttpOptions => ({
    baseUrl,
    credentials: { kind: 'basic', user: 'joe', password },
    headersTimeoutMs: 2_000,
    retries: 0,
    maxResponseBytes: 1_000_000,
    userAgent: 'flowdeck-test',
    log: (line) => lines.push(line),
  });

  async function failure(asking: Promise<unknown>, kind: MlflowErrorKind, message: RegExp): Promise<MlflowError> {
    const error = await asking.then(
      () => assert.fail('an error was expected'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof MlflowError, String(error));
    assert.match(error.message, message);
    assert.equal(error.kind, kind);
    failures.push(error);
    return error;
  }

  it('sends basic and bearer credentials, and no others', async () => {
    const seen: (string | undefined)[] = [];
    const uri = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{}');
    });
    await client(uri).text(question);
    await client(uri, { credentials: { kind: 'bearer', token: 'tok' } }).text(question);
    assert.deepEqual(seen, [`Basic ${Buffer.from(`joe:${password}`).toString('base64')}`, 'Bearer tok']);
    const broken = client(uri, { credentials: { kind: 'bearer', token: `${password}\n` } });
    assert.match((await failure(broken.text(question), 'auth', /credentials/)).details.advice ?? '', /line break/);
  });

  it('says that nothing listens, and that a name is unknown', async () => {
    const probe = net.createServer();
    const uri = await listen(probe);
    await new Promise((resolve) => probe.close(resolve));
    assert.match((await failure(client(uri).text(question), 'unreachable', /Nothing/)).details.advice ?? '', /5000/);
    await failure(client('http://no-such-host.invalid:1').text(question), 'unreachable', /resolved/);
  });

  it('tells a server that is not HTTP, TLS on a plain port and the reverse apart', async () => {
    const telnet = await listen(net.createServer((socket) => socket.end('220 mail.example.com ESMTP\r\n')));
    await failure(client(telnet).text(question), 'protocol', /does not speak HTTP/);
    const plain = await serve((_, response) => response.end('{}'));
    const wrong = await failure(client(plain.replace('http:', 'https:')).text(question), 'tls', /does not speak TLS/);
    assert.match(wrong.details.advice ?? '', /http:\/\//);
    const secure = https.createServer({ key: privateKey, cert: certificate }, (_, response) => response.end('{}'));
    const tls = await listen(secure, 'https');
    const reverse = await failure(client(tls.replace('https:', 'http:')).text(question), 'unreachable', /broke off/);
    assert.match(reverse.details.advice ?? '', /https:\/\//);
    await failure(client(tls).text(question), 'tls', /not trusted/);
    assert.equal((await client(tls, { strictSsl: false }).text(question)).text, '{}');
    assert.equal((await client(tls, { ca: [certificate] }).text(question)).text, '{}');
  });

  it('does not take a web page or an unknown JSON for MLflow', async () => {
    const page = await serve((_, response) => response.end('<!doctype html><title>Router</title>'));
    const store = createRestTrackingStore(options(page));
    const error = await failure(store.getRun('a'), 'protocol', /an HTML page instead of MLflow's JSON/);
    assert.match(error.details.advice ?? '', /Is this the address of an MLflow server/);
    assert.equal(error.details.endpoint, 'GET /ajax-api/2.0/mlflow/runs/get');
    await failure(store.serverInfo(), 'protocol', /HTML page/);
    const other = await serve((_, response) => response.end('{"run":{"info":{"run_id":7.5}}}'));
    const malformed = await failure(createRestTrackingStore(options(other)).getRun('a'), 'protocol', /malformed/);
    assert.equal(malformed.details.field, 'run.info.run_id');
  });

  it('keeps what a server lists outside of a folder apart, and never asks for it', async () => {
    let asked = 0;
    const uri = await serve((_, response) => {
      asked++;
      response.end('{"root_uri":"x","files":[{"path":"../../x"},{"path":"a"}]}');
    });
    const store = createRestTrackingStore(options(uri));
    const listing = { rootUri: 'x', files: [{ path: 'a', isFolder: false, size: 0 }], refused: ['../../x'] };
    assert.deepEqual(await store.listArtifacts('run'), listing);
    assert.deepEqual(await store.listModelArtifacts('m-1'), listing);
    assert.equal(asked, 2);
    await failure(store.listArtifacts('run', '../../x'), 'invalid', /Not the path of an artifact/);
    await failure(store.downloadArtifact('run', '../../x'), 'invalid', /Not the path of an artifact/);
    await failure(store.downloadModelArtifact('m-1', '../../x'), 'invalid', /Not the path of an artifact/);
    assert.equal(asked, 2);
  });

  it('knows the statuses and texts that a person can act on', async () => {
    const cases: [number, string, MlflowErrorKind, RegExp, RegExp][] = [
      [401, 'You are not authenticated.', 'auth', /sign-in/, /Connect to Server/],
      [403, 'Permission denied', 'forbidden', /Permission denied/, /permission/],
      [403, 'Invalid Host header - possible DNS rebinding', 'forbidden', /host name/, /--allowed-hosts/],
      [403, 'Cross-origin request blocked', 'forbidden', /origin/, /cors/],
      [404, '{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"no run"}', 'notFound', /no run/, /^$/],
      [404, '<!doctype html>', 'notFound', /HTML page/, /Is this the address/],
      [400, '{"error_code":"RESOURCE_ALREADY_EXISTS","message":"taken"}', 'conflict', /taken/, /^$/],
      [400, '{"error_code":"BAD_REQUEST","message":"UNIQUE constraint failed: x"}', 'conflict', /taken/, /another/],
      [429, 'slow down', 'rateLimited', /slow/, /Wait/],
      [500, '<!doctype html>', 'server', /500/, /log/],
      [503, 'Endpoint: x disabled due to y', 'invalid', /disabled/, /switch it on/],
      [500, '{"message":"The filesystem tracking backend is in maintenance mode"}', 'server', /file stores/, /migrate/],
      [407, '', 'auth', /proxy/, /http\.proxy/],
      [504, '', 'timeout', /504/, /^$/],
    ];
    let at = 0;
    const uri = await serve((_, response) => {
      response.statusCode = cases[at]?.[0] ?? 0;
      response.end(cases[at]?.[1]);
    });
    for (; at < cases.length; at++) {
      const [status, , kind, message, advice] = cases[at] ?? assert.fail();
      const error = await failure(client(uri).text(question), kind, message);
      assert.match(error.details.advice ?? '', advice, error.message);
      assert.equal(error.details.status, status);
    }
  });

  it('follows no redirect, and says where it leads', async () => {
    let calls = 0;
    const uri = await serve((_, response) => {
      calls++;
      response.writeHead(302, { location: 'https://login.example.com/x?token=secret' }).end();
    });
    const error = await failure(client(uri, { retries: 3 }).text(question), 'protocol', /login\.example\.com,/);
    assert.equal(error.message.includes('secret'), false);
    assert.equal(calls, 1);
  });

  it('asks again only what may be asked twice, and waits as long as the server says', async () => {
    let calls = 0;
    let header = '0';
    const uri = await serve((_, response) => {
      calls++;
      if (calls % 3 !== 0) response.writeHead(503, { 'retry-after': header }).end('busy');
      else response.end('{}');
    });
    const asking = client(uri, { retries: 2 });
    assert.equal((await asking.text(question)).text, '{}');
    assert.equal(calls, 3);
    await failure(asking.text({ ...question, method: 'POST', json: {} }), 'server', /busy/);
    assert.equal(calls, 4);
    calls = 0;
    header = '1';
    const started = Date.now();
    await failure(
      client(uri, { retries: 1 }).text({ ...question, method: 'POST', idempotent: true }),
      'server',
      /busy/,
    );
    assert.ok(Date.now() - started >= 990);
    calls = 0;
    header = new Date(Date.now() + 3_600_000).toUTCString();
    await failure(asking.text(question), 'server', /busy/);
    assert.equal(calls, 1, 'an hour is not waited, and not shortened either');
  });

  it('asks again after a connection that broke half-way', async () => {
    let calls = 0;
    const uri = await serve((_, response) => {
      calls++;
      if (calls > 1) return void response.end('{"whole":1}');
      response.writeHead(200, { 'content-length': '100' }).write('{"half":');
      setTimeout(() => response.destroy(), 20);
    });
    assert.equal((await client(uri, { retries: 1 }).text(question)).text, '{"whole":1}');
    calls = 0;
    await failure(client(uri).text(question), 'unreachable', /broke off/);
  });

  it('reads gzip, br and deflate, and says when they are damaged', async () => {
    const text = JSON.stringify({ text: 'x'.repeat(50_000) });
    const encodings = { gzip: zlib.gzipSync, br: zlib.brotliCompressSync, deflate: zlib.deflateSync };
    for (const [encoding, encode] of Object.entries(encodings)) {
      let body = encode(text);
      const uri = await serve((_, response) => {
        response.writeHead(200, { 'content-encoding': encoding }).end(body);
      });
      assert.equal((await client(uri).text(question)).text, text);
      body = body.subarray(0, body.length - 12);
      await failure(client(uri).text(question), 'protocol', /damaged or cut off/);
    }
  });

  it('caps decoded bytes, also of a small body that grows', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(5_000_000));
    const packed = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    await failure(client(packed).text(question), 'protocol', /larger than 1 MB/);
    const told = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '99000000' }).flushHeaders();
    });
    await failure(client(told).text(question), 'protocol', /larger than 1 MB/);
    const echo = await serve((_, response) => {
      response.writeHead(400).end(JSON.stringify({ error_code: 'BAD_REQUEST', message: 'x'.repeat(3_000_000) }));
    });
    const error = await failure(client(echo).text(question), 'invalid', /x/);
    assert.ok(error.message.length < 1_000);
  });

  it('gives up on a server that says nothing', async () => {
    const uri = await serve(() => undefined);
    await failure(client(uri, { headersTimeoutMs: 300 }).text(question), 'timeout', /no answer within/);
  });

  it('is cancelled before, while waiting, while reading, between tries and when disposed', async () => {
    let status = 200;
    const uri = await serve((request, response) => {
      if (request.url === '/silent') return;
      response.writeHead(status, { 'retry-after': '15' }).write('{');
      if (status !== 200) response.end();
    });
    const asking = client(uri, { retries: 3 });
    await failure(asking.text(question, AbortSignal.abort()), 'cancelled', /Cancelled/);
    await failure(asking.text({ method: 'GET', path: '/silent' }, AbortSignal.timeout(50)), 'cancelled', /Cancelled/);
    await failure(asking.text(question, AbortSignal.timeout(50)), 'cancelled', /Cancelled/);
    const stream = await asking.stream(question, AbortSignal.timeout(50));
    const reading = (async () => {
      for await (const chunk of stream.body) assert.ok(chunk.length > 0);
    })();
    await failure(reading, 'cancelled', /Cancelled/);
    status = 503;
    await failure(asking.text(question, AbortSignal.timeout(50)), 'cancelled', /Cancelled/);
    status = 200;
    setTimeout(() => asking.dispose(), 50);
    await failure(asking.text(question), 'cancelled', /Cancelled/);
    await failure(asking.text(question), 'cancelled', /Cancelled/);
  });

  it('tells of a long body as it comes', async () => {
    const uri = await serve(async (_, response) => {
      response.writeHead(200, { 'content-length': '400000' });
      for (let at = 0; at < 4; at++) {
        response.write(Buffer.alloc(100_000, 32));
        await new Promise((resolve) => setTimeout(resolve, 120));
      }
      response.end();
    });
    const told: (number | undefined)[][] = [];
    await client(uri).text({ ...question, onBytes: (received, total) => told.push([received, total]) });
    assert.ok(told.length >= 2);
    assert.ok(told.every(([received = 0, total]) => received <= 400_000 && total === 400_000));
  });

  it('goes through the proxy that is set, and says when that refuses', async () => {
    const asked: string[] = [];
    const origin = await serve((_, response) => response.end('{"origin":true}'));
    let refusal = '';
    const proxy = http.createServer().on('connect', (request, socket, head) => {
      asked.push(`${request.url} ${request.headers['proxy-authorization']}`);
      if (refusal) return void socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
      const { port } = new URL(origin);
      const upstream = net.connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [upstream, socket]) end.on('error', () => upstream.destroy());
    });
    const proxyUri = (await listen(proxy)).replace('http://', `http://joe:${password}@`);
    const far = 'http://mlflow.example.com:8080';
    const through = { proxy: { httpProxy: proxyUri } };
    assert.equal((await client(far, through).text(question)).text, '{"origin":true}');
    const sent = `Basic ${Buffer.from(`joe:${password}`).toString('base64')}`;
    assert.deepEqual(asked, [`mlflow.example.com:8080 ${sent}`]);
    assert.equal((await client(origin, through).text(question)).text, '{"origin":true}');
    assert.equal(asked.length, 1, 'loopback goes around the proxy');
    refusal = '407 Proxy Authentication Required';
    await failure(client(far, through).text(question), 'auth', /proxy wants a sign-in/);
    refusal = '403 Forbidden';
    await failure(client(far, through).text(question), 'unreachable', /proxy does not connect/);
    const nonsense = { proxy: { httpProxy: `nonsense://joe:${password}@x` } };
    await failure(client(far, nonsense).text(question), 'invalid', /address of the proxy/);
  });
});
