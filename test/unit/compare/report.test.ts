import assert from 'node:assert/strict';
import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfmTable, gfmTableHtml } from 'micromark-extension-gfm-table';
import type { CompareRow, CompareValue } from '../../../src/shared/compare/compareRow';
import { codeCell, link, plainText, table } from '../../../src/shared/compare/markdown';
import { buildReport, type ReportInput, withImages } from '../../../src/shared/compare/report';

const rendered = (markdown: string) =>
  micromark(markdown, { extensions: [gfmTable()], htmlExtensions: [gfmTableHtml()] });

/** The text that a browser would show. */
const shown = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('\u2060', '');

const row = (label: string, values: readonly CompareValue[], more: Partial<CompareRow> = {}): CompareRow => ({
  id: `params.${label}`,
  section: 'params',
  label,
  kind: 'text',
  differs: new Set(values).size > 1,
  value: (at) => values[at],
  ...more,
});

const input: ReportInput = {
  title: 'Wider network',
  serverUri: 'http://127.0.0.1:5000',
  at: Date.UTC(2026, 10, 25),
  runs: [
    {
      name: 'base',
      url: 'http://127.0.0.1:5000/#/experiments/1/runs/a',
      commit: 'abcdef1',
      commitUrl: 'https://host/o/r/commit/abcdef1',
    },
    { name: 'wide', url: 'http://127.0.0.1:5000/#/experiments/1/runs/b' },
  ],
  hasBaseline: true,
  onlyDifferences: false,
  unread: 0,
  sections: {
    params: [
      row('lr', [0.1, 0.05], { kind: 'number', verbatim: (at) => ['0.1', '5e-2'][at] }),
      row('opt', ['sgd', 'sgd']),
    ],
    metrics: [row('loss', [0.5, 0.25], { section: 'metrics', kind: 'number', metric: 'loss' })],
  },
  better: { loss: 'lower' },
};

describe('the report of a comparison', () => {
  it('is what a pull request wants to know', () => {
    assert.equal(
      buildReport(input),
      `# Wider network

2 runs on http://127.0.0.1:5000, compared on 2026-11-25. Differences are to the baseline [base](http://127.0.0.1:5000/#/experiments/1/runs/a).

|  | Run | Commit |
| --- | --- | --- |
| 1 | [base](http://127.0.0.1:5000/#/experiments/1/runs/a) | [abcdef1](https://host/o/r/commit/abcdef1) |
| 2 | [wide](http://127.0.0.1:5000/#/experiments/1/runs/b) |  |

## Params

|  | 1. [base](http://127.0.0.1:5000/#/experiments/1/runs/a) | 2. [wide](http://127.0.0.1:5000/#/experiments/1/runs/b) |
| --- | --- | --- |
| \`lr\` | \`0.1\` | \`5e-2\` (-0.05 ×0.5) |
| \`opt\` | \`sgd\` | \`sgd\` |

## Metrics

|  | 1. [base](http://127.0.0.1:5000/#/experiments/1/runs/a) | 2. [wide](http://127.0.0.1:5000/#/experiments/1/runs/b) |
| --- | --- | --- |
| \`loss\` | 0.5 | 0.25 (-0.25 ×0.5, better) |
`,
    );
  });

  it('lists only what differs where that is asked, and leaves out sections without', () => {
    const report = buildReport({
      ...input,
      onlyDifferences: true,
      unread: 2,
      sections: { ...input.sections, tags: [row('a', ['1', '1'])] },
    });
    assert.ok(!report.includes('`opt`') && !report.includes('## Tags'));
    assert.match(report, /Only what differs is listed\. 2 histories could not be read\./);
  });

  it('has its pictures beside it', () => {
    const text = withImages('# a\n', 'my report_files', [{ file: '1-val loss.png', title: 'val_loss' }]);
    assert.equal(text, '# a\n\n## Charts\n\n![val&#95;loss](my%20report_files/1-val%20loss.png)\n');
    assert.equal(withImages('# a\n', 'x', []), '# a\n');
  });
});

describe('text of strangers in Markdown', () => {
  const nasty = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc
      .array(
        fc.constantFrom(
          '|',
          '`',
          '``',
          '\\',
          '\n',
          '<b>',
          '&amp;',
          '*',
          '_',
          '](',
          '![',
          '@team',
          '#1',
          'a',
          ' ',
          '~',
          '\t',
          '$',
        ),
        {
          maxLength: 12,
        },
      )
      .map((parts) => parts.join('')),
  );
  /** What is shown is one line, without blanks around it. */
  const asLine = (text: string) =>
    text
      .trim()
      .replaceAll(/\r?\n|\r/g, ' ⏎ ')
      .replaceAll(/\p{Cc}/gu, ' ');
  const blanks = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

  it('is one cell of a table, and reads there as it was written', () => {
    fc.assert(
      fc.property(nasty, nasty, (first, second) => {
        const html = rendered(table(['', 'run'], [[codeCell(first), codeCell(second)]]));
        const cells = [...html.matchAll(/<td>(.*?)<\/td>/gs)].map(([, cell]) => cell ?? '');
        assert.equal(cells.length, 2);
        assert.deepEqual(
          cells.map((cell) => blanks(shown(cell))),
          [first, second].map((text) => blanks(asLine(text))),
        );
        assert.ok(!/<(?!\/?code>)/.test(cells.join('')), html);
      }),
      { numRuns: 500 },
    );
  });

  it('makes neither headings nor links nor markup of its own', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const html = rendered(`# x ${plainText(text)} y`);
        assert.ok(!/<(?!\/?h1>)/.test(html), html);
        assert.equal(blanks(shown(html)), blanks(`x ${asLine(text)} y`));
        const linked = rendered(link(`${text}z`, 'http://host/(a)|b [c]'));
        assert.equal([...linked.matchAll(/<a href="http:\/\/host\/%28a%29%7Cb%20%5Bc%5D">/g)].length, 1, linked);
      }),
      { numRuns: 500 },
    );
  });

  it('links to the web only', () => {
    assert.equal(link('x', 'javascript:alert(1)'), 'x');
    assert.equal(link('x', 'command:workbench.action.quit'), 'x');
    assert.equal(link('x', undefined), 'x');
  });

  it('mentions nobody', () => {
    assert.ok(!plainText('@team').includes('@'));
    assert.equal(codeCell('@team'), '`@team`');
  });
});
