import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Run } from '../../../src/shared/domain';
import { linePlace, type RowsView, type ViewRow } from '../../../src/shared/runs/rowModel';
import { listed, loss, modelOf, run, viewOf } from './linesOf';

/** Any forest, circles included, with metrics and params of all kinds. */
const anyRuns = fc
  .array(
    fc.record({
      parent: fc.option(fc.nat(24), { nil: undefined }),
      value: fc.option(fc.oneof(fc.double(), fc.integer({ min: 0, max: 2 })), { nil: undefined }),
      lr: fc.option(fc.constantFrom('1', '10', '9', 'x', 'None'), { nil: undefined }),
    }),
    { maxLength: 24 },
  )
  .map((all) =>
    all.map(({ parent, value, lr }, at) =>
      run(`r${at}`, parent === undefined ? undefined : `r${parent}`, {
        ...(value === undefined ? {} : loss(value)),
        ...(lr === undefined ? {} : { params: { lr } }),
      }),
    ),
  );
const anySort = fc.subarray(
  ['metrics.loss', 'metrics[step].loss', 'params.lr', 'attributes.duration'].map((column) => ({ column })),
);
const anyView = fc
  .record({
    sort: anySort.map((sorts) => sorts.map(({ column }, at) => ({ column, descending: at === 0 }))),
    nested: fc.boolean(),
    groupBy: fc.constantFrom([], [], ['params.lr'], ['params.lr', 'metrics.loss']),
    closed: fc.subarray(Array.from({ length: 24 }, (_, at) => `r${at}`)),
    pinned: fc.subarray(
      Array.from({ length: 24 }, (_, at) => `r${at}`),
      { maxLength: 3 },
    ),
  })
  .map(({ sort, nested, groupBy, closed, pinned }) => ({ view: viewOf({ sort, nested, groupBy }, pinned), closed }));

describe('the lines of any runs', () => {
  const forAll = (
    check: (given: { matching: Run[]; others: Run[]; view: RowsView; closed: string[] }) => Promise<void>,
  ) =>
    fc.assert(
      fc.asyncProperty(anyRuns, fc.nat(24), anyView, async (runs, cut, { view, closed }) =>
        check({ matching: runs.slice(0, cut), others: runs.slice(cut), view, closed }),
      ),
      { numRuns: 200 },
    );

  it('have every run that matches once, and nothing that was not listed', async () => {
    await forAll(async ({ matching, others, view }) => {
      const { table, listing } = await listed(matching, others);
      const { rows } = modelOf(table, listing, view);
      const shown = rows.flatMap((line) => (line.kind === 'run' ? [line] : []));
      // In groups a parent may stand above its children of each.
      const own = shown.filter(({ unmatched, group }) => !unmatched || !group);
      assert.equal(new Set(own.map(({ row }) => row)).size, own.length);
      assert.equal(new Set(rows.map((line) => linePlace(table, line))).size, rows.length);
      for (const row of listing.order) assert.ok(shown.some((line) => line.row === row && !line.unmatched));
      const known = new Set([...listing.order, ...listing.parents]);
      for (const { row } of shown) assert.ok(known.has(row));
    });
  });

  it('have children directly under their parents', async () => {
    await forAll(async ({ matching, others, view }) => {
      const { table, listing } = await listed(matching, others);
      const above: string[] = [];
      for (const line of modelOf(table, listing, view).rows) {
        above.length = line.depth;
        if (line.kind === 'group') above[line.depth] = line.id;
        else {
          const { runId, parentRunId } = table.head(line.row);
          const over = above[line.depth - 1];
          if (over !== undefined && !over.startsWith('group:')) assert.equal(parentRunId, over);
          above[line.depth] = runId;
        }
      }
    });
  });

  it('have no child without its parent, in a group or not, where that is loaded and is no descendant of it', async () => {
    await forAll(async ({ matching, others, view }) => {
      const { table, listing } = await listed(matching, others);
      const known = new Set([...listing.order, ...listing.parents]);
      const above = (row: number) => {
        const { parentRunId } = table.head(row);
        const parent = parentRunId === undefined ? undefined : table.rowOf(parentRunId);
        return parent !== undefined && known.has(parent) ? parent : undefined;
      };
      const isOwnAncestor = (row: number) => {
        const seen = new Set<number>();
        for (let at = above(row); at !== undefined && !seen.has(at); at = above(at)) {
          if (at === row) return true;
          seen.add(at);
        }
        return false;
      };
      const before: (number | undefined)[] = [];
      for (const line of modelOf(table, listing, view).rows) {
        before.length = line.depth;
        before[line.depth] = line.kind === 'run' ? line.row : undefined;
        if (line.kind === 'group' || !view.table.nested || isOwnAncestor(line.row)) continue;
        if (view.pinnedRuns.includes(table.head(line.row).runId)) continue;
        assert.equal(before[line.depth - 1], above(line.row));
      }
    });
  });

  it('leave out exactly the descendants of what is closed', async () => {
    await forAll(async ({ matching, others, view, closed }) => {
      const { table, listing } = await listed(matching, others);
      const idOf = (line: ViewRow) => (line.kind === 'group' ? line.id : table.head(line.row).runId);
      const all = modelOf(table, listing, view).rows;
      const expected: string[] = [];
      let closedAt = Number.POSITIVE_INFINITY;
      for (const line of all) {
        if (line.depth > closedAt) continue;
        closedAt = closed.includes(idOf(line)) ? line.depth : Number.POSITIVE_INFINITY;
        expected.push(idOf(line));
      }
      const shown = modelOf(table, listing, { ...view, table: { ...view.table, collapsed: closed } }).rows;
      assert.deepEqual(shown.map(idOf), expected);
    });
  });

  it('do not change when they are sorted again', async () => {
    await forAll(async ({ matching, others, view }) => {
      const { table, listing } = await listed(matching, others);
      const flat = { ...view, pinnedRuns: [], table: { ...view.table, nested: false, groupBy: [] } };
      const order = modelOf(table, listing, flat).rows.flatMap((line) => (line.kind === 'run' ? [line.row] : []));
      const again = modelOf(table, { ...listing, order }, flat).rows;
      assert.deepEqual(
        again.map((line) => (line.kind === 'run' ? line.row : -1)),
        order,
      );
    });
  });
});

describe('a hundred thousand runs', () => {
  it('are all there, each child under its parent, sorted by two columns', async () => {
    const parentOf = (at: number) => (at % 5 === 0 ? undefined : `r${at - (at % 5)}`);
    const runs = Array.from({ length: 100_000 }, (_, at) =>
      run(`r${at}`, parentOf(at), { ...loss(Math.sin(at)), params: { lr: String((at * 7919) % 50) } }),
    );
    const { table, listing } = await listed(runs);
    const sort = ['params.lr', 'metrics.loss'].map((column) => ({ column, descending: false }));
    const { rows } = modelOf(table, listing, viewOf({ sort }));
    const lines = rows.flatMap((line) => (line.kind === 'run' ? [line] : []));
    assert.equal(new Set(lines.map(({ row }) => row)).size, runs.length);
    assert.ok(lines.every(({ depth }, at) => depth === (at % 5 === 0 ? 0 : 1)));
    const parents = lines.filter(({ depth }) => depth === 0).map(({ row }) => Number(table.head(row).runId.slice(1)));
    const places = parents.map((at) => [(at * 7919) % 50, Math.sin(at)] as const);
    const isSorted = places.every(([lr, value], at) => {
      const [before, least] = places[at - 1] ?? [lr, value];
      return before < lr || (before === lr && least <= value);
    });
    assert.ok(isSorted);
  }).timeout(60_000);
});
