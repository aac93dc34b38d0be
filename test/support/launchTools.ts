import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { MlflowVersion } from './mlflowServer';

/** Where the runner of the tests says what each version launches with. */
const folderVariable: Readonly<Record<MlflowVersion, string>> = {
  '3.17.2': 'FLOWDECK_LAUNCH_3',
  '2.15.1': 'FLOWDECK_LAUNCH_2',
};

function folderOf(version: MlflowVersion): string {
  const folder = process.env[folderVariable[version]];
  if (!folder) throw new Error(`${folderVariable[version]} must name what MLflow ${version} is to launch with`);
  return folder;
}

/** The Python that has MLflow with uv, virtualenv, the clients of clusters and the backend that is a plug-in. */
export const toolsPython = (version: MlflowVersion) => path.join(folderOf(version), 'bin', 'python');

/** Its version, of which environments are made. */
export const pythonVersion = (version: MlflowVersion) =>
  execFileSync(toolsPython(version), ['-c', 'import platform; print(platform.python_version())'], {
    encoding: 'utf8',
  }).trim();

/** Sets variables of this process, which launches inherit; undefined takes one away. Gives how to put them back. */
export function withEnvironment(values: Readonly<Record<string, string | undefined>>): () => void {
  const set = (all: Readonly<Record<string, string | undefined>>) => {
    for (const [name, value] of Object.entries(all))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  };
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]));
  set(values);
  return () => set(before);
}

/** An executable for PATH. */
export function writeProgram(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text, { mode: 0o755 });
}

/**
 * What makes environments without a network, under `folder`: everything that is installed comes from the wheels of the
 * set-up, and pyenv has the one Python that there is. Where a machine has no pyenv, a script answers the two questions
 * that MLflow asks it.
 */
export function offlineEnvironment(version: MlflowVersion, folder: string): Record<string, string> {
  const base = execFileSync(toolsPython(version), ['-c', 'import sys; print(sys._base_executable)'], {
    encoding: 'utf8',
  });
  const pyenvRoot = path.join(folder, 'pyenv');
  const bin = path.join(pyenvRoot, 'versions', pythonVersion(version), 'bin');
  fs.mkdirSync(bin, { recursive: true });
  fs.symlinkSync(base.trim(), path.join(bin, 'python'));
  const programs = path.join(folder, 'programs');
  if (!isOnPath('pyenv'))
    writeProgram(
      path.join(programs, 'pyenv'),
      `#!/bin/sh
case "$1" in
  root) echo "$PYENV_ROOT" ;;
  install) test -x "$PYENV_ROOT/versions/$3/bin/python" ;;
  *) exit 1 ;;
esac
`,
    );
  const wheels = path.join(folderOf(version), 'wheels');
  return {
    MLFLOW_ENV_ROOT: path.join(folder, 'environments'),
    PATH: `${programs}${path.delimiter}${process.env.PATH ?? ''}`,
    PYENV_ROOT: pyenvRoot,
    PIP_NO_INDEX: '1',
    PIP_FIND_LINKS: wheels,
    PIP_CONFIG_FILE: '/dev/null',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    VIRTUALENV_NO_PERIODIC_UPDATE: '1',
    VIRTUALENV_OVERRIDE_APP_DATA: path.join(folder, 'virtualenv'),
    UV_OFFLINE: '1',
    UV_FIND_LINKS: wheels,
    UV_NO_CONFIG: '1',
    UV_PYTHON_DOWNLOADS: 'never',
    UV_CACHE_DIR: path.join(folder, 'uv'),
  };
}

const folders = () => (process.env.PATH ?? '').split(path.delimiter);
const isOnPath = (program: string) => folders().some((folder) => fs.existsSync(path.join(folder, program)));

/** PATH as it is on a machine without this program. */
export const pathWithout = (program: string) =>
  folders()
    .filter((folder) => !fs.existsSync(path.join(folder, program)))
    .join(path.delimiter);
