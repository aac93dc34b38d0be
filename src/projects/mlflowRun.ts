import type { EnvironmentManager } from './taskDefinition';

export interface MlflowRunLine {
  readonly entryPoint: string;
  readonly environmentManager: EnvironmentManager;
  readonly runId: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * `python -m mlflow` would import a `logging.py` of the project before Python's own; PYTHONSAFEPATH would keep the
 * project's scripts from importing each other.
 */
const startMlflow =
  'import sys; sys.path[:] = [p for p in sys.path if p]; sys.argv[0] = "mlflow"; from mlflow.cli import cli; cli()';

/**
 * Arguments of Python, one by one: no shell reads them. The project is the working directory, because MLflow takes a
 * `#` or a quote in its path for something else.
 */
export function mlflowRunArguments(line: MlflowRunLine): readonly string[] {
  const parameters = [...line.parameters].flatMap(([name, value]) => ['-P', `${name}=${value}`]);
  const options = [`--entry-point=${line.entryPoint}`, `--env-manager=${line.environmentManager}`];
  return ['-c', startMlflow, 'run', '.', ...options, `--run-id=${line.runId}`, ...parameters];
}

/** The same for people: what a person would type, without what only Flowdeck needs. */
export function mlflowRunText(line: MlflowRunLine): string {
  const word = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : JSON.stringify(text));
  const parameters = [...line.parameters].map(([name, value]) => `-P ${word(`${name}=${value}`)}`);
  return ['mlflow run . -e', word(line.entryPoint), '--env-manager', line.environmentManager, ...parameters].join(' ');
}

/** Of another server, another run or another experiment than the one launched; a program of this window's own. */
const notInherited =
  /^(MLFLOW_(TRACKING_(URI|USERNAME|PASSWORD|TOKEN)|RUN_ID|EXPERIMENT_(ID|NAME))|ELECTRON_RUN_AS_NODE)$/;

/** The environment of `mlflow run` and of what it runs. `connection` is `Connection.environment()`. */
export function mlflowRunEnvironment(
  connection: Readonly<Record<string, string>>,
  experimentId: string,
  inherited: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const kept = Object.entries(inherited).filter(([name]) => !notInherited.test(name));
  return {
    ...Object.fromEntries(kept),
    // What the editor's terminal understands; the extension host has none.
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    PYTHONUNBUFFERED: '1',
    GIT_PYTHON_REFRESH: 'quiet',
    ...connection,
    MLFLOW_EXPERIMENT_ID: experimentId,
  };
}
