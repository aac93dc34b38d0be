// Builds what is shipped (dist/) and, with --tests, what is run by the test runner (out/).
//   node esbuild.js [--production] [--watch] [--tests]
const esbuild = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');
const { firstScript } = require('./scripts/build/firstScript.js');
const { asCommonJs } = require('./scripts/build/hostChunks.js');

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const tests = process.argv.includes('--tests');

/** Heavy libraries become files of their own, so that activation does not load them: `import('undici')` reads dist/undici.js. */
const onFirstUse = ['undici', 'simple-git', 'yaml'];

/**
 * Of undici what speaks HTTP through pools and proxies, under the names its index has; fetch, web sockets, caches and
 * mocks, half of its code, stay out. The index gives dispatchers their methods in the same way.
 */
const undiciParts = `
Object.assign(require('undici/lib/dispatcher/dispatcher.js').prototype, require('undici/lib/api/index.js'));
exports.Agent = require('undici/lib/dispatcher/agent.js');
exports.EnvHttpProxyAgent = require('undici/lib/dispatcher/env-http-proxy-agent.js');
exports.request = (url, { dispatcher, ...options }) => {
  const { origin, pathname, search } = new URL(url);
  return dispatcher.request({ ...options, origin, path: pathname + search });
};
`;

/**
 * Two more parts of undici that nothing here needs: its parser's second build (the plain one runs on every processor, and
 * only heads of answers are parsed) and bodies made of form data, which bring half of fetch with them.
 * @type {import('esbuild').Plugin}
 */
const leanUndici = {
  name: 'lean-undici',
  setup(build) {
    const left = new Set(['parser', 'form data']);
    build.onResolve({ filter: /llhttp_simd-wasm\.js$/ }, ({ resolveDir }) => {
      left.delete('parser');
      return { path: path.join(resolveDir, '../llhttp/llhttp-wasm.js') };
    });
    build.onLoad({ filter: /[\\/]undici[\\/]lib[\\/]web[\\/]fetch[\\/]body\.js$/ }, () => {
      left.delete('form data');
      return { contents: "exports.extractBody = () => { throw new TypeError('Form data cannot be sent.'); };" };
    });
    build.onEnd(() => {
      if (left.size) throw new Error(`undici has another shape than before: ${[...left].join(', ')} not found`);
    });
  },
};

/** @type {import('esbuild').Plugin} */
const loadOnFirstUse = {
  name: 'load-on-first-use',
  setup(build) {
    const names = new RegExp(`^(${onFirstUse.join('|')})$`);
    build.onResolve({ filter: names }, ({ path: name, importer }) =>
      importer.includes(`${path.sep}node_modules${path.sep}`) ? undefined : { path: `./${name}.js`, external: true },
    );
  },
};

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

/** @type {import('esbuild').BuildOptions} */
const host = {
  ...common,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  external: ['vscode'],
};

/** @type {import('esbuild').BuildOptions} */
const page = {
  ...common,
  outdir: 'dist/webview',
  platform: 'browser',
  target: 'chrome128',
  format: 'esm',
  tsconfig: 'webview/tsconfig.json',
};

/** @type {import('esbuild').BuildOptions[]} */
const shipped = [
  {
    ...host,
    entryPoints: { extension: 'src/extension.ts' },
    outdir: 'dist',
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    sourcemap: production ? false : 'inline',
    write: false,
    // Of its two forms the one that can be taken apart; the other asks for its parts by names made at run time.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    plugins: [loadOnFirstUse, asCommonJs(production)],
  },
  // A process of its own beside the local server.
  { ...host, entryPoints: { watchdog: 'src/connections/local/watchdog.ts' }, outdir: 'dist' },
  // Run by the Python that has MLflow.
  {
    entryPoints: ['src/projects/process/supervisor.py', 'src/projects/process/launcher.py'],
    loader: { '.py': 'copy' },
    outdir: 'dist',
    logLevel: 'warning',
  },
  { ...host, entryPoints: { 'simple-git': 'simple-git', yaml: 'yaml' }, outdir: 'dist' },
  {
    ...host,
    stdin: { contents: undiciParts, resolveDir: __dirname },
    outfile: 'dist/undici.js',
    plugins: [leanUndici],
  },
  {
    ...page,
    entryPoints: { runs: 'webview/runs/main.ts' },
    splitting: true,
    chunkNames: 'chunk-[hash]',
    sourcemap: production ? false : 'inline',
    write: false,
    plugins: [
      firstScript({
        page: 'runs',
        entry: 'webview/runs/main.ts',
        first: 'webview/table/tableTab.ts',
        others: { charts: 'webview/charts/chartsTab.ts', compare: 'webview/compare/compareTab.ts' },
        production,
      }),
    ],
  },
  { ...page, entryPoints: { launch: 'webview/launch/main.ts' } },
];

/** Every *.test.ts, *.bench.ts and *.pictures.ts under test/, and the two files that the runners load, each bundled by itself. */
function testBuild() {
  const entryPoints = fs
    .readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(test|bench|pictures)\.ts$|(^|[\\/])suite\.ts$/.test(file))
    .map((file) => path.join('test', file));
  return {
    ...host,
    minify: false,
    sourcemap: /** @type {const} */ ('inline'),
    target: 'node20',
    packages: /** @type {const} */ ('external'),
    entryPoints,
    outbase: '.',
    outdir: 'out',
  };
}

function printSizes() {
  const kilobytes = (/** @type {string} */ file) => `${(fs.statSync(file).size / 1000).toFixed(1)} kB`;
  for (const file of fs.readdirSync('dist', { recursive: true, encoding: 'utf8' }).sort()) {
    if (file.endsWith('.js'))
      console.log(`  dist/${file.replaceAll('\\', '/')}  ${kilobytes(path.join('dist', file))}`);
  }
}

/**
 * Tests whose source is gone must not be run. Done after the build: another run may be reading the folder.
 * @param {import('esbuild').BuildResult} result
 */
function removeStaleTests(result) {
  const built = new Set(Object.keys(result.metafile?.outputs ?? {}).map((file) => path.resolve(file)));
  const folder = path.join('out', 'test');
  for (const file of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const full = path.resolve(folder, file);
    if (file.endsWith('.js') && !built.has(full)) fs.rmSync(full);
  }
}

async function main() {
  if (tests) {
    removeStaleTests(await esbuild.build(testBuild()));
    return;
  }
  fs.rmSync('dist', { recursive: true, force: true });
  if (watch) {
    for (const options of shipped) await (await esbuild.context(options)).watch();
    return;
  }
  const started = Date.now();
  await Promise.all(shipped.map((options) => esbuild.build(options)));
  console.log(`built dist/ in ${Date.now() - started} ms`);
  printSizes();
}

main().catch((error) => {
  // What a plug-in throws at the end esbuild has not said.
  if (!error.errors || error.errors.some((/** @type {{pluginName?: string}} */ { pluginName }) => pluginName))
    console.error(error);
  process.exitCode = 1;
});
