import { endpointOf, notJson } from '../http/failure';
import type { HttpClient } from '../http/httpClient';
import type { HttpRequest } from '../http/httpOptions';
import { Fields } from '../wire/fields';
import { parseInSlices, type TakenList } from '../wire/slices';

/** `/ajax-api` is the one form that MLflow 2 and 3 both serve below a `--static-prefix`. */
export const api2 = '/ajax-api/2.0/mlflow';
export const api3 = '/ajax-api/3.0/mlflow';

export type QueryValue = string | number | readonly string[] | undefined;

/** Repeated keys for lists, as MLflow wants them; what is undefined is left out. */
export function queryOf(values: Readonly<Record<string, QueryValue>>): [string, string][] {
  return Object.entries(values).flatMap(([key, value]): [string, string][] => {
    if (value === undefined) return [];
    return typeof value === 'object' ? value.map((item) => [key, item]) : [[key, String(value)]];
  });
}

/** One call whose answer is a JSON object. */
export async function call(
  http: HttpClient,
  request: HttpRequest,
  signal?: AbortSignal,
  taken?: TakenList,
): Promise<Fields> {
  const { parts, ...answer } = await http.parts(request, signal);
  const source = sourceOf(http, request);
  // Several writes answer with nothing at all.
  if (!parts.some((part) => /\S/.test(part))) return Fields.of({}, source);
  let value: unknown;
  try {
    value = await parseInSlices(parts, taken);
  } catch (error) {
    if (error instanceof SyntaxError) throw notJson({ ...answer, text: parts.join('') }, source);
    throw error;
  }
  return Fields.of(value, source);
}

const sourceOf = (http: HttpClient, request: HttpRequest) => ({ server: http.baseUrl, endpoint: endpointOf(request) });

/** The same where a list of the answer may be long: each item is decoded as it is read, and others run in between. */
async function callList<T>(
  http: HttpClient,
  request: HttpRequest,
  key: string,
  decode: (item: Fields) => T,
  signal?: AbortSignal,
): Promise<{ readonly items: readonly T[]; readonly answer: Fields }> {
  const items: T[] = [];
  const source = sourceOf(http, request);
  const take = (item: unknown, index: number) => {
    items.push(decode(Fields.of(item, source, () => `${key}[${index}]`)));
  };
  const answer = await call(http, request, signal, { key, take });
  // A short answer has all of its items still.
  await answer.listInSlices(key, (item) => {
    items.push(decode(item));
  });
  return { items, answer };
}

export const get = (
  http: HttpClient,
  path: string,
  query: Readonly<Record<string, QueryValue>>,
  signal?: AbortSignal,
) => call(http, { method: 'GET', path, query: queryOf(query) }, signal);

export const getList = <T>(
  http: HttpClient,
  path: string,
  query: Readonly<Record<string, QueryValue>>,
  key: string,
  decode: (item: Fields) => T,
  signal?: AbortSignal,
) => callList(http, { method: 'GET', path, query: queryOf(query) }, key, decode, signal);

/** A question that MLflow wants as POST; it changes nothing, so it may be asked again. */
const question = (path: string, json: object): HttpRequest => ({ method: 'POST', path, json, idempotent: true });

export const ask = (http: HttpClient, path: string, json: object, signal?: AbortSignal) =>
  call(http, question(path, json), signal);

export const askList = <T>(
  http: HttpClient,
  path: string,
  json: object,
  key: string,
  decode: (item: Fields) => T,
  signal?: AbortSignal,
) => callList(http, question(path, json), key, decode, signal);

export const write = (
  http: HttpClient,
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  json: object,
  signal?: AbortSignal,
) => call(http, { method, path, json }, signal);

export function pageOf<T>(items: readonly T[], fields: Fields): { items: readonly T[]; nextPageToken?: string } {
  const nextPageToken = fields.optionalText('next_page_token');
  // MLflow 2 gives a token after a page that is exactly full, and an empty page then: an empty page ends it.
  return items.length > 0 && nextPageToken ? { items, nextPageToken } : { items };
}

export const tagList = (tags: Readonly<Record<string, string>> | undefined) =>
  Object.entries(tags ?? {}).map(([key, value]) => ({ key, value }));
