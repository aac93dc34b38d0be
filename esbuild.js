// Builds what is shipped (dist/) and, with --tests, what is run by the test runner (out/).
//   node esbuild.js [--production] [--watch] [--tests]
const esbuild = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');

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

/**
 * Twenty small files take Node longer to find than to read: those that activation loads become one. Each keeps its own
 * file too, which gives what the one has, so that a chunk that is read later shares the very same modules.
 * @param {Map<string, string>} files each as a function; what is written afterwards
 * @param {string} interop what all of them share
 * @param {import('esbuild').Metafile} metafile
 */
function joinFirstChunks(files, interop, metafile) {
  const imports = new Map(
    Object.entries(metafile.outputs).map(([file, output]) => [path.basename(file), output.imports]),
  );
  const first = new Set();
  const visit = (/** @type {string} */ name) => {
    if (first.has(name) || !files.has(name)) return;
    first.add(name);
    for (const { path: file, kind } of imports.get(name) ?? [])
      if (kind === 'import-statement') visit(path.basename(file));
  };
  visit('extension.js');
  const chunks = [...first].map((name) => `"./${name}":${files.get(name)}`);
  const load =
    'const load=(name)=>{if(!(name in chunks))return require(name);if(name in loaded)return loaded[name].exports;' +
    'const module=loaded[name]={exports:{}};chunks[name](module,module.exports,load,interop);return module.exports};';
  const main = 'module.exports=load("./extension.js");module.exports.chunk=load;module.exports.interop=interop;';
  for (const [name, code] of files)
    files.set(
      name,
      first.has(name)
        ? `module.exports=require("./extension.js").chunk("./${name}");`
        : `"use strict";(${code})(module,exports,require,require("./extension.js").interop);`,
    );
  files.set(
    'extension.js',
    `"use strict";const interop=${interop},chunks={${chunks.join(',')}},loaded={};${load}${main}`,
  );
}

/** What esbuild writes at the top of each file to tell modules of one kind to those of the other. */
const interopForm = /^((?:var __[\s\S]*?\n)?var __toCommonJS = [^\n]*\n)/;
const interopNames = '{__export,__toCommonJS,__toESM}';

/**
 * A hundred files with the same 600 characters at their top would be a tenth of all: they are written once.
 * @param {Map<string, string>} files CommonJS, not minified
 * @returns {Promise<{functions: Map<string, string>, interop: string}>} each file as a function of `module`, `exports`,
 * `require` and what they share
 */
async function shareInterop(files) {
  // An expression that nobody uses would be left out.
  const minified = async (/** @type {string} */ expression) => {
    const { code } = await esbuild.transform(`module.exports=${expression}`, { target: 'node22', minify: true });
    return code.trim().replace(/^module\.exports=|;$/g, '');
  };
  const functions = new Map();
  let fullest = '';
  for (const [name, code] of files) {
    const [top, helpers = ''] = interopForm.exec(code) ?? [];
    if (top === undefined) throw new Error(`${name} begins in another way than esbuild's output did before`);
    if (helpers.length > fullest.length) fullest = helpers;
    const body = code.slice(top.length);
    functions.set(name, await minified(`(module,exports,require,${interopNames})=>{${body}\n}`));
  }
  return { functions, interop: await minified(`(()=>{${fullest};return ${interopNames}})()`) };
}

/**
 * What the extension imports dynamically becomes chunks that are read on first use. esbuild splits ES modules only, so
 * its output is turned into CommonJS, which every version of VS Code loads, file by file.
 * @type {import('esbuild').Plugin}
 */
const asCommonJs = {
  name: 'as-common-js',
  setup(build) {
    build.onEnd(async ({ outputFiles = [], metafile }) => {
      /** @type {Map<string, string>} name of the file → its code */
      const files = new Map();
      for (const file of outputFiles) {
        const { code } = await esbuild.transform(file.text, {
          format: 'cjs',
          platform: 'node',
          target: 'node22',
          supported: { 'dynamic-import': false },
          sourcemap: production ? false : 'inline',
          sourcefile: path.basename(file.path),
        });
        // esbuild copies a namespace member by member, lest it has a default export: 300 members in every chunk for nothing.
        const slim = code.replaceAll(/\b[\w$]+\(require\("vscode"\)(?:, ?1)?\)/g, 'require("vscode")');
        files.set(path.basename(file.path), slim);
      }
      let written = files;
      if (production && metafile) {
        const { functions, interop } = await shareInterop(files);
        joinFirstChunks(functions, interop, metafile);
        written = functions;
      }
      fs.mkdirSync('dist', { recursive: true });
      for (const [name, code] of written) fs.writeFileSync(path.join('dist', name), code);
    });
  },
};

/**
 * Which files a page needs for each of its tabs, so that the document can name them all at once: found one behind the
 * other, each costs a webview a way to the host and back.
 * @type {import('esbuild').Plugin}
 */
const listPreloads = {
  name: 'list-preloads',
  setup(build) {
    build.onEnd(({ metafile }) => {
      if (!metafile) return;
      const { outputs } = metafile;
      const closure = (/** @type {Set<string>} */ seen, /** @type {string | undefined} */ file) => {
        if (!file || seen.has(file)) return seen;
        seen.add(file);
        for (const { path: next, kind } of outputs[file]?.imports ?? [])
          if (kind === 'import-statement') closure(seen, next);
        return seen;
      };
      const outputOf = (/** @type {string} */ entry) =>
        Object.keys(outputs).find((file) => outputs[file]?.entryPoint === entry);
      const tabs = ['table', 'charts', 'compare'].map((tab) => {
        const files = closure(
          closure(new Set(), outputOf('webview/runs/main.ts')),
          outputOf(`webview/${tab}/${tab}Tab.ts`),
        );
        return [tab, [...files].map((file) => path.basename(file))];
      });
      fs.writeFileSync('dist/webview/preloads.json', JSON.stringify(Object.fromEntries(tabs)));
    });
  },
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
    plugins: [loadOnFirstUse, asCommonJs],
  },
  // A process of its own beside the local server.
  { ...host, entryPoints: { watchdog: 'src/connections/local/watchdog.ts' }, outdir: 'dist' },
  // Run by the Python that has MLflow.
  {
    entryPoints: ['src/projects/supervisor.py', 'src/projects/launcher.py'],
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
    ...common,
    entryPoints: { runs: 'webview/runs/main.ts', launch: 'webview/launch/main.ts' },
    outdir: 'dist/webview',
    platform: 'browser',
    target: 'chrome128',
    format: 'esm',
    splitting: true,
    chunkNames: 'chunk-[hash]',
    tsconfig: 'webview/tsconfig.json',
    plugins: [listPreloads],
  },
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
