// @ts-check
// What `npm start` can be told.
import { parseArgs } from 'node:util';

export const usage = `npm start: VS Code with Flowdeck, open on a project with real runs of it on a real MLflow server.

  npm start                 in the VS Code on the PATH, else served to a browser
  npm start -- --web        served to a browser: the address is printed
  npm start -- --fresh      with the demo made anew, without what was changed in it
  npm start -- --prepare    everything but opening VS Code
  npm start -- --help       this text

Ctrl-C ends everything that was started. What is installed and made lies in the folder that FLOWDECK_CACHE names,
else in the user's cache folder. FLOWDECK_PYTHON names the Python to use.`;

const options = /** @type {const} */ ({
  web: { type: 'boolean', default: false },
  fresh: { type: 'boolean', default: false },
  prepare: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
});

/**
 * @param {string[]} args of the command line
 * @throws when there is one that is not known
 */
export function readOptions(args) {
  const { tokens, values } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  const isKnown = (/** @type {(typeof tokens)[number]} */ token) =>
    token.kind === 'option-terminator' ||
    (token.kind === 'option' && Object.hasOwn(options, token.name) && token.value === undefined);
  const unknown = tokens.filter((token) => !isKnown(token)).map(({ index }) => args[index]);
  if (unknown.length > 0) throw new Error(`npm start does not know ${[...new Set(unknown)].join(' ')}`);
  return {
    web: values.web === true,
    fresh: values.fresh === true,
    prepare: values.prepare === true,
    help: values.help === true,
  };
}
