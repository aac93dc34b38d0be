/** The shortest text that still tells values apart in a chart: at most 5 significant digits; NaN and ∞ by name. */
export const shortNumber = (value: number): string => numberInDigits(value, 5);

/** At most `digits` (1 … 100) significant ones; whole numbers have all of theirs. */
export function numberInDigits(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
  const size = Math.abs(value);
  if (value === 0 || Number.isInteger(value)) return size < 1e15 ? count(value) : value.toExponential();
  if (size >= 10 ** Math.max(6, digits) || size < 1e-4) return trimmed(value.toExponential(digits - 1));
  return trimmed(value.toPrecision(digits));
}

/** A tick of an axis that covers `span`: short, but in the digits that tell some ten ticks apart. */
export function tickNumber(value: number, span: number): string {
  // Each of ten needs a digit more than the span has.
  const digits = Math.ceil(Math.log10(Math.abs(value) / (span || 1))) + 2;
  if (digits <= 5) return shortNumber(Number(value.toPrecision(10)));
  return value.toLocaleString('en', { maximumSignificantDigits: Math.min(15, digits) });
}

/** Significant digits in which different values look different: five at least, nine where these are not enough either. */
export function tellingDigits(values: readonly number[]): number {
  const different = [...new Set(values)];
  const areTold = (digits: number) =>
    new Set(different.map((value) => numberInDigits(value, digits))).size === different.length;
  return [5, 6, 7, 8].find(areTold) ?? 9;
}

function trimmed(text: string): string {
  const [digits = '', exponent] = text.split('e');
  const short = digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
  return exponent === undefined ? short : `${short}e${exponent}`;
}

/** Seconds as `12.5 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(seconds: number): string {
  const size = Math.abs(seconds);
  const sign = seconds < 0 ? '-' : '';
  const short = trimmed(size.toFixed(size < 10 ? 2 : 1));
  if (Number(short) < 60) return `${sign}${short} s`;
  const two = (large: number, small: number, names: readonly [string, string]) => {
    const all = Math.max(60, size);
    const rest = Math.floor((all % large) / small);
    return `${sign}${Math.floor(all / large)} ${names[0]}${rest > 0 ? ` ${rest} ${names[1]}` : ''}`;
  };
  if (size < 3600) return two(60, 1, ['min', 's']);
  if (size < 86_400) return two(3600, 60, ['h', 'min']);
  return two(86_400, 3600, ['d', 'h']);
}

/** With commas between thousands. A fresh page is tens of ms getting ready for `toLocaleString`: counts do without it. */
export const count = (value: number): string =>
  Number.isSafeInteger(value) ? String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ',') : value.toLocaleString('en');
