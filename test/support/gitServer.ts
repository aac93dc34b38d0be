import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

/**
 * Hands out the bare repositories of a folder as files, which is all that git's plain protocol asks of a server once
 * `git update-server-info` has run in them. https://git-scm.com/book/en/v2/Git-Internals-Transfer-Protocols
 */
export async function serveRepositories(
  folder: string,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = http.createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url ?? '', 'http://x').pathname);
    fs.readFile(path.join(folder, path.posix.normalize(name)), (error, bytes) => {
      response.statusCode = error ? 404 : 200;
      response.end(error ? '' : bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, close };
}
