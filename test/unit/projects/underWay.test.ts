import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { isAlive, isOfThisWindow, LaunchesUnderWay, type UnderWay } from '../../../src/projects/launch/underWay';
import { decodeRetry, keptRetry } from '../../../src/projects/request/sweepSpec';
import { memento } from '../../support/memento';

const { pid: dead } = spawnSync(process.execPath, ['--version']);
const launch = { uri: 'http://a', folder: 'file:///a', what: 'main', definition: {} };
const left = (more: Partial<UnderWay>): UnderWay => ({ ...launch, key: 'k', pids: [dead], ...more });

describe('what is under way', () => {
  it('is known by its window, whose process another one may have had the number of', () => {
    const underWay = new LaunchesUnderWay(
      memento({ 'flowdeck.projects.underWay': [left({ key: `${process.pid}-1` })] }),
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
    const underWay = new LaunchesUnderWay(memento({}));
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
});
