import { MlflowError } from '../mlflowError';
import { mapInSlices } from './slices';

export interface Source {
  readonly server: string;
  /** `POST /ajax-api/2.0/mlflow/runs/search` */
  readonly endpoint: string;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads the fields of one JSON object of an answer. Whatever is not as MLflow promises is an `MlflowError` of kind
 * `protocol` that names the endpoint and the path of the field. MLflow omits what is empty or unset.
 */
export class Fields {
  /** @param path is asked for where something is wrong: an answer has hundreds of thousands of them */
  private constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    private readonly path: () => string,
    private readonly source: Source,
  ) {}

  static of(value: unknown, source: Source, path = () => ''): Fields {
    if (!isRecord(value)) throw malformed(source, path() || 'the answer', 'an object', value);
    return new Fields(value, path, source);
  }

  has(key: string): boolean {
    return this.values[key] !== undefined && this.values[key] !== null;
  }

  /** A string that must be there. */
  string(key: string): string {
    const value = this.values[key];
    if (typeof value === 'string') return value;
    throw this.wrong(key, 'a string', value);
  }

  /** An id: a string that must be there and not be empty; a number is taken as its digits. */
  id(key: string): string {
    const value = this.values[key];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
    throw this.wrong(key, 'an id', value);
  }

  /** A string; '' when it is absent. */
  text(key: string): string {
    return this.has(key) ? this.string(key) : '';
  }

  optionalText(key: string): string | undefined {
    return this.text(key) || undefined;
  }

  boolean(key: string): boolean {
    const value = this.values[key];
    if (value === undefined || value === null) return false;
    if (typeof value === 'boolean') return value;
    throw this.wrong(key, 'true or false', value);
  }

  /** A metric value: a number, or NaN and ±Infinity in any of MLflow's spellings. */
  double(key: string): number {
    const value = this.values[key];
    const number = typeof value === 'number' ? value : typeof value === 'string' ? specialNumber(value) : undefined;
    if (number !== undefined) return infinite(number);
    throw this.wrong(key, 'a number', value);
  }

  /** A whole number, rounded to the nearest double beyond 2^53; `fallback` when absent. */
  integer(key: string, fallback?: number): number {
    const value = this.values[key];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value);
    if ((value === undefined || value === null) && fallback !== undefined) return fallback;
    throw this.wrong(key, 'a whole number', value);
  }

  optionalInteger(key: string): number | undefined {
    return this.has(key) ? this.integer(key) : undefined;
  }

  /** The digits of a whole number that a double cannot hold; undefined when it can. */
  exactInteger(key: string): string | undefined {
    const value = this.values[key];
    return typeof value === 'string' && /^-?\d+$/.test(value) && !Number.isSafeInteger(Number(value))
      ? value
      : undefined;
  }

  object(key: string): Fields {
    return Fields.of(this.values[key], this.source, () => this.at(key));
  }

  optionalObject(key: string): Fields | undefined {
    return this.has(key) ? this.object(key) : undefined;
  }

  /** Each object of a list; none when the list is absent. */
  list<T>(key: string, decode: (item: Fields) => T): T[] {
    return this.rawList(key).map((item, index) => decode(this.item(key, item, index)));
  }

  /** As `list` for lists that may be long: others run in between. */
  listInSlices<T>(key: string, decode: (item: Fields) => T): Promise<T[]> {
    return mapInSlices(this.rawList(key), (item, index) => decode(this.item(key, item, index)));
  }

  strings(key: string): string[] {
    return this.rawList(key).map((item, index) => {
      if (typeof item === 'string') return item;
      throw malformed(this.source, `${this.at(key)}[${index}]`, 'a string', item);
    });
  }

  /** A list of `{key, value}` as a record without inherited keys; an absent value is ''. */
  pairs(key: string): Record<string, string> {
    const record: Record<string, string> = Object.create(null);
    this.list(key, (item) => {
      record[item.string('key')] = item.text('value');
    });
    return record;
  }

  /** The error for a field of this object that decodes but makes no sense. */
  wrong(key: string, expected: string, value: unknown): MlflowError {
    return malformed(this.source, this.at(key), expected, value);
  }

  private item(key: string, item: unknown, index: number): Fields {
    return Fields.of(item, this.source, () => `${this.at(key)}[${index}]`);
  }

  private rawList(key: string): readonly unknown[] {
    const value = this.values[key];
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value;
    throw this.wrong(key, 'a list', value);
  }

  private at(key: string): string {
    const path = this.path();
    return path ? `${path}.${key}` : key;
  }
}

function specialNumber(text: string): number | undefined {
  switch (text) {
    case 'NaN':
      return Number.NaN;
    case 'Infinity':
      return Number.POSITIVE_INFINITY;
    case '-Infinity':
      return Number.NEGATIVE_INFINITY;
    default:
      return /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
  }
}

/** SQL stores keep ±Infinity as the largest double. */
const largestStored = 1.797e308;
const infinite = (value: number) =>
  Math.abs(value) >= largestStored ? Math.sign(value) * Number.POSITIVE_INFINITY : value;

function malformed(source: Source, field: string, expected: string, value: unknown): MlflowError {
  const got =
    value === undefined ? 'nothing' : Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`;
  return new MlflowError(
    'protocol',
    `The server's answer is malformed: ${field} should be ${expected}, but is ${got}.`,
    {
      ...source,
      field,
      advice: 'This may be a version of MLflow that Flowdeck does not know, or a proxy that changes answers.',
    },
  );
}
