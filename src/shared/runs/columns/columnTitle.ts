import type { Attribute, Column, MetricStat } from '../column';

const attributeTitles: Readonly<Record<Attribute, string>> = {
  run_name: 'Run',
  status: 'Status',
  start_time: 'Started',
  end_time: 'Ended',
  duration: 'Duration',
  user_id: 'User',
  experiment_id: 'Experiment',
  run_id: 'Run ID',
  parent_run_id: 'Parent run ID',
  source: 'Source',
  commit: 'Commit',
  branch: 'Branch',
  datasets: 'Datasets',
  models: 'Models',
  description: 'Description',
};

const statTitles: Readonly<Record<MetricStat, string>> = {
  last: 'last',
  min: 'min',
  max: 'max',
  best: 'best',
  step: 'last step',
  bestStep: 'step of best',
};

/** The head of a column: the key as logged. */
export const columnTitle = (column: Column): string =>
  column.kind === 'attribute' ? attributeTitles[column.key] : column.key;

export const statTitle = (stat: MetricStat): string => statTitles[stat];

/** What kind of key it is: over the title; '' for attributes, whose names say it. */
export function columnCaption(column: Column): string {
  switch (column.kind) {
    case 'attribute':
      return '';
    case 'metric':
      return column.stat === 'last' ? 'metric' : `metric · ${statTitle(column.stat)}`;
    case 'param':
    case 'tag':
      return column.kind;
  }
}

/** A column in words, for labels: `loss (metric, min)`. */
export function columnLabel(column: Column): string {
  const caption = columnCaption(column);
  return caption === '' ? columnTitle(column) : `${columnTitle(column)} (${caption.replace(' · ', ', ')})`;
}
