import assert from 'node:assert/strict';
import fc from 'fast-check';
import { allRuns, decodeQuery, orderBy } from '../../../src/experiments/runQuery';
import { countRuns } from '../../../src/mlflow/countRuns';
import { runIdIn } from '../../../src/mlflow/filterQuoting';
import { offsetOf } from '../../../src/mlflow/pageToken';
import type { RunSearch } from '../../../src/mlflow/trackingStore';
import type { Run } from '../../../src/shared/domain';

describe('the order of runs', () => {
  it('quotes keys and settles ties by time', () => {
    assert.deepEqual(orderBy({ by: 'metric', key: 'val/loss', descending: false }), [
      'metrics.`val/loss` ASC',
      'attributes.start_time DESC',
    ]);
    assert.deepEqual(orderBy({ by: 'start_time', descending: true }), ['attributes.start_time DESC']);
  });

  it('takes what fits of what was remembered', () => {
    assert.deepEqual(decodeQuery(undefined), allRuns);
    assert.deepEqual(decodeQuery({ filter: 7, sort: { by: 'metric', descending: true } }), allRuns);
    assert.deepEqual(
      decodeQuery({ filter: 'a', sort: { by: 'param', key: 'lr', descending: false }, showDeleted: true }),
      {
        filter: 'a',
        sort: { by: 'param', key: 'lr', descending: false },
        showDeleted: false,
      },
    );
  });
});

describe('a search for runs by their ids', () => {
  it('names ids that a run can have, and is none when there are none: servers refuse an empty list', () => {
    assert.equal(runIdIn(['ab12', "x' OR 1"]), "attributes.run_id IN ('ab12')");
    assert.equal(runIdIn(['', 'no id', "'"]), undefined);
  });
});

describe('countRuns', () => {
  const token = (offset: number) => Buffer.from(`{"offset": ${offset}}`).toString('base64');

  it('finds every size, with few questions', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 300 }), async (total, page) => {
        if (page > total) return;
        let asked = 0;
        const searchRuns = async ({ pageToken = '' }: RunSearch) => {
          asked++;
          return { items: (offsetOf(pageToken) ?? 0) < total ? [{} as Run] : [] };
        };
        assert.equal(await countRuns({ searchRuns }, { experimentIds: ['1'] }, token(page)), total);
        assert.ok(asked < 2 * Math.log2(total + 64) + 6, `${asked} questions for ${total}`);
        for (const guess of [total, total - 5, total + 5]) {
          const before = asked;
          assert.equal(await countRuns({ searchRuns }, { experimentIds: ['1'] }, token(page), undefined, guess), total);
          if (guess === total && total > page) assert.equal(asked - before, 2);
        }
      }),
    );
  });

  it('gives up on a server that has runs whatever the token says', async () => {
    let asked = 0;
    const searchRuns = async () => {
      asked++;
      return { items: [{} as Run] };
    };
    assert.equal(await countRuns({ searchRuns }, { experimentIds: ['1'] }, token(100)), undefined);
    assert.ok(asked < 40, `${asked} questions`);
  });

  it('counts nothing on servers with other tokens', async () => {
    const searchRuns = () => assert.fail('asked');
    for (const strange of ['', 'CAES', 'eyJhIjoxfQ==', token(-1)])
      assert.equal(await countRuns({ searchRuns }, { experimentIds: ['1'] }, strange), undefined);
  });
});
