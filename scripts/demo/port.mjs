// @ts-check
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { freePort } from '../lib/run.mjs';

/**
 * The port that was used here before, if it is still free, so that bookmarks and remembered servers stay valid.
 * @param {string} folder remembers it
 */
export async function usualPort(folder) {
  const file = path.join(folder, 'port');
  const before = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : 0;
  const port = before > 0 && (await isFree(before)) ? before : await freePort();
  fs.writeFileSync(file, String(port));
  return port;
}

/** @param {number} port */
async function isFree(port) {
  const server = net.createServer();
  server.listen(port, '127.0.0.1');
  const isListening = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.close();
  return isListening;
}
