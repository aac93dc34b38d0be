import { shellQuote } from '../command/shellQuote';
import type { EnvironmentManager } from '../request/taskDefinition';

export interface MlflowRunLine {
  readonly entryPoint: string;
  readonly environmentManager: EnvironmentManager;
  /** Absent on backends that make the run themselves. */
  readonly runId?: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** Absent for `local`. */
  readonly backend?: string;
  /** Absolute. */
  readonly backendConfig?: string;
  /** Absolute. */
  readonly storageDir?: string;
  readonly dockerArguments?: readonly string[];
  /** What runs in a container has this label, by which it is ended. */
  readonly containers?: string;
  /** Only where the backend makes the run. */
  readonly runName?: string;
}

/**
 * `python -m mlflow` would import a `logging.py` of the project before Python's own; PYTHONSAFEPATH would keep the
 * project's scripts from importing each other.
 */
const startMlflow =
  'import sys; sys.path[:] = [p for p in sys.path if p]; sys.argv[0] = "mlflow"; from mlflow.cli import cli; cli()';

/**
 * Puts the debugger between `python` with its options and its program in the command that MLflow has made, path parameters, storage folder
 * and all; MLflow makes the environment as ever, and runs the command in it. The whole command is one call of Python:
 * `pythonCall` has seen to that, so its first word is the interpreter, and `options` words of its own follow. The system gives
 * the debugger its port.
 */
const startDebugged = (options: number) => `
import re, sys
sys.path[:] = [p for p in sys.path if p]
sys.argv[0] = "mlflow"
import mlflow.projects.backend.local as local
from mlflow.cli import cli
made = local.get_entry_point_command
def debugged(*args, **kwargs):
    first, *others = made(*args, **kwargs)
    python = re.match(r"""(?:\\s*(?:'[^']*'|"[^"]*"|[^\\s'"])+){${options + 1}}""", first).group()
    return [python + " -m debugpy --listen 127.0.0.1:0 --wait-for-client" + first[len(python):], *others]
local.get_entry_point_command = debugged
cli()
`;

/**
 * Arguments of Python, one by one: no shell reads them. The project is the working directory, because MLflow takes a
 * `#` or a quote in its path for something else.
 * @param debug under the debugger, behind so many words of options of Python
 */
export function mlflowRunArguments(line: MlflowRunLine, debug?: number): readonly string[] {
  const parameters = [...line.parameters].flatMap(([name, value]) => ['-P', `${name}=${value}`]);
  const docker = dockerArguments(line).flatMap((argument) => ['-A', argument]);
  const options = [
    `--entry-point=${line.entryPoint}`,
    `--env-manager=${line.environmentManager}`,
    ...(line.runId === undefined ? [] : [`--run-id=${line.runId}`]),
    ...(line.storageDir === undefined ? [] : [`--storage-dir=${line.storageDir}`]),
  ];
  const start = debug === undefined ? startMlflow : startDebugged(debug);
  return ['-c', start, 'run', '.', ...options, ...docker, ...parameters];
}

/**
 * As words of bash, which MLflow hands the line with `docker run` to without any quotes. `docker run` takes a label by two
 * names, and MLflow each name once: so a person's own label keeps its place.
 */
function dockerArguments({ dockerArguments: given = [], containers }: MlflowRunLine): readonly string[] {
  const words = given.map((argument) => {
    const at = argument.indexOf('=');
    return at < 0 ? shellQuote(argument) : `${shellQuote(argument.slice(0, at))}=${shellQuote(argument.slice(at + 1))}`;
  });
  const free = ['label', 'l'].find((name) => !words.some((word) => word.split('=')[0] === name));
  return containers === undefined || free === undefined ? words : [...words, `${free}=${containers}`];
}

/** Arguments of Python for a backend that makes the run itself: launcher.py, and what `mlflow.projects.run` takes. */
export function launcherArguments(launcher: string, line: MlflowRunLine): readonly string[] {
  const docker = (line.dockerArguments ?? []).map((argument) => {
    const at = argument.indexOf('=');
    return at < 0 ? [argument, true] : [argument.slice(0, at), argument.slice(at + 1)];
  });
  const options = {
    uri: '.',
    entry_point: line.entryPoint,
    parameters: Object.fromEntries(line.parameters),
    env_manager: line.environmentManager,
    backend: line.backend,
    ...(line.backendConfig === undefined ? {} : { backend_config: line.backendConfig }),
    ...(line.storageDir === undefined ? {} : { storage_dir: line.storageDir }),
    ...(docker.length === 0 ? {} : { docker_args: Object.fromEntries(docker) }),
    ...(line.runName === undefined ? {} : { run_name: line.runName }),
  };
  return [launcher, JSON.stringify(options)];
}

/** The same for people: what a person would type, without what only Flowdeck needs. */
export function mlflowRunText(line: MlflowRunLine): string {
  const word = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : JSON.stringify(text));
  const parameters = [...line.parameters].map(([name, value]) => `-P ${word(`${name}=${value}`)}`);
  const docker = (line.dockerArguments ?? []).map((argument) => `-A ${word(argument)}`);
  const backend = line.backend === undefined ? [] : ['-b', word(line.backend)];
  const config = line.backendConfig === undefined ? [] : ['-c', word(line.backendConfig)];
  const options = ['-e', word(line.entryPoint), '--env-manager', line.environmentManager, ...backend, ...config];
  return ['mlflow run .', ...options, ...docker, ...parameters].join(' ');
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

// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence that launcher.py writes.
const told = /\u001b\]5379;flowdeck-(run|submitted|reason)=([^\u001b\u0007]*)\u0007/g;
const mlflowsOwn = /=== (?:Running command .* in run with ID|Run \(ID) '([0-9a-f]{32})'/;

/**
 * Finds the id of the run in what the launcher writes, whose pieces end anywhere: what launcher.py tells, else the words
 * of MLflow itself. The first counts, until launcher.py says which it is in the end: what a program writes then is
 * nothing to us. And why a backend failed.
 */
export class RunIdReader {
  private rest = '';
  private found: string | undefined;
  private isSettled = false;
  private why: string | undefined;

  get runId(): string | undefined {
    return this.found;
  }

  get reason(): string | undefined {
    return this.why;
  }

  /** Gives the id when this piece completes it, or another one. */
  read(text: string): string | undefined {
    const before = this.found;
    this.rest = (this.rest + text).slice(-20_000);
    for (const [, key, value = ''] of this.rest.matchAll(told)) {
      if (key === 'reason') this.why = value;
      else if (!this.isSettled && /^[0-9a-f]{32}$/.test(value) && (key === 'submitted' || !this.found)) {
        this.found = value;
        this.isSettled = key === 'submitted';
      }
    }
    this.found ??= mlflowsOwn.exec(this.rest)?.[1];
    return this.found === before ? undefined : this.found;
  }
}
