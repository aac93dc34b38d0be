import assert from 'node:assert/strict';
import type { MetricExtremes } from '../../../src/shared/protocol/runs';
import { RemoteError } from '../../../src/shared/rpc';
import { TableOrder } from '../../../src/shared/runs/tableOrder';
import { ChartHistories } from '../../../webview/charts/board/chartHistories';
import type { Session } from '../../../webview/runs/session';
import { tableOf } from '../chartKinds/tableOf';

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Charts over so many runs that have `loss` and `acc`; answers come one by one when `answer` is called. */
function histories(runs: number) {
  const { table, rows } = tableOf(Array.from({ length: runs }, (_, at) => ({ metrics: { loss: at, acc: at } })));
  const asked: { readonly key: string; readonly runIds: readonly string[] }[] = [];
  const waiting: ((fails: boolean) => void)[] = [];
  const call = (_: string, question: (typeof asked)[number]) =>
    new Promise<MetricExtremes>((resolve, reject) => {
      asked.push(question);
      const numbers = Float64Array.from(question.runIds, () => 0.25);
      waiting.push((fails) =>
        fails
          ? reject(new RemoteError({ message: 'gone' }))
          : resolve({ min: numbers, max: numbers, minSteps: numbers, maxSteps: numbers }),
      );
    });
  const session = { table, rpc: { call }, sorted: new TableOrder(table, () => 0), changed: () => undefined };
  const answer = async (fails = false) => {
    waiting.shift()?.(fails);
    await settle();
  };
  return { table, rows, asked, answer, histories: new ChartHistories(session as unknown as Session) };
}

describe('histories that charts are drawn from', () => {
  it('are read twenty runs at a time, once for two charts, and it is counted', async () => {
    const { histories: read, rows, asked, answer } = histories(50);
    assert.deepEqual(read.want('a', rows, ['loss']), { of: 50, read: 0, left: 0 });
    read.want('b', rows, ['loss']);
    await answer();
    assert.deepEqual(read.want('b', rows, ['loss']), { of: 50, read: 20, left: 0 });
    await answer();
    await answer();
    assert.deepEqual(read.want('a', rows, ['loss']), { of: 50, read: 50, left: 0 });
    assert.deepEqual(
      asked.map(({ runIds }) => runIds.length),
      [20, 20, 10],
    );
  });

  it('are left when a person cancels, and read on when one wants them', async () => {
    const { histories: read, rows, asked, answer } = histories(50);
    read.want('a', rows, ['loss', 'acc']);
    read.stop('a');
    assert.deepEqual(read.want('a', rows, ['loss', 'acc']), { of: 100, read: 0, left: 100 });
    await answer();
    assert.equal(asked.length, 1);
    assert.deepEqual(read.want('a', rows, ['loss', 'acc']), { of: 100, read: 20, left: 80 });
    read.readAll('a');
    read.want('a', rows, ['loss', 'acc']);
    for (let at = 0; at < 5; at++) await answer();
    assert.deepEqual(read.want('a', rows, ['loss', 'acc']), { of: 100, read: 100, left: 0 });
  });

  it('are no longer asked for when the chart is off screen, but for those of another', async () => {
    const { histories: read, rows, asked, answer } = histories(50);
    read.want('a', rows, ['loss']);
    read.want('b', rows, ['acc']);
    read.release('a');
    for (let at = 0; at < 5; at++) await answer();
    assert.deepEqual(
      asked.map(({ key }) => key),
      ['loss', 'acc', 'acc', 'acc'],
    );
  });

  it('of more runs than are read unasked are read as far as that', async () => {
    const { histories: read, rows } = histories(2_100);
    assert.deepEqual(read.want('a', rows, ['loss']), { of: 2_100, read: 0, left: 100 });
  });

  it('that cannot be read are left, and asked for again when a person wants them', async () => {
    const { histories: read, rows, answer } = histories(10);
    read.want('a', rows, ['loss']);
    await answer(true);
    assert.deepEqual(read.want('a', rows, ['loss']), { of: 10, read: 0, left: 10 });
    read.readAll('a');
    read.want('a', rows, ['loss']);
    await answer();
    assert.deepEqual(read.want('a', rows, ['loss']), { of: 10, read: 10, left: 0 });
  });
});
