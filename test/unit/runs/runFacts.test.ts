import assert from 'node:assert/strict';
import { packRuns } from '../../../src/panels/runs/packRuns';
import { RecentFilters } from '../../../src/panels/runs/recentFilters';
import { vocabularyOf } from '../../../src/shared/filter/vocabularyOf';
import { runEntries } from '../../../src/shared/runs/runFacts';
import { RunTable } from '../../../src/shared/runs/runTable';
import { safeLink } from '../../../src/shared/safeLink';
import { runOf } from '../../support/runOf';

const metric = (key: string, value: number) => ({ [key]: { key, value, timestamp: 0, step: 4 } });

async function tableOf() {
  const table = new RunTable();
  table.add(
    await packRuns([
      runOf('a', {
        name: 'first',
        userId: 'ada',
        metrics: { ...metric('loss', Number.NaN), ...metric('accuracy', 0.5) },
        params: { optimizer: 'Adam' },
        tags: { team: 'run-10', 'mlflow.user': 'ada' },
        datasets: [{ name: 'd', digest: '1', sourceType: '', source: '' }],
      }),
      runOf('b', { name: '', tags: { team: 'run-9' } }),
    ]),
  );
  return table;
}

describe('everything of one run', () => {
  it('is sorted by key, MLflow’s own tags apart', async () => {
    const { metrics, params, tags, systemTags } = runEntries(await tableOf(), 0, '');
    assert.deepEqual(metrics, [
      { key: 'accuracy', value: 0.5, step: 4 },
      { key: 'loss', value: Number.NaN, step: 4 },
    ]);
    assert.deepEqual(
      [params, tags, systemTags].map((entries) => entries.map(({ key }) => key)),
      [['optimizer'], ['team'], ['mlflow.user']],
    );
  });

  it('is found by parts of keys and of values', async () => {
    const table = await tableOf();
    const found = (find: string) => Object.values(runEntries(table, 0, find)).flatMap((entries) => entries.length);
    assert.deepEqual(found('ADA'), [0, 1, 0, 1]);
    assert.deepEqual(found('acc'), [1, 0, 0, 0]);
    assert.deepEqual(runEntries(table, 1, '').metrics, []);
  });
});

describe('what there is to filter by', () => {
  it('are the keys and values of the runs that are loaded', async () => {
    const words = vocabularyOf(await tableOf());
    assert.deepEqual(
      [words.metrics, words.params, words.tags],
      [['loss', 'accuracy'], ['optimizer'], ['team', 'mlflow.user']],
    );
    assert.deepEqual(words.valuesOf({ kind: 'tag', key: 'team' }), ['run-9', 'run-10']);
    assert.deepEqual(words.valuesOf({ kind: 'attribute', name: 'run_name' }), ['first']);
    assert.deepEqual(words.valuesOf({ kind: 'dataset', name: 'name' }), ['d']);
    assert.deepEqual(words.valuesOf({ kind: 'param', key: 'none' }), []);
  });
});

describe('links in descriptions', () => {
  it('lead to web pages and mail, and nowhere else', () => {
    for (const address of ['https://x.org/a?b', 'http://x.org/', 'mailto:a@x.org'])
      assert.equal(safeLink(address), address);
    for (const address of [
      'javascript:alert(1)',
      'JAVASCRIPT:x',
      'data:text/html,x',
      'command:x',
      'file:///etc',
      '/a',
      '',
      'vscode://x',
    ])
      assert.equal(safeLink(address), undefined);
  });
});

describe('filters that were used', () => {
  it('are kept server by server, whatever was kept before', async () => {
    const memory = new Map<string, unknown>([['flowdeck.recentFilters', { a: ['old', 3], b: 'odd' }]]);
    const recent = new RecentFilters({
      get: (key: string) => memory.get(key) as never,
      update: async (key, value) => void memory.set(key, value),
    });
    assert.deepEqual([recent.of('a'), recent.of('b'), recent.of('c')], [['old'], [], []]);
    for (let at = 0; at < 30; at++) await recent.note('a', `f${at}`);
    assert.equal(recent.of('a').length, 20);
    assert.equal(recent.of('a')[0], 'f29');
    await recent.note('a', 'x'.repeat(6_000));
    assert.equal(recent.of('a')[0], 'f29');
  });
});
