import { once } from './once';

/** Made once: making a collator costs far more than comparing. English, so that lists look alike on every machine. */
const letters = once(() => new Intl.Collator('en', { sensitivity: 'base' }));
const accentsAndCase = once(() => new Intl.Collator('en'));

/**
 * Names as people count: `layer_2` before `layer_10`. Parts between slashes are compared one after the other, so all of
 * `layer_1/…` stands together and is not torn apart by `layer_1_norm/…`; a prefix comes before what it begins. Texts
 * that only look alike (`a_2`, `a_02`) keep a fixed order: 0 is returned for equal texts alone.
 */
export function naturalCompare(a: string, b: string): number {
  if (a === b) return 0;
  for (let fromA = 0, fromB = 0; ; ) {
    const slashA = a.indexOf('/', fromA);
    const slashB = b.indexOf('/', fromB);
    const order = comparePart(
      a.slice(fromA, slashA < 0 ? undefined : slashA),
      b.slice(fromB, slashB < 0 ? undefined : slashB),
    );
    if (order !== 0) return order;
    if (slashA < 0 || slashB < 0) return slashA - slashB;
    fromA = slashA + 1;
    fromB = slashB + 1;
  }
}

/** Letters and numbers first; accents, case and zeros in front decide where these are the same. */
function comparePart(a: string, b: string): number {
  if (a === b) return 0;
  return compareChunks(a, b, letters()) || compareChunks(a, b, accentsAndCase()) || (a < b ? -1 : 1);
}

/**
 * Digits and what stands between them in turn, each compared as a whole: a collator that counts by itself is not
 * transitive where digits of other scripts stand beside ASCII's.
 */
function compareChunks(a: string, b: string, collator: Intl.Collator): number {
  let [fromA, fromB] = [0, 0];
  while (fromA < a.length && fromB < b.length) {
    const digits = isDigit(a, fromA);
    if (digits !== isDigit(b, fromB)) return digits ? -1 : 1;
    const [endA, endB] = [endOf(a, fromA, digits), endOf(b, fromB, digits)];
    const [chunkA, chunkB] = [a.slice(fromA, endA), b.slice(fromB, endB)];
    const order = digits ? compareDigits(chunkA, chunkB) : collator.compare(chunkA, chunkB);
    if (order !== 0) return order;
    [fromA, fromB] = [endA, endB];
  }
  return fromA < a.length ? 1 : fromB < b.length ? -1 : 0;
}

const isDigit = (text: string, at: number) => {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
};

function endOf(text: string, from: number, digits: boolean): number {
  let end = from + 1;
  while (end < text.length && isDigit(text, end) === digits) end++;
  return end;
}

/** Of any length. */
function compareDigits(a: string, b: string): number {
  const [plainA, plainB] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return plainA.length - plainB.length || (plainA === plainB ? 0 : plainA < plainB ? -1 : 1);
}
