// @ts-check
// The pictures of the README (docs/images), taken anew from the demo:  node scripts/pictures.mjs [table charts …]
// MLflow's own output has emoji: without a font that has them (Debian: fonts-noto-color-emoji) they are empty boxes.
import path from 'node:path';
import process from 'node:process';
import { prepareDemo } from './demo/demo.mjs';
import { cacheFolder } from './lib/cache.mjs';
import { installChromium } from './lib/chromium.mjs';
import { installDependencies, root } from './lib/npm.mjs';
import { endGroupsOnSignals, run } from './lib/run.mjs';
import { step } from './lib/steps.mjs';
import { packageExtension, vsixFile } from './lib/vsix.mjs';
import { installMlflow } from './mlflow.mjs';
import { installHost } from './vscode.mjs';

endGroupsOnSignals();
await installDependencies();
const python = await installMlflow('3.17.2');
const demo = await prepareDemo(python, { fresh: false });
await installHost('1.139.1');
await installChromium();
await step('packaging', () => packageExtension({ show: false }));
await run(process.execPath, ['esbuild.js', '--tests'], { cwd: root });
const file = path.join('out', 'test', 'pictures', 'readme.pictures.js');
const told = {
  FLOWDECK_CACHE: cacheFolder(),
  FLOWDECK_DEMO_PROJECT: demo.project,
  FLOWDECK_DEMO_SERVER: demo.server,
  FLOWDECK_MLFLOW_3: python,
  FLOWDECK_ROOT: root,
  FLOWDECK_VSIX: vsixFile,
};
await run(process.execPath, ['--enable-source-maps', file, ...process.argv.slice(2)], {
  cwd: root,
  env: { ...process.env, ...told },
  show: true,
});
