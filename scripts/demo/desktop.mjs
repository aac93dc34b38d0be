// @ts-check
// The VS Code that is installed, with a profile of its own: the user's settings and extensions stay out of it.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../lib/npm.mjs';
import { endGroup, run, startGroup, which } from '../lib/run.mjs';
import { calmSettings, stateIn, withoutVsCode } from '../vscode.mjs';

/**
 * The `code` on the PATH. In a terminal of VS Code's own remote hosts it would only open a tab over there.
 * @returns {string | undefined}
 */
export function desktopCode() {
  if (process.env.VSCODE_IPC_HOOK_CLI) return undefined;
  if (process.platform !== 'win32') {
    const code = which(['code']);
    // Under WSL that is Windows' own, which knows none of these folders.
    return code?.startsWith('/mnt/') ? undefined : code;
  }
  // `code` is a .cmd file there, which only a shell can run; the program that it starts lies beside its folder.
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const bin = folders.find((folder) => folder && fs.existsSync(path.join(folder, 'code.cmd')));
  const program = bin && path.join(path.dirname(bin), 'Code.exe');
  return program && fs.existsSync(program) ? program : undefined;
}

/**
 * @param {string} code
 * @param {{demo: import('./demo.mjs').Demo, vsix: string, environment: NodeJS.ProcessEnv}} options `environment`: what terminals
 *   and the extension see
 * @returns {Promise<{closed: Promise<number>, close: () => Promise<void>}>} `closed`: with the exit code of `code`
 */
export async function openDesktop(code, { demo, vsix, environment }) {
  const state = stateIn(path.join(demo.vscode, 'desktop'));
  const settings = path.join(state.userDataDir, 'User', 'settings.json');
  fs.mkdirSync(path.dirname(settings), { recursive: true });
  if (!fs.existsSync(settings)) fs.writeFileSync(settings, JSON.stringify(calmSettings, null, 2));
  // One that a crash has left names a process that may be somebody else's by now.
  const lockFile = path.join(state.userDataDir, 'code.lock');
  fs.rmSync(lockFile, { force: true });
  const own = ['--user-data-dir', state.userDataDir, '--extensions-dir', state.extensionsDir];
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const env = withoutVsCode(environment);
  const calm = ['--disable-workspace-trust', '--skip-welcome', '--skip-release-notes', '--disable-updates'];
  // The program itself, without its command line in front, can neither install nor wait: it goes on until it is closed.
  const isProgram = process.platform === 'win32';
  if (!isProgram) await run(code, [...asRoot, ...own, '--install-extension', vsix, '--force'], { env });
  const how = isProgram ? [`--extensionDevelopmentPath=${root}`] : ['--wait'];
  const window = startGroup(code, [...asRoot, ...own, ...calm, '--new-window', ...how, demo.project], { env });
  window.stdout?.resume();
  window.stderr?.resume();
  const closed = new Promise((resolve) => window.once('exit', (exitCode) => resolve(exitCode ?? 1)));
  const close = async () => {
    await endMainProcess(lockFile);
    await endGroup(window);
  };
  return { closed, close };
}

/**
 * `code` starts the window's process apart from itself; VS Code writes its id into this file.
 * @param {string} lockFile
 */
async function endMainProcess(lockFile) {
  const pid = fs.existsSync(lockFile) ? Number(fs.readFileSync(lockFile, 'utf8')) : 0;
  if (!Number.isInteger(pid) || pid <= 1) return;
  for (const deadline = Date.now() + 5000; isSignalled(pid, 0) && Date.now() < deadline; await sleep(200))
    isSignalled(pid, 'SIGTERM');
  isSignalled(pid, 'SIGKILL');
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals | 0} signal 0 only asks whether the process is there
 */
function isSignalled(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
