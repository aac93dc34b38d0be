import assert from 'node:assert/strict';
import fc from 'fast-check';
import { packRuns } from '../../../src/panels/runs/packRuns';
import { type Run, TagKey } from '../../../src/shared/domain';
import { GroupPlaces } from '../../../src/shared/runs/groupPlaces';
import { buildRows, type Listing, linePlace, type RowsView, type ViewRow } from '../../../src/shared/runs/rowModel';
import { RunTable } from '../../../src/shared/runs/runTable';
import { serverSort } from '../../../src/shared/runs/serverSort';
import { sortLoaded } from '../../../src/shared/runs/sortLoaded';
import { compareTexts } from '../../../src/shared/runs/sortRows';
import { initialRunsView, type TableView } from '../../../src/shared/view/runsView';
import { runOf } from '../../support/runOf';

const run = (runId: string, parent?: string, change: Partial<Run> = {}) =>
  runOf(runId, {
    ...change,
    tags: { ...(parent === undefined ? {} : { [TagKey.parentRunId]: parent }), ...change.tags },
  });
const loss = (value: number) => ({ metrics: { loss: { key: 'loss', value, timestamp: 0, step: 0 } } });

async function listed(matching: readonly Run[], others: readonly Run[] = []) {
  const table = new RunTable();
  const order = table.add(await packRuns(matching));
  const parents = table.add(await packRuns(others));
  const listing: Answer = { order, parents, early: [], more: false };
  return { table, listing };
}

interface Answer extends Listing {
  readonly more: boolean;
}

/** As a page shows the server's answer to the view's own sort. */
function modelOf(table: RunTable, { order, parents, early, more }: Answer, view: RowsView) {
  const orderedBy = serverSort(view.table.sort);
  const sorted = sortLoaded(table, { order, more, orderedBy }, view.table.sort, view.better);
  return { rows: buildRows(table, { order: sorted.order, parents, early }, view), sortedBy: sorted.sortedBy };
}

const viewOf = (change: Partial<TableView> = {}, pinnedRuns: readonly string[] = []): RowsView => ({
  pinnedRuns,
  better: { loss: 'lower' },
  table: { ...initialRunsView.table, sort: [], ...change },
});

/** Names with their depth as dots; greyed ones in brackets, closed ones with a plus. */
const shape = (table: RunTable, rows: readonly ViewRow[]) =>
  rows.map((line) => {
    const dots = '.'.repeat(line.depth);
    if (line.kind === 'group') return `${dots}${line.values.at(-1) ?? '–'}:${line.runs.length}${line.open ? '' : '+'}`;
    const { runId } = table.head(line.row);
    const name = line.unmatched ? `(${runId})` : runId;
    return `${dots}${name}${line.children > 0 && !line.open ? '+' : ''}`;
  });

async function rowsOf(matching: readonly Run[], view: RowsView, others: readonly Run[] = []) {
  const { table, listing } = await listed(matching, others);
  const model = modelOf(table, listing, view);
  return { lines: shape(table, model.rows), sortedBy: model.sortedBy };
}

const byLoss = (descending = false, stat = '') => ({ sort: [{ column: `metrics${stat}.loss`, descending }] });

describe('the lines of the table', () => {
  it('have children under their parents in the order of the server', async () => {
    const { lines, sortedBy } = await rowsOf([run('c2', 'p'), run('x'), run('c1', 'p'), run('p')], viewOf());
    assert.deepEqual(lines, ['x', 'p', '.c2', '.c1']);
    assert.equal(sortedBy, 'server');
  });

  it('show a parent that does not match where its first child would stand', async () => {
    const others = [run('p', 'g'), run('g'), run('unused')];
    const { lines } = await rowsOf([run('a'), run('c', 'p'), run('b')], viewOf(), others);
    assert.deepEqual(lines, ['a', '(g)', '.(p)', '..c', 'b']);
  });

  it('do not grey a parent that matches and is only not in its place yet', async () => {
    const { table, listing } = await listed([run('a'), run('c', 'p')], [run('p', 'g'), run('g')]);
    const early = listing.parents.filter((row) => table.head(row).runId === 'p');
    const { rows } = modelOf(table, { ...listing, early }, viewOf());
    assert.deepEqual(shape(table, rows), ['a', '(g)', '.p', '..c']);
  });

  it('keep children under their parents when the page sorts', async () => {
    const runs = [
      run('p', undefined, { endTime: 1 }),
      run('a', 'p', { endTime: 9 }),
      run('x', undefined, { endTime: 3 }),
    ];
    const sort = [{ column: 'attributes.duration', descending: true }];
    const { lines, sortedBy } = await rowsOf([...runs, run('b', 'p', { endTime: 12 })], viewOf({ sort }));
    assert.deepEqual(lines, ['x', 'p', '.b', '.a']);
    assert.equal(sortedBy, 'page');
  });

  it('sort numbers, then NaN, then nothing, in both directions', async () => {
    const { table, listing } = await listed(['none', 'nan', 'low', 'infinite', 'high'].map((id) => run(id)));
    const { order } = listing;
    const cells = table.stat('min', 'loss');
    for (const [at, value] of [Number.NaN, -1, Number.POSITIVE_INFINITY, 7].entries())
      cells.set(order[at + 1] ?? 0, value);
    const lines = (descending: boolean) =>
      shape(table, modelOf(table, listing, viewOf(byLoss(descending, '[min]'))).rows);
    assert.deepEqual(lines(false), ['low', 'high', 'infinite', 'nan', 'none']);
    assert.deepEqual(lines(true), ['infinite', 'high', 'low', 'nan', 'none']);
    const best = modelOf(table, listing, viewOf(byLoss(false, '[best]'))).rows;
    assert.deepEqual(shape(table, best), lines(false));
  });

  it('sort params as numbers once everything is loaded and all are numbers', async () => {
    const { table, listing } = await listed(
      ['10', '9', '1e-3', 'None'].map((lr, at) =>
        run(`r${at}`, undefined, { params: { lr, mixed: at === 0 ? 'x' : lr } }),
      ),
    );
    const sort = [{ column: 'params.lr', descending: false }];
    const all = modelOf(table, listing, viewOf({ sort }));
    assert.deepEqual([all.sortedBy, ...shape(table, all.rows)], ['page', 'r2', 'r1', 'r0', 'r3']);
    assert.equal(modelOf(table, { ...listing, more: true }, viewOf({ sort })).sortedBy, 'server');
    assert.equal(
      modelOf(table, listing, viewOf({ sort: [{ column: 'params.mixed', descending: false }] })).sortedBy,
      'server',
    );
  });

  it('sort by several columns and keep what is equal', async () => {
    const runs = ['b1', 'a2', 'a1', 'b2'].map((id) =>
      run(id, undefined, { tags: { [TagKey.gitBranch]: id.charAt(0) } }),
    );
    const sort = [
      { column: 'attributes.branch', descending: true },
      { column: 'attributes.duration', descending: false },
    ];
    assert.deepEqual((await rowsOf(runs, viewOf({ sort }))).lines, ['b1', 'b2', 'a2', 'a1']);
  });

  it('have pinned runs first, with their children, also those that do not match', async () => {
    const runs = [run('a'), run('p'), run('c', 'p'), run('d', 'c')];
    const { lines } = await rowsOf(runs, viewOf({}, ['c', 'gone', 'other']), [run('other')]);
    assert.deepEqual(lines, ['c', '.d', '(other)', 'a', 'p']);
    assert.deepEqual((await rowsOf(runs, viewOf({ nested: false }, ['d']))).lines, ['d', 'a', 'p', 'c']);
  });

  it('leave out what is under a closed row', async () => {
    const runs = [run('p'), run('c', 'p'), run('d', 'c'), run('x')];
    assert.deepEqual((await rowsOf(runs, viewOf({ collapsed: ['p'] }))).lines, ['p+', 'x']);
    assert.deepEqual((await rowsOf(runs, viewOf({ collapsed: ['c', 'x'] }))).lines, ['p', '.c+', 'x']);
  });

  it('show runs that are their own ancestors at the top', async () => {
    const runs = [run('a', 'b'), run('b', 'a'), run('c', 'c'), run('d', 'a')];
    assert.deepEqual((await rowsOf(runs, viewOf())).lines, ['a', '.d', 'b', 'c']);
  });

  it('go as deep as runs do', async () => {
    const runs = Array.from({ length: 20_000 }, (_, at) => run(`r${at}`, `r${at + 1}`));
    assert.equal((await rowsOf(runs, viewOf())).lines.length, runs.length);
  });
});

describe('groups of runs', () => {
  const team = (name: string | undefined, lossValue: number, lr: string) => ({
    ...loss(lossValue),
    params: { lr },
    tags: name === undefined ? {} : { team: name },
  });
  const runs = [
    run('a', undefined, team('x10', 3, '0.1')),
    run('b', undefined, team('x9', 1, '0.1')),
    run('c', 'a', team('x10', 5, '0.2')),
    run('d', undefined, team(undefined, 9, '0.2')),
  ];

  it('stand in the order of their values, what has none last', async () => {
    const { lines } = await rowsOf(runs, viewOf({ groupBy: ['tags.team'] }));
    assert.deepEqual(lines, ['x9:1', '.b', 'x10:2', '.a', '..c', '–:1', '.d']);
  });

  it('stand in the order of what the aggregate says of the sort', async () => {
    const { lines } = await rowsOf(runs, viewOf({ groupBy: ['tags.team'], ...byLoss(true), nested: false }));
    assert.deepEqual(lines, ['–:1', '.d', 'x10:2', '.a', '.c', 'x9:1', '.b']);
  });

  it('have levels, can be closed, and leave pinned runs at the top', async () => {
    const groupBy = ['params.lr', 'tags.team', 'nonsense', 'params.lr'];
    const collapsed = ['group:["params.lr","=0.1","tags.team","=x9"]'];
    const { lines } = await rowsOf(runs, viewOf({ groupBy, collapsed }, ['d']));
    assert.deepEqual(lines, ['d', '0.1:2', '.x9:1+', '.x10:1', '..a', '0.2:1', '.x10:1', '..(a)', '...c']);
  });

  it('have parents of other groups, and those that do not match, greyed above their children', async () => {
    const sweep = [
      run('p', 'top', team('x1', 1, '1')),
      run('c1', 'p', team('x1', 2, '1')),
      run('c2', 'p', team('x2', 3, '1')),
      run('c3', 'p', team('x2', 4, '1')),
      run('alone', undefined, team('x2', 5, '1')),
    ];
    const view = viewOf({ groupBy: ['tags.team'] });
    const { lines } = await rowsOf(sweep, view, [run('top', undefined, team('x3', 0, '1'))]);
    assert.deepEqual(lines, ['x1:2', '.(top)', '..p', '...c1', 'x2:3', '.(top)', '..(p)', '...c2', '...c3', '.alone']);
    const flat = await rowsOf(sweep, viewOf({ groupBy: ['tags.team'], nested: false }));
    assert.deepEqual(flat.lines, ['x1:2', '.p', '.c1', 'x2:3', '.c2', '.c3', '.alone']);
  });

  it('are quick where nearly every run is one of its own, under parents', async () => {
    const many = Array.from({ length: 20_000 }, (_, at) =>
      run(`r${at}`, at % 5 === 0 ? undefined : `r${at - (at % 5)}`, { params: { lr: String(at) } }),
    );
    const { table, listing } = await listed(many);
    const begun = performance.now();
    const { rows } = modelOf(table, listing, viewOf({ groupBy: ['params.lr'] }));
    // An array as long as the table for each group would be minutes of work.
    assert.ok(performance.now() - begun < 5_000, `${performance.now() - begun} ms`);
    assert.equal(rows.length, 20_000 + 20_000 + 16_000);
  }).timeout(60_000);
});

describe('groups under a sort by histories', () => {
  it('stand where they stood while histories arrive, and are sorted once', async () => {
    const team = (name: string) => ({ ...loss(1), tags: { team: name } });
    const runs = [run('a', undefined, team('x')), run('b', undefined, team('y')), run('c', undefined, team('z'))];
    const { table, listing } = await listed(runs);
    const view = viewOf({ groupBy: ['tags.team'], ...byLoss(false, '[min]') });
    const places = new GroupPlaces();
    const least = table.stat('min', 'loss');
    const teams = (settled: number, order = listing.order) => {
      places.begin([settled]);
      const lines = shape(table, buildRows(table, { order, parents: [], early: [] }, view, places));
      return lines.filter((line) => line.includes(':')).join(' ');
    };
    for (const [at, row] of listing.order.entries()) least.set(row, at);
    assert.equal(teams(1), 'x:1 y:1 z:1');
    least.set(listing.order[2] ?? -1, -5);
    assert.equal(teams(1), 'x:1 y:1 z:1');
    const [more = -1] = table.add(await packRuns([run('n', undefined, team('new'))]));
    least.set(more, -9);
    assert.equal(teams(1, [more, ...listing.order]), 'x:1 y:1 z:1 new:1');
    assert.equal(teams(2, [more, ...listing.order]), 'new:1 z:1 x:1 y:1');
  });
});

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

describe('the order of texts', () => {
  it('has numbers by their size', () => {
    const texts = ['run-10', 'run-9', 'run-9a', 'run', 'Run-1', '1', '01', '10', ''];
    assert.deepEqual(texts.toSorted(compareTexts), ['', '01', '1', '10', 'Run-1', 'run', 'run-9', 'run-9a', 'run-10']);
  });

  it('is an order', () => {
    const text = fc.string({ unit: fc.constantFrom('0', '1', '9', 'a', 'B', '-'), maxLength: 6 });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        assert.equal(Math.sign(compareTexts(a, b)), -Math.sign(compareTexts(b, a)) + 0);
        assert.equal(compareTexts(a, b) === 0, a === b);
        if (compareTexts(a, b) < 0 && compareTexts(b, c) < 0) assert.ok(compareTexts(a, c) < 0, `${a} ${b} ${c}`);
      }),
      { numRuns: 3000 },
    );
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
