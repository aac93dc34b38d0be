import assert from 'node:assert/strict';
import fc from 'fast-check';
import { packRuns } from '../../../src/panels/runs/packRuns';
import { artifactRows, contentText } from '../../../src/shared/compare/artifactRows';
import { type CompareRow, type CompareValue, differing, standsApart } from '../../../src/shared/compare/compareRow';
import { deltaOf, deltaText } from '../../../src/shared/compare/delta';
import { environmentRows } from '../../../src/shared/compare/environmentRows';
import { linesOf, type Section } from '../../../src/shared/compare/lines';
import { type Compared, comparedRuns } from '../../../src/shared/compare/runColumns';
import { type TableRowsOptions, tableRows } from '../../../src/shared/compare/tableRows';
import { commitTexts, fullText, textsOf } from '../../../src/shared/compare/valueText';
import type { Run } from '../../../src/shared/domain';
import { RunTable } from '../../../src/shared/runs/runTable';
import { runOf } from '../../support/runOf';

const metric = (key: string, value: number) => [key, { key, value, timestamp: 0, step: 3 }] as const;
const metrics = (values: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => metric(key, value)));
const options: TableRowsOptions = { experiments: {}, stat: 'last', better: {} };

async function compared(...runs: readonly Run[]): Promise<Compared> {
  const table = new RunTable();
  return { table, rows: table.add(await packRuns(runs)), hasBaseline: false };
}

const cells = (row: CompareRow | undefined, count: number) => Array.from({ length: count }, (_, at) => row?.value(at));
const labels = (rows: readonly CompareRow[]) => rows.map(({ label, differs }) => `${label}${differs ? ' ≠' : ''}`);

describe('runs side by side', () => {
  it('have a row for every key that one of them has, as people count, and say what differs', async () => {
    const runs = await compared(
      runOf('a', { params: { layer_10: '1', layer_2: '2', same: 'x' }, tags: { team: 'v', 'mlflow.user': 'u' } }),
      runOf('b', { params: { layer_10: '1.0', same: 'x', only: '5' }, tags: { 'mlflow.source.type': 'LOCAL' } }),
    );
    const { params, tags, systemTags } = tableRows(runs, options);
    assert.deepEqual(labels(params), ['layer_2 ≠', 'layer_10', 'only ≠', 'same']);
    assert.deepEqual(cells(params[0], 2), [2, undefined]);
    assert.equal(params[1]?.verbatim?.(1), '1.0');
    assert.deepEqual(labels(tags), ['team ≠']);
    assert.deepEqual(labels(systemTags), ['mlflow.source.type ≠']);
  });

  it('take a param for a number only where every run has one that a double can hold', async () => {
    const runs = await compared(
      runOf('a', { params: { big: '12345678901234567891', lr: '1e-3', mixed: '1', hex: '0x10' } }),
      runOf('b', { params: { big: '12345678901234567892', lr: '0.001', mixed: 'auto', hex: '0x11' } }),
    );
    const { params } = tableRows(runs, options);
    assert.deepEqual(
      params.map(({ label, kind, differs }) => [label, kind, differs]),
      [
        ['big', 'text', true],
        ['hex', 'text', true],
        ['lr', 'number', false],
        ['mixed', 'text', true],
      ],
    );
  });

  it('show metrics by their last, least, largest or best value, the machine’s own at the end', async () => {
    const runs = await compared(
      runOf('a', { metrics: metrics({ 'system/cpu': 1, loss: 3, acc: Number.NaN }) }),
      runOf('b', { metrics: metrics({ 'system/cpu': 1, loss: 3, acc: Number.NaN }) }),
    );
    assert.deepEqual(labels(tableRows(runs, options).metrics), ['acc', 'loss', 'system/cpu']);
    runs.table.stat('min', 'loss').set(0, 1);
    const half = tableRows(runs, { ...options, stat: 'min' }).metrics[1];
    assert.deepEqual([cells(half, 2), half?.differs], [[1, undefined], false]);
    runs.table.stat('min', 'loss').set(1, 2);
    const best = tableRows(runs, { ...options, stat: 'best', better: { loss: 'lower' } }).metrics[1];
    assert.deepEqual([cells(best, 2), best?.differs], [[1, 2], true]);
    const unasked = tableRows(runs, { ...options, stat: 'best' }).metrics[1];
    assert.deepEqual(cells(unasked, 2), [undefined, undefined]);
  });

  it('have datasets by name and use, and the facts of a run that one of them has', async () => {
    const dataset = { name: 'iris', sourceType: 'local', source: '{}' };
    const runs = await compared(
      runOf('a', { datasets: [{ ...dataset, digest: '1', context: 'train' }], endTime: 60_000, experimentId: '7' }),
      runOf('b', {
        datasets: [
          { ...dataset, digest: '2', context: 'train' },
          { ...dataset, digest: '9' },
        ],
      }),
    );
    const { datasets, run } = tableRows(runs, { ...options, experiments: { '7': 'seven' } });
    assert.deepEqual(labels(datasets), ['iris ≠', 'iris (train) ≠']);
    assert.deepEqual(cells(datasets[1], 2), ['1', '2']);
    assert.deepEqual(
      cells(
        run.find(({ label }) => label === 'Experiment'),
        2,
      ),
      ['seven', '1'],
    );
    assert.deepEqual(
      cells(
        run.find(({ label }) => label === 'Duration'),
        2,
      ),
      [60_000, undefined],
    );
    assert.ok(!run.some(({ label }) => label === 'Commit'));
  });

  it('stand with the baseline first, where it is among the chosen', async () => {
    const { table, rows } = await compared(runOf('a'), runOf('b'), runOf('c'));
    assert.deepEqual(comparedRuns(table, rows, { baseline: 'c' }), { table, rows: [2, 0, 1], hasBaseline: true });
    assert.equal(comparedRuns(table, rows.slice(0, 2), { baseline: 'c' }).hasBaseline, false);
    assert.equal(comparedRuns(table, rows, { baseline: 'gone' }).hasBaseline, false);
    const none = tableRows({ table, rows: [], hasBaseline: false }, options);
    assert.deepEqual(none.run, []);
  });

  it('say of 12,000 metrics of 40 runs which differ', async () => {
    const keys = Array.from({ length: 12_000 }, (_, at) => `layer_${at}/weight`);
    const runs = await compared(
      ...Array.from({ length: 40 }, (_, run) =>
        runOf(`r${run}`, { metrics: metrics(Object.fromEntries(keys.map((key, at) => [key, at % 2 ? 1 : run]))) }),
      ),
    );
    const rows = tableRows(runs, options).metrics;
    assert.equal(rows.filter(({ differs }) => differs).length, 6_000);
  }).timeout(60_000);
});

describe('what differs', () => {
  const value = fc.oneof(fc.constantFrom<CompareValue>(undefined, Number.NaN, 0, 1, '1', ''), fc.double());

  it('is exactly what has two different cells, NaN being equal to itself', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 8 }), (values) => {
        const seen = new Set(values.map((cell) => (cell === 0 ? 0 : cell)));
        assert.equal(
          differing(values.length, (at) => values[at]),
          seen.size > 1,
        );
      }),
    );
  });

  it('stands apart from the baseline, or from what most have', () => {
    const row = (values: readonly CompareValue[]) => ({
      value: (at: number) => values[at],
      differs: differing(values.length, (at) => values[at]),
    });
    assert.deepEqual(standsApart(row([1, 2, 2, undefined]), 4, false), [true, false, false, true]);
    assert.deepEqual(standsApart(row([1, 2, 3]), 3, false), [false, false, false]);
    assert.deepEqual(standsApart(row([1, 2, 2, 1]), 4, true), [false, true, true, false]);
    assert.deepEqual(standsApart(row([Number.NaN, Number.NaN]), 2, true), [false, false]);
  });
});

describe('the difference to a baseline', () => {
  it('has a sign, a ratio where that says something, and a verdict once it is known what is better', () => {
    assert.deepEqual(deltaOf(3, 2, undefined), { difference: 1, ratio: 1.5 });
    assert.deepEqual(deltaOf(1, 2, 'lower'), { difference: -1, ratio: 0.5, verdict: 'better' });
    assert.deepEqual(deltaOf(1, 2, 'higher')?.verdict, 'worse');
    assert.deepEqual(deltaOf(5, 0, 'higher'), { difference: 5, verdict: 'better' });
    assert.deepEqual(deltaOf(-1, 2, undefined), { difference: -3 });
    assert.deepEqual(deltaOf(2, 2, 'higher'), { difference: 0, ratio: 1 });
    assert.deepEqual(
      deltaOf(1e-300, 1e300, undefined),
      { difference: -1e300 },
      'a ratio too small to be a number is not 0',
    );
    assert.deepEqual(deltaOf(0, 1e300, undefined)?.ratio, 0);
    assert.equal(deltaOf(1e308, -1e308, undefined), undefined, 'nor is a difference too large for one infinite');
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, '3'])
      assert.equal(deltaOf(value, 2, 'lower'), undefined);
  });

  it('is written short', () => {
    assert.equal(deltaText({ difference: 0.123456, ratio: 1.2345 }), '+0.123 ×1.23');
    assert.equal(deltaText({ difference: -1e-9, ratio: 0.99999 }), '-1e-9 ×0.99999');
    assert.equal(deltaText({ difference: 0, ratio: 1 }), '±0');
    assert.equal(
      deltaText({ difference: 60 }, (size) => `${size} s`),
      '+60 s',
    );
  });
});

describe('texts of a row', () => {
  it('are cut where they are long, from where they begin to differ, and have their lines in one', () => {
    const long = ['a', 'b'].map((end) => `${'x'.repeat(5_000)}${end}${'y'.repeat(999)}`);
    const [a = '', b = ''] = long.map(textsOf(long, 'text'));
    assert.ok(a.startsWith(`…${'x'.repeat(12)}ay`) && b.startsWith(`…${'x'.repeat(12)}by`), `${a} ${b}`);
    assert.ok(a.endsWith('…') && a.length < 210);
    assert.equal(textsOf(long, 'text')('short'), 'short');
    assert.equal(textsOf([], 'text')('one\r\n  two'), 'one ⏎ two');
    assert.equal(textsOf([], 'text')(''), '""');
    const faces = ['a', 'b'].map((end) => '😀'.repeat(300) + end);
    for (const text of faces.map(textsOf(faces, 'text')))
      assert.doesNotThrow(() => encodeURIComponent(text), 'no half of a character');
    const alone = '😀'.repeat(3_000);
    assert.ok(textsOf([alone, alone], 'text')(alone).startsWith('😀'));
  });

  it('tell different numbers apart with as few digits as that takes', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.double({ noNaN: true }), { maxLength: 12, comparator: 'SameValueZero' }),
        (numbers) => {
          const text = textsOf(numbers, 'number');
          assert.equal(new Set(numbers.map(text)).size, numbers.length);
        },
      ),
    );
    const close = [0.123456789, 0.12345679];
    assert.deepEqual(close.map(textsOf(close, 'number')), ['0.123456789', '0.12345679']);
    assert.equal(textsOf([1 / 3], 'number')(1 / 3), '0.33333');
  });

  it('tell instants, durations, sizes and commits apart that look alike when short', () => {
    const apart = (values: readonly number[], kind: 'time' | 'duration' | 'bytes') => values.map(textsOf(values, kind));
    const [early = '', late = ''] = apart(
      [Date.UTC(2026, 0, 5, 12, 0, 0, 7), Date.UTC(2026, 0, 5, 12, 0, 0, 8)],
      'time',
    );
    assert.match(early, /2026.*00\D007/);
    assert.match(late, /2026.*00\D008/);
    assert.deepEqual(apart([179_200, 179_300], 'duration'), ['179.2 s', '179.3 s']);
    assert.deepEqual(apart([1_000_000, 1_000_001], 'bytes'), ['1,000,000 B', '1,000,001 B']);
    assert.deepEqual(apart([179_200, 179_200], 'duration'), ['2 min 59 s', '2 min 59 s']);
    const commits = [`abcdef1${'0'.repeat(33)}`, `abcdef1${'0'.repeat(4)}${'2'.repeat(29)}`];
    assert.deepEqual([...commits, undefined, 'a branch'].map(commitTexts([...commits, undefined])), [
      'abcdef100000',
      'abcdef100002',
      '—',
      'a branch',
    ]);
    assert.equal(commitTexts([commits[0]])(commits[0]), 'abcdef1');
  });

  it('name NaN, infinity, sizes, durations and instants', () => {
    assert.equal(textsOf([Number.NaN], 'number')(Number.NaN), 'NaN');
    assert.equal(textsOf([], 'bytes')(2048), '2.0 kB');
    assert.equal(textsOf([], 'duration')(90_000), '1 min 30 s');
    assert.equal(textsOf([], 'text')(undefined), '—');
    assert.equal(fullText(1 / 3, 'number'), '0.3333333333333333');
    assert.equal(fullText(0, 'time'), '1970-01-01T00:00:00.000Z');
    assert.equal(fullText(1e300, 'time'), '—');
  });
});

describe('the lines of a comparison', () => {
  const row = (section: CompareRow['section'], label: string, differs: boolean, more: Partial<CompareRow> = {}) =>
    ({
      id: `${section}.${label}`,
      section,
      label,
      kind: 'text',
      differs,
      value: () => '1',
      ...more,
    }) satisfies CompareRow;
  const none: Section = { rows: [], note: 'None.' };
  const sections = {
    run: none,
    params: { rows: [row('params', 'lr', true), row('params', 'batch', false)], note: '' },
    metrics: { rows: [row('metrics', 'train/loss', false)], note: '' },
    tags: none,
    systemTags: none,
    datasets: none,
    environment: none,
    artifacts: {
      rows: [
        row('artifacts', 'a.png', false, { artifact: { path: 'plots/a.png', depth: 1, isFolder: false, open: false } }),
      ],
      note: '',
    },
  };
  const view = { closed: [], onlyDifferences: false, search: '' };
  const shown = (change: Partial<Parameters<typeof linesOf>[1]>) =>
    linesOf(sections, { ...view, closed: ['run', 'tags', 'systemTags', 'datasets', 'environment'], ...change })
      .filter((line) => line.kind !== 'section' || line.open)
      .map((line) =>
        line.kind === 'row' ? line.row.label : line.kind === 'section' ? `# ${line.section}` : line.kind,
      );

  it('are sections with what they hold, unless they are closed', () => {
    assert.deepEqual(shown({}), ['# params', 'lr', 'batch', '# metrics', 'train/loss', '# artifacts', 'a.png']);
    const [first] = linesOf(sections, { ...view, closed: ['run'] });
    assert.deepEqual(first, { kind: 'section', section: 'run', open: false, shown: 0, all: 0 });
  });

  it('are only the differences when that is asked, and say where there are none', () => {
    assert.deepEqual(shown({ onlyDifferences: true }), ['# params', 'lr', '# metrics', 'note', '# artifacts', 'note']);
  });

  it('are what a search finds, whatever is closed, paths of artifacts too', () => {
    assert.deepEqual(shown({ search: ' LOSS ', closed: ['metrics'] }), ['# metrics', 'train/loss']);
    assert.deepEqual(shown({ search: 'plots/' }), ['# artifacts', 'a.png']);
    assert.deepEqual(shown({ search: 'nowhere' }), []);
  });

  it('say in a section why there are not more', () => {
    const failed = { ...sections, params: { ...sections.params, problem: 'Could not be read: gone' } };
    const [head, note, first] = linesOf(failed, { ...view, closed: ['run'] }).slice(1);
    assert.deepEqual(
      [head?.kind, note?.kind === 'note' && note.text, first?.kind],
      ['section', 'Could not be read: gone', 'row'],
    );
  });

  it('have the pictures of a file under it', () => {
    assert.deepEqual(shown({ imagesOf: 'plots/a.png', closed: ['params', 'metrics', 'run'] }).slice(-3), [
      '# artifacts',
      'a.png',
      'images',
    ]);
  });
});

describe('artifacts side by side', () => {
  const level = (
    path: string,
    entries: readonly { path: string; isFolder?: true; sizes: readonly (number | null)[] }[],
  ) =>
    [
      path,
      { path, entries: entries.map((entry) => ({ isFolder: false, ...entry })), left: 0, problems: [null, null] },
    ] as const;
  const levels = new Map([
    level('', [
      { path: 'plots', isFolder: true, sizes: [0, 0] },
      { path: 'a.txt', sizes: [5, 5] },
      { path: 'b.txt', sizes: [5, null] },
    ]),
    level('plots', [{ path: 'plots/x.png', sizes: [7, 8] }]),
  ]);

  it('are a tree of all runs together, open where it was opened', () => {
    const closed = artifactRows({ levels, open: new Set(), hashes: new Map() });
    assert.deepEqual(labels(closed), ['plots', 'a.txt', 'b.txt ≠']);
    const open = artifactRows({ levels, open: new Set(['plots']), hashes: new Map() });
    assert.deepEqual(
      open.map(({ label, artifact, differs }) => [label, artifact?.depth, differs]),
      [
        ['plots', 0, false],
        ['x.png', 1, true],
        ['a.txt', 0, false],
        ['b.txt', 0, true],
      ],
    );
  });

  it('of one size may differ by what is in them', () => {
    const hashes = [{ hash: 'x' }, { hash: 'y' }];
    const rows = artifactRows({ levels, open: new Set(), hashes: new Map([['a.txt', hashes]]) });
    assert.equal(rows[1]?.differs, true);
    assert.deepEqual([contentText(hashes, 0), contentText(hashes, 1)], ['reference', 'different']);
    const gone = [{ missing: true as const }, { hash: 'x' }, { hash: 'x' }, { problem: 'over 200 MB' }];
    assert.deepEqual(
      gone.map((_, at) => contentText(gone, at)),
      ['', 'reference', 'same', 'over 200 MB'],
    );
  });

  it('say which run could not be read', () => {
    const broken = new Map([['', { path: '', entries: [], left: 0, problems: [null, 'refused'] }]]);
    const [row] = artifactRows({ levels: broken, open: new Set(), hashes: new Map() });
    assert.deepEqual([row?.label, cells(row, 2)], ['Not read', [undefined, 'refused']]);
  });
});

describe('environments side by side', () => {
  it('have Python and MLflow first; a run that could not be read makes no difference', () => {
    const environment = (runId: string, version: string) => ({
      runId,
      python: '3.11.9',
      packages: [
        { name: 'numpy', version: '2.1.0' },
        { name: 'mlflow', version },
      ],
      files: ['model/requirements.txt'],
    });
    const unread = { runId: 'c', python: '', packages: [], files: [], problem: 'The server does not answer.' };
    const rows = environmentRows([environment('a', '3.17.2'), environment('b', '2.15.1'), unread, undefined]);
    assert.deepEqual(labels(rows), ['Python', 'mlflow ≠', 'numpy', 'Read from']);
    assert.deepEqual(cells(rows[3], 4), [
      'model/requirements.txt',
      'model/requirements.txt',
      'The server does not answer.',
      undefined,
    ]);
    assert.deepEqual(environmentRows([unread]), []);
  });
});
