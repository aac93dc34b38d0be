import assert from 'node:assert/strict';
import fc from 'fast-check';
import { packRuns } from '../../../src/panels/runs/packRuns';
import type { Column } from '../../../src/shared/runs/column';
import { exportedRows, exportedRun } from '../../../src/shared/runs/exportedRun';
import {
  csvLine,
  exportedName,
  exportedText,
  guardedText,
  markdownTable,
  tsvLine,
} from '../../../src/shared/runs/exportText';
import { ExportWriter } from '../../../src/shared/runs/exportWriter';
import { historyKeys, readExtremes, unreadRows } from '../../../src/shared/runs/historyCells';
import { RunTable } from '../../../src/shared/runs/runTable';
import { runOf } from '../../support/runOf';

const name: Column = { kind: 'attribute', key: 'run_name' };
const lr: Column = { kind: 'param', key: 'lr' };
const loss: Column = { kind: 'metric', key: 'loss', stat: 'last' };

/** RFC 4180, section 2, read literally. */
function readCsv(text: string): string[][] {
  const lines: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let found = cell.exec(text); found; found = cell.exec(text)) {
    lines.at(-1)?.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === '\r\n') lines.push([]);
    if (cell.lastIndex === text.length) break;
  }
  return lines.slice(0, -1);
}

describe('exported cells', () => {
  it('have every digit, exact instants and seconds', () => {
    const options = { guarded: false };
    assert.equal(exportedText(0.1 + 0.2, loss, options), '0.30000000000000004');
    assert.equal(exportedText(Number.NEGATIVE_INFINITY, loss, options), '-Infinity');
    assert.equal(exportedText(1500, { kind: 'attribute', key: 'duration' }, options), '1.5');
    const instant = exportedText(1_700_000_000_123, { kind: 'attribute', key: 'start_time' }, options);
    assert.equal(new Date(instant).getTime(), 1_700_000_000_123);
    assert.deepEqual([name, lr, loss, { ...loss, stat: 'min' as const }].map(exportedName), [
      'run_name',
      'params.lr',
      'metrics.loss',
      'metrics[min].loss',
    ]);
  });

  it('are no formulas to a spreadsheet, and numbers stay numbers', () => {
    for (const text of ['=1+1', '+cmd', '-x', '@SUM(A1)', '\t=1', '＝1', '-1-1'])
      assert.equal(guardedText(text), `'${text}`);
    for (const text of ['-1', '+1e-3', '-.5', 'a=b', '', 'x-y', '1']) assert.equal(guardedText(text), text);
    assert.equal(exportedText(-1, loss, { guarded: true }), '-1');
    assert.equal(exportedText('=1', name, { guarded: false }), '=1');
  });

  it('come back from a CSV whatever they hold', () => {
    const cell = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'a', "'", '\t') }));
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 4 }), (lines) => {
        assert.deepEqual(readCsv(lines.map(csvLine).join('')), lines);
      }),
    );
  });

  it('are pasted as cells', () => {
    assert.equal(tsvLine(['a\tb', 'c"d', 'e\nf', 'g,h']), '"a\tb"\t"c""d"\t"e\nf"\tg,h\n');
  });

  it('are no Markdown and no HTML in a table of Markdown', () => {
    assert.equal(
      markdownTable(
        [name, loss],
        [
          ['a|b <i>*x*</i>\n& `c`', 0.5],
          ['plain', undefined],
        ],
      ),
      [
        '| run\\_name | metrics.loss |',
        '| --- | ---: |',
        '| a\\|b \\<i\\>\\*x\\*\\</i\\><br>&amp; \\`c\\` | 0.5 |',
        '| plain |  |',
        '',
      ].join('\n'),
    );
  });
});

describe('an exported file', () => {
  const runs = [
    runOf('a', {
      name: '=cmd',
      startTime: 1_700_000_000_000,
      endTime: 1_700_000_060_000,
      params: { lr: '-0.1', __proto__: 'x', 'a,b': '"' },
      metrics: {
        loss: { key: 'loss', value: Number.NaN, timestamp: 0, step: 4 },
        top: { key: 'top', value: Number.POSITIVE_INFINITY, timestamp: 0, step: 0 },
      },
      tags: { team: 'ü\n' },
      datasets: [{ name: 'd', digest: '1', sourceType: 'http', source: 'http://x', context: 'training' }],
      modelIds: ['m-1'],
    }),
    runOf('b'),
  ];

  it('has the same runs of a page as of the server', async () => {
    const table = new RunTable();
    const rows = table.add(await packRuns(runs));
    assert.deepEqual(exportedRows(table, rows), runs.map(exportedRun));
  });

  it('is JSON whatever the pages are', async () => {
    const table = new RunTable();
    const rows = table.add(await packRuns(runs));
    for (const pages of [[], [rows], rows.map((row) => [row])]) {
      const writer = new ExportWriter('json', { columns: [], better: {} });
      const read: unknown = JSON.parse(
        [writer.head(), ...pages.map((page) => writer.rows(table, page)), writer.tail()].join(''),
      );
      assert.deepEqual(read, JSON.parse(JSON.stringify(exportedRows(table, pages.flat()))));
    }
    const [first] = exportedRows(table, rows);
    assert.deepEqual(first?.metrics.loss, { value: 'NaN', step: 4 });
    assert.equal(first?.start_time_iso, '2023-11-14T22:13:20.000Z');
  });

  it('has what is known of the histories that columns are computed from', async () => {
    const table = new RunTable();
    const rows = table.add(await packRuns(runs));
    const extremes = (min: number, max: number) => ({
      min: Float64Array.of(min),
      max: Float64Array.of(max),
      minSteps: Float64Array.of(3),
      maxSteps: Float64Array.of(9),
    });
    const columns: Column[] = [
      { kind: 'metric', key: 'loss', stat: 'best' },
      { kind: 'metric', key: 'top', stat: 'max' },
    ];
    assert.deepEqual([historyKeys(columns), unreadRows(table, rows, 'loss')], [['loss', 'top'], rows.slice(0, 1)]);
    await readExtremes(table, 'loss', ['a'], async () => extremes(-2, 5));
    await readExtremes(table, 'top', ['a', 'gone'], async () => extremes(Number.NaN, Number.NaN));
    assert.deepEqual(unreadRows(table, rows, 'loss'), []);
    const csv = new ExportWriter('csv', { columns, better: { loss: 'lower' } });
    assert.equal(csv.rows(table, rows), 'a,-2,NaN\r\nb,,\r\n');
    const json = new ExportWriter('json', { columns, better: {} });
    const [first] = JSON.parse(`${json.head()}${json.rows(table, rows)}${json.tail()}`);
    assert.deepEqual(first.metrics.loss, { value: 'NaN', step: 4, min: -2, min_step: 3, max: 5, max_step: 9 });
    assert.deepEqual(first.metrics.top, { value: 'Infinity', step: 0 });
  });

  it('has the id and the columns asked for, guarded where it is for a spreadsheet', async () => {
    const table = new RunTable();
    const rows = table.add(await packRuns(runs));
    const text = (format: 'csv' | 'csvGuarded') => {
      const writer = new ExportWriter(format, {
        columns: [name, { kind: 'attribute', key: 'run_id' }, lr, loss],
        better: {},
      });
      return writer.head() + writer.rows(table, rows) + writer.tail();
    };
    assert.equal(text('csv'), 'run_id,run_name,params.lr,metrics.loss\r\na,=cmd,-0.1,NaN\r\nb,b,,\r\n');
    assert.equal(text('csvGuarded'), "\ufeffrun_id,run_name,params.lr,metrics.loss\r\na,'=cmd,-0.1,NaN\r\nb,b,,\r\n");
  });
});
