import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { MlflowError } from '../mlflow/mlflowError';
import { settings } from './settings';
import { requireTrust } from './trust';

/** How an interpreter is started: a program and the arguments that go before Python's own. */
export interface PythonCommand {
  /** Absolute, but for what the setting names otherwise. */
  readonly command: string;
  readonly args: readonly string[];
  /** For people: `.venv/bin/python`, `uvx --with mlflow python`. */
  readonly label: string;
}

const isWindows = process.platform === 'win32';
const executables = isWindows ? ['python.exe', 'python3.exe'] : ['python3', 'python'];
const venvFolders = ['.venv', 'venv', 'env', '.env'];
const timeLimitMs = 20_000;

/**
 * The Python that runs MLflow for a folder: the setting; else the first that has MLflow of the Python extension's
 * choice, a virtual environment of the folder and PATH; else `uvx`, which fetches MLflow (asking for its version then
 * takes a while). Throws `MlflowError` with what to do when there is none. Needs a trusted workspace: it runs programs
 * of the folder.
 */
export async function findPython(folder: vscode.WorkspaceFolder | undefined): Promise<PythonCommand> {
  requireTrust(vscode.l10n.t('Running Python needs a trusted workspace.'));
  const chosen = settings.pythonPath.get(folder?.uri).trim();
  if (chosen !== '') return fromSetting(chosen, folder);
  const candidates = await findPythons(folder);
  for (const candidate of candidates) if (await mlflowVersion(candidate)) return candidate;
  const uvx = await findUvx();
  if (uvx) return uvxPython(uvx, 'mlflow');
  throw noMlflow(candidates);
}

/** Version of the MLflow that an interpreter has; undefined when it has none or does not run. Imports nothing heavy. */
export async function mlflowVersion(python: PythonCommand): Promise<string | undefined> {
  const script = 'import importlib.metadata as m; print(m.version("mlflow"))';
  const output = await pythonOutput(python, script);
  const version = output?.trim();
  return version && /^\d+\.\d+/.test(version) ? version : undefined;
}

/** Whether an interpreter could import a module of this name. */
export async function hasModule(python: PythonCommand, name: string): Promise<boolean> {
  const script = `import importlib.util as u; print(u.find_spec(${JSON.stringify(name)}) is not None)`;
  return (await pythonOutput(python, script))?.trim() === 'True';
}

/** What a short script prints; undefined when it fails or lasts. */
export function pythonOutput(python: PythonCommand, script: string): Promise<string | undefined> {
  return outputOf(python.command, [...python.args, '-c', script]);
}

/** Every interpreter of the folder, the best first; without the setting and uvx. */
export async function findPythons(folder: vscode.WorkspaceFolder | undefined): Promise<readonly PythonCommand[]> {
  requireTrust(vscode.l10n.t('Running Python needs a trusted workspace.'));
  const found = [
    await extensionChoice(folder),
    ...(await venvsOf(folder)),
    ...(await besideMlflow()),
    ...(await onPath(executables)),
  ];
  const commands = [...new Set(found.filter((command) => command !== undefined))];
  return commands.map((command) => ({ command, args: [], label: labelOf(command, folder) }));
}

/** Absolute path of uv's `uvx`, when it is on PATH. */
export async function findUvx(): Promise<string | undefined> {
  const [uvx] = await onPath([isWindows ? 'uvx.exe' : 'uvx']);
  return uvx;
}

/** A Python with a package that uv fetches into its cache. `requirement` is a PEP 508 requirement. */
export const uvxPython = (uvx: string, requirement: string): PythonCommand => ({
  command: uvx,
  args: ['--with', requirement, 'python'],
  label: `uvx --with ${requirement} python`,
});

function noMlflow(looked: readonly PythonCommand[]): MlflowError {
  const message =
    looked.length === 0
      ? vscode.l10n.t('No Python was found.')
      : vscode.l10n.t('None of these has MLflow: {0}.', looked.map(({ label }) => label).join(', '));
  return new MlflowError('invalid', message, {
    advice: vscode.l10n.t('Run "pip install mlflow" in one of them, install uv, or set flowdeck.python.path.'),
  });
}

/** Paths with a separator are relative to the folder; a bare name is looked up on PATH. */
async function fromSetting(chosen: string, folder: vscode.WorkspaceFolder | undefined): Promise<PythonCommand> {
  const expanded = chosen
    .replace(/\$\{workspaceFolder\}/, () => folder?.uri.fsPath ?? '')
    .replace(/^~(?=[\\/])/, () => process.env.HOME ?? process.env.USERPROFILE ?? '~');
  const isName = !/[\\/]/.test(expanded);
  const command = isName ? (await onPath([expanded]))[0] : path.resolve(folder?.uri.fsPath ?? '', expanded);
  if (command && (await isFile(command))) return { command, args: [], label: chosen };
  throw new MlflowError('invalid', vscode.l10n.t('flowdeck.python.path is "{0}", which is no program.', chosen), {
    advice: vscode.l10n.t('Correct or clear the setting.'),
  });
}

async function venvsOf(folder: vscode.WorkspaceFolder | undefined): Promise<string[]> {
  if (folder?.uri.scheme !== 'file') return [];
  const program = isWindows ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  const candidates = venvFolders.map((name) => path.join(folder.uri.fsPath, name, ...program));
  const exist = await Promise.all(candidates.map(isFile));
  return candidates.filter((_candidate, at) => exist[at]);
}

/** Absolute path of a program in one of the folders that come first, or on PATH. */
export async function programOnPath(name: string, first: readonly string[]): Promise<string | undefined> {
  const [program] = await onPath(isWindows ? [`${name}.exe`, `${name}.bat`] : [name], first);
  return program;
}

/** Every program of these names on PATH, in its order. */
async function onPath(names: readonly string[], first: readonly string[] = []): Promise<string[]> {
  const folders = [...first, ...(process.env.PATH ?? '').split(path.delimiter)].filter(path.isAbsolute);
  const candidates = [...new Set(folders)].flatMap((folder) => names.map((name) => path.join(folder, name)));
  const exist = await Promise.all(candidates.map(isFile));
  return candidates.filter((_candidate, at) => exist[at]);
}

/** The Python beside an `mlflow` on PATH: tools like pipx link the program alone. */
async function besideMlflow(): Promise<string[]> {
  const programs = await onPath([isWindows ? 'mlflow.exe' : 'mlflow']);
  const pythons = await Promise.all(
    programs.map(async (program) => path.join(path.dirname(await fs.realpath(program)), executables[0] ?? 'python3')),
  );
  const exist = await Promise.all(pythons.map(isFile));
  return pythons.filter((_python, at) => exist[at]);
}

async function isFile(candidate: string): Promise<boolean> {
  try {
    return (await fs.stat(candidate)).isFile();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/** https://github.com/microsoft/vscode-python/wiki/Python-Environment-APIs; what it gives is decoded like any input. */
async function extensionChoice(folder: vscode.WorkspaceFolder | undefined): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<unknown>('ms-python.python');
  if (!extension) return undefined;
  const api: unknown = extension.isActive ? extension.exports : await extension.activate();
  const environments = member(api, 'environments');
  const active = call(environments, 'getActiveEnvironmentPath', folder?.uri);
  const resolved: unknown = await call(environments, 'resolveEnvironment', active);
  const uri = member(member(resolved, 'executable'), 'uri');
  const file = member(uri, 'fsPath');
  return typeof file === 'string' && path.isAbsolute(file) ? file : undefined;
}

const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

function call(target: unknown, key: string, argument: unknown): unknown {
  const method = member(target, key);
  return typeof method === 'function' ? Reflect.apply(method, target, [argument]) : undefined;
}

function labelOf(command: string, folder: vscode.WorkspaceFolder | undefined): string {
  const below = folder ? path.relative(folder.uri.fsPath, command) : '..';
  return below.startsWith('..') || path.isAbsolute(below) ? command : below;
}

/** Standard output of a short program; undefined when it fails or lasts. Runs outside the workspace, without a shell. */
function outputOf(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: path.dirname(process.execPath),
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: timeLimitMs,
      windowsHide: true,
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => resolve(code === 0 ? output : undefined));
  });
}
