import type { RunTable } from '../runs/runTable';
import { compareTexts } from '../runs/sortRows';
import type { AttributeName, Field } from './ast';
import type { FilterVocabulary } from './complete';

/** Values of one field that are offered. */
const mostValues = 1_000;

/** What the loaded runs have to filter by. Values are read when they are asked for. */
export function vocabularyOf(table: RunTable): FilterVocabulary {
  return {
    metrics: table.metricKeys,
    params: table.paramKeys,
    tags: table.tagKeys,
    valuesOf: (field) => valuesOf(table, field),
  };
}

function valuesOf(table: RunTable, field: Field): readonly string[] {
  switch (field.kind) {
    case 'param':
      return sorted(table.param(field.key)?.values ?? []);
    case 'tag':
      return sorted(table.tag(field.key)?.values ?? []);
    case 'metric':
      return [];
    case 'attribute':
      return distinct(table, (row) => [attributeOf(table, field.name, row)]);
    case 'dataset':
      return distinct(table, (row) => (table.head(row).datasets ?? []).map((dataset) => dataset[field.name]));
  }
}

function attributeOf(table: RunTable, name: AttributeName, row: number): string | undefined {
  const head = table.head(row);
  switch (name) {
    case 'run_id':
      return head.runId;
    case 'run_name':
      return head.name;
    case 'user_id':
      return head.userId;
    case 'experiment_id':
      return head.experimentId;
    default:
      return undefined;
  }
}

function distinct(table: RunTable, read: (row: number) => readonly (string | undefined)[]): readonly string[] {
  const found = new Set<string>();
  for (let row = 0; row < table.size && found.size < mostValues; row++)
    for (const text of read(row)) if (text) found.add(text);
  return sorted([...found]);
}

const sorted = (texts: readonly string[]) => texts.slice(0, mostValues).sort(compareTexts);
