import assert from 'node:assert/strict';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpClient } from '../../../src/mlflow/http/httpClient';

/** What undici holds before it pauses: the last byte is the one that pauses. */
const size = 64 * 1024;
const body = Buffer.alloc(size, 0x61);

/** Answers once per connection as gunicorn does, and closes. */
async function serverSaying(head: string, tail = ''): Promise<net.Server & { uri: string }> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nConnection: close\r\n${head}\r\n\r\n`);
      socket.write(tail === '' ? body : Buffer.concat([Buffer.from(`${size.toString(16)}\r\n`), body]));
      socket.end(tail);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return Object.assign(server, { uri: `http://127.0.0.1:${address.port}` });
}

describe('a body that its reader leaves waiting while the server closes', () => {
  const framings = {
    'with a length': [`Content-Length: ${size}`, ''],
    chunked: ['Transfer-Encoding: chunked', '\r\n0\r\n\r\n'],
    'that ends with the connection': ['X-Nothing: 1', ''],
  } as const;

  for (const [name, [head, tail]] of Object.entries(framings)) {
    it(`arrives whole ${name}`, async () => {
      const server = await serverSaying(head, tail);
      const limits = { headersTimeoutMs: 5_000, retries: 0, maxResponseBytes: 10_000_000, userAgent: 'test' };
      const http = new HttpClient({ ...limits, baseUrl: server.uri });
      const reply = await http.stream({ method: 'GET', path: '/x' });
      await delay(100);
      let received = 0;
      for await (const chunk of reply.body) received += Buffer.from(chunk).length;
      assert.equal(received, size);
      http.dispose();
      server.close();
    });
  }
});
