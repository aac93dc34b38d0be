/** Made once: making a collator costs far more than comparing. English, so that lists look alike on every machine. */
const collator = new Intl.Collator('en', { numeric: true });

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

function comparePart(a: string, b: string): number {
  if (a === b) return 0;
  return collator.compare(a, b) || (a < b ? -1 : 1);
}
