import { environmentKinds } from '../mlproject/mlproject';

/** The keys that MLflow reads, by where they stand. It ignores all others without a word. */
export const keys = {
  root: ['name', 'entry_points', ...environmentKinds, 'databricks_spark_job'],
  entryPoint: ['parameters', 'command'],
  parameter: ['type', 'default'],
  docker_env: ['image', 'volumes', 'environment'],
  databricks_spark_job: ['python_file', 'parameters', 'python_libraries'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type KeyPlace = keyof typeof keys;

/** The types that MLflow's documentation knows. Only `path` and `uri` mean something to it. */
export const documentedTypes = ['string', 'float', 'path', 'uri'] as const;
/** Names of types that people write and that mean no harm; Flowdeck's form checks whole numbers. */
export const toleratedTypes = ['int', 'integer', 'number', 'str', 'bool', 'boolean', 'double'] as const;

export const isKnownType = (type: string) => [...documentedTypes, ...toleratedTypes].some((known) => known === type);
