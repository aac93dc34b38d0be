// @ts-check
// A real VS Code served on the loopback address: what `npm start`, the host tests and the user-interface tests open.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { endGroup, freePort, run, startGroup } from './lib/run.mjs';

export { hostVersions, installHost } from './lib/codeServer.mjs';
/** @typedef {import('./lib/codeServer.mjs').Host} Host */

/**
 * Where one VS Code keeps what it writes. Everything lies under one folder that can be thrown away.
 * @typedef {{userDataDir: string, extensionsDir: string, serverDataDir: string}} State
 */

/** Settings for calm, repeatable runs: no AI features, no welcome page, no recommendations. */
export const calmSettings = {
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.editor.useModal': 'off',
  'workbench.tree.enableStickyScroll': false,
  'remote.autoForwardPorts': false,
  'terminal.integrated.gpuAcceleration': 'off',
  'extensions.ignoreRecommendations': true,
  'window.commandCenter': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.colorTheme': 'Dark Modern',
};

/**
 * @param {string} folder may not exist yet
 * @returns {State}
 */
export function stateIn(folder) {
  const state = {
    userDataDir: path.join(folder, 'data'),
    extensionsDir: path.join(folder, 'ext'),
    serverDataDir: path.join(folder, 'server'),
  };
  for (const part of Object.values(state)) fs.mkdirSync(part, { recursive: true });
  // VS Code 1.105 loses the extension under development when this file is not there at its first start.
  const installed = path.join(state.extensionsDir, 'extensions.json');
  if (!fs.existsSync(installed)) fs.writeFileSync(installed, '[]');
  return state;
}

/**
 * Installs a packaged extension for a VS Code that starts with the same state afterwards (0.5 s).
 * @param {{host: Host, state: State, vsix: string}} options
 */
export async function installVsix({ host, state, vsix }) {
  const args = [host.main, ...stateArguments(state), '--install-extension', vsix, '--force'];
  await run(host.node, args, { env: serverEnvironment({}) });
}

/**
 * Adds an extension that is a folder and no package, after the packages.
 * @param {State} state
 * @param {string} folder
 */
export function addExtension({ extensionsDir }, folder) {
  const { publisher, name, version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const id = `${publisher}.${name}`;
  const place = path.join(extensionsDir, `${id}-${version}`);
  fs.cpSync(folder, place, { recursive: true });
  const list = path.join(extensionsDir, 'extensions.json');
  const location = { $mid: 1, scheme: 'file', path: pagePath(place) };
  const added = { identifier: { id }, version, location, relativeLocation: path.basename(place) };
  fs.writeFileSync(list, JSON.stringify([...JSON.parse(fs.readFileSync(list, 'utf8')), added]));
}

/**
 * Starts VS Code's server. User settings are written first: a running VS Code does not notice that file changing.
 * @param {{
 *   host: Host,
 *   state: State,
 *   port?: number,
 *   settings?: Record<string, unknown>,
 *   env?: Record<string, string | undefined>,
 *   smokeTestDriver?: boolean,
 *   workspaceTrust?: boolean,
 *   keepSettings?: boolean,
 *   logLevel?: string,
 * }} options `port`: default a free one; `settings`: on top of `calmSettings`; `env`: reaches the extension host;
 *   `smokeTestDriver`: needed by development and test paths in the page's address, hides notification toasts;
 *   `workspaceTrust`: VS Code asks whether folders are trusted (default: everything is); `keepSettings`: those that an earlier
 *   start has written and somebody may have changed
 * @returns {Promise<VsCodeServer>}
 */
export async function startServer({ host, state, settings = {}, env = {}, ...options }) {
  const userSettings = path.join(state.userDataDir, 'User', 'settings.json');
  fs.mkdirSync(path.dirname(userSettings), { recursive: true });
  if (!options.keepSettings || !fs.existsSync(userSettings))
    fs.writeFileSync(userSettings, JSON.stringify({ ...calmSettings, ...settings }, null, 2));
  const port = options.port ?? (await freePort());
  const args = [
    host.main,
    ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--accept-server-license-terms'],
    ...['--telemetry-level', 'off'],
    ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
    ...(options.smokeTestDriver ? ['--enable-smoke-test-driver'] : []),
    ...(options.logLevel ? ['--log', options.logLevel] : []),
    ...stateArguments(state),
  ];
  const server = startGroup(host.node, args, { env: serverEnvironment(env) });
  await listening(server, port);
  return new VsCodeServer(server, port);
}

/** A running server; `stop` ends it with its extension hosts, terminals and what runs in them. */
export class VsCodeServer {
  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {number} port
   */
  constructor(child, port) {
    this.child = child;
    this.port = port;
    this.origin = `http://127.0.0.1:${port}`;
  }

  /**
   * The address that opens a folder or a `.code-workspace` file.
   * @param {string | undefined} folder
   * @param {Record<string, string>} [payload] VS Code's own window options, e.g. `extensionTestsPath`
   */
  url(folder, payload = {}) {
    const query = new URLSearchParams();
    if (!folder) query.set('ew', 'true');
    else query.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', decodeURIComponent(pagePath(folder)));
    const pairs = Object.entries({ skipWelcome: 'true', skipReleaseNotes: 'true', ...payload });
    query.set('payload', JSON.stringify(pairs));
    return `${this.origin}/?${query}`;
  }

  /**
   * How the page names a file of this machine.
   * @param {string} file absolute
   */
  remoteUri(file) {
    return `vscode-remote://127.0.0.1:${this.port}${pagePath(file)}`;
  }

  async stop() {
    await endGroup(this.child);
  }
}

/**
 * A file's path as addresses have it: `/C:/project` on Windows.
 * @param {string} file absolute
 */
function pagePath(file) {
  return pathToFileURL(file).pathname;
}

/** @param {State} state */
function stateArguments(state) {
  return [
    ...['--user-data-dir', state.userDataDir],
    ...['--extensions-dir', state.extensionsDir],
    ...['--server-data-dir', state.serverDataDir],
  ];
}

/**
 * What a VS Code that runs these scripts in its terminal has put into the environment would confuse the server.
 * @param {Record<string, string | undefined>} extra
 */
function serverEnvironment(extra) {
  return { ...withoutVsCode({ ...process.env, ...extra }), EXTENSIONS_GALLERY: '{}' };
}

/**
 * An environment without what makes a program a part of the VS Code, or of the npm, that runs these scripts.
 * @param {NodeJS.ProcessEnv} environment
 */
export function withoutVsCode(environment) {
  const foreign = (/** @type {string} */ name) =>
    (name.startsWith('VSCODE_') && !name.startsWith('VSCODE_TEST_')) ||
    ['ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS'].includes(name) ||
    name.startsWith('npm_');
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !foreign(name)));
}

/**
 * @param {import('node:child_process').ChildProcess} server
 * @param {number} port
 */
async function listening(server, port) {
  let output = '';
  const ready = `Extension host agent listening on ${port}`;
  server.stdout?.on('data', (chunk) => {
    output = (output + chunk).slice(-4000);
  });
  server.stderr?.on('data', (chunk) => {
    output = (output + chunk).slice(-4000);
  });
  for (const deadline = Date.now() + 30_000; !output.includes(ready); await sleep(20)) {
    if (server.exitCode !== null) throw new Error(`VS Code's server ended with code ${server.exitCode}\n${output}`);
    if (Date.now() > deadline) {
      await endGroup(server);
      throw new Error(`VS Code's server was not ready after 30 s\n${output}`);
    }
  }
}
