import { endpointOf, notJson } from '../http/failure';
import type { HttpClient } from '../http/httpClient';
import type { HttpRequest } from '../http/httpOptions';
import { Fields } from '../wire/fields';
import { parseInSlices } from '../wire/slices';

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
export async function call(http: HttpClient, request: HttpRequest, signal?: AbortSignal): Promise<Fields> {
  const { parts, ...answer } = await http.parts(request, signal);
  const source = { server: http.baseUrl, endpoint: endpointOf(request) };
  // Several writes answer with nothing at all.
  if (!parts.some((part) => /\S/.test(part))) return Fields.of({}, source);
  let value: unknown;
  try {
    value = await parseInSlices(parts);
  } catch (error) {
    if (error instanceof SyntaxError) throw notJson({ ...answer, text: parts.join('') }, source);
    throw error;
  }
  return Fields.of(value, source);
}

export const get = (
  http: HttpClient,
  path: string,
  query: Readonly<Record<string, QueryValue>>,
  signal?: AbortSignal,
) => call(http, { method: 'GET', path, query: queryOf(query) }, signal);

/** A question that MLflow wants as POST; it changes nothing, so it may be asked again. */
export const ask = (http: HttpClient, path: string, json: object, signal?: AbortSignal) =>
  call(http, { method: 'POST', path, json, idempotent: true }, signal);

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
