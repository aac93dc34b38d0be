import assert from 'node:assert/strict';
import fc from 'fast-check';
import { packRuns } from '../../../src/panels/runs/packRuns';
import type { Run } from '../../../src/shared/domain';
import type { ColumnId } from '../../../src/shared/runs/column';
import { isConstant, isEmpty, rowSet } from '../../../src/shared/runs/columns/coverage';
import { defaultColumns } from '../../../src/shared/runs/columns/defaultColumns';
import {
  addColumns,
  firstDirection,
  moveColumn,
  nextSort,
  pinColumn,
  removeColumns,
  stepColumn,
} from '../../../src/shared/runs/columns/editColumns';
import { shownColumns } from '../../../src/shared/runs/columns/shownColumns';
import { RunTable } from '../../../src/shared/runs/runTable';
import { initialRunsView } from '../../../src/shared/view/runsView';
import { runOf } from '../../support/runOf';

const name = 'attributes.run_name';
const metric = (key: string, value: number) => ({ [key]: { key, value, timestamp: 0, step: 3 } });

async function tableOf(...runs: Run[]): Promise<RunTable> {
  const table = new RunTable();
  table.add(await packRuns(runs));
  return table;
}

const state = (...columns: ColumnId[]) => ({ columns: [name, ...columns], pinnedColumns: [name] });
const view = (change: Partial<typeof initialRunsView.table>) => ({
  better: {},
  table: { ...initialRunsView.table, ...change },
});

describe('default columns', () => {
  it('are attributes that some run has, then what most runs logged, and no system metric', async () => {
    const runs = Array.from({ length: 4 }, (_, at) =>
      runOf(`run ${at}`, {
        params: { lr: String(at), ...(at === 0 ? { rare: 'x' } : {}) },
        metrics: { ...metric('loss', at), ...metric('system/cpu', 1) },
      }),
    );
    assert.deepEqual(defaultColumns(await tableOf(...runs)), [
      name,
      'attributes.start_time',
      'attributes.duration',
      'attributes.user_id',
      'params.lr',
      'params.rare',
      'metrics.loss',
    ]);
  });

  it('take the twelve keys most runs have, in the order they came', async () => {
    const params = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`p${at}`, 'x']));
    const { p0: _, p5: __, ...most } = params;
    const columns = defaultColumns(await tableOf(runOf('a', { params }), runOf('b', { params: most })));
    const shown = columns.filter((id) => id.startsWith('params.'));
    assert.equal(shown.length, 12);
    assert.ok(!shown.includes('params.p0') && !shown.includes('params.p5'));
    assert.deepEqual(
      shown,
      [...shown].sort((a, b) => Number(a.slice(8)) - Number(b.slice(8))),
    );
  });

  it('keep their places when more runs come', async () => {
    const table = await tableOf(runOf('a', { params: { first: '1' }, metrics: metric('loss', 1) }));
    const before = defaultColumns(table);
    table.add(await packRuns([runOf('b', { params: { second: '1' } }), runOf('c', { params: { second: '1' } })]));
    const after = defaultColumns(table, before);
    assert.deepEqual(
      after.filter((id) => before.includes(id)),
      before,
    );
    assert.ok(after.includes('params.second'));
  });

  it('name the experiment where there are several', async () => {
    const one = await tableOf(runOf('a', { experimentId: '1' }));
    const two = await tableOf(runOf('a', { experimentId: '1' }), runOf('b', { experimentId: '2' }));
    assert.ok(!defaultColumns(one).includes('attributes.experiment_id'));
    assert.ok(defaultColumns(two).includes('attributes.experiment_id'));
  });
});

describe('columns that say nothing', () => {
  it('are found as by looking at every cell', async () => {
    const cell = fc.option(fc.constantFrom('1', '2', ''), { nil: undefined });
    const rows = fc.array(fc.record({ shown: fc.boolean(), value: cell }), { minLength: 1, maxLength: 90 });
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const table = await tableOf(
          ...given.map(({ value }, at) => runOf(`r${at}`, { params: value === undefined ? {} : { p: value } })),
        );
        const shown = given.flatMap((row, at) => (row.shown ? [at] : []));
        const values = shown.map((at) => given[at]?.value);
        const column = { kind: 'param', key: 'p' } as const;
        const set = rowSet(shown, table.size);
        assert.equal(
          isEmpty(table, column, set, {}),
          values.every((value) => value === undefined),
        );
        const same = values.length > 1 && values.every((value) => value === values[0]);
        assert.equal(isConstant(table, column, set, {}), same);
      }),
    );
  });

  it('are left out by their switches, counted, and the name never is', async () => {
    const table = await tableOf(
      runOf('a', { params: { lr: '1', same: 'x' }, metrics: metric('loss', Number.NaN) }),
      runOf('b', { params: { lr: '2', same: 'x' }, metrics: metric('loss', Number.NaN) }),
      runOf('c', { params: { lr: '2', same: 'x', gone: 'y' }, metrics: metric('loss', 1) }),
    );
    const ids = ['params.lr', 'params.same', 'params.gone', 'metrics.loss', 'params.never'];
    const shown = (change: object, chosen: readonly number[] = []) =>
      shownColumns(table, ids, { shown: [0, 1], chosen }, view({ hideEmpty: false, ...change }));
    const names = (result: ReturnType<typeof shown>) => result.columns.map(({ id }) => id);
    assert.deepEqual(names(shown({})), [name, ...ids]);
    const empty = shown({ hideEmpty: true });
    assert.deepEqual(names(empty), [name, 'params.lr', 'params.same', 'metrics.loss']);
    assert.equal(empty.empty, 2);
    const constant = shown({ hideEmpty: true, hideConstant: true });
    assert.deepEqual(names(constant), [name, 'params.lr']);
    assert.equal(constant.constant, 2);
    const differing = shown({ onlyDifferences: true }, [1, 2]);
    assert.deepEqual(names(differing), [name, 'params.gone', 'metrics.loss']);
    assert.equal(differing.same, 3);
  });

  it('are not those whose histories are still to be read', async () => {
    const table = await tableOf(runOf('a', { metrics: metric('loss', 1) }), runOf('b', { metrics: metric('loss', 1) }));
    const { columns } = shownColumns(
      table,
      ['metrics[min].loss'],
      { shown: [0, 1], chosen: [0, 1] },
      view({ hideEmpty: true, hideConstant: true, onlyDifferences: true }),
    );
    assert.deepEqual(
      columns.map(({ id }) => id),
      [name, 'metrics[min].loss'],
    );
  });

  it('are found among 12,000 columns of 20,000 runs', async () => {
    const table = new RunTable();
    const runs = Array.from({ length: 20_000 }, (_, at) =>
      runOf(`r${at}`, { metrics: { ...metric('common', at), ...metric(`m${at % 12_000}`, at) } }),
    );
    table.add(await packRuns(runs));
    const ids = table.metricKeys.map((key) => `metrics.${key}`);
    const shown = runs.map((_, at) => at);
    const { columns } = shownColumns(table, ids, { shown, chosen: [] }, view({ hideEmpty: true, hideConstant: true }));
    assert.equal(columns.length, 12_002);
  });
});

describe('changing columns', () => {
  it('adds behind those of the same kind, or behind one', () => {
    const before = state('params.a', 'metrics.x');
    assert.deepEqual(addColumns(before, ['params.b', 'params.a']).columns, [name, 'params.a', 'params.b', 'metrics.x']);
    assert.deepEqual(addColumns(before, ['tags.t']).columns, [name, 'params.a', 'metrics.x', 'tags.t']);
    assert.deepEqual(addColumns(before, ['metrics[min].x'], 'params.a').columns, [
      name,
      'params.a',
      'metrics[min].x',
      'metrics.x',
    ]);
  });

  it('removes all but the name', () => {
    assert.deepEqual(removeColumns(state('params.a'), [name, 'params.a']).columns, [name]);
  });

  it('moves before another, and pins what is put before a pinned one', () => {
    const before = { columns: [name, 'params.a', 'params.b', 'params.c'], pinnedColumns: [name, 'params.a'] };
    assert.deepEqual(moveColumn(before, 'params.c', 'params.b').columns, [name, 'params.a', 'params.c', 'params.b']);
    assert.deepEqual(moveColumn(before, 'params.c', 'params.a').pinnedColumns, [name, 'params.a', 'params.c']);
    assert.deepEqual(moveColumn(before, 'params.a', undefined), {
      columns: [name, 'params.b', 'params.c', 'params.a'],
      pinnedColumns: [name],
    });
    assert.deepEqual(moveColumn(before, name, 'params.c'), before);
  });

  it('steps by one among what is shown, and not over the edge of the pinned ones', () => {
    const before = { columns: [name, 'params.a', 'params.hidden', 'params.b'], pinnedColumns: [name, 'params.a'] };
    const shown = [name, 'params.a', 'params.b'].map((id) => ({ id, pinned: before.pinnedColumns.includes(id) }));
    assert.deepEqual(stepColumn(before, shown, 'params.b', -1), before);
    const free = pinColumn(before, 'params.a', false);
    const freed = shown.map(({ id }) => ({ id, pinned: id === name }));
    assert.deepEqual(stepColumn(free, freed, 'params.b', -1).columns, [name, 'params.b', 'params.a', 'params.hidden']);
    assert.deepEqual(stepColumn(free, freed, 'params.a', -1), free);
  });

  it('keeps every column once, whatever is moved where', () => {
    const ids = ['params.a', 'params.b', 'metrics.x', 'tags.t'];
    const id = fc.constantFrom(name, ...ids);
    fc.assert(
      fc.property(fc.array(fc.tuple(id, fc.option(id, { nil: undefined }))), (moves) => {
        const end = moves.reduce<ReturnType<typeof moveColumn>>(
          (now, [moved, before]) => moveColumn(now, moved, before),
          state(...ids),
        );
        assert.deepEqual([...end.columns].sort(), [name, ...ids].sort());
        assert.equal(end.columns[0], name);
      }),
    );
  });
});

describe('sorting by clicks', () => {
  const sort = (column: string, descending: boolean) => ({ column, descending });

  it('goes one way, the other, and no longer', () => {
    const once = nextSort([sort('attributes.start_time', true)], 'metrics.loss', false, false);
    assert.deepEqual(once, [sort('metrics.loss', false)]);
    const twice = nextSort(once, 'metrics.loss', false, false);
    assert.deepEqual(twice, [sort('metrics.loss', true)]);
    assert.deepEqual(nextSort(twice, 'metrics.loss', false, false), []);
  });

  it('adds with Shift and turns only that one', () => {
    const two = nextSort([sort('params.a', false)], 'params.b', true, false);
    assert.deepEqual(two, [sort('params.a', false), sort('params.b', false)]);
    assert.deepEqual(nextSort(two, 'params.a', true, false), [sort('params.a', true), sort('params.b', false)]);
  });

  it('begins with the better end only where that is known', () => {
    assert.equal(firstDirection('metrics.accuracy', {}), false);
    assert.equal(firstDirection('metrics.accuracy', { accuracy: 'higher' }), true);
    assert.equal(firstDirection('metrics.loss', { loss: 'lower' }), false);
    assert.equal(firstDirection('attributes.start_time', {}), true);
  });
});
