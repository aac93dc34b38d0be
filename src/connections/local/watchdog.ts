import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A program of its own (dist/watchdog.js): runs the command of its arguments as a process group and ends that group
 * when its standard input closes. That pipe belongs to the extension host, so it also closes when the host crashes or
 * is killed, which no `dispose` survives. MLflow's own parent leaves gunicorn behind when it is ended alone.
 */
const isWindows = process.platform === 'win32';
const graceMs = 5_000;

const [command = '', ...args] = process.argv.slice(2);
const { ELECTRON_RUN_AS_NODE: _ours, ...env } = process.env;
const child = spawn(command, args, {
  env,
  stdio: ['ignore', 'inherit', 'inherit'],
  detached: !isWindows,
  windowsHide: true,
});
let stopping: Promise<void> | undefined;

child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.on('exit', (code) => {
  stop().then(
    () => process.exit(code ?? 1),
    () => process.exit(1),
  );
});
process.stdin.on('end', () => void stop());
process.stdin.on('close', () => void stop());
process.stdin.on('error', () => void stop());
process.stdin.resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());

function stop(): Promise<void> {
  stopping ??= endGroup();
  return stopping;
}

async function endGroup(): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  if (isWindows) {
    spawnSync('taskkill', ['/PID', String(pid), '/T', '/F'], { windowsHide: true });
    return;
  }
  signalGroup(pid, 'SIGTERM');
  for (const until = Date.now() + graceMs; Date.now() < until; await delay(50)) {
    if (!signalGroup(pid, 0)) return;
  }
  signalGroup(pid, 'SIGKILL');
}

/** False when no process of the group is left. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
