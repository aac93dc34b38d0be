// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/** What still runs, so that an interrupted script can end it. */
const groups = sharedGroups();
const children = /** @type {Set<import('node:child_process').ChildProcess>} */ (new Set());

/** Once the script is ending nothing is started any more: it would stay behind. */
let isClosing = false;

/**
 * However this process ends, no server or browser that it started stays behind. Bundled tests bring a copy of this file
 * each: they share one set and one listener.
 * @returns {Set<import('node:child_process').ChildProcess>}
 */
function sharedGroups() {
  const key = Symbol.for('flowdeck.groups');
  const known = Reflect.get(globalThis, key);
  if (known) return known;
  const made = new Set();
  Reflect.set(globalThis, key, made);
  process.on('exit', () => {
    for (const { pid } of made) if (pid !== undefined && process.platform !== 'win32') signalGroup(pid, 'SIGKILL');
  });
  return made;
}

/**
 * Runs a program to its end, without a shell (but for npm's .cmd files on Windows, whose arguments are ours).
 * Its output is shown only when it fails, unless `show` is set.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, all?: boolean, input?: string}} [options] `all`: give
 *   what it printed on stderr, too
 * @returns {Promise<string>} what it printed on stdout
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    refuseWhenClosing(command);
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && /^(npm|npx)(\.cmd)?$/.test(command),
    });
    children.add(child);
    let out = '';
    let all = '';
    child.stdout?.on('data', (chunk) => {
      out += chunk;
      all += chunk;
      if (options.show) process.stdout.write(chunk);
    });
    child.stderr?.on('data', (chunk) => {
      all += chunk;
      if (options.show) process.stderr.write(chunk);
    });
    child.on('error', (error) => {
      children.delete(child);
      reject(isMissing(error) ? new Error(`${command} is needed, and is not on the PATH`) : error);
    });
    child.on('close', (code, signal) => {
      children.delete(child);
      if (code === 0) return resolve(options.all ? all : out);
      const tail = options.show ? '' : `\n${all.slice(-4000)}`;
      reject(new Error(`${command} ${args.slice(0, 3).join(' ')} … ended with ${signal ?? code}${tail}`));
    });
    child.stdin?.end(options.input ?? '');
  });
}

/**
 * Runs npm, whichever way it is installed.
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export function npm(args, options) {
  // The script itself, since npm's .cmd file on Windows needs a shell. There it lies beside Node.
  const beside = path.join(path.dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const script = [process.env.npm_execpath ?? '', beside].find(
    (file) => path.basename(file) === 'npm-cli.js' && fs.existsSync(file),
  );
  return script ? run(process.execPath, [script, ...args], options) : run('npm', args, options);
}

/**
 * Ends a process and all it started: the whole group on POSIX (the process must lead one), the tree on Windows.
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} [patienceMs] time to end by itself before it is killed
 * @returns {Promise<void>}
 */
export async function endGroup(child, patienceMs = 5000) {
  const { pid } = child;
  if (pid === undefined) return;
  const gone =
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise((resolve) => child.once('exit', resolve));
  if (process.platform === 'win32') {
    if (child.exitCode === null) {
      const ending = spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
      await once(ending, 'close').catch(() => undefined);
    }
    await gone;
    return;
  }
  signalGroup(pid, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), patienceMs);
  await gone;
  clearTimeout(timer);
  signalGroup(pid, 'SIGKILL');
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
export function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/**
 * Starts a long-running program as the leader of a process group of its own; `endGroup` ends all of it.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv}} [options]
 */
export function startGroup(command, args, options = {}) {
  refuseWhenClosing(command);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    detached: process.platform !== 'win32',
  });
  groups.add(child);
  child.once('exit', () => groups.delete(child));
  return child;
}

/** @param {string} command */
function refuseWhenClosing(command) {
  if (isClosing) throw new Error(`${path.basename(command)} is not started any more: this script is ending`);
}

/** @param {Error} error */
function isMissing(error) {
  return 'code' in error && error.code === 'ENOENT' && 'path' in error;
}

/** From now on `run` and `startGroup` refuse: what goes on behind an ending would start things that stay. */
export function startNothingMore() {
  isClosing = true;
}

/**
 * Ends what `run` and `startGroup` have started, and lets nothing else start.
 * @param {{settleMs: number, signal: NodeJS.Signals}} how `settleMs`: a terminal's Ctrl-C has reached what runs in the same group,
 *   and it ends cleaner undisturbed; `signal`: for the rest of it
 */
export async function closeDown({ settleMs, signal }) {
  startNothingMore();
  const running = [...children].map(async (child) => {
    if (await isGoneWithin(child, settleMs)) return;
    if (process.platform === 'win32') return endGroup(child);
    child.kill(signal);
    if (!(await isGoneWithin(child, 5000))) child.kill('SIGKILL');
  });
  await Promise.allSettled([...running, ...[...groups].map((child) => endGroup(child, 2000))]);
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} ms
 */
async function isGoneWithin(child, ms) {
  if (child.exitCode !== null || child.signalCode !== null) return true;
  return Promise.race([once(child, 'exit').then(() => true), sleep(ms, false, { ref: false })]);
}

/**
 * On Ctrl-C and the like: ends everything started here, does what `last` says, and exits with the signal's code.
 * @param {() => unknown} [last]
 */
export function endGroupsOnSignals(last) {
  for (const [signal, code] of /** @type {const} */ ([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])) {
    process.once(signal, () => {
      const ended = closeDown({ settleMs: 0, signal: 'SIGTERM' });
      void ended.then(() => last?.()).finally(() => process.exit(code));
    });
  }
}

/**
 * A port on the loopback address that was free a moment ago. It lies below those that systems give away by themselves:
 * before the program that is told of it listens, no connection and no other server is given the same one by chance.
 */
export async function freePort() {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = 11_000 + Math.floor(Math.random() * 20_000);
    if (await isFree(port)) return port;
  }
  throw new Error('no loopback port to be had');
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isFree(port) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * The first of these programs that is on the PATH.
 * @param {readonly string[]} names
 * @returns {string | undefined} its absolute path
 */
export function which(names) {
  const ending = process.platform === 'win32' ? '.exe' : '';
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return names
    .flatMap((name) => folders.map((folder) => path.join(folder, name + ending)))
    .find((file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile());
}
