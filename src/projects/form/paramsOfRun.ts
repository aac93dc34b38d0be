import * as vscode from 'vscode';
import type { RunsService } from '../../experiments/runsService';
import type { Run } from '../../shared/domain';
import { isScript } from '../command/entryPoints';
import type { EntryPoint } from '../mlproject/mlproject';
import { callOf, declaredParams, givenParams, optionsOf } from '../request/givenParams';
import { planParameters } from '../request/parameters';
import { parseOptions, wordsText } from '../request/scripts';

/** Params of a run that the person chooses: those that the entry point can be given. Undefined when they choose none. */
export async function askForParams(
  runs: Pick<RunsService, 'pickRuns'>,
  entryPoint: EntryPoint,
): Promise<ReadonlyMap<string, string> | undefined> {
  const title = vscode.l10n.t('Take the Params of a Run');
  const [run] = (await runs.pickRuns([], { title, many: false, ask: true })) ?? [];
  return (
    run && new Map(Object.entries(isScript(entryPoint) ? optionsIn(run, entryPoint) : declaredParams(run, entryPoint)))
  );
}

/** Where nobody recorded which were options, all of them: a person sees what a script is given, and takes rows away. */
function optionsIn(run: Run, script: EntryPoint): Readonly<Record<string, string>> {
  const call = callOf(run);
  const typed = call && parseOptions(wordsText(call.args));
  if (typed && !('kind' in typed)) return Object.fromEntries(typed);
  const options = optionsOf(run);
  const usable = Object.entries(givenParams(run)).filter(
    (param) => (options?.includes(param[0]) ?? true) && 'plan' in planParameters(script, new Map([param])),
  );
  return Object.fromEntries(usable);
}
