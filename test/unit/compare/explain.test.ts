import assert from 'node:assert/strict';
import { packRuns } from '../../../src/panels/runs/packRuns';
import {
  basisText,
  explainedLabel,
  explainingColumns,
  leftOutTexts,
  metricOf,
  usualMetric,
} from '../../../src/shared/compare/explain';
import { RunTable } from '../../../src/shared/runs/runTable';
import { associationsWith } from '../../../src/shared/stats/rankCorrelation';
import { runOf } from '../../support/runOf';

const metric = (key: string, value: number) => [key, { key, value, timestamp: 0, step: 0 }] as const;

async function filled() {
  const table = new RunTable();
  const runs = Array.from({ length: 8 }, (_, at) =>
    runOf(`r${at}`, {
      params: {
        lr: String(1 / (at + 1)),
        seed: String([3, 1, 4, 1, 5, 9, 2, 6][at]),
        same: 'x',
        name: `n${at}`,
        opt: at < 4 ? 'a' : 'b',
      },
      metrics: Object.fromEntries([
        metric('system/cpu', at),
        ...(at < 7 ? [metric('loss', at === 6 ? Number.NaN : at)] : []),
      ]),
      userId: at % 2 ? 'ann' : 'bob',
    }),
  );
  const rows = table.add(await packRuns(runs));
  return { table, rows };
}

describe('what explains a metric', () => {
  it('is worked out over params and how runs were made, strongest first', async () => {
    const { table, rows } = await filled();
    const columns = [...explainingColumns(table, rows)];
    assert.deepEqual(
      columns.map(({ key }) => key),
      ['params.lr', 'params.name', 'params.opt', 'params.same', 'params.seed', 'attributes.user_id'],
    );
    const found = associationsWith(metricOf(table, rows, 'loss'), columns);
    const [first] = found.rows;
    assert.deepEqual(
      [first?.key, first?.kind, first?.coefficient, first?.n, first?.distinct],
      ['params.lr', 'numeric', -1, 6, 6],
    );
    assert.deepEqual(leftOutTexts(found.leftOut), ['1 the same in all runs: same', '1 another in every run: name']);
  });

  it('says on what it rests', async () => {
    const { table, rows } = await filled();
    const loss = metricOf(table, rows, 'loss');
    assert.equal(
      basisText(loss, undefined),
      'Over 6 of 8 loaded runs, by rank. In 1 the last value is NaN. Correlation is not cause.',
    );
    assert.equal(basisText([1, 2], 5213), 'Over 2 of 2 loaded runs (of 5,213), by rank. Correlation is not cause.');
  });

  it('begins with the metric that most runs have, none of the machine’s', async () => {
    const { table } = await filled();
    assert.equal(usualMetric(table), 'loss');
    assert.equal(usualMetric(new RunTable()), undefined);
  });

  it('names what it speaks of', () => {
    assert.deepEqual(['params.a.b', 'attributes.user_id', 'params.'].map(explainedLabel), ['a.b', 'User', 'params.']);
    const many = Array.from({ length: 9 }, (_, at) => ({ key: `params.p${at}`, reason: 'constant' as const }));
    assert.equal(leftOutTexts(many)[0], '9 the same in all runs: p0, p1, p2, p3, p4, p5, p6, p7, …');
  });
});
