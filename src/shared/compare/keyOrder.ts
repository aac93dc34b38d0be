import { naturalCompare } from '../naturalCompare';

/** As people count, what MLflow measures of the machine last. */
export function inOrder(keys: readonly string[]): readonly string[] {
  return [...keys].sort((a, b) => Number(isSystem(a)) - Number(isSystem(b)) || naturalCompare(a, b));
}

const isSystem = (key: string) => key.startsWith('system/');
