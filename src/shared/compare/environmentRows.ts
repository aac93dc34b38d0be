import type { RunEnvironment } from '../protocol/compare';
import { type CompareRow, differing } from './compareRow';
import { inOrder } from './keyOrder';

/** Before all others. */
const first = ['mlflow'];

/** Package by package, Python and MLflow first. Runs whose environment is not known have no cells. */
export function environmentRows(environments: readonly (RunEnvironment | undefined)[]): CompareRow[] {
  const versions = environments.map(
    (environment) => new Map(environment?.packages.map(({ name, version }) => [name, version])),
  );
  const names = new Set(versions.flatMap((packages) => [...packages.keys()]));
  const ordered = [
    ...first.filter((name) => names.has(name)),
    ...inOrder([...names]).filter((name) => !first.includes(name)),
  ];
  const row = (label: string, value: CompareRow['value']): CompareRow => ({
    id: `environment.${label}`,
    section: 'environment',
    label,
    kind: 'text',
    // What could not be read differs from nothing.
    differs: differing(known.length, (at) => value(known[at] ?? -1)),
    value,
  });
  const known = environments.flatMap((environment, at) => (environment && environment.files.length > 0 ? [at] : []));
  const hasPython = environments.some((environment) => environment?.python);
  return [
    ...(hasPython ? [row('Python', (at) => environments[at]?.python || undefined)] : []),
    ...ordered.map((name) => row(name, (at) => versions[at]?.get(name))),
    ...(known.length > 0 ? [filesRow(environments)] : []),
  ];
}

/** What was read, and what could not be. */
function filesRow(environments: readonly (RunEnvironment | undefined)[]): CompareRow {
  const value = (at: number) => {
    const { files = [], problem } = environments[at] ?? {};
    return [...files, ...(problem ? [problem] : [])].join(', ') || undefined;
  };
  return { id: 'environment#files', section: 'environment', label: 'Read from', kind: 'text', differs: false, value };
}
