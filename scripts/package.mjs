// @ts-check
// npm run package: a production build as out/flowdeck.vsix, with what it weighs.
import process from 'node:process';
import { installDependencies } from './lib/npm.mjs';
import { Report } from './lib/report.mjs';
import { checkSizes, packageExtension, vsixFile } from './lib/vsix.mjs';

const started = Date.now();
const report = new Report();
await installDependencies();
await report.section('package', async (section) => {
  await section.attempt(vsixFile, packageExtension);
  await checkSizes(section);
});
process.exitCode = report.finish(started);
