import { enclose } from '../shared/filter/quoting';
import { MlflowError } from './mlflowError';

/**
 * A key as MLflow's search grammar reads it: always quoted, since `a/b`, `top-5` and words like `in` need it.
 * Throws `MlflowError` of kind `invalid` for a key that no quotes can hold.
 */
export function quoteKey(key: string): string {
  return enclose(key, ['`', '"']) ?? unquotable(key);
}

/** A string value in quotes of the kind it does not hold: MLflow has no escapes. */
export function quoteValue(value: string): string {
  return enclose(value, ["'", '"']) ?? unquotable(value);
}

function unquotable(text: string): never {
  throw new MlflowError('invalid', `MLflow's filters cannot hold ${JSON.stringify(text.slice(0, 80))}.`, {
    advice: 'It has quotes of both kinds. Filter by a part of it with LIKE.',
  });
}

/** `run_id IN ('a','b')`. Ids that are not of MLflow's own making are left out, as no run has them; undefined when none is left. */
export function runIdIn(runIds: readonly string[]): string | undefined {
  const known = runIds.filter((id) => /^[0-9a-fA-F-]{1,64}$/.test(id));
  // The server takes no empty list.
  return known.length === 0 ? undefined : `attributes.run_id IN (${known.map((id) => `'${id}'`).join(',')})`;
}
