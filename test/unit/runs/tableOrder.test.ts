import assert from 'node:assert/strict';
import { packRuns } from '../../../src/panels/runs/packRuns';
import { readExtremes } from '../../../src/shared/runs/historyCells';
import { RunTable } from '../../../src/shared/runs/runTable';
import { type Arriving, mostHistories, TableOrder } from '../../../src/shared/runs/tableOrder';
import { initialRunsView, type Sort } from '../../../src/shared/view/runsView';
import { runOf } from '../../support/runOf';

const newest: Sort = { column: 'attributes.start_time', descending: true };
const byName: Sort = { column: 'attributes.run_name', descending: false };
const byMin: Sort = { column: 'metrics[min].loss', descending: false };

/** A sort is known by its identity, as the view keeps it. */
const viewOf = (...sort: readonly Sort[]) => ({ better: {}, table: { ...initialRunsView.table, sort } });

/** Runs named by letters, in the order given, of which each has logged the metric, but those in capitals. */
async function loadedOf(names: string, change: Partial<Arriving> = {}) {
  const table = new RunTable();
  const runs = [...names].map((name, at) =>
    runOf(name, {
      startTime: 1_000 - at,
      metrics: name === name.toUpperCase() ? {} : { loss: { key: 'loss', value: 1, timestamp: 0, step: 0 } },
    }),
  );
  const order = table.add(await packRuns(runs));
  const loaded: Arriving = { order, more: false, orderedBy: [newest], edition: 1, arriving: false, ...change };
  const sorted = new TableOrder(table, () => 0);
  return {
    table,
    loaded,
    sorted,
    read: (name: string, value: number) => read(table, name, value),
    names: () => sorted.rows.map((row) => table.head(row).name).join(''),
  };
}

/** A history in which all values are the same. */
async function read(table: RunTable, name: string, value: number): Promise<void> {
  const all = Float64Array.of(value);
  await readExtremes(table, 'loss', [name], async () => ({ min: all, max: all, minSteps: all, maxSteps: all }));
}

/** A run that goes on and has come that far. */
const goingOn = (name: string, step: number) =>
  runOf(name, {
    status: 'RUNNING',
    metrics: { loss: { key: 'loss', value: step, timestamp: 1_000 * step, step } },
  });

describe('the order of the table', () => {
  it('is the server’s while it is the answer to what was asked', async () => {
    const { sorted, loaded, names } = await loadedOf('cab');
    sorted.refresh(loaded, viewOf(newest));
    assert.deepEqual([names(), sorted.sortedBy], ['cab', 'server']);
  });

  it('is made here where everything is loaded, with what is equal newest first', async () => {
    const { sorted, loaded, names } = await loadedOf('cab');
    sorted.refresh(loaded, viewOf(byName));
    assert.deepEqual([names(), sorted.sortedBy], ['abc', 'page']);
    sorted.refresh(loaded, viewOf({ ...byName, descending: true }));
    assert.equal(names(), 'cba');
    sorted.refresh(loaded, viewOf({ column: 'attributes.status', descending: false }));
    assert.equal(names(), 'cab');
    sorted.refresh(loaded, viewOf());
    assert.equal(names(), 'cab');
  });

  it('stays while the server is asked, where there are more runs', async () => {
    const { sorted, loaded, names } = await loadedOf('cab', { more: true });
    sorted.refresh(loaded, viewOf(byName));
    assert.deepEqual([names(), sorted.sortedBy], ['cab', 'server']);
    sorted.refresh(loaded, viewOf({ column: 'attributes.branch', descending: false }));
    assert.equal(sorted.sortedBy, 'page');
  });

  it('is made here where newer runs were put above those the server sorted', async () => {
    const { sorted, loaded, names } = await loadedOf('cab', { orderedBy: undefined });
    sorted.refresh(loaded, viewOf(newest));
    assert.deepEqual([names(), sorted.sortedBy], ['cab', 'page']);
  });

  it('waits for all histories a sort goes by, and is made once', async () => {
    const { sorted, loaded, read, names } = await loadedOf('abcX');
    const view = viewOf(byMin);
    sorted.refresh(loaded, viewOf(newest));
    sorted.refresh(loaded, view);
    assert.equal(names(), 'abcX');
    assert.deepEqual(sorted.histories, {
      wanted: 3,
      read: 0,
      unread: loaded.order.slice(0, 3),
      behind: 0,
      left: 0,
      waiting: true,
    });
    await read('a', 9);
    await read('b', 5);
    sorted.refresh(loaded, view);
    assert.deepEqual([names(), sorted.histories?.read, sorted.applied, sorted.settled], ['abcX', 2, [newest], 1]);
    await read('c', 7);
    sorted.refresh(loaded, view);
    assert.deepEqual([names(), sorted.sortedBy, sorted.histories?.waiting], ['bcaX', 'page', false]);
    assert.deepEqual([sorted.applied, sorted.settled], [[byMin], 2]);
  });

  it('keeps its place and puts what is new below while histories are read', async () => {
    const { table, sorted, loaded, names } = await loadedOf('ab');
    sorted.refresh(loaded, viewOf(byName));
    const sort = viewOf(byMin);
    sorted.refresh(loaded, sort);
    const [more = 0] = table.add(
      await packRuns([runOf('n', { metrics: { loss: { key: 'loss', value: 1, timestamp: 0, step: 0 } } })]),
    );
    sorted.refresh({ ...loaded, order: [more, loaded.order[1] ?? -1], edition: 2 }, sort);
    assert.equal(names(), 'bn');
  });

  it('is made of what is known when told to stop, and does not move with what is read later', async () => {
    const { sorted, loaded, read, names } = await loadedOf('abc');
    const view = viewOf(byMin);
    sorted.refresh(loaded, viewOf(newest));
    sorted.refresh(loaded, view);
    await read('b', 1);
    sorted.refresh(loaded, view);
    sorted.stop();
    sorted.refresh(loaded, view);
    assert.deepEqual([names(), sorted.histories?.left, sorted.histories?.waiting], ['bac', 2, false]);
    const { settled } = sorted;
    await read('c', 0);
    sorted.refresh(loaded, view);
    assert.deepEqual([names(), sorted.settled], ['bac', settled]);
    sorted.readAll();
    sorted.refresh(loaded, view);
    assert.deepEqual([names(), sorted.histories?.waiting], ['bac', true]);
    await read('a', 5);
    sorted.refresh(loaded, view);
    assert.equal(names(), 'cba');
  });

  it('does not wait for what cannot be read, until the runs are asked for again', async () => {
    const { sorted, loaded, read, names } = await loadedOf('ab');
    const view = viewOf(byMin);
    sorted.refresh(loaded, view);
    sorted.giveUp('loss', loaded.order[0] ?? -1);
    await read('b', 3);
    sorted.refresh(loaded, view);
    assert.deepEqual([names(), sorted.histories?.waiting, sorted.histories?.left], ['ba', false, 1]);
    sorted.refresh({ ...loaded, edition: 2 }, view);
    assert.equal(sorted.histories?.waiting, true);
  });

  it('stays by the old values while histories are read again, and is made anew once all are', async () => {
    const { table, sorted, loaded, names } = await loadedOf('abc');
    table.add(await packRuns(['a', 'b', 'c'].map((name) => goingOn(name, 1))));
    for (const [name, value] of Object.entries({ a: 3, b: 2, c: 1 })) await read(table, name, value);
    const view = viewOf(byMin);
    sorted.refresh(loaded, view);
    assert.deepEqual([names(), sorted.histories?.unread], ['cba', []]);
    table.add(await packRuns([goingOn('a', 2), goingOn('b', 2), goingOn('c', 1)]));
    sorted.refresh(loaded, view);
    assert.deepEqual([names(), sorted.histories?.waiting, sorted.applied], ['cba', false, [byMin]]);
    assert.deepEqual([sorted.histories?.unread, sorted.histories?.read], [loaded.order.slice(0, 2), 3]);
    await read(table, 'a', 0);
    sorted.refresh(loaded, view);
    assert.deepEqual([names(), sorted.histories?.unread], ['cba', loaded.order.slice(1, 2)]);
    await read(table, 'b', 2);
    sorted.refresh(loaded, view);
    assert.deepEqual([names(), sorted.histories?.unread], ['acb', []]);
  });

  it('goes by another sort at once, whatever is read again meanwhile', async () => {
    const { table, sorted, loaded, names } = await loadedOf('ab');
    for (const [name, value] of Object.entries({ a: 3, b: 2 })) await read(table, name, value);
    table.add(await packRuns([goingOn('a', 2), goingOn('b', 2)]));
    sorted.refresh(loaded, viewOf(byMin));
    assert.equal(names(), 'ba');
    sorted.refresh(loaded, viewOf({ ...byMin, descending: true }));
    assert.deepEqual([names(), sorted.histories?.behind], ['ab', 2]);
  });

  it('asks again for what could not be read once the run has gone on', async () => {
    const { table, sorted, loaded } = await loadedOf('a');
    const view = viewOf(byMin);
    table.add(await packRuns([goingOn('a', 1)]));
    sorted.refresh(loaded, view);
    sorted.giveUp('loss', loaded.order[0] ?? -1);
    sorted.refresh(loaded, view);
    assert.deepEqual(sorted.histories?.unread, []);
    table.add(await packRuns([goingOn('a', 2)]));
    sorted.refresh(loaded, view);
    assert.deepEqual(sorted.histories?.unread, loaded.order);
  });

  it('asks for no more histories than that unasked', async () => {
    const table = new RunTable();
    const metrics = { loss: { key: 'loss', value: 1, timestamp: 0, step: 0 } };
    const runs = Array.from({ length: mostHistories + 5 }, (_, at) => runOf(`r${at}`, { metrics }));
    const order = table.add(await packRuns(runs));
    const sorted = new TableOrder(table, () => 0);
    const view = viewOf(byMin);
    const loaded: Arriving = { order, more: false, orderedBy: [], edition: 1, arriving: false };
    sorted.refresh(loaded, view);
    assert.deepEqual([sorted.histories?.unread.length, sorted.histories?.left], [mostHistories, 5]);
    sorted.readAll();
    sorted.refresh(loaded, view);
    assert.deepEqual([sorted.histories?.unread.length, sorted.histories?.left], [mostHistories + 5, 0]);
  });

  it('leaves time for others while pages arrive', async () => {
    const { table, loaded } = await loadedOf('ba');
    let [now, step] = [0, 100];
    const sorted = new TableOrder(table, () => {
      now += step;
      return now;
    });
    const view = viewOf(byName);
    sorted.refresh({ ...loaded, arriving: true }, view);
    const before = sorted.rows;
    step = 1;
    table.touch();
    sorted.refresh({ ...loaded, arriving: true, edition: 2 }, view);
    assert.equal(sorted.rows, before);
    now += 5_000;
    sorted.refresh({ ...loaded, arriving: true, edition: 2 }, view);
    assert.notEqual(sorted.rows, before);
  });
});
