import assert from 'node:assert/strict';
import fc from 'fast-check';
import { packRuns } from '../../../src/panels/runs/packRuns';
import type { Run } from '../../../src/shared/domain';
import { columnId, parseColumnId } from '../../../src/shared/runs/column';
import { historyStates, readExtremes } from '../../../src/shared/runs/historyCells';
import { cellValue, RunTable } from '../../../src/shared/runs/runTable';
import { runOf } from '../../support/runOf';

const metric = (key: string, value: number, step = 3) => ({ key, value, timestamp: 0, step });

describe('the columns of runs', () => {
  it('give back what was packed', async () => {
    const text = fc.string({ maxLength: 8 });
    const record = <T>(value: fc.Arbitrary<T>) => fc.dictionary(text, value, { maxKeys: 5, noNullPrototype: true });
    const runs = fc.uniqueArray(
      fc.record({ id: fc.uuid(), metrics: record(fc.double()), params: record(text), tags: record(text) }),
      { selector: ({ id }) => id, maxLength: 80 },
    );
    await fc.assert(
      fc.asyncProperty(runs, async (given) => {
        const made = given.map(({ id, metrics, params, tags }): Run => {
          const list = Object.entries(metrics).map(([key, value]) => [key, metric(key, value)] as const);
          return runOf(id, { metrics: Object.fromEntries(list), params, tags });
        });
        const table = new RunTable();
        table.add(await packRuns(made));
        table.add(await packRuns(made.slice(0, 3)));
        for (const run of made) {
          const row = table.rowOf(run.runId) ?? -1;
          const read = (keys: readonly string[], value: (key: string) => unknown) =>
            Object.fromEntries(keys.flatMap((key) => (value(key) === undefined ? [] : [[key, value(key)]])));
          const metrics = Object.fromEntries(Object.entries(run.metrics).map(([key, { value }]) => [key, value]));
          assert.deepEqual(
            read(table.metricKeys, (key) => table.metric(key)?.last.get(row)),
            metrics,
          );
          assert.deepEqual(
            read(table.paramKeys, (key) => table.param(key)?.get(row)),
            { ...run.params },
          );
          assert.deepEqual(
            read(table.tagKeys, (key) => table.tag(key)?.get(row)),
            { ...run.tags },
          );
        }
        assert.equal(table.size, made.length);
      }),
      { numRuns: 60 },
    );
  });

  it('know when runs that go on logged a metric last, and forget it once they are over', async () => {
    const metrics = (timestamp: number) =>
      Object.fromEntries(['a', 'b'].map((key) => [key, { ...metric(key, 1), timestamp }]));
    const runs = [
      runOf('done', { metrics: metrics(5) }),
      runOf('one', { status: 'RUNNING', metrics: metrics(6) }),
      runOf('two', { status: 'SCHEDULED', metrics: metrics(7) }),
    ];
    const table = new RunTable();
    table.add(await packRuns(runs));
    const times = () => [0, 1, 2].map((row) => table.metricTime('b', row));
    assert.deepEqual(times(), [undefined, 6, 7]);
    table.add(await packRuns([runOf('one', { metrics: metrics(8) })]));
    assert.deepEqual(times(), [undefined, undefined, 7]);
  });

  it('forget what a run no longer has when it is read again', async () => {
    const table = new RunTable();
    table.add(await packRuns([runOf('a', { tags: { team: 'x', kept: 'y' }, endTime: 9 })]));
    table.add(await packRuns([runOf('a', { tags: { kept: 'z' }, name: 'new' })]));
    assert.deepEqual([table.tag('team')?.get(0), table.tag('kept')?.get(0)], [undefined, 'z']);
    assert.equal(cellValue(table, { kind: 'attribute', key: 'run_name' }, 0), 'new');
    assert.equal(cellValue(table, { kind: 'attribute', key: 'duration' }, 0), undefined);
  });

  it('keep what histories gave until these are read again, and know which have gone on', async () => {
    const live = (step: number, change: Partial<Run> = {}) =>
      runOf('a', { status: 'RUNNING', metrics: { loss: { ...metric('loss', 1, step), timestamp: step } }, ...change });
    const table = new RunTable();
    const add = async (run: Run) => table.add(await packRuns([run]));
    const read = (value: number, meanwhile = async () => {}) =>
      readExtremes(table, 'loss', ['a'], async () => {
        await meanwhile();
        const all = Float64Array.of(value);
        return { min: all, max: all, minSteps: all, maxSteps: all };
      });
    const now = () => [table.stat('min', 'loss').get(0), historyStates(table, 'loss')(0)];
    await add(live(1));
    assert.deepEqual(now(), [undefined, 'unread']);
    await read(5);
    await add(live(1));
    assert.deepEqual(now(), [5, 'read'], 'nothing has changed');
    await add(live(2));
    assert.deepEqual(now(), [5, 'behind']);
    await read(4, async () => void (await add(live(3))));
    assert.deepEqual(now(), [4, 'behind'], 'it went on while its history was read');
    await read(3);
    assert.deepEqual(now(), [3, 'read']);
    await add(live(3, { status: 'FINISHED', endTime: 9 }));
    assert.deepEqual(now(), [3, 'behind'], 'points may have come out of their order before it ended');
    await read(2);
    await add(live(3, { status: 'FINISHED', endTime: 9 }));
    assert.deepEqual(now(), [2, 'read']);
    assert.equal(historyStates(table, 'other')(0), undefined);
  });

  it('have names that can be read back', () => {
    const columns = [
      { kind: 'attribute', key: 'start_time' },
      { kind: 'param', key: 'a.b[c]' },
      { kind: 'tag', key: 'mlflow.user' },
      { kind: 'metric', key: 'val/loss', stat: 'last' },
      { kind: 'metric', key: 'x\ny', stat: 'min' },
    ] as const;
    for (const column of columns) assert.deepEqual(parseColumnId(columnId(column)), column);
    for (const id of ['', 'params', 'params.', 'attributes.nothing', 'metrics[odd].x'])
      assert.equal(parseColumnId(id), undefined);
  });

  it('stay small while few runs have them', async () => {
    const table = new RunTable();
    const runs = Array.from({ length: 300 }, (_, at) =>
      runOf(`r${at}`, { metrics: { all: metric('all', at), [`only ${at}`]: metric(`only ${at}`, at) } }),
    );
    table.add(await packRuns(runs));
    assert.deepEqual(
      runs.map((_, row) => [table.metric('all')?.last.get(row), table.metric(`only ${row}`)?.last.get(row)]),
      runs.map((_, row) => [row, row]),
    );
    assert.equal(table.metric('only 7')?.last.get(8), undefined);
  });
});
