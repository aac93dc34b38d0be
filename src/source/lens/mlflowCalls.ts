/** What a line of code says to MLflow, as far as runs or models can be found by it. */
export type MlflowCall = { readonly line: number; readonly from: number; readonly to: number } & MlflowSubject;

export type MlflowSubject =
  | { readonly kind: 'experiment'; readonly name: string }
  /** A run is started; its experiment is the one set before it in the file, where there is one. */
  | { readonly kind: 'startRun'; readonly experiment?: string }
  | { readonly kind: 'model'; readonly name: string }
  | { readonly kind: 'alias'; readonly name: string; readonly alias: string }
  | { readonly kind: 'version'; readonly name: string; readonly version: string };

export const lensLanguages = ['python', 'r', 'java', 'javascript', 'typescript', 'javascriptreact', 'typescriptreact'];

/** Larger files are generated. */
const mostCharacters = 1_000_000;
const longestLine = 2_000;
const mostCalls = 100;

const text = `(?:"([^"\\\\\\n]{1,250})"|'([^'\\\\\\n]{1,250})')`;
interface Pattern {
  readonly pattern: RegExp;
  readonly subject: (name: string, second: string) => MlflowSubject | undefined;
}

const experiment = (name: string): MlflowSubject => ({ kind: 'experiment', name });
const startRun = (): MlflowSubject => ({ kind: 'startRun' });
const model = (name: string): MlflowSubject => ({ kind: 'model', name });

/** `mlflow.set_experiment("x")` and what is called so in the clients of the other languages. */
const patterns: readonly Pattern[] = [
  {
    pattern: new RegExp(`\\b(?:mlflow_)?set_experiment\\(\\s{0,20}(?:experiment_name\\s{0,5}=\\s{0,5})?${text}`, 'g'),
    subject: experiment,
  },
  { pattern: new RegExp(`\\bset(?:Experiment|ExperimentName)\\(\\s{0,20}${text}`, 'g'), subject: experiment },
  {
    pattern: /\b(?:mlflow\.|mlflow_)start_run\(|\b(?:mlflow|client|context|mlflowContext)\.startRun\(/g,
    subject: startRun,
  },
  { pattern: new RegExp(`\\bregistered_model_name\\s{0,5}=\\s{0,5}${text}`, 'g'), subject: model },
  { pattern: new RegExp(`\\bregisteredModelName\\s{0,5}[:=]\\s{0,5}${text}`, 'g'), subject: model },
  {
    pattern: /\bmodels:\/([^\s/@"'`\\]{1,250})(?:@([\w.-]{1,250})|\/([\w.-]{1,100}))/g,
    subject: (name, second) => modelUri(name, second),
  },
];

function modelUri(name: string, second: string): MlflowSubject | undefined {
  if (second.startsWith('@')) return { kind: 'alias', name, alias: second.slice(1) };
  if (/^\d+$/.test(second)) return { kind: 'version', name, version: second };
  return { kind: 'model', name };
}

/** Whether a text has anything to do with MLflow: nothing else is looked at. */
export const mentionsMlflow = (content: string) => /mlflow/i.test(content.slice(0, mostCharacters));

/** Every such call, from top to bottom; one that a comment holds is left out where a line begins with it. */
export function mlflowCalls(content: string): readonly MlflowCall[] {
  if (!mentionsMlflow(content)) return [];
  const calls: MlflowCall[] = [];
  let current: string | undefined;
  for (const [at, line] of content.slice(0, mostCharacters).split('\n').entries()) {
    if (line.length > longestLine || /^\s*(#|\/\/|\*)/.test(line)) continue;
    for (const call of callsOf(line)) {
      if (call.kind === 'experiment') current = call.name;
      const known = call.kind === 'startRun' && current !== undefined ? { ...call, experiment: current } : call;
      calls.push({ ...known, line: at });
      if (calls.length === mostCalls) return calls;
    }
  }
  return calls;
}

function callsOf(line: string): readonly MlflowCall[] {
  const found = patterns.flatMap(({ pattern, subject }) =>
    [...line.matchAll(pattern)].flatMap((match): MlflowCall[] => {
      const [whole, first, second, third] = match;
      const isUri = whole.startsWith('models:/');
      const name = isUri ? (first ?? '') : (first ?? second ?? '');
      const meant = subject(name, isUri && second !== undefined ? `@${second}` : (third ?? ''));
      return meant ? [{ ...meant, line: 0, from: match.index, to: match.index + whole.length }] : [];
    }),
  );
  return found.sort((a, b) => a.from - b.from);
}

/** The same for the same question to the server. */
export function subjectKey(subject: MlflowSubject): string {
  switch (subject.kind) {
    case 'experiment':
      return `experiment ${subject.name}`;
    case 'startRun':
      return `experiment ${subject.experiment ?? ''}`;
    case 'model':
      return `model ${subject.name}`;
    case 'alias':
      return `alias ${subject.name} ${subject.alias}`;
    case 'version':
      return `version ${subject.name} ${subject.version}`;
  }
}
