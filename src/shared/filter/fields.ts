import {
  type AttributeName,
  type DatasetField,
  datasetFields,
  type Field,
  numberAttributes,
  stringAttributes,
} from './ast';

/** MLflow's names of the kinds of fields, which it takes in lower case only. */
const prefixes: Readonly<Record<string, Field['kind']>> = {
  metric: 'metric',
  metrics: 'metric',
  param: 'param',
  params: 'param',
  parameter: 'param',
  parameters: 'param',
  tag: 'tag',
  tags: 'tag',
  attr: 'attribute',
  attribute: 'attribute',
  attributes: 'attribute',
  run: 'attribute',
  dataset: 'dataset',
  datasets: 'dataset',
};

/** Other names of attributes: MLflow's own, and what people call them. */
const aliases: Readonly<Record<string, AttributeName>> = {
  created: 'start_time',
  'run name': 'run_name',
  name: 'run_name',
  user: 'user_id',
};

const attributeNames: readonly AttributeName[] = [...stringAttributes, ...numberAttributes];

/** `params` and its like; undefined for any other word. */
export function fieldKindOf(prefix: string): Field['kind'] | undefined {
  const name = prefix.toLowerCase();
  return Object.hasOwn(prefixes, name) ? prefixes[name] : undefined;
}

export function attributeOf(name: string): AttributeName | undefined {
  const lower = name.toLowerCase();
  return (
    attributeNames.find((known) => known === lower) ?? (Object.hasOwn(aliases, lower) ? aliases[lower] : undefined)
  );
}

/** Undefined when there is no such field, as `datasets.size`. */
export function fieldOf(kind: Field['kind'], key: string): Field | undefined {
  if (key === '') return undefined;
  if (kind === 'attribute') {
    const name = attributeOf(key);
    return name && { kind, name };
  }
  if (kind === 'dataset') {
    const name = datasetFields.find((known): known is DatasetField => known === key.toLowerCase());
    return name && { kind, name };
  }
  return { kind, key };
}

/** How a field's values compare. `keyed` are params and tags: texts, which may hold numbers. */
export type FieldType = 'number' | 'time' | 'duration' | 'text' | 'keyed';

export function typeOf(field: Field): FieldType {
  if (field.kind === 'metric') return 'number';
  if (field.kind === 'dataset') return 'text';
  if (field.kind !== 'attribute') return 'keyed';
  if (field.name === 'duration') return 'duration';
  return field.name === 'start_time' || field.name === 'end_time' ? 'time' : 'text';
}

/** A field's name as a filter has it, its key quoted where that is needed. */
export function fieldName(field: Field, quoteKey: (key: string) => string): string {
  switch (field.kind) {
    case 'attribute':
      return field.name;
    case 'dataset':
      return `datasets.${field.name}`;
    default:
      return `${field.kind}s.${quoteKey(field.key)}`;
  }
}
