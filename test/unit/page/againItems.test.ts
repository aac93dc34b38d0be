import assert from 'node:assert/strict';
import type { RunHead } from '../../../src/shared/runs/runBatch';
import { againItems } from '../../../webview/table/codeMenu';

describe('what makes runs anew', () => {
  const head = (runId: string, more: Partial<RunHead> = {}): RunHead => ({
    runId,
    experimentId: '1',
    name: runId,
    status: 'FINISHED',
    userId: '',
    commit: 'c',
    ...more,
  });
  const asked: unknown[] = [];
  const actions = { run: async (...command: unknown[]) => void asked.push(command) };
  const labels = (...heads: RunHead[]) => againItems(actions, heads).map((item) => item !== 'separator' && item.label);

  it('is on offer for one run with code, and between two', () => {
    assert.deepEqual(labels(head('a')), ['Reproduce run…', 'Bisect a metric…']);
    assert.deepEqual(labels(head('a'), head('b')), ['Bisect a metric…']);
    for (const item of [...againItems(actions, [head('a')]), ...againItems(actions, [head('a'), head('b')])])
      if (item !== 'separator') item.run();
    assert.deepEqual(asked, [
      ['reproduce', ['a']],
      ['bisectMetric', ['a']],
      ['bisectMetric', ['a', 'b']],
    ]);
  });

  it('is not for deleted runs, runs without code, none and many', () => {
    const bare = head('a');
    Reflect.deleteProperty(bare, 'commit');
    for (const heads of [[], [head('a', { deleted: true })], [bare], ['a', 'b', 'c'].map((id) => head(id))])
      assert.deepEqual(labels(...heads), []);
    assert.deepEqual(labels({ ...bare, models: ['m'] }), ['Reproduce run…', 'Bisect a metric…']);
  });
});
