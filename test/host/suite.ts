import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { configureGlobal } from 'fast-check';
import Mocha from 'mocha';
import { seed } from '../../scripts/lib/sameCases.mjs';
import { counting, type Result } from '../../scripts/lib/secondTry.mjs';

/**
 * Called by VS Code inside the extension host: runs every test of this folder. The result file is the last act, so that
 * a crash of the extension host, which VS Code reports as success, is known by its absence.
 */
export async function run(): Promise<void> {
  configureGlobal({ seed });
  const grep = process.env.FLOWDECK_GREP;
  const mocha = new Mocha({ timeout: 120_000, forbidOnly: true, forbidPending: true, ...(grep ? { grep } : {}) });
  for (const file of readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).sort())
    if (file.endsWith('.test.js')) mocha.addFile(path.join(__dirname, file));
  const result = await new Promise<Result>((resolve) => {
    const runner = mocha.run(() => resolve(counted()));
    const counted = counting(runner);
  });
  const file = process.env.FLOWDECK_RESULT;
  if (file) writeFileSync(file, JSON.stringify(result));
  if (result.failed > 0) throw new Error(`${result.failed} tests failed`);
}
