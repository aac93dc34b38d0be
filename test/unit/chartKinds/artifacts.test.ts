import assert from 'node:assert/strict';
import fc from 'fast-check';
import { exportParams } from '../../../src/panels/exports/exportParams';
import {
  type ArtifactStore,
  findArtifacts,
  largestImage,
  mostText,
  readArtifact,
} from '../../../src/panels/exports/pageArtifacts';
import { filesToSave } from '../../../src/shared/charts/artifactFiles';
import { csvOf } from '../../../src/shared/charts/chartTable';
import { imageAt, imageSeries, loggedImage, stepsOf } from '../../../src/shared/charts/loggedImages';
import { loggedTable } from '../../../src/shared/charts/loggedTable';
import { parsePathPattern } from '../../../src/shared/charts/pathPattern';
import type { ArtifactInfo } from '../../../src/shared/domain';
import { RemoteError } from '../../../src/shared/rpc';
import { ArtifactCache } from '../../../webview/runs/artifactCache';

describe('logged images', () => {
  const named = (key: string, step: number, time = 5, end = 'png', mark = '+') =>
    `images/${key}${mark}step${mark}${step}${mark}timestamp${mark}${time}${mark}0b1c-2d${end === 'webp' ? `${mark}compressed` : ''}.${end}`;

  it('have the key and step that MLflow 3 and 2 write into their names', () => {
    assert.deepEqual(loggedImage(named('val~dog', 20)), {
      path: named('val~dog', 20),
      key: 'val/dog',
      step: 20,
      timestamp: 5,
    });
    assert.equal(loggedImage(named('val#dog', -3, 5, 'png', '%'))?.key, 'val/dog');
    assert.equal(loggedImage(named('dog', 1, 5, 'webp')), undefined);
    assert.deepEqual(loggedImage('plots/roc+curve.PNG'), { path: 'plots/roc+curve.PNG', key: 'plots/roc+curve.PNG' });
    assert.equal(loggedImage('notes.txt'), undefined);
  });

  it('are series by key, the newest of a step, with the last one before a step shown', () => {
    const series = imageSeries([named('b', 10), named('b', 0, 1), named('b', 0, 9), named('a', 5), 'x.png']);
    assert.deepEqual(
      series.map(({ key }) => key),
      ['a', 'b', 'x.png'],
    );
    assert.deepEqual(stepsOf(series), [0, 5, 10]);
    const b = series[1];
    assert.ok(b);
    assert.equal(imageAt(b, 7)?.timestamp, 9);
    assert.equal(imageAt(b, -1), undefined);
    assert.equal(imageAt(b, undefined)?.step, 10);
  });
});

describe('patterns of artifacts', () => {
  it('are folders, files, or have stars', () => {
    const cases: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
      ['plots', 'plots', ['plots', 'plots/a.png', 'plots/x/y.png'], ['plots2/a.png', 'a.png']],
      ['/plots/*.png', 'plots', ['plots/a.png'], ['plots/x/a.png', 'plots/a.jpg', 'plots/apng']],
      ['**/*.png', '', ['a.png', 'x/y/a.png'], ['a.jpg']],
      ['a.b/c?', 'a.b', ['a.b/cd'], ['axb/cd', 'a.b/c']],
      ['', '', ['anything'], []],
    ];
    for (const [text, folder, yes, no] of cases) {
      const pattern = parsePathPattern(text);
      assert.equal(pattern.folder, folder, text);
      for (const path of yes) assert.ok(pattern.matches(path), `${text} ${path}`);
      for (const path of no) assert.ok(!pattern.matches(path), `${text} ${path}`);
    }
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, path) => typeof parsePathPattern(text).matches(path) === 'boolean'),
    );
  });
});

describe('logged tables', () => {
  it('are what log_table writes, and csv', () => {
    assert.deepEqual(loggedTable('t.json', '{"columns":["a","b"],"data":[[1,"x"],[null,{"y":2}]]}'), {
      columns: ['a', 'b'],
      rows: [
        [1, 'x'],
        ['', '{"y":2}'],
      ],
    });
    assert.deepEqual(loggedTable('t.csv', '\ufeffa,b\r\n"1,""x""",2\r\n,'), {
      columns: ['a', 'b'],
      rows: [
        ['1,"x"', '2'],
        ['', ''],
      ],
    });
    assert.deepEqual(loggedTable('t.tsv', 'a\tb\n1\t2'), { columns: ['a', 'b'], rows: [['1', '2']] });
    for (const text of ['', '{', '[]', '{"columns":1}']) assert.equal(loggedTable('t.json', text), undefined);
    assert.equal(loggedTable('t.txt', 'a,b'), undefined);
  });

  it('read back what is saved as CSV, and anything else without throwing', () => {
    const cell = fc.string({ maxLength: 6 }).filter((text) => !/^[=+\-@\t\r]/.test(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), (rows) => {
        assert.deepEqual(loggedTable('t.csv', csvOf({ columns: ['a', 'b'], rows })), { columns: ['a', 'b'], rows });
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => ['t.csv', 't.json'].every((path) => loggedTable(path, text) !== null)),
    );
  });
});

describe('artifacts for a page', () => {
  const file = (path: string): ArtifactInfo => ({ path, isFolder: false });
  const folder = (path: string): ArtifactInfo => ({ path, isFolder: true });
  const tree: Readonly<Record<string, readonly ArtifactInfo[]>> = {
    '': [file('notes.txt'), folder('plots'), folder('model'), folder('../up')],
    plots: [file('plots/a.png'), folder('plots/deep')],
    'plots/deep': [file('plots/deep/b.png'), file('elsewhere/c.png')],
    model: [file('model/weights.bin')],
  };

  function storeOf(size = 10) {
    const asked: string[] = [];
    const store: ArtifactStore = {
      listArtifacts: async (runId, path = '') => {
        asked.push(path);
        if (runId === 'broken') throw new Error('no such run');
        return { rootUri: '', files: tree[path] ?? [], refused: [] };
      },
      downloadArtifact: async () => ({ body: chunks(size) }),
    };
    return { store, asked };
  }

  async function* chunks(size: number): AsyncGenerator<Uint8Array> {
    for (let left = size; left > 0; left -= 100_000) yield new Uint8Array(Math.min(left, 100_000)).fill(65);
  }

  it('are looked for only where they can be, and never outside of their folder', async () => {
    const { store, asked } = storeOf();
    assert.deepEqual(await findArtifacts(store, ['a'], 'plots/**.png'), [
      { runId: 'a', paths: ['plots/a.png', 'plots/deep/b.png'], more: false },
    ]);
    assert.deepEqual(asked, ['', 'plots', 'plots/deep']);
    assert.deepEqual((await findArtifacts(store, ['a'], 'notes.txt'))[0]?.paths, ['notes.txt']);
  });

  it('are found of the other runs when one cannot be read', async () => {
    const { store } = storeOf();
    const found = await findArtifacts(store, ['broken', 'a'], 'notes.txt');
    assert.deepEqual(
      found.map(({ paths, problem }) => [paths.length, problem]),
      [
        [0, 'no such run'],
        [1, undefined],
      ],
    );
  });

  it('are whole images up to a size, and beginnings of texts', async () => {
    const signal = new AbortController().signal;
    const image = { runId: 'a', path: 'x.png', as: 'image' } as const;
    assert.equal((await readArtifact(storeOf(250_000).store, image, signal)).bytes.length, 250_000);
    await assert.rejects(readArtifact(storeOf(largestImage + 1).store, image, signal), /larger than 10 MB/);
    const text = await readArtifact(storeOf(450_000).store, { ...image, as: 'text' }, signal);
    assert.deepEqual([text.bytes.length, text.bytes.buffer.byteLength, text.cut], [mostText, mostText, true]);
    const whole = await readArtifact(storeOf(450_000).store, { ...image, as: 'wholeText' }, signal);
    assert.deepEqual([whole.bytes.length, whole.bytes.buffer.byteLength, whole.cut], [450_000, 450_000, false]);
    let read = 0;
    const endless: ArtifactStore['downloadArtifact'] = async () => ({
      body: (async function* () {
        for (;;) {
          read += 1_000_000;
          yield new Uint8Array(1_000_000);
        }
      })(),
    });
    const store = { ...storeOf().store, downloadArtifact: endless };
    await assert.rejects(readArtifact(store, image, signal), /larger than 10 MB/);
    assert.equal(read, 11_000_000);
  });

  it('are saved as files of a name of their own, in a folder for each run', () => {
    const image = (key: string, step: number) => ({ path: 'p.png', key, step });
    const found = [
      { runId: 'a', run: 'fox', path: 'images/x+1.png', image: image('val/dog', 10) },
      { runId: 'a', run: 'fox', path: 'images/y+1.PNG', image: image('val/dog', 10) },
      { runId: 'b', run: 'Fox', path: 'plots/roc.png', image: { path: 'plots/roc.png', key: 'plots/roc.png' } },
      { runId: 'c', run: '../..', path: '.hidden' },
    ];
    assert.deepEqual(filesToSave(found), [
      { runId: 'a', path: 'images/x+1.png', name: 'fox/val-dog-step-10.png' },
      { runId: 'a', path: 'images/y+1.PNG', name: 'fox/val-dog-step-10-2.PNG' },
      { runId: 'b', path: 'plots/roc.png', name: 'Fox-2/plots-roc.png' },
      { runId: 'c', path: '.hidden', name: 'run/file.hidden' },
    ]);
    fc.assert(
      fc.property(
        fc.array(fc.record({ runId: fc.constantFrom('a', 'b'), run: fc.string(), path: fc.string() })),
        (all) => {
          const named = filesToSave(all);
          assert.equal(new Set(named.map(({ name }) => name.toLowerCase())).size, all.length);
          for (const { name } of named)
            assert.ok(/^[^/\\:*?"<>|]+\/[^/\\:*?"<>|]+$/.test(name) && !/(^|\/)\.|\.\./.test(name), name);
        },
      ),
    );
  });

  it('are read when they come into sight, and given up when they leave it before', async () => {
    const read: string[] = [];
    const waiting: (() => void)[] = [];
    const released: string[] = [];
    const cache = new ArtifactCache<string>(
      async ({ runId }) => {
        read.push(runId);
        await new Promise<void>((resolve) => waiting.push(resolve));
        if (runId === 'bad') throw new RemoteError({ message: 'is gone' });
        return runId;
      },
      (value) => released.push(value),
      () => undefined,
    );
    const of = (...runIds: string[]) => runIds.map((runId) => ({ runId, path: 'x' }));
    const answer = async () => {
      for (const go of waiting.splice(0)) go();
      await new Promise((resolve) => setTimeout(resolve));
    };
    cache.want(of('a', 'b', 'c', 'bad', 'e', 'f'));
    assert.deepEqual(read, ['a', 'b', 'c', 'bad']);
    cache.want(of('a', 'g'));
    await answer();
    assert.deepEqual(read, ['a', 'b', 'c', 'bad', 'g']);
    await answer();
    assert.deepEqual(cache.of('bad', 'x'), { kind: 'failed', message: 'is gone' });
    assert.deepEqual(cache.of('g', 'x'), { kind: 'ready', value: 'g' });
    const many = Array.from({ length: 220 }, (_, at) => `r${at}`);
    cache.want(of(...many));
    for (let round = 0; round < 60; round++) await answer();
    assert.ok(
      many.every((runId) => cache.of(runId, 'x')),
      'what is in sight is kept, however much it is',
    );
    assert.equal(cache.of('a', 'x'), undefined);
    assert.ok(released.includes('a'));
    cache.dispose();
    assert.equal(new Set(released).size, released.length);
  });

  it('and files are asked for by names that lead nowhere else', () => {
    const bytes = new Uint8Array(3);
    assert.deepEqual(exportParams.saveFile({ suggestedName: 'loss – lr.png', kind: 'png', content: bytes }), {
      suggestedName: 'loss – lr.png',
      kind: 'png',
      content: bytes,
    });
    const wrong: (() => unknown)[] = [
      ...['../x.png', 'a/b.png', 'a\\b.png', 'x.svg', '.png', 'a:b.png', '', 'a\0.png', `${'x'.repeat(300)}.png`].map(
        (suggestedName) => () => exportParams.saveFile({ suggestedName, kind: 'png', content: '' }),
      ),
      () => exportParams.saveFile({ suggestedName: 'a.exe', kind: 'exe', content: '' }),
      () => exportParams.saveFile({ suggestedName: 'a.png', kind: 'png', content: [1] }),
      ...['../x.png', '/x.png', 'a//b.png', 'C:x.png', 'a.html'].map(
        (path) => () => exportParams.artifactBytes({ runId: 'r', path, as: 'image' }),
      ),
      () => exportParams.artifactBytes({ runId: '../r', path: 'a.txt', as: 'text' }),
      () => exportParams.artifactBytes({ runId: 'r', path: 'a.txt', as: 'html' }),
      ...['../x.png', 'a/../x.png', 'a//b.png', '/a.png', 'a\\b.png', 'a/.x'].map(
        (name) => () =>
          exportParams.saveArtifacts({ folderName: 'images', files: [{ runId: 'r', path: 'x.png', name }] }),
      ),
      () => exportParams.saveArtifacts({ folderName: '..', files: [{ runId: 'r', path: 'x.png', name: 'x.png' }] }),
      () => exportParams.saveArtifacts({ folderName: 'a', files: [{ runId: 'r', path: '../x', name: 'x.png' }] }),
      () => exportParams.saveArtifacts({ folderName: 'a', files: [] }),
      () => exportParams.findArtifacts({ runIds: ['r'], pattern: 1 }),
      () => exportParams.findArtifacts({ runIds: Array.from({ length: 500 }, () => 'r'), pattern: '' }),
    ];
    for (const decode of wrong) assert.throws(decode, /sent something else/);
  });
});
