import type { Run } from '../shared/domain';
import { naturalCompare } from '../shared/naturalCompare';
import type { RunEnvironment } from '../shared/protocol/compare';

/** Params and environment as YAML-like lines, sorted: the same facts of two runs stand in the same lines. */
export function runFactsText(
  run: Pick<Run, 'params' | 'datasets'>,
  environment: Omit<RunEnvironment, 'runId'> | undefined,
): string {
  const section = (name: string, entries: readonly (readonly [string, string])[]) => [
    `${name}:`,
    ...[...entries].sort(([a], [b]) => naturalCompare(a, b)).map(([key, value]) => `  ${plain(key)}: ${plain(value)}`),
  ];
  const packages = (environment?.packages ?? []).map(({ name, version }) => [name, version] as const);
  const datasets = run.datasets.map(
    ({ name, digest, context }) => [context ? `${name} (${context})` : name, digest] as const,
  );
  return [
    ...section('params', Object.entries(run.params)),
    ...(datasets.length > 0 ? section('datasets', datasets) : []),
    'environment:',
    ...(environment?.python ? [`  python: ${plain(environment.python)}`] : []),
    ...section('packages', packages).map((line) => `  ${line}`),
    ...(environment?.problem ? [`  # ${environment.problem.replace(/\s+/g, ' ')}`] : []),
    '',
  ].join('\n');
}

/** As it is where that is one word to YAML, else in quotes. */
const plain = (text: string) =>
  /^[\p{L}\p{N}_./+-][^\p{C}:#"'{}[\],&*!|>%@`]*(?<! )$/u.test(text) ? text : JSON.stringify(text);
