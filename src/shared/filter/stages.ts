import type { LifecycleStage } from '../domain';
import type { Filter } from './ast';
import { evaluateFilter, type FilterRow } from './evaluate';

/** Whether a filter says anything about the stage of runs: who names it means deleted ones too. */
export function namesStage(filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.parts.some(namesStage);
    case 'not':
      return namesStage(filter.part);
    default:
      return isOfStage(filter);
  }
}

/** False where no run of that stage can match, whatever else it has: a server need not look through those. */
export function allowsStage(filter: Filter, stage: LifecycleStage, negated = false): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const allows = (part: Filter) => allowsStage(part, stage, negated);
      return (filter.kind === 'and') === negated ? filter.parts.some(allows) : filter.parts.every(allows);
    }
    case 'not':
      return allowsStage(filter.part, stage, !negated);
    default:
      return !isOfStage(filter) || evaluateFilter(filter, rowOfStage(stage)) !== negated;
  }
}

const isOfStage = (filter: Filter) =>
  'field' in filter && filter.field.kind === 'attribute' && filter.field.name === 'lifecycle_stage';

const rowOfStage = (stage: LifecycleStage): FilterRow => ({
  metric: () => undefined,
  param: () => undefined,
  tag: () => undefined,
  attribute: (name) => (name === 'lifecycle_stage' ? stage : undefined),
  datasets: () => [],
});
