import assert from 'node:assert/strict';
import fc from 'fast-check';
import { optionsText, parseOptions, wordsIn, wordsText } from '../../../src/projects/request/scripts';

describe('the options of a script', () => {
  it('are read as a person types them', () => {
    const read = (text: string) => {
      const parsed = parseOptions(text);
      return 'kind' in parsed ? parsed : Object.fromEntries(parsed);
    };
    assert.deepEqual(read(''), {});
    assert.deepEqual(read(`--rate 0.1 --name 'two words' --x="a b" y=-1 --z ''`), {
      rate: '0.1',
      name: 'two words',
      x: 'a b',
      y: '-1',
      z: '',
    });
    assert.deepEqual(read(String.raw`--a it\'s --b "say \"so\""`), { a: "it's", b: 'say "so"' });
    assert.deepEqual(read('--rate'), { kind: 'value', subject: '--rate' });
    assert.deepEqual(read('rate 1'), { kind: 'word', subject: 'rate' });
    assert.deepEqual(read('--a;b 1'), { kind: 'word', subject: '--a;b' });
    assert.deepEqual(read("--a 'b"), { kind: 'quote' });
  });

  it('keep every value on the way through the box', () => {
    const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,8}$/);
    fc.assert(
      fc.property(fc.dictionary(name, fc.string(), { noNullPrototype: true }), (options) => {
        const given = new Map(Object.entries(options));
        assert.deepEqual(parseOptions(optionsText(given)), given);
      }),
    );
  });

  it('are words that no shell reads', () => {
    const text = String.raw`--all -x 1 in.csv $HOME '*.csv' a"b c"d '' \$ ; | "$(id)"`;
    assert.deepEqual(wordsIn(text), [
      ...['--all', '-x', '1', 'in.csv', '$HOME', '*.csv', 'ab cd', '', '$', ';', '|', '$(id)'],
    ]);
    assert.deepEqual([wordsIn(''), wordsIn(' \n '), wordsIn(`a 'b`), wordsIn('a "b')], [[], [], undefined, undefined]);
    fc.assert(fc.property(fc.array(fc.string()), (words) => assert.deepEqual(wordsIn(wordsText(words)), words)));
  });
});
