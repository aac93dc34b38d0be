import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run } from '../../scripts/lib/run.mjs';
import { installHost, installVsix, stateIn } from '../../scripts/vscode.mjs';
import { until } from './watch';

/** A request of the extension host, times in ms since 1970. */
export interface HostRequest {
  readonly path: string;
  readonly body: string;
  readonly started: number;
  readonly ended: number;
  readonly bytes: number;
  /** How often the answer says `"step"`: its number of points. */
  readonly points: number;
}

export interface HostFigures {
  /** The longest time, in ms, in which the event loop did nothing else. */
  readonly blocked: number;
  /** The same without the time, in ms, in which it was ready to go on and other programs had the processors. */
  readonly busy?: number;
  readonly requests: readonly HostRequest[];
  /** Requests that were begun and have not ended. */
  readonly open: number;
}

/** ms between two looks at the event loop. */
const resolution = 2;

/**
 * An extension of its own in the same host. Undici tells everybody in the process what it does, and the event loop is
 * the same for all extensions: the measured package needs to know nothing of it.
 */
const extension = `
const channels = require('node:diagnostics_channel');
const fs = require('node:fs');
const http = require('node:http');
const { monitorEventLoopDelay, performance } = require('node:perf_hooks');
const now = () => performance.timeOrigin + performance.now();
let figures = { requests: [], open: new Map() };
let delay;
let busy;
// ms that this thread has waited for a processor: Linux counts them.
const waited = () => Number(fs.readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1e6;
const watchBusy = () => {
  if (!fs.existsSync('/proc/thread-self/schedstat')) return;
  const own = (busy = { longest: 0 });
  let last = { at: performance.now(), waited: waited() };
  const tick = () => {
    if (busy !== own) return;
    const now = { at: performance.now(), waited: waited() };
    own.longest = Math.max(own.longest, now.at - last.at - (now.waited - last.waited) - ${resolution});
    last = now;
    setTimeout(tick, ${resolution});
  };
  setTimeout(tick, ${resolution});
};
const count = (chunk) => { let n = 0; for (let at = -1; (at = chunk.indexOf('"step"', at + 1)) >= 0; ) n++; return n; };
const end = ({ request }) => {
  const known = figures.open.get(request);
  if (!known || !figures.open.delete(request)) return;
  figures.requests.push({ ...known, ended: now() });
};
channels.subscribe('undici:request:create', ({ request }) => {
  const body = typeof request.body === 'string' ? request.body : Buffer.isBuffer(request.body) ? request.body.toString() : '';
  figures.open.set(request, { path: request.path, body, started: now(), bytes: 0, points: 0 });
});
channels.subscribe('undici:request:bodyChunkReceived', ({ request, chunk }) => {
  const known = figures.open.get(request);
  if (!known) return;
  known.bytes += chunk.length;
  if (known.path.includes('/metrics/')) known.points += count(chunk);
});
channels.subscribe('undici:request:trailers', end);
channels.subscribe('undici:request:error', end);
exports.activate = () => {
  const server = http.createServer((request, response) => {
    if (request.url === '/start') {
      figures = { requests: [], open: new Map() };
      delay?.disable();
      delay = monitorEventLoopDelay({ resolution: ${resolution} });
      delay.enable();
      watchBusy();
    }
    const blocked = delay ? Math.max(0, delay.max / 1e6 - ${resolution}) : 0;
    response.end(JSON.stringify({ blocked, busy: busy?.longest, requests: figures.requests, open: figures.open.size }));
  }).listen(0, '127.0.0.1', () => fs.writeFileSync(process.env.FLOWDECK_BENCH_METER, String(server.address().port)));
};
`;

const manifest = {
  name: 'meter',
  publisher: 'bench',
  version: '0.0.0',
  engines: { vscode: '^1.105.0' },
  main: './extension.js',
  activationEvents: ['*'],
};

/** Measures inside the extension host, beside the packaged extension. */
export class HostMeter {
  /** Where the host's last window says its port. */
  private readonly file = path.join(mkdtempSync(path.join(os.tmpdir(), 'flowdeck-meter-')), 'port');

  /** What the host's environment has to hold. */
  get environment(): Record<string, string> {
    return { FLOWDECK_BENCH_METER: this.file };
  }

  /** Installs it into a VS Code that is running: it is there after the window's next reload. */
  async install(stateFolder: string, version: '1.139.1' | '1.105.1'): Promise<void> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'flowdeck-meter-'));
    try {
      writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
      writeFileSync(path.join(folder, 'extension.js'), extension);
      const vsix = path.join(folder, 'meter.vsix');
      const vsce = path.resolve('node_modules', '@vscode', 'vsce', 'vsce');
      const args = ['package', '--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', vsix];
      await run(process.execPath, [vsce, ...args], { cwd: folder });
      await installVsix({ host: await installHost(version), state: stateIn(stateFolder), vsix });
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  /** Forgets what was and begins anew. */
  async start(): Promise<void> {
    await this.ask('start');
  }

  async read(): Promise<HostFigures> {
    return await this.ask('read');
  }

  /** Waits until nothing has been asked of a server for a while (ms). */
  async quiet(pause = 1500): Promise<HostFigures> {
    for (let last = '', since = Date.now(); ; ) {
      const figures = await this.read();
      const now = `${figures.requests.length} ${figures.open}`;
      if (now !== last || figures.open > 0) since = Date.now();
      if (Date.now() - since > pause) return figures;
      last = now;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Each window has a host of its own: call it before the window is loaded again. */
  forget(): void {
    rmSync(this.file, { force: true });
  }

  dispose(): void {
    rmSync(path.dirname(this.file), { recursive: true, force: true });
  }

  private async ask(what: string): Promise<HostFigures> {
    const port = await until('the meter in the extension host', async () =>
      existsSync(this.file) ? readFileSync(this.file, 'utf8') || undefined : undefined,
    );
    const answer = await fetch(`http://127.0.0.1:${port}/${what}`, { headers: { connection: 'close' } });
    return (await answer.json()) as HostFigures;
  }
}
