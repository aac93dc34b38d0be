import assert from 'node:assert/strict';
import { packRuns } from '../../../src/panels/runs/packRuns';
import { TagKey } from '../../../src/shared/domain';
import { GroupPlaces } from '../../../src/shared/runs/groupPlaces';
import { buildRows } from '../../../src/shared/runs/rowModel';
import { byLoss, listed, loss, modelOf, rowsOf, run, shape, viewOf } from './linesOf';

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
