// @ts-check
// The VS Code that is installed, with a profile of its own: the user's settings and extensions stay out of it.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { root } from '../lib/npm.mjs';
import { endGroup, run, startGroup, which } from '../lib/run.mjs';
import { calmSettings, stateIn } from '../vscode.mjs';

/**
 * The `code` on the PATH. In a terminal of VS Code's own remote hosts it would only open a tab over there.
 * @returns {string | undefined}
 */
export function desktopCode() {
  if (process.env.VSCODE_IPC_HOOK_CLI) return undefined;
  if (process.platform !== 'win32') return which(['code']);
  // `code` is a .cmd file there, which only a shell can run; the program that it starts lies beside its folder.
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const bin = folders.find((folder) => folder && fs.existsSync(path.join(folder, 'code.cmd')));
  const program = bin && path.join(path.dirname(bin), 'Code.exe');
  return program && fs.existsSync(program) ? program : undefined;
}

/**
 * @param {string} code
 * @param {{demo: import('./demo.mjs').Demo, vsix: string}} options
 * @returns {Promise<{closed: Promise<unknown>, close: () => Promise<void>}>} `closed`: the user has closed the window
 */
export async function openDesktop(code, { demo, vsix }) {
  const state = stateIn(path.join(demo.vscode, 'desktop'));
  const settings = path.join(state.userDataDir, 'User', 'settings.json');
  fs.mkdirSync(path.dirname(settings), { recursive: true });
  if (!fs.existsSync(settings)) fs.writeFileSync(settings, JSON.stringify(calmSettings, null, 2));
  const own = ['--user-data-dir', state.userDataDir, '--extensions-dir', state.extensionsDir];
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const environment = withoutVsCode();
  const calm = ['--disable-workspace-trust', '--skip-welcome', '--skip-release-notes', '--disable-updates'];
  // The program itself, without its command line in front, can neither install nor wait: it goes on until it is closed.
  const isProgram = process.platform === 'win32';
  if (!isProgram) await run(code, [...asRoot, ...own, '--install-extension', vsix, '--force'], { env: environment });
  const how = isProgram ? [`--extensionDevelopmentPath=${root}`] : ['--wait'];
  const window = startGroup(code, [...asRoot, ...own, ...calm, '--new-window', ...how, demo.project], {
    env: environment,
  });
  window.stdout?.resume();
  window.stderr?.resume();
  const closed = new Promise((resolve) => window.once('exit', resolve));
  const close = async () => {
    endMainProcess(state.userDataDir);
    await endGroup(window);
  };
  return { closed, close };
}

/**
 * `code` starts the window's process apart from itself; VS Code writes its id into its user data folder.
 * @param {string} userDataDir
 */
function endMainProcess(userDataDir) {
  const file = path.join(userDataDir, 'code.lock');
  const pid = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : 0;
  if (!Number.isInteger(pid) || pid <= 1) return;
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** A terminal of a running VS Code has variables that would make this one a part of it. */
function withoutVsCode() {
  const foreign = (/** @type {string} */ name) => name.startsWith('VSCODE_') || name === 'ELECTRON_RUN_AS_NODE';
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign(name)));
}
