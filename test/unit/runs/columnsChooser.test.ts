import assert from 'node:assert/strict';
import { type ChooserState, chooserLines } from '../../../src/shared/runs/columns/chooserTree';

const keys = {
  params: ['lr', 'model/depth', 'model/width'],
  metrics: ['train/loss', 'val/loss', 'layer 10', 'layer 2'],
  tags: ['team', 'mlflow.user'],
};
const state = (change: Partial<ChooserState> = {}): ChooserState => ({
  shown: ['attributes.run_name', 'params.model/depth'],
  search: '',
  toggled: new Set(),
  systemTags: false,
  ...change,
});
const texts = (lines: ReturnType<typeof chooserLines>) =>
  lines.map((line) => {
    const mark = line.kind === 'leaf' ? (line.checked ? 'x' : '-') : line.checked;
    return `${'  '.repeat(line.depth)}${line.label} ${mark}`;
  });

describe('the chooser of columns', () => {
  it('has the shown columns first, in their order, then all by kind', () => {
    const lines = texts(chooserLines(keys, state({ toggled: new Set(['group:attributes']) })));
    assert.deepEqual(lines, [
      'Shown, in order all',
      '  Run x',
      '  model/depth (param) x',
      'Attributes some',
      'Params some',
      '  model some',
      '  lr -',
      'Metrics none',
      '  train none',
      '  val none',
      '  layer 2 -',
      '  layer 10 -',
      'Tags none',
      '  team -',
    ]);
  });

  it('opens what a search finds and leaves the rest out', () => {
    const lines = texts(chooserLines(keys, state({ search: 'LOSS val' })));
    assert.deepEqual(lines, ['Metrics none', '  val none', '    loss -']);
  });

  it('offers MLflow’s own tags only when they are asked for', () => {
    const lines = chooserLines(keys, state({ systemTags: true, search: 'mlflow' }));
    assert.deepEqual(texts(lines), ['Tags none', '  mlflow.user -']);
  });

  it('says of a folder how many of its columns are shown, and which they are', () => {
    const folder = chooserLines(keys, state()).find(({ id }) => id === 'group:params/model');
    assert.ok(folder?.kind === 'folder');
    assert.deepEqual([folder.shown, folder.count, folder.open], [1, 2, false]);
    assert.deepEqual(folder.ids, ['params.model/depth', 'params.model/width']);
  });

  it('takes keys with empty parts', () => {
    const lines = chooserLines({ params: ['/', 'a/', '/b'], metrics: [], tags: [] }, state({ search: '/' }));
    assert.equal(lines.filter(({ kind }) => kind === 'leaf').length, 4);
  });

  it('finds all of 12,000 keys', () => {
    const metrics = Array.from({ length: 12_000 }, (_, at) => `group ${at % 50}/part ${at % 7}/metric ${at}`);
    const lines = chooserLines({ params: [], metrics, tags: [] }, state({ search: 'metric' }));
    assert.ok(lines.length > 12_000);
  });
});
