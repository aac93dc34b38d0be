import { extraName, type FormExtra } from '../../shared/protocol/launch';
import type { EntryPoint } from '../mlproject/mlproject';
import { planParameters, type VariedProblem } from '../request/parameters';
import { parseAxis } from '../request/sweepPlan';
import { givenRows } from './formChoice';

export type ExtraProblem = VariedProblem | { readonly of: 'row'; readonly kind: 'unnamed' | 'twice' };

/** What is wrong with the parameters that an entry point does not declare, by name: what `planParameters` refuses too. */
export function extraProblems(entryPoint: EntryPoint, extra: readonly FormExtra[]): ReadonlyMap<string, ExtraProblem> {
  const taken = new Set(entryPoint.parameters.map(({ name }) => name));
  const problems = new Map<string, ExtraProblem>();
  for (const row of givenRows(extra)) {
    const name = extraName(row);
    const problem = problemOf(entryPoint, row, taken);
    if (problem && !problems.has(name)) problems.set(name, problem);
    taken.add(name);
  }
  return problems;
}

function problemOf(entryPoint: EntryPoint, row: FormExtra, taken: ReadonlySet<string>): ExtraProblem | undefined {
  const name = extraName(row);
  if (name === '') return { of: 'row', kind: 'unnamed' };
  if (taken.has(name)) return { of: 'row', kind: 'twice' };
  if (!row.varied) return passedProblem(entryPoint, name, [row.value]);
  const axis = parseAxis(row.value);
  if (typeof axis === 'string') return { of: 'sweep', problem: { kind: axis, name } };
  // What is wrong with the name is wrong with any value; the numbers of a range are all alike.
  return passedProblem(entryPoint, name, axis.kind === 'list' ? axis.values : [String(axis.from)]);
}

function passedProblem(entryPoint: EntryPoint, name: string, values: readonly string[]): ExtraProblem | undefined {
  for (const value of values) {
    const planned = planParameters({ ...entryPoint, parameters: [] }, new Map([[name, value]]));
    if ('problem' in planned) return { of: 'value', problem: planned.problem };
  }
  return undefined;
}
