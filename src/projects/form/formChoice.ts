import { extraName, type FormChoice, type FormExtra, type FormSweep, valueIn } from '../../shared/protocol/launch';
import type { EntryPoint } from '../mlproject/mlproject';
import { isSweepMethod, type SweepSpec } from '../request/sweepSpec';
import { type DecodedDefinition, decodeDefinition, type LaunchRequest } from '../request/taskDefinition';

export const noSweep: FormSweep = { varied: [], method: 'grid', samples: '10', seed: '0', parallel: '1' };

const textFields = [
  'entryPoint',
  'experiment',
  'runName',
  'environmentManager',
  'backend',
  'backendConfig',
  'storageDir',
  'dockerArguments',
  'version',
] as const;

/** What a page says was chosen; throws for what no page of ours says. */
export function decodeChoice(raw: unknown): FormChoice {
  const source = objectOf(raw);
  const text = (key: string) => textOf(source[key]);
  const texts = Object.fromEntries(textFields.map((key) => [key, text(key)])) as Record<
    (typeof textFields)[number],
    string
  >;
  const values = Object.fromEntries(
    Object.entries(objectOf(source.values)).map(([key, value]) => [key, textOf(value)]),
  );
  const sweep = objectOf(source.sweep);
  const { varied, method } = sweep;
  if (!Array.isArray(varied) || !isSweepMethod(method)) throw new Error('The sweep cannot be read.');
  if (!Array.isArray(source.extra)) throw new Error('A list was expected.');
  return {
    ...texts,
    values,
    extra: source.extra.map(extraOf),
    sweep: {
      varied: varied.map(textOf),
      method,
      samples: textOf(sweep.samples),
      seed: textOf(sweep.seed),
      parallel: textOf(sweep.parallel),
    },
  };
}

function extraOf(raw: unknown): FormExtra {
  const { name, value, varied } = objectOf(raw);
  return { name: textOf(name), value: textOf(value), varied: varied === true };
}

function objectOf(raw: unknown): Record<string, unknown> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw new Error('An object was expected.');
  return { ...raw };
}

function textOf(raw: unknown): string {
  if (typeof raw !== 'string' || raw.length > 100_000) throw new Error('A text was expected.');
  return raw;
}

/** The rows that say something: one that was added and left empty is none. */
export const givenRows = (extra: readonly FormExtra[]) =>
  extra.filter((row) => extraName(row) !== '' || row.value !== '' || row.varied);

/** What a launch is given, by name; without what a sweep varies. */
export const givenValues = ({ values, extra }: FormChoice): ReadonlyMap<string, string> =>
  new Map([...Object.entries(values), ...rowsOf(extra, false)]);

const rowsOf = (extra: readonly FormExtra[], varied: boolean) =>
  givenRows(extra)
    .filter((row) => row.varied === varied)
    .map((row) => [extraName(row), row.value] as const);

/** What is launched of a project. What is as the file has it is left to the file: a task shows what is special about it. */
export function requestOf(
  choice: FormChoice,
  entryPoint: Pick<EntryPoint, 'parameters'>,
  place: { readonly project: string; readonly repository?: string },
): DecodedDefinition {
  const varied = new Set(choice.sweep.varied.filter((name) => entryPoint.parameters.some((own) => own.name === name)));
  const fixed = entryPoint.parameters.flatMap(({ name, default: fallback }) => {
    const value = valueIn(choice, name) ?? fallback;
    return varied.has(name) || value === undefined || value === fallback ? [] : [[name, value] as const];
  });
  const swept = [
    ...[...varied].map((name) => [name, valueIn(choice, name) ?? ''] as const),
    ...rowsOf(choice.extra, true),
  ];
  const lines = choice.dockerArguments.split('\n').map((line) => line.trim());
  return decodeDefinition({
    ...place,
    entryPoint: choice.entryPoint,
    parameters: Object.fromEntries([...fixed, ...rowsOf(choice.extra, false)]),
    experiment: choice.experiment,
    runName: choice.runName,
    ...(choice.environmentManager === '' ? {} : { environmentManager: choice.environmentManager }),
    ...(choice.backend === 'local' ? {} : { backend: choice.backend.trim() }),
    backendConfig: choice.backendConfig.trim(),
    storageDir: choice.storageDir.trim(),
    version: choice.version.trim(),
    dockerArguments: lines.filter((line) => line !== ''),
    ...(swept.length === 0 ? {} : { sweep: { ...sweepNumbers(choice.sweep), values: Object.fromEntries(swept) } }),
  });
}

/** A text that is no number stays one, and so is refused. */
const sweepNumbers = ({ method, samples, seed, parallel }: FormSweep) => ({
  method,
  samples: numberOf(samples),
  seed: numberOf(seed),
  parallel: numberOf(parallel),
});
const numberOf = (text: string): number | string => (/^\s*\d+\s*$/.test(text) ? Number(text) : text);

/** The form as it stood for a launch. */
export function choiceOf(request: LaunchRequest, { parameters }: Pick<EntryPoint, 'parameters'>): FormChoice {
  const { sweep } = request;
  const values = parameters.flatMap(({ name, default: fallback }) => {
    const value = sweep?.values.get(name) ?? request.parameters.get(name) ?? fallback;
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    entryPoint: request.entryPoint,
    values: Object.fromEntries(values),
    extra: extraRows(request, parameters),
    experiment: request.experiment ?? '',
    runName: request.runName ?? '',
    environmentManager: request.environmentManager ?? '',
    backend: request.backend ?? 'local',
    backendConfig: request.backendConfig ?? '',
    storageDir: request.storageDir ?? '',
    dockerArguments: (request.dockerArguments ?? []).join('\n'),
    version: request.version ?? '',
    sweep: sweep ? formSweep(sweep, parameters) : noSweep,
  };
}

function extraRows({ parameters: given, sweep }: LaunchRequest, declared: EntryPoint['parameters']): FormExtra[] {
  const isExtra = (name: string) => declared.every((own) => own.name !== name);
  const rows = (values: ReadonlyMap<string, string>, varied: boolean) =>
    [...values].flatMap(([name, value]) => (isExtra(name) ? [{ name, value, varied }] : []));
  const swept = sweep?.values ?? new Map<string, string>();
  return [...rows(given, false).filter(({ name }) => !swept.has(name)), ...rows(swept, true)];
}

const formSweep = (
  { values, method, samples, seed, parallel }: SweepSpec,
  declared: EntryPoint['parameters'],
): FormSweep => ({
  varied: declared.flatMap(({ name }) => (values.has(name) ? [name] : [])),
  method,
  samples: String(samples),
  seed: String(seed),
  parallel: String(parallel),
});
