import { spawn } from 'node:child_process';
import path from 'node:path';
import type { PythonCommand } from '../../platform/python';

/** MLflow's settings that would steer a server elsewhere than its arguments say. */
const steering = ['MLFLOW_TRACKING_URI', 'MLFLOW_REGISTRY_URI', 'MLFLOW_BACKEND_STORE_URI', 'MLFLOW_RUN_ID'];

/** The environment of every MLflow that Flowdeck starts for its own server. */
export function serverEnvironment(
  python: PythonCommand,
  extra: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !steering.includes(name));
  // MLflow 2 starts gunicorn by name: the interpreter's own folder comes first.
  const programs = path.isAbsolute(python.command) ? [path.dirname(python.command)] : [];
  return {
    ...Object.fromEntries(inherited),
    PATH: [...programs, process.env.PATH ?? ''].join(path.delimiter),
    // A folder of the workspace called `mlflow` or `logging` is not the module of that name (Python 3.11 and later).
    PYTHONSAFEPATH: '1',
    PYTHONUNBUFFERED: '1',
    GIT_PYTHON_REFRESH: 'quiet',
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    ...extra,
  };
}

/**
 * Runs Python to its end and gives its standard output. Throws with the end of its error output when it fails.
 * Arguments are passed as they are: no shell.
 */
export function runPython(
  python: PythonCommand,
  args: readonly string[],
  options: { readonly cwd: string; readonly signal?: AbortSignal; readonly onOutput?: (text: string) => void },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(python.command, [...python.args, ...args], {
      cwd: options.cwd,
      env: serverEnvironment(python),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      options.onOutput?.(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-4_000);
      options.onOutput?.(text);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(lastLine(errors) || `${python.label} ended with code ${code}.`));
    });
  });
}

/** The sentence that matters: a traceback has it near its end, as `some.Error: what is wrong`. */
export function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const error = lines.findLast((line) => /^[\w.]*(Error|Exception)\b[^:]*: /.test(line));
  return (error ?? lines.findLast((line) => line !== '') ?? '').trim().slice(0, 500);
}
