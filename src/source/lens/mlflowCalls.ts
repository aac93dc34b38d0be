/** What a call in code says to MLflow, as far as runs or models can be found by it; offsets in characters. */
export type MlflowCall = { readonly from: number; readonly to: number } & MlflowSubject;

export type MlflowSubject =
  | { readonly kind: 'experiment'; readonly name: string }
  /**
   * A run is started; its experiment is the one set before it. Where none is, it comes from an MLproject, the environment or
   * another file, and the runs of this `file` are meant.
   */
  | { readonly kind: 'startRun'; readonly experiment?: string; readonly file?: string }
  | { readonly kind: 'model'; readonly name: string }
  | { readonly kind: 'alias'; readonly name: string; readonly alias: string }
  | { readonly kind: 'stage'; readonly name: string; readonly stage: string }
  | { readonly kind: 'version'; readonly name: string; readonly version: string };

export const lensLanguages = ['python', 'r', 'java', 'javascript', 'typescript', 'javascriptreact', 'typescriptreact'];

/** Larger files are generated. */
const mostCharacters = 1_000_000;
const longestLine = 2_000;
const mostCalls = 100;

/** As it stands in the code; an experiment without a name is one that only the program knows. */
type Found =
  | Exclude<MlflowSubject, { readonly kind: 'experiment' }>
  | { readonly kind: 'experiment'; readonly name: string | undefined };

interface Pattern {
  readonly pattern: RegExp;
  readonly subject: (name: string | undefined, second: string | undefined) => Found | undefined;
}

const text = `(?:"([^"\\\\\\n]{1,250})"|'([^'\\\\\\n]{1,250})')`;
/** The first of a call's arguments, or nothing: what follows the text makes it another one, `"a" + b`. */
const firstText = (key: string) => `(?:\\s{0,200}(?:${key}\\s{0,5}=\\s{0,5})?${text}(?=\\s{0,200}[,)]))?`;

const experiment = (name: string | undefined): Found => ({ kind: 'experiment', name });
const startRun = (): Found => ({ kind: 'startRun' });
const model = (name: string | undefined): Found | undefined =>
  name === undefined ? undefined : { kind: 'model', name };

/** `mlflow.set_experiment("x")` and what is called so in the clients of the other languages. */
const patterns: readonly Pattern[] = [
  { pattern: new RegExp(`\\b(?:mlflow_)?set_experiment\\(${firstText('experiment_name')}`, 'g'), subject: experiment },
  { pattern: new RegExp(`\\bsetExperiment(?:Name)?\\(${firstText('experimentName')}`, 'g'), subject: experiment },
  // An id is no name; and what the environment says is set where it is filled, which may be anywhere.
  { pattern: /\bsetExperimentId\(|\bMLFLOW_EXPERIMENT_(?:NAME|ID)\b/g, subject: () => experiment(undefined) },
  // In Python and R a run that goes on, or another experiment, is named here.
  {
    pattern:
      /\b(?:mlflow\.|mlflow_)start_run\((?=\s{0,200}(?:\)|(?:run_name|nested|tags|description|parent_run_id|log_system_metrics)\s{0,5}=))(?!(?:[^()]|\([^()]{0,200}\)){0,1000}\b(?:run_id|experiment_id)\s{0,5}=)/g,
    subject: startRun,
  },
  { pattern: /\b(?:mlflow|client|context|mlflowContext)\.startRun\(/g, subject: startRun },
  { pattern: new RegExp(`\\bregistered_model_name\\s{0,5}=\\s{0,5}${text}`, 'g'), subject: model },
  { pattern: new RegExp(`\\bregisteredModelName\\s{0,5}[:=]\\s{0,5}${text}`, 'g'), subject: model },
  { pattern: /\bmodels:\/([^\s/@"'`\\]{1,250})(@[\w.-]{1,250}|\/[\w.-]{1,100})/g, subject: modelUri },
];

/** https://mlflow.org/docs/latest/ml/model-registry/: `models:/name@alias`, `/3`, `/latest`, `/Production` */
function modelUri(name = '', second = ''): Found {
  const part = second.slice(1);
  if (second.startsWith('@')) return { kind: 'alias', name, alias: part };
  if (/^\d+$/.test(part)) return { kind: 'version', name, version: part };
  return /^latest$/i.test(part) ? { kind: 'model', name } : { kind: 'stage', name, stage: part };
}

/** Whether a text has anything to do with MLflow: nothing else is looked at. */
export const mentionsMlflow = (content: string) => /mlflow/i.test(content.slice(0, mostCharacters));

/** Every such call, from top to bottom; one that a comment holds is left out where a line begins with it. */
export function mlflowCalls(content: string): readonly MlflowCall[] {
  if (!mentionsMlflow(content)) return [];
  const calls: MlflowCall[] = [];
  let current: Extract<Found, { readonly kind: 'experiment' }> | undefined;
  for (const { found, from, to } of foundIn(readable(content.slice(0, mostCharacters)))) {
    if (found.kind === 'experiment') current = found;
    const subject = subjectOf(found, current);
    if (subject) calls.push({ ...subject, from, to });
    if (calls.length === mostCalls) return calls;
  }
  return calls;
}

/** Of an experiment that only the program knows nothing is said, nor of the runs in it. */
function subjectOf(
  found: Found,
  current: { readonly name: string | undefined } | undefined,
): MlflowSubject | undefined {
  if (found.kind !== 'experiment' && (found.kind !== 'startRun' || !current)) return found;
  const name = current?.name;
  if (name === undefined) return undefined;
  return found.kind === 'experiment' ? { kind: 'experiment', name } : { kind: 'startRun', experiment: name };
}

/** The same text with blanks for lines that are comments or too long to be anybody's. */
const readable = (content: string) =>
  content.replace(/^.*$/gm, (line) =>
    line.length > longestLine || /^\s*(#|\/\/|\*)/.test(line) ? ' '.repeat(line.length) : line,
  );

function foundIn(content: string) {
  const found = patterns.flatMap(({ pattern, subject }) =>
    [...content.matchAll(pattern)].flatMap((match) => {
      const [whole, first, second] = match;
      const meant = subject(first ?? second, first === undefined ? undefined : second);
      return meant ? [{ found: meant, from: match.index, to: match.index + whole.length }] : [];
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
      return subject.experiment === undefined ? `file ${subject.file ?? ''}` : `experiment ${subject.experiment}`;
    case 'model':
      return `model ${subject.name}`;
    case 'alias':
      return `alias ${subject.name} ${subject.alias}`;
    case 'stage':
      return `stage ${subject.name} ${subject.stage.toLowerCase()}`;
    case 'version':
      return `version ${subject.name} ${subject.version}`;
  }
}
