import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { keepReport, keptReport } from '../../../src/projects/reports/keptReports';

describe('pages about launches that are kept', () => {
  const folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-reports-')), 'reports');
  const days = (count: number) => new Date(Date.now() - count * 86_400_000);

  after(() => fs.rmSync(path.dirname(folder), { recursive: true, force: true }));

  it('are found by their address alone, as they were written last, whatever the address holds', async () => {
    const hostile = 'flowdeck-report:/flowdeck-report/bisection/../../../etc/passwd?{"good":"\0"}';
    assert.equal(await keptReport(folder, 'a'), undefined);
    await keepReport(folder, 'a', 'first');
    await keepReport(folder, hostile, 'ünïcode\n');
    await keepReport(folder, 'a', 'second');
    assert.equal(await keptReport(folder, 'a'), 'second');
    assert.equal(await keptReport(folder, hostile), 'ünïcode\n');
    assert.equal(await keptReport(folder, 'b'), undefined);
    assert.equal(fs.readdirSync(folder).length, 2);
  });

  it('go when nobody wrote them for 60 days, with the next one that is written', async () => {
    const [older, younger] = ['older', 'younger'].map((name) => path.join(folder, name));
    assert.ok(older && younger);
    for (const [file, time] of [
      [older, days(61)],
      [younger, days(59)],
    ] as const) {
      fs.writeFileSync(file, '');
      fs.utimesSync(file, time, time);
    }
    await keepReport(folder, 'a', 'third');
    assert.deepEqual([fs.existsSync(older), fs.existsSync(younger)], [false, true]);
    assert.equal(await keptReport(folder, 'a'), 'third');
  });
});
