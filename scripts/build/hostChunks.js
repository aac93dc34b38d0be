// The extension's own code: ES modules that esbuild split become CommonJS files.
const esbuild = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');

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
 * @returns {import('esbuild').Plugin}
 */
exports.asCommonJs = (/** @type {boolean} */ production) => ({
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
});
