/** MLflow's own page token: base64 of this JSON (mlflow/utils/search_utils.py, SearchUtils.create_page_token). */
export const tokenAt = (offset: number) => Buffer.from(JSON.stringify({ offset })).toString('base64');

/** The offset in a token of MLflow's own making; undefined for any other server's. */
export function offsetOf(token: string): number | undefined {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(token, 'base64').toString('utf8'));
    const offset = typeof decoded === 'object' && decoded !== null && 'offset' in decoded ? decoded.offset : undefined;
    return typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0 ? offset : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
