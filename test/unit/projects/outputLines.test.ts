import assert from 'node:assert/strict';
import fc from 'fast-check';
import { OutputLines } from '../../../src/projects/process/outputLines';

/** What is shown of pieces that come one after the other, `ms` apart. */
function shown(pieces: readonly string[], ms = 0): readonly string[] {
  const lines: string[] = [];
  let time = 0;
  const output = new OutputLines(
    (line) => lines.push(line),
    () => time,
  );
  for (const piece of pieces) {
    output.add(piece);
    time += ms;
  }
  output.end();
  return lines;
}

describe('the lines of a program among others', () => {
  it('are shown whole, wherever its pieces end', () => {
    const text = 'one\r\n\r\ntwo\nthree\r\r\nfour';
    fc.assert(
      fc.property(fc.array(fc.nat({ max: text.length }), { maxLength: 6 }), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((end, at) => text.slice(places[at], end));
        assert.deepEqual(shown(pieces), ['one', '', 'two', 'three', 'four']);
      }),
    );
  });

  it('are shown at a rate where a bar is drawn over itself, and the last one always', () => {
    const bar = Array.from({ length: 101 }, (_, at) => `\r${at}%`);
    assert.deepEqual(shown([...bar, '\r\nover\r\n'], 1_000), [
      ...Array.from({ length: 20 }, (_, at) => `${at * 5}%`),
      '100%',
      'over',
    ]);
    assert.deepEqual(shown([...bar.slice(0, 8)]), ['0%', '7%'], 'one that the program dies in');
    assert.deepEqual(shown(['1%\r2%\r', '3%\r', '   \r']), ['1%', '3%'], 'one that is wiped away');
  });

  it('lose nothing when no line ever ends, and keep nothing back', () => {
    const lines: string[] = [];
    const output = new OutputLines((line) => lines.push(line));
    for (let at = 0; at < 200; at++) output.add('x'.repeat(1_000));
    assert.ok(lines.join('').length > 180_000, 'what has no end is shown while it comes');
    output.end();
    assert.equal(lines.join(''), 'x'.repeat(200_000));
  });

  it('cost the same for the last piece of a bar as for the first', () => {
    let read = 0;
    const output = new OutputLines(() => {
      read++;
    });
    const begin = performance.now();
    for (let at = 0; at < 200_000; at++) output.add(`\r${at} of 200000 ${'#'.repeat(80)}`);
    // Kept whole, these 18 MB would be read again with every piece: hours.
    assert.ok(performance.now() - begin < 20_000);
    assert.ok(read >= 1);
  });

  it('move no cursor into what others have written, and keep their colours', () => {
    assert.deepEqual(shown(['\u001b[2K\u001b[1A\u001b[31mred\u001b[0m\u001b[?25l\n']), ['\u001b[31mred\u001b[0m']);
  });
});
