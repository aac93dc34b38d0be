import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { PageExports } from '../../src/panels/runs/pageExports';
import { becomes } from '../support/eventually';

describe('files that a page writes', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-exports-'));
  const file = path.join(folder, 'runs.csv');
  const uri = vscode.Uri.file(file);
  const reported: string[] = [];
  const done: number[] = [];
  const commands = {
    report: (action: string, error: unknown) => reported.push(`${action}: ${error}`),
  };
  const told = {
    action: 'export',
    title: 'Exporting',
    expected: 1,
    done: (_: vscode.Uri, runs: number) => done.push(runs),
  };

  beforeEach(() => {
    for (const name of fs.readdirSync(folder)) fs.rmSync(path.join(folder, name), { recursive: true });
    reported.length = 0;
    done.length = 0;
    fs.writeFileSync(file, 'before');
  });

  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** Nothing is left but what was there. */
  const untouched = () =>
    becomes(
      () => fs.readdirSync(folder).map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')]),
      [['runs.csv', 'before']],
    );

  it('are not touched when the tab is closed', async () => {
    const exports = new PageExports(commands);
    await exports.write(await exports.begin(uri, told), 'half', 1);
    exports.dispose();
    await untouched();
    assert.deepEqual([reported, done], [[], []]);
  });

  it('are given up, and that is said, when the page goes without a word', async () => {
    const exports = new PageExports(commands, 20);
    const exportId = await exports.begin(uri, told);
    await becomes(() => reported.length, 1);
    assert.match(reported[0] ?? '', /^export: .*hidden or closed before .*runs\.csv was complete/);
    await untouched();
    assert.equal(await exports.write(exportId, 'more', 1), true);
    await exports.end(exportId);
    assert.deepEqual([reported.length, done], [1, []]);
  });

  it('are given up, and it is said why, when the page cannot go on', async () => {
    const exports = new PageExports(commands);
    const exportId = await exports.begin(uri, told);
    await exports.write(exportId, 'half', 1);
    await exports.end(exportId, 'a history is gone');
    await untouched();
    assert.match(reported.join(), /^export: .*a history is gone$/);
  });

  it('are waited for as long as the page says something, also twice at once', async () => {
    const exports = new PageExports(commands, 300);
    const exportId = await exports.begin(uri, told);
    for (let times = 0; times < 40; times++) {
      const both = await Promise.all([exports.write(exportId, '', 0), exports.write(exportId, '', 0)]);
      assert.deepEqual(both, [false, false]);
      // Shorter than it waits: of two timers that are late the earlier one is first.
      await sleep(20);
    }
    await exports.write(exportId, 'whole', 2);
    await exports.end(exportId);
    assert.deepEqual([fs.readFileSync(file, 'utf8'), done, reported], ['whole', [2], []]);
  });
});
