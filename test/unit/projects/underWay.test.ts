import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isAlive, isOfThisWindow, LaunchesUnderWay, type UnderWay } from '../../../src/projects/launch/underWay';
import { decodeRetry, keptRetry } from '../../../src/projects/request/sweepSpec';
import { becomes } from '../../support/eventually';
import { memento } from '../../support/memento';

const { pid: dead } = spawnSync(process.execPath, ['--version']);
const launch = { uri: 'http://a', folder: 'file:///a', what: 'main', definition: {} };
const left = (more: Partial<UnderWay>): UnderWay => ({ ...launch, key: 'k', pids: [dead], ...more });

describe('what is under way', () => {
  const storage = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-under-way-'));
  const files = () => fs.readdirSync(path.join(storage, 'changes'));
  const patch = Buffer.from('diff \xe9\n', 'latin1');

  after(() => fs.rmSync(storage, { recursive: true, force: true }));

  it('is known by its window, whose process another one may have had the number of', () => {
    const underWay = new LaunchesUnderWay(
      memento({ 'flowdeck.projects.underWay': [left({ key: `${process.pid}-1` })] }),
      storage,
    );
    const { change } = underWay.begin({ ...launch, pids: [process.pid] });
    change({ runId: 'r' });
    assert.deepEqual(underWay.all().map(isOfThisWindow), [false, true]);
    const [, own] = underWay.all();
    assert.deepEqual([own?.runId, own?.starts?.length], ['r', 1]);
    // Found by the next window, which has this number now.
    assert.ok(!isAlive(left({ pids: [process.pid], window: 'another' })));
  });

  it('is over when no process of it is left, also where another one has the number of one', () => {
    assert.ok(!isAlive(left({})));
    assert.ok(isAlive(left({ pids: [dead, process.ppid] })), 'an older version did not say when it was started');
    const underWay = new LaunchesUnderWay(memento({}), storage);
    underWay.begin({ ...launch, pids: [process.ppid] });
    const [kept] = underWay.all();
    assert.ok(kept && isAlive(kept));
    // Elsewhere the system does not tell.
    if (process.platform === 'linux') assert.ok(!isAlive({ ...kept, starts: ['1'] }));
  });

  it('keeps what is left of a sweep as it was, and takes nothing else for it', () => {
    const retry = {
      parentRunId: 'p',
      runs: [
        new Map([['a', '1']]),
        new Map([
          ['a', '2'],
          ['b', 'x'],
        ]),
      ],
    };
    const kept: unknown = JSON.parse(JSON.stringify(keptRetry(retry)));
    assert.deepEqual(decodeRetry(kept), retry);
    for (const wrong of [undefined, null, 5, {}, { ...retry, runs: [] }, { parentRunId: 'p', runs: [[['a']]] }])
      assert.equal(decodeRetry(wrong), undefined);
  });

  it('keeps what was not committed for the next window, and drops it where this one sees the end', async () => {
    const state = memento({});
    const underWay = new LaunchesUnderWay(state, storage);
    const [one, other] = ['one', 'other'].map((runId) => underWay.begin({ ...launch, pids: [dead], runId }));
    assert.ok(one && other);
    await one.keep('one', [{ runIds: ['one'], patch }]);
    await other.keep('other', [{ runIds: ['other'], patch }]);
    assert.equal(files().length, 2);
    if (process.platform !== 'win32')
      for (const file of files()) assert.equal(fs.statSync(path.join(storage, 'changes', file)).mode & 0o077, 0);
    one.end();
    one.change({ what: 'late' });
    await becomes(() => files().length, 1);
    underWay.close();
    other.end();

    const next = new LaunchesUnderWay(state, storage);
    const launches = next.all();
    assert.deepEqual(
      launches.map(({ runId }) => runId),
      ['other'],
    );
    assert.deepEqual(await next.changesOf(launches), [{ runIds: ['other'], patch }]);
    await next.forget(launches.map(({ key }) => key));
    assert.deepEqual(next.all(), []);
    await becomes(() => files().length, 0);
    assert.deepEqual(await next.changesOf(launches), [], 'what is gone is left out');
  });

  it('keeps the same changes of the runs of a sweep once, as long as the sweep goes on', async () => {
    const underWay = new LaunchesUnderWay(memento({}), storage);
    const sweep = underWay.begin({ ...launch, pids: [dead], runId: 'parent' });
    for (const runId of ['a', 'b']) {
      const child = underWay.begin({ ...launch, pids: [dead], runId, quiet: true });
      await child.keep('parent', [{ runIds: [runId], patch }]);
      if (runId === 'a') child.end();
    }
    await sweep.keep('parent', [{ runIds: ['a'], patch }]);
    assert.equal(files().length, 1);
    assert.deepEqual(await underWay.changesOf(underWay.all()), [{ runIds: ['b', 'a'], patch }]);
    sweep.end();
    await becomes(() => files().length, 0);
  });

  it('reads no file but those of changes', async () => {
    fs.writeFileSync(path.join(storage, 'secret'), 'x');
    const bad: unknown[] = [5, null, {}, { runIds: [], patch: '../secret' }, { runIds: [5], patch: 'a'.repeat(16) }];
    const underWay = new LaunchesUnderWay(memento({}), storage);
    assert.deepEqual(await underWay.changesOf([left({ changes: bad as never })]), []);
    assert.deepEqual(
      new LaunchesUnderWay(memento({ 'flowdeck.projects.underWay': [left({ changes: 5 as never })] }), storage).all(),
      [],
    );
  });
});
