import assert from 'node:assert/strict';
import fc from 'fast-check';
import { missingParents, nestRuns, parentOf, type RunRow } from '../../../src/experiments/nesting';
import { TagKey } from '../../../src/shared/domain';
import { runOf } from '../../support/runOf';

const run = (runId: string, parent?: string) =>
  runOf(runId, { tags: parent === undefined ? {} : { [TagKey.parentRunId]: parent } });

const flat = (rows: readonly RunRow[]): RunRow[] => rows.flatMap((row) => [row, ...flat(row.children)]);
const shape = (rows: readonly RunRow[]): unknown[] =>
  rows.map(({ run: { runId }, matches, children }) => [matches ? runId : `(${runId})`, ...shape(children)]);

const forest = fc
  .array(fc.option(fc.nat(19), { nil: undefined }), { minLength: 0, maxLength: 20 })
  .map((parents) => parents.map((parent, at) => run(`r${at}`, parent === undefined ? undefined : `r${parent}`)));

describe('nestRuns', () => {
  it('puts children under parents that come later, and keeps the order of siblings', () => {
    const rows = nestRuns([run('c2', 'p'), run('x'), run('c1', 'p'), run('p')], []);
    assert.deepEqual(shape(rows), [['x'], ['p', ['c2'], ['c1']]]);
  });

  it('shows a parent that does not match where its first child would stand', () => {
    const parents = [run('p', 'g'), run('g'), run('unused')];
    assert.deepEqual(shape(nestRuns([run('a'), run('c', 'p'), run('b')], parents)), [
      ['a'],
      ['(g)', ['(p)', ['c']]],
      ['b'],
    ]);
  });

  it('puts pinned runs first, under their parents', () => {
    assert.deepEqual(shape(nestRuns([run('a')], [run('p')], [run('new', 'p')])), [['(p)', ['(new)']], ['a']]);
  });

  it('has every run once, under its parent where that is known, whatever the tags say', () => {
    fc.assert(
      fc.property(forest, fc.nat(20), (runs, cut) => {
        const [matching, others] = [runs.slice(0, cut), runs.slice(cut)];
        const rows = flat(nestRuns(matching, others));
        const ids = rows.map((row) => row.run.runId);
        assert.equal(new Set(ids).size, ids.length);
        for (const { runId } of matching) assert.ok(ids.includes(runId), runId);
        for (const row of rows) for (const child of row.children) assert.equal(parentOf(child.run), row.run.runId);
      }),
    );
  });

  it('keeps runs that are their own ancestors', () => {
    assert.equal(flat(nestRuns([run('a', 'b'), run('b', 'a'), run('c', 'c')], [])).length, 3);
  });
});

describe('missingParents', () => {
  it('names each absent parent once', () => {
    const runs = [run('a', 'p'), run('b', 'p'), run('c', 'a'), run('d')];
    assert.deepEqual(
      missingParents(runs, (id) => runs.some(({ runId }) => runId === id)),
      ['p'],
    );
  });
});
