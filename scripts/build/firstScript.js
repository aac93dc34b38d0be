// A webview's code: what its first tab needs becomes one script, which the document itself carries.
const esbuild = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');

const folder = path.join('dist', 'webview');
/** Where the first script leaves its modules for those that come later; a script inside a document has no address. */
const parts = 'globalThis.flowdeckParts';

/**
 * Each file that a webview asks for goes through a service worker to the extension host and back, sixteen of them take
 * longer than to draw a table. So the entry, the first tab and all that they import become one script; the files that
 * it replaces stay as names for what is in it, since later tabs import from them. `preloads.json` lists for each of the
 * other tabs what else it needs, so that the document can name these files all at once.
 * @param {{page: string, entry: string, first: string, others: Readonly<Record<string, string>>, production: boolean}} options
 * paths of sources; `others`: name of a tab → its source
 * @returns {import('esbuild').Plugin}
 */
exports.firstScript = ({ page, entry, first, others, production }) => ({
  name: 'first-script',
  setup(build) {
    build.onEnd(async ({ outputFiles = [], metafile }) => {
      if (!metafile) return;
      const codes = new Map(outputFiles.map((file) => [path.basename(file.path), file.text]));
      const graph = graphOf(metafile);
      const inFirst = graph.closure([graph.fileOf(entry), graph.fileOf(first)]);
      codes.set(`${page}.js`, await joined({ page, codes, inFirst, production }));
      for (const name of inFirst) if (name !== `${page}.js`) codes.set(name, namesOf(name, graph.exportsOf(name)));
      fs.mkdirSync(folder, { recursive: true });
      for (const [name, code] of codes) fs.writeFileSync(path.join(folder, name), code);
      const more = Object.entries(others).map(([tab, source]) => [
        tab,
        [...graph.closure([graph.fileOf(source)])].filter((name) => !inFirst.has(name)),
      ]);
      fs.writeFileSync(path.join(folder, 'preloads.json'), JSON.stringify(Object.fromEntries(more)));
    });
  },
});

/** @param {import('esbuild').Metafile} metafile */
function graphOf({ outputs }) {
  const byName = new Map(Object.entries(outputs).map(([file, output]) => [path.basename(file), output]));
  return {
    fileOf(/** @type {string} */ source) {
      const found = [...byName].find(([, { entryPoint }]) => entryPoint === source);
      if (!found) throw new Error(`${source} has no file of its own`);
      return found[0];
    },
    exportsOf: (/** @type {string} */ name) => byName.get(name)?.exports ?? [],
    /** Files, and all that they import statically. */
    closure(/** @type {readonly string[]} */ names) {
      const seen = new Set();
      const visit = (/** @type {string} */ name) => {
        if (seen.has(name)) return;
        seen.add(name);
        for (const { path: file, kind } of byName.get(name)?.imports ?? [])
          if (kind === 'import-statement') visit(path.basename(file));
      };
      for (const name of names) visit(name);
      return seen;
    },
  };
}

/**
 * @param {{page: string, codes: ReadonlyMap<string, string>, inFirst: ReadonlySet<string>, production: boolean}} options
 * @returns {Promise<string>}
 */
async function joined({ page, codes, inFirst, production }) {
  const files = [...inFirst].filter((name) => name !== `${page}.js`);
  const imports = files.map((name, at) => `import * as part${at} from './${name}';`);
  const members = files.map((name, at) => `${JSON.stringify(name)}: part${at}`);
  const { outputFiles } = await esbuild.build({
    stdin: { contents: `${imports.join('')}\n${parts} = {${members.join()}};\nimport './${page}.js';` },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'chrome128',
    minify: production,
    sourcemap: production ? false : 'inline',
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [
      {
        name: 'from-memory',
        setup(build) {
          build.onResolve({ filter: /^\.\// }, ({ path: file }) =>
            inFirst.has(path.basename(file))
              ? { path: path.basename(file), namespace: 'page' }
              : { path: file, external: true },
          );
          build.onLoad({ filter: /./, namespace: 'page' }, ({ path: name }) => ({
            contents: inPlace(codes.get(name) ?? '', inFirst),
          }));
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? '';
}

/**
 * What is in the script already is not imported a second time: esbuild would make a function of each module that such an
 * import leads to, which the browser has to read twice.
 */
const inPlace = (/** @type {string} */ code, /** @type {ReadonlySet<string>} */ inFirst) =>
  code.replaceAll(/\bimport\("\.\/([\w.-]+)"\)/g, (found, name) =>
    inFirst.has(name) ? `Promise.resolve().then(()=>${parts}[${JSON.stringify(name)}])` : found,
  );

/** A file that gives what the first script has of it. Nothing of it changes after it ran: its values can be handed on. */
function namesOf(/** @type {string} */ name, /** @type {readonly string[]} */ names) {
  const locals = names.map((exported, at) => `_${at} as ${exported}`);
  const values = names.map((exported, at) => `${exported}:_${at}`);
  return `const{${values.join()}}=${parts}[${JSON.stringify(name)}];export{${locals.join()}};`;
}
