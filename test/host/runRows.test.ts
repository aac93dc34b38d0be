import assert from 'node:assert/strict';
import { experimentItem, folderItem } from '../../src/experiments/experimentItems';
import { nameOf, runItem, runTooltip } from '../../src/experiments/runItem';
import { allRuns } from '../../src/experiments/runQuery';
import { viewDescription } from '../../src/experiments/viewOptions';
import type { Run } from '../../src/shared/domain';
import { runOf } from '../support/runOf';

const options = { metric: 'loss', checked: false, color: undefined, filtered: false };
const rowOf = (run: Run) => runItem({ run, matches: true, children: [] }, options);
const long = 'x'.repeat(1_000_000);

describe('rows of runs and experiments', () => {
  it('are one short line, whatever the names', () => {
    for (const name of ['a\nb', `a${long}`, '\u202etxt.exe', ' \t\n', '']) {
      const label = String(rowOf(runOf('3f5c', { name })).label);
      assert.ok(label.length > 0 && label.length <= 201 && !/[\n\u202e]/.test(label), label.slice(0, 300));
      const experiment = { experimentId: '7', name, artifactLocation: '', lifecycleStage: 'active', tags: {} } as const;
      for (const item of [experimentItem(experiment, name), folderItem({ path: name, label: name, count: 2 }, false)])
        assert.ok(String(item.label).length <= 201 && String(item.label).length > 0);
    }
    assert.equal(nameOf(runOf('3f5c', { name: ' \n ' })), '3f5c');
    assert.ok(viewDescription({ ...allRuns, filter: `a = '${long}'` }, long).length < 250);
  });

  it('offer what a commit is for where the run or a model that it logged may name one', () => {
    const of = (change: Partial<Run>) => rowOf(runOf('3f5c', change)).contextValue;
    assert.equal(of({}), 'run active');
    assert.equal(of({ tags: { 'mlflow.git.commit': 'a1b2c3d' } }), 'run active commit');
    assert.equal(of({ modelIds: ['m-1'], lifecycleStage: 'deleted' }), 'run deleted commit');
  });

  it('say NaN, and nothing of a start that nobody recorded', () => {
    const metrics = { loss: { key: 'loss', value: Number.NaN, timestamp: 1, step: 1 } };
    const run = runOf('3f5c', { metrics });
    assert.equal(rowOf(run).description, 'NaN');
    assert.ok(!runTooltip(run).value.includes('Started'));
    assert.match(String(rowOf(runOf('3f5c', { metrics, startTime: 1 })).description), /^NaN · .+ years ago$/);
  });
});
