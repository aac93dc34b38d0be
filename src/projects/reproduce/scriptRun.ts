import path from 'node:path';
import type { RunSource } from '../../mlflow/runSource';
import type { Run, Tags } from '../../shared/domain';
import type { Code } from '../checkouts/besideData';
import type { Checkout } from '../checkouts/checkouts';
import { isScript } from '../command/entryPoints';
import { type ProposedArguments, proposedArguments } from '../command/proposedArguments';
import { scriptOptions } from '../command/scriptOptions';
import { shellQuote } from '../command/shellQuote';
import type { EntryPoint } from '../mlproject/mlproject';
import { callOf, tagOfCall } from '../request/givenParams';
import { wordsText } from '../request/scripts';
import type { Place } from './place';
import { addEntryPoint, commandOfWords } from './projectFile';

/** Characters of a command line that are shown before it is launched. */
export const mostOfLine = 2_000;

/** A script that had a command line of its own: MLflow records the name of the file alone. */
export interface ScriptRun {
  /** In place of the file: `pkg.train`. */
  readonly module: string | undefined;
  /** Where Flowdeck launched it; absent where nobody recorded what it was given. */
  readonly recorded?: readonly string[];
  readonly proposed: ProposedArguments;
  /** Its source declares options, and can be read. */
  readonly isDeclared: boolean;
}

/** Undefined for entry points of a project, and for scripts whose options are params of the run. */
export async function scriptRunOf(
  run: Run,
  source: RunSource,
  entryPoint: EntryPoint,
  { inside, name, module }: Place,
  { repository, tree }: Code,
): Promise<ScriptRun | undefined> {
  const call = callOf(run);
  if (!isScript(entryPoint) || (source.kind !== 'file' && !call)) return undefined;
  const text = name.endsWith('.py') ? await repository.readFile(tree, path.posix.join(inside, name)) : undefined;
  const options = text === undefined ? [] : scriptOptions(Buffer.from(text).toString('utf8'));
  // Anybody may have written the tag: what cannot be shown in full before it is launched is for a person to type.
  const recorded = call && wordsText(call.args).length <= mostOfLine ? call.args : undefined;
  return {
    module: call ? call.module && name.slice(0, -'.py'.length).replaceAll('/', '.') : module,
    ...(recorded ? { recorded } : {}),
    proposed: proposedArguments(options ?? [], run.params),
    isDeclared: (options ?? []).length > 0,
  };
}

/** What a run of it is tagged with, for whoever launches the same again. */
export const tagsOfScript = (
  { script, entryPoint }: { readonly script?: ScriptRun; readonly entryPoint: EntryPoint },
  args: readonly string[],
): Tags => (script ? tagOfCall(entryPoint.name, { module: script.module, args }) : {});

/** The whole line, for people: each word as a shell would need it. */
export const lineOf = (script: ScriptRun, { command = '' }: EntryPoint, args: readonly string[]) =>
  [startOf(script, command), ...args.map(shellQuote)].join(' ');

const startOf = ({ module }: ScriptRun, command: string) =>
  module === undefined ? command : `python -m ${shellQuote(module)}`;

/** Makes it what the entry point of the script's name does in a working tree that is ours. */
export async function addCall(
  checkout: Checkout,
  script: ScriptRun,
  { name, command = '' }: EntryPoint,
  args: readonly string[],
): Promise<void> {
  if (args.length === 0 && script.module === undefined) return;
  const start = startOf(script, command);
  await addEntryPoint(checkout.folder, name, [start, commandOfWords(args)].filter(Boolean).join(' '));
  await checkout.settle();
}
