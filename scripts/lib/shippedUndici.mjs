// @ts-check
// The parts of undici that are shipped are put together by the build: they have to work as the whole does.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { root } from './npm.mjs';

/** @param {http.Server} server */
async function portOf(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return /** @type {net.AddressInfo} */ (server.address()).port;
}

/** Asks a server of its own directly, through a composed pool, and through a proxy. */
export async function tryShippedUndici() {
  const undici = createRequire(import.meta.url)(path.join(root, 'dist', 'undici.js'));
  const server = http.createServer((request, response) => response.end(`${request.method} ${request.url}`));
  const port = await portOf(server);
  let tunnels = 0;
  const proxy = http.createServer().on('connect', (_, client) => {
    tunnels++;
    const onward = net.connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(client);
      client.pipe(onward);
    });
  });
  const httpProxy = `http://127.0.0.1:${await portOf(proxy)}`;
  const direct = new undici.Agent({ connections: 2 });
  const through = new undici.EnvHttpProxyAgent({ httpProxy, httpsProxy: '', noProxy: '' });
  try {
    const composed = direct.compose(
      (/** @type {Function} */ next) =>
        (/** @type {unknown[]} */ ...args) =>
          next(...args),
    );
    const ask = async (/** @type {string} */ url, /** @type {object} */ options) =>
      (await undici.request(new URL(url), options)).body.text();
    const body = { dispatcher: composed, method: 'POST', body: 'x' };
    assert.equal(await ask(`http://127.0.0.1:${port}/a?b=1`, body), 'POST /a?b=1');
    assert.equal(await ask('http://mlflow.test/x', { dispatcher: through, method: 'GET' }), 'GET /x');
    assert.equal(tunnels, 1);
  } finally {
    await Promise.all([direct.destroy(), through.destroy()]);
    server.close();
    proxy.close();
  }
}
