export type MetricSearch =
  | { readonly ok: true; readonly matches: (key: string) => boolean }
  /** What is wrong with the regular expression. */
  | { readonly ok: false; readonly message: string };

/** A text that is anywhere in the name, capitals or not; between slashes, as in `/^val.*loss$/i`, a regular expression. */
export function metricSearch(search: string): MetricSearch {
  const wanted = search.trim();
  const [, pattern, flags = ''] = /^\/(.+)\/([a-z]*)$/s.exec(wanted) ?? [];
  if (pattern === undefined) {
    const lower = wanted.toLowerCase();
    return { ok: true, matches: (key) => key.toLowerCase().includes(lower) };
  }
  try {
    // With g or y the second question would begin where the first ended.
    const expression = new RegExp(pattern, flags.replaceAll(/[gy]/g, ''));
    return { ok: true, matches: (key) => expression.test(key) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
