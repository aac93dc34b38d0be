import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { RemoteError } from '../../../src/shared/rpc';
import type { ChartDefinition } from '../../../src/shared/view/chartDefinition';
import { ArtifactFinder } from '../../../webview/charts/board/artifactFinder';
import type { Session } from '../../../webview/runs/session';
import { tableOf } from '../chartKinds/tableOf';

const chart: ChartDefinition = { version: 1, id: 'c', kind: 'images', runs: 'chosen', size: 'small', path: '*.png' };

/** A page with runs of which the host says only when it is told to what it found. */
function finderOver(count: number) {
  const { table, rows } = tableOf(Array.from({ length: count }, () => ({})));
  const asked: (readonly string[])[] = [];
  const waiting: (() => void)[] = [];
  const session = {
    chosen: rows,
    table,
    pollers: new Set<() => Promise<void>>(),
    colors: { of: () => 1 },
    rpc: {
      call: (_: string, { runIds }: { runIds: readonly string[] }, signal: AbortSignal) =>
        new Promise((resolve, reject) => {
          asked.push(runIds);
          signal.addEventListener('abort', () => reject(new RemoteError({ message: 'Cancelled', kind: 'cancelled' })));
          waiting.push(() => resolve(runIds.map((runId) => ({ runId, paths: ['a.png'], more: false }))));
        }),
    },
  };
  const finder = new ArtifactFinder(session as unknown as Session, () => undefined);
  const choose = (some: readonly number[]) => {
    session.chosen = some;
    finder.sync(chart);
  };
  const answer = async () => {
    for (const give of waiting.splice(0)) give();
    await turn();
  };
  const poll = () => Promise.all([...session.pollers].map((poller) => poller()));
  return { finder, table, rows, asked, choose, answer, poll };
}

describe('artifacts of a chart', () => {
  it('are all there when what is left was looked through already, and those of live runs are followed', async () => {
    const { finder, table, rows, asked, choose, answer, poll } = finderOver(40);
    choose(rows);
    await answer();
    assert.deepEqual([asked.map(({ length }) => length), finder.busy], [[24, 16], true]);
    choose(rows.slice(0, 10));
    await turn();
    assert.deepEqual([finder.busy, finder.left, finder.found.length, finder.total], [false, 0, 10, 10]);
    table.changeHead('r3', { status: 'RUNNING' });
    table.changeHead('r20', { status: 'RUNNING' });
    const polling = poll();
    await answer();
    await polling;
    assert.deepEqual(asked.slice(2), [['r3']]);
  });

  it('are no failure of the news when other runs are chosen meanwhile', async () => {
    const { finder, table, rows, choose, answer, poll } = finderOver(3);
    choose(rows.slice(0, 2));
    await answer();
    table.changeHead('r0', { status: 'RUNNING' });
    const polling = poll();
    choose(rows);
    await polling;
    assert.equal(finder.busy, true);
    await answer();
    assert.deepEqual([finder.busy, finder.found.length, finder.problem], [false, 3, undefined]);
  });
});
