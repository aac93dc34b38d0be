import assert from 'node:assert/strict';
import { withoutRun } from '../../../src/shared/runs/chosenRows';

describe('runs that are chosen', () => {
  it('stay chosen but for the one that is taken out, those too that are hidden', () => {
    assert.deepEqual(withoutRun({ runIds: ['a', 'hidden', 'b'] }, ['a', 'b'], 'a'), { runIds: ['hidden', 'b'] });
    assert.deepEqual(withoutRun({ first: 3 }, ['a', 'b', 'c'], 'b'), { runIds: ['a', 'c'] });
  });
});
