/** What the launch form and the host say to each other. Texts as typed: the host checks and decodes them all. */

export interface FormParameter {
  readonly name: string;
  readonly type: string;
  /** Absent when a value must be given. */
  readonly default?: string;
  /** A value must be given, and an empty text is one where a person says so. */
  readonly takesEmpty: boolean;
}

export interface FormEntryPoint {
  readonly name: string;
  /** What MLflow runs, for people to see. */
  readonly command: string;
  readonly parameters: readonly FormParameter[];
}

/** A parameter that the entry point does not declare, as a script declares none: it is passed on as `--name value`. */
export interface FormExtra {
  readonly name: string;
  readonly value: string;
  /** The value is a list or a range, for a sweep. */
  readonly varied: boolean;
}

/** What a person chose; the page keeps it over reloading. */
export interface FormChoice {
  readonly entryPoint: string;
  /** Of the parameters of the entry point; none where nothing is given, which an empty text is not. */
  readonly values: Readonly<Record<string, string>>;
  readonly extra: readonly FormExtra[];
  readonly experiment: string;
  readonly runName: string;
  readonly environmentManager: string;
  readonly backend: string;
  readonly backendConfig: string;
  readonly storageDir: string;
  /** One a line. */
  readonly dockerArguments: string;
  readonly version: string;
  readonly sweep: FormSweep;
}

export interface FormSweep {
  /** The names of the declared parameters whose values are a list or a range. */
  readonly varied: readonly string[];
  readonly method: 'grid' | 'random';
  readonly samples: string;
  readonly seed: string;
  readonly parallel: string;
}

/** One that was launched before, of the same project. */
export interface FormLaunch {
  readonly label: string;
  readonly choice: FormChoice;
}

export interface FormModel {
  /** The project's folder as a person knows it, or the address of the repository. */
  readonly project: string;
  /** The project comes from an address: it has no working tree here that could be another version. */
  readonly isRemote: boolean;
  readonly server: string;
  readonly entryPoints: readonly FormEntryPoint[];
  readonly experiments: readonly string[];
  readonly environmentManagers: readonly string[];
  readonly backends: readonly string[];
  readonly docker: boolean;
  readonly choice: FormChoice;
  readonly history: readonly FormLaunch[];
}

export interface FormCheck {
  /** By parameter, or by the name of another field. */
  readonly problems: Readonly<Record<string, string>>;
  /** Runs that would be launched; 1 without a sweep. */
  readonly runs: number;
}

/** Asked of the host. */
export interface LaunchHostMethods {
  load(params: undefined): FormModel;
  check(choice: FormChoice): FormCheck;
  /** A file or folder of the machine; undefined when the person cancelled. */
  browse(params: {
    readonly field: string;
    readonly isParameter: boolean;
    readonly entryPoint: string;
  }): string | undefined;
  /** Params of a run that the person chooses: of those the entry point has, of a script all that it can be given. */
  fromRun(params: { readonly entryPoint: string }): Readonly<Record<string, string>> | undefined;
  /** Starts the task at `server`, that of the model; gives problems and starts nothing when there are any. */
  launch(params: { readonly choice: FormChoice; readonly debug: boolean; readonly server: string }): FormCheck;
  /** Writes the choice into tasks.json and opens it there. */
  saveTask(choice: FormChoice): FormCheck;
}

/** As it is passed on, with the dashes or without them. */
export const extraName = ({ name }: FormExtra) => name.trim().replace(/^--/, '');

/** A parameter may be called `constructor`. */
export const valueIn = ({ values }: Pick<FormChoice, 'values'>, name: string): string | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

/** Names of what a sweep varies. */
export const variedNames = ({ extra, sweep }: Pick<FormChoice, 'extra' | 'sweep'>): readonly string[] => [
  ...sweep.varied,
  ...extra.filter(({ varied }) => varied).map(extraName),
];

/** What the host tells the page. */
export interface LaunchHostEvents {
  /** The project's files changed, or the server: what was loaded may be wrong. */
  readonly changed: undefined;
}
