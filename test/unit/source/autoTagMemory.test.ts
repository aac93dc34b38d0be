import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { AutoTagMemory } from '../../../src/source/autoTagMemory';
import { memento } from '../../support/memento';

type Kept = ConstructorParameters<typeof AutoTagMemory>[0];

describe('what automatic tagging knows after a reload', () => {
  const keptIn = (values: Readonly<Record<string, unknown>> = {}) => memento(values) as Kept;
  const here = process.pid;

  it('is its mark, and which runs are decided about', () => {
    const kept = keptIn();
    const before = new AutoTagMemory(kept);
    before.decide('a', 'b');
    const after = new AutoTagMemory(kept);
    assert.match(after.mark, /^[0-9a-f-]{36}$/);
    assert.equal(after.mark, before.mark);
    assert.deepEqual(
      ['a', 'b', 'c'].map((id) => after.isDecided(id)),
      [true, true, false],
    );
    assert.notEqual(new AutoTagMemory(keptIn()).mark, before.mark, 'another workspace has another one');
  });

  it('is which commands ran, by the files they name and nothing else of their lines', () => {
    const kept = keptIn();
    const before = new AutoTagMemory(kept);
    before.began({}, 'TOKEN=s3cret python src/train.py --data x.csv', here);
    assert.doesNotMatch(JSON.stringify(kept.get('flowdeck.autoTag.running')), /s3cret|csv/);
    const now = Date.now();
    assert.equal(before.leftSince(now, 'train.py', false), undefined, 'those of this window are seen');
    const after = new AutoTagMemory(kept);
    const since = after.leftSince(now, 'train.py', true);
    assert.ok(since !== undefined && since <= now);
    assert.equal(after.leftSince(since - 1, 'train.py', false), undefined, 'it began later');
    // One that names another file may have started this one, where none that was seen names it.
    assert.deepEqual(
      [after.leftSince(now, 'other.py', false), after.leftSince(now, 'other.py', true)],
      [since, undefined],
    );
  });

  it('ends with the command, with the next one in the same terminal, and with the terminal', async () => {
    const started = { one: {}, two: {} };
    const left = async (change: (memory: AutoTagMemory) => void | Promise<void>, pid = here) => {
      const kept = keptIn();
      new AutoTagMemory(kept).began(started.one, 'python train.py', pid);
      const memory = new AutoTagMemory(kept);
      await change(memory);
      const now = Date.now() + 1_000;
      return [memory.leftSince(now, 'train.py', false), new AutoTagMemory(kept).leftSince(now, 'train.py', false)].map(
        (since) => since !== undefined,
      );
    };
    assert.deepEqual(await left(() => undefined), [true, true]);
    assert.deepEqual(await left((memory) => memory.ended({}, here)), [false, false]);
    // The next reload knows of the new one alone.
    assert.deepEqual(await left((memory) => memory.began(started.two, 'python other.py', here)), [false, true]);
    const shell = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    assert.ok(shell.pid);
    const gone = await left(async () => {
      shell.kill();
      await once(shell, 'exit');
    }, shell.pid);
    assert.deepEqual(gone, [false, false]);
    const kept = keptIn();
    new AutoTagMemory(kept).began(started.one, 'python train.py', here);
    const memory = new AutoTagMemory(kept);
    const during = Date.now();
    memory.ended({}, here);
    assert.ok(memory.leftSince(during, 'train.py', true) !== undefined, 'what it started may be found later');
  });

  it('is nothing where something else stands in the storage', () => {
    const kept = keptIn({
      'flowdeck.autoTag.mark': '"}, {"a": "',
      'flowdeck.autoTag.decided': { a: 1 },
      'flowdeck.autoTag.running': [null, 1, { pid: 'x', at: 1, files: [] }, { pid: here, at: 1, files: [2] }],
    });
    const memory = new AutoTagMemory(kept);
    assert.match(memory.mark, /^[0-9a-f-]{36}$/);
    assert.equal(memory.leftSince(Date.now(), '', false), undefined);
  });
});
