// @ts-check
// npm test: everything, on a clean clone, with nothing prepared.
//   node scripts/test.mjs [lint|types|build|unit|live|host|ui …] [--grep text]
// Without names all of them run. What is missing is installed first, into the cache; what cannot be had fails.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { cacheFolder } from './lib/cache.mjs';
import { installChromium } from './lib/chromium.mjs';
import { runHostSuite } from './lib/hostSuite.mjs';
import { installDependencies, root } from './lib/npm.mjs';
import { Report } from './lib/report.mjs';
import { endGroupsOnSignals, run } from './lib/run.mjs';
import { trySuites } from './lib/secondTry.mjs';
import { say } from './lib/steps.mjs';
import { checkSizes, packageExtension, vsixFile } from './lib/vsix.mjs';
import { hostVersions, installHost } from './vscode.mjs';

/** @typedef {import('./lib/report.mjs').Section} Section */

const hostParts = hostVersions.map((version) => `host-${version}`);
const names = ['lint', 'types', 'build', 'unit', 'live', 'host', ...hostParts, 'ui'];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  // With --lane the test is a part of another one, which has built everything and wants the counts in this file.
  options: { grep: { type: 'string' }, lane: { type: 'string' } },
});
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) throw new Error(`unknown part ${unknown.join(', ')}; there are ${names.join(', ')}`);
const wanted = (/** @type {string[]} */ ...parts) =>
  positionals.length === 0 || parts.some((part) => positionals.includes(part));

const results = path.resolve(process.env.FLOWDECK_OUT ?? path.join(root, 'out', 'results'));
const grep = values.grep ? ['--grep', values.grep] : [];

/** @type {Record<string, string>} what the suites are told */
const environment = {
  FLOWDECK_CACHE: cacheFolder(),
  FLOWDECK_OUT: results,
  FLOWDECK_ROOT: root,
  FLOWDECK_VSIX: vsixFile,
};

/**
 * A tool of node_modules, run with this Node; its output is shown when it fails.
 * @param {string} file
 * @param {...string} args
 */
const tool = (file, ...args) => run(process.execPath, [path.join('node_modules', file), ...args], { cwd: root });

/** @param {Section} section */
async function types(section) {
  const projects = ['tsconfig.json', 'webview/tsconfig.json', 'test/unit/page/tsconfig.json', 'scripts/tsconfig.json'];
  await Promise.all(
    projects.map((project) => section.attempt(project, () => tool('typescript/bin/tsc', '--noEmit', '-p', project))),
  );
}

/**
 * dist/ for the in-host tests; the package, which vsce builds dist/ for itself, for the others.
 * @param {Section} section
 */
async function build(section) {
  if (wanted('build', 'ui')) {
    await section.attempt('production build and package', packageExtension);
    await checkSizes(section);
  } else {
    await section.attempt('build', () => run(process.execPath, ['esbuild.js', '--production'], { cwd: root }));
  }
}

/** The venvs with the official MLflow, one of each major version. */
async function installMlflows() {
  if (environment.FLOWDECK_MLFLOW_3) return;
  const { installMlflow } = await import('./mlflow.mjs');
  environment.FLOWDECK_MLFLOW_3 = await installMlflow('3.17.2');
  environment.FLOWDECK_MLFLOW_2 = await installMlflow('2.15.1');
}

/** What launching needs beside MLflow. */
async function installForLaunching() {
  if (environment.FLOWDECK_LAUNCH_3) return;
  await installMlflows();
  const { installDebugger, installLaunchTools } = await import('./launchTools.mjs');
  const { FLOWDECK_MLFLOW_3: newer = '', FLOWDECK_MLFLOW_2: older = '' } = environment;
  environment.FLOWDECK_EXTENSIONS = await installDebugger(newer);
  environment.FLOWDECK_LAUNCH_2 = await installLaunchTools('2.15.1', older);
  environment.FLOWDECK_LAUNCH_3 = await installLaunchTools('3.17.2', newer);
}

/**
 * Mocha on the bundled tests of one folder, in plain Node.
 * @param {string} part
 * @param {readonly string[]} options
 * @param {string | undefined} chosen the tests to run
 * @returns {Promise<import('./lib/secondTry.mjs').Result>}
 */
async function mocha(part, options, chosen) {
  const result = path.join(results, `${part}.json`);
  fs.rmSync(result, { force: true });
  const runner = path.join('scripts', 'lib', 'runMocha.mjs');
  const grep = chosen ? ['--grep', chosen] : [];
  const args = ['--enable-source-maps', runner, path.join('out', 'test', part), ...options, ...grep];
  const env = { ...process.env, ...environment, FLOWDECK_RESULT: result };
  const problem = await run(process.execPath, args, { cwd: root, env, show: true }).catch((error) => error);
  if (fs.existsSync(result)) return JSON.parse(fs.readFileSync(result, 'utf8'));
  throw problem instanceof Error ? problem : new Error(`the ${part} tests ended without a result`);
}

/** @param {Section} section */
async function ui(section) {
  await installForLaunching();
  if (!fs.existsSync(vsixFile)) throw new Error('there is no package to test');
  await trySuites(section, 'ui', (chosen) => mocha('ui', ['--timeout', '300000'], chosen), values.grep);
}

/** @param {Report} report */
async function prepare(report) {
  await installDependencies();
  fs.mkdirSync(results, { recursive: true });
  if (wanted('lint'))
    await report.section('lint', (part) => part.attempt('biome', () => tool('@biomejs/biome/bin/biome', 'check', '.')));
  if (wanted('types')) await report.section('types', types);
  if (wanted('build', 'host', 'ui', ...hostParts)) await report.section('build', build);
  if (wanted('unit', 'live', 'host', 'ui', ...hostParts))
    await report.section('test build', (part) =>
      part.attempt('out/test/', () => run(process.execPath, ['esbuild.js', '--tests'], { cwd: root, show: true })),
    );
}

/**
 * @param {Report} report
 * @param {readonly import('./lib/codeServer.mjs').HostVersion[]} versions
 */
async function hosts(report, versions) {
  for (const version of versions)
    await report.section(`host ${version}`, async (part) => {
      await installForLaunching();
      await runHostSuite(part, version, environment, values.grep);
    });
}

/** @param {Report} report */
async function live(report) {
  await report.section('live', async (part) => {
    await installMlflows();
    await trySuites(part, 'live', (chosen) => mocha('live', ['--timeout', '120000'], chosen), values.grep);
  });
}

/**
 * Parts in a process of their own, beside the other slow ones: each leaves a core idle most of the time. What it printed
 * is shown in one piece when it is done.
 * @param {...string} parts
 * @returns {Promise<(report: Report) => void>}
 */
async function beside(...parts) {
  const file = path.join(results, `lane-${parts.join('-')}.json`);
  fs.rmSync(file, { force: true });
  const args = [path.join('scripts', 'test.mjs'), ...parts, '--lane', file, ...grep];
  const output = await run(process.execPath, args, { cwd: root, all: true }).catch((error) => error.message);
  return (report) => {
    say(output);
    if (fs.existsSync(file)) report.merge(JSON.parse(fs.readFileSync(file, 'utf8')));
    else report.merge({ passed: 0, failed: 1, failures: [`${parts.join(', ')}: the tests ended without a result`] });
  };
}

/** @param {Report} report */
async function slowParts(report) {
  if (wanted('live')) await live(report);
  if (wanted('host')) await hosts(report, hostVersions);
  for (const version of hostVersions) if (positionals.includes(`host-${version}`)) await hosts(report, [version]);
  if (wanted('ui')) await report.section('ui', ui);
}

async function main() {
  endGroupsOnSignals();
  const started = Date.now();
  const report = new Report();
  if (values.lane) {
    await slowParts(report);
    fs.writeFileSync(values.lane, JSON.stringify(report));
    return;
  }
  await prepare(report);
  if (wanted('unit'))
    await report.section('unit', async (part) =>
      part.add('unit', await mocha('unit', ['--reporter', 'dot', '--timeout', '20000'], values.grep)),
    );
  if (positionals.length > 0) await slowParts(report);
  else {
    await installForLaunching();
    await installChromium();
    for (const version of hostVersions) await installHost(version);
    say('\nThe slow parts run beside each other; what two of them say comes when they are done.');
    const [current, oldest] = hostVersions;
    // On a build machine nobody waits beside it: two at a time disturb each other less than three, and take little longer.
    const lanes = process.env.CI
      ? [beside('live', 'host')]
      : [beside(`host-${current}`), beside('live', `host-${oldest}`)];
    const [ended] = await Promise.all([Promise.all(lanes), report.section('ui', ui)]);
    for (const tell of ended) tell(report);
  }
  process.exitCode = report.finish(started);
}

await main();
