import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plainMarkdown } from '../../../src/shared/plainMarkdown';
import { markdownHtml } from '../../../webview/controls/markdownHtml';

describe('a text as Markdown', () => {
  it('keeps its spaces as such, its numbers and its lines', () => {
    assert.equal(plainMarkdown('a  loss of 0.125,\n\tat last'), 'a loss of 0.125,  \nat last');
    assert.equal(plainMarkdown(''), '');
  });

  it('means nothing', () => {
    const texts = [
      '**bold** `code` _x_',
      '1. one',
      '[x](command:y)',
      '<b>',
      'www.example.org',
      '# head',
      'a\n===\nb\n---',
    ];
    const shown = (text: string) => markdownHtml(plainMarkdown(text)).replaceAll(/<br \/>|<\/?p>/g, '');
    for (const text of [...texts, 'http://a.b/c', '$(zap) ~~x~~ &amp; | a | b |'])
      assert.doesNotMatch(shown(text), /</, text);
    const unit = fc.constantFrom(...'a1 \t\n*_`[]()<>#+-.!|~&$=:/\\"\'@'.split(''), 'http://', 'www.');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 20 }), (text) => {
        assert.doesNotMatch(shown(text), /</, JSON.stringify(text));
      }),
      { numRuns: 2_000 },
    );
  });
});
