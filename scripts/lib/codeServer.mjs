// @ts-check
// Real VS Code without a desktop: npm's code-server package carries the complete VS Code server build. Only that part is
// taken, with the Node version that desktop VS Code of the same number has in its extension host.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { installOnce } from './cache.mjs';
import { npm, run } from './run.mjs';
import { writeStandIns } from './standIns.mjs';

export const hostVersions = /** @type {const} */ (['1.139.1', '1.105.1']);
/** @typedef {(typeof hostVersions)[number]} HostVersion */
/** @typedef {{version: HostVersion, node: string, main: string}} Host `node`: the Node to run; `main`: the server's main file */

/** The Node versions are those of desktop VS Code, or the nearest that npm has for the processor. */
const packages = {
  '1.139.1': { codeServer: '4.139.1', node: { x64: '24.21.0', arm64: '24.21.0' } },
  '1.105.1': { codeServer: '4.105.1', node: { x64: '22.19.0', arm64: '22.20.0' } },
};

// Parts of the server that Flowdeck's use never touches, and that want native builds or downloads.
const droppedDependencies = [
  '@devcontainers/cli',
  '@github/copilot-sdk',
  '@microsoft/mxc-sdk',
  '@vscode/copilot-api',
  '@vscode/sandbox-runtime',
  '@vscode/sqlite3',
  '@vscode/windows-process-tree',
  '@vscode/windows-registry',
  'kerberos',
  'ssh2',
  'native-watchdog',
  '@vscode/native-watchdog',
  '@vscode/spdlog',
  'tar',
];

// 1.105 takes its file watcher from a git repository and downloads ripgrep from GitHub; these releases come from npm.
const fromRegistry = { '@parcel/watcher': '2.5.6', '@vscode/ripgrep': '1.18.0' };

/**
 * @param {HostVersion} version
 * @returns {Promise<Host>}
 */
export async function installHost(version) {
  const { codeServer, node } = packages[version];
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
  const packagedNode = process.platform === 'linux' ? `node-linux-${arch}@${node[arch]}` : undefined;
  if (!packagedNode) requireOwnNode(node[arch]);
  const name = `vscode-host-${version}-${process.platform}-${arch}-3`;
  const folder = await installOnce(name, `installing VS Code host ${version}`, async (target) => {
    await Promise.all([
      packagedNode ? unpack(target, packagedNode, 'node', 'package', ['package/lib', 'package/share']) : undefined,
      unpack(target, `code-server@${codeServer}`, 'vscode', 'package/lib/vscode', [
        'package/lib/vscode/extensions/copilot',
        'package/lib/vscode/extensions/mermaid-markdown-features',
        'package/lib/vscode/extensions/ms-vscode.*',
      ]),
    ]);
    await installServerModules(target);
  });
  return {
    version,
    node: packagedNode ? path.join(folder, 'node', 'bin', 'node') : process.execPath,
    main: path.join(folder, 'vscode', 'out', 'server-main.js'),
  };
}

/**
 * Where npm has no Node of the right version, the one that runs this script must be of the same major version.
 * @param {string} wanted
 */
function requireOwnNode(wanted) {
  const major = wanted.split('.')[0];
  if (process.versions.node.split('.')[0] === major) return;
  throw new Error(
    `This VS Code host needs Node ${major}; this is ${process.versions.node}. Run the script with Node ${major}.`,
  );
}

/** @param {string} target */
async function installServerModules(target) {
  const vscode = path.join(target, 'vscode');
  const node = path.join(target, 'node');
  slim(vscode);
  const searchPath = `${path.join(node, 'bin')}${path.delimiter}${process.env.PATH}`;
  const env = fs.existsSync(node) ? { ...process.env, PATH: searchPath, npm_config_nodedir: node } : process.env;
  const quiet = ['--omit=dev', '--legacy-peer-deps', '--no-audit', '--no-fund'];
  await npm(['install', '--ignore-scripts', ...quiet], { cwd: vscode, env });
  const pty = path.join(vscode, 'node_modules', 'node-pty');
  const isPrebuilt = fs.existsSync(path.join(pty, 'prebuilds', `${process.platform}-${process.arch}`));
  if (!isPrebuilt) await npm(['rebuild', 'node-pty', '--ignore-scripts=false'], { cwd: vscode, env });
  writeStandIns(vscode);
  fs.rmSync(path.join(node, 'include'), { recursive: true, force: true });
}

/**
 * Takes a part of an npm package without installing it.
 * @param {string} target
 * @param {string} spec name@version
 * @param {string} folder where under `target`
 * @param {string} inside the part of the archive that is taken
 * @param {readonly string[]} without patterns that are left out
 */
async function unpack(target, spec, folder, inside, without) {
  const download = path.join(target, `.${folder}`);
  fs.mkdirSync(download);
  fs.mkdirSync(path.join(target, folder));
  await npm(['pack', spec, '--silent', '--pack-destination', download], { cwd: target });
  const [archive] = fs.readdirSync(download);
  if (!archive) throw new Error(`npm pack ${spec} made no archive`);
  const strip = `--strip-components=${inside.split('/').length}`;
  const excludes = without.map((pattern) => `--exclude=${pattern}`);
  // Relative paths: GNU tar takes the letter of a Windows drive for the name of another machine.
  await run('tar', [...excludes, '-xzf', `.${folder}/${archive}`, '-C', folder, strip, inside], { cwd: target });
  fs.rmSync(download, { recursive: true });
}

/**
 * Takes the parts out of the server's package.json that are not needed; the versions of the rest stay locked.
 * @param {string} vscode
 */
function slim(vscode) {
  const manifest = edit(path.join(vscode, 'package.json'), ({ dependencies, scripts, ...rest }) => ({
    ...rest,
    dependencies: slimDependencies(dependencies),
  }));
  edit(path.join(vscode, 'npm-shrinkwrap.json'), (locked) => {
    locked.packages[''].dependencies = manifest.dependencies;
    for (const name of Object.keys(fromRegistry)) {
      const isOurs = Object.hasOwn(manifest.dependencies, name);
      for (const place of Object.keys(locked.packages))
        if (isOurs && place.startsWith(`node_modules/${name}`)) delete locked.packages[place];
    }
    return locked;
  });
}

/** @param {Record<string, string>} dependencies */
function slimDependencies(dependencies) {
  const kept = Object.entries(dependencies).filter(([name]) => !droppedDependencies.includes(name));
  const isDownloaded = !Object.hasOwn(dependencies, '@vscode/ripgrep-universal');
  const pinned = Object.entries(fromRegistry).filter(([name]) => isDownloaded && Object.hasOwn(dependencies, name));
  return Object.fromEntries([...kept, ...pinned]);
}

/**
 * @param {string} file a JSON file
 * @param {(content: any) => any} change
 */
function edit(file, change) {
  const changed = change(JSON.parse(fs.readFileSync(file, 'utf8')));
  fs.writeFileSync(file, JSON.stringify(changed, null, 2));
  return changed;
}
