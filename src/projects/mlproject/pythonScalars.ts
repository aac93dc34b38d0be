/**
 * What PyYAML's safe loader makes of a plain scalar, and what Python's `str()` says of it: MLflow hands a default on as
 * that text. YAML 1.1 as PyYAML has it (`1e-3` is a string there, `yes` a boolean, `1:30` ninety).
 * https://github.com/yaml/pyyaml/blob/main/lib/yaml/resolver.py and constructor.py
 */
export interface PyScalar {
  readonly type: 'str' | 'int' | 'float' | 'bool' | 'null' | 'time';
  /** `str(value)`; of null it is `None`. */
  readonly text: string;
}

const bool = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const int =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const float =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const nothing = /^(?:~|null|Null|NULL|)$/;
const date = /^(\d{4})-(\d\d)-(\d\d)$/;
const time =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(?:Z|([-+])(\d\d?)(?::?(\d\d))?))?$/;

/** Throws `RangeError` for what the loader refuses: a date that does not exist, a lone `=`. */
export function plainScalar(source: string): PyScalar {
  if (nothing.test(source)) return { type: 'null', text: 'None' };
  if (bool.test(source)) return boolScalar(source);
  if (int.test(source)) return intScalar(source);
  if (float.test(source)) return floatScalar(source);
  if (date.test(source) || time.test(source)) return timeScalar(source);
  if (source === '=') throw new RangeError('a lone "=" is no value');
  return { type: 'str', text: source };
}

/** A scalar with a tag of its own, `!!int "5"`. Undefined for a tag that the safe loader does not know. */
export function taggedScalar(tag: string, source: string): PyScalar | undefined {
  switch (tag) {
    case '!':
    case 'tag:yaml.org,2002:str':
      return { type: 'str', text: source };
    case 'tag:yaml.org,2002:null':
      return { type: 'null', text: 'None' };
    case 'tag:yaml.org,2002:bool':
      return bool.test(source) ? boolScalar(source) : refuse(source);
    case 'tag:yaml.org,2002:int':
      return int.test(source) ? intScalar(source) : refuse(source);
    case 'tag:yaml.org,2002:float':
      return int.test(source) || float.test(source) ? floatScalar(source) : refuse(source);
    case 'tag:yaml.org,2002:timestamp':
      return timeScalar(source);
    default:
      return undefined;
  }
}

function refuse(source: string): never {
  throw new RangeError(`${JSON.stringify(source.slice(0, 60))} does not fit its tag`);
}

const boolScalar = (source: string): PyScalar => ({
  type: 'bool',
  text: /^(yes|true|on)$/i.test(source) ? 'True' : 'False',
});

function intScalar(source: string): PyScalar {
  const digits = source.replaceAll('_', '').replace(/^[-+]/, '');
  const value = digits.includes(':')
    ? sexagesimal(digits)
    : /^0[0-7]+$/.test(digits)
      ? BigInt(`0o${digits.slice(1)}`)
      : BigInt(digits || '0');
  return { type: 'int', text: String(source.startsWith('-') ? -value : value) };
}

function sexagesimal(digits: string): bigint {
  return digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part || '0'), 0n);
}

function floatScalar(source: string): PyScalar {
  const sign = source.startsWith('-') ? -1 : 1;
  const text = source.replaceAll('_', '').replace(/^[-+]/, '').toLowerCase();
  const value = text.includes(':')
    ? text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
    : text === '.inf'
      ? Number.POSITIVE_INFINITY
      : text === '.nan'
        ? Number.NaN
        : Number(text);
  return { type: 'float', text: pythonFloat(sign * value) };
}

/** `repr` of a float: the shortest digits as JavaScript has them, with Python's own exponents. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [digits = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16)
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  const plain = exponent < 0 ? value.toFixed(Math.max(0, fractionDigits(digits) - exponent)) : String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}

const fractionDigits = (digits: string) => (digits.split('.')[1] ?? '').length;

function timeScalar(source: string): PyScalar {
  const day = date.exec(source);
  if (day) {
    requireDay(source, day[1], day[2], day[3]);
    return { type: 'time', text: source };
  }
  const [all, year, month, dayOfMonth, hour, minute, second, fraction, sign, zoneHour, zoneMinute] =
    time.exec(source) ?? [];
  if (all === undefined) return refuse(source);
  requireDay(source, year, month, dayOfMonth);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) refuse(source);
  const two = (text: string | undefined) => (text ?? '0').padStart(2, '0');
  const micros = (fraction ?? '').slice(0, 6).padEnd(6, '0');
  const zone = sign ? `${sign}${two(zoneHour)}:${two(zoneMinute)}` : source.endsWith('Z') ? '+00:00' : '';
  const clock = `${two(hour)}:${minute}:${second}${Number(micros) > 0 ? `.${micros}` : ''}`;
  return { type: 'time', text: `${year}-${two(month)}-${two(dayOfMonth)} ${clock}${zone}` };
}

function requireDay(source: string, year = '', month = '', day = ''): void {
  const at = new Date(Date.UTC(2000, Number(month) - 1, Number(day)));
  at.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const exists = Number(year) >= 1 && at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day);
  if (!exists) refuse(source);
}

/** `repr` of a string, as it stands inside a list. */
export function pythonRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  const body = [...text].map((character) => {
    if (character === quote) return `\\${character}`;
    const known = escapes[character];
    if (known !== undefined) return known;
    const code = character.codePointAt(0) ?? 0;
    return code < 32 || (code >= 127 && code < 160) ? `\\x${code.toString(16).padStart(2, '0')}` : character;
  });
  return quote + body.join('') + quote;
}
