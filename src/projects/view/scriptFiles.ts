import path from 'node:path';
import * as vscode from 'vscode';
import { scriptEntryPoint } from '../command/entryPoints';

/** Scripts that are offered. */
export const mostScripts = 500;
/** Folders that are looked into. */
const mostFolders = 2_000;
const neverInside = /^(\..*|node_modules|site-packages|__pycache__|mlruns|mlartifacts)$/;
/** Folders with one of these are environments of Python, whatever their names. */
const ofEnvironments = new Set(['pyvenv.cfg', 'conda-meta']);

/** Names of scripts below a folder, those in it first; no more than are offered. Packages that were installed are none. */
export async function scriptsIn(place: vscode.Uri, signal: AbortSignal): Promise<readonly string[]> {
  const scripts: string[] = [];
  const folders = [''];
  for (let at = 0; at < folders.length && at < mostFolders && scripts.length < mostScripts; at++) {
    signal.throwIfAborted();
    const inside = folders[at] ?? '';
    const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(place, inside)).then(
      (found) => found.toSorted(([a], [b]) => (a < b ? -1 : 1)),
      () => [],
    );
    if (entries.some(([name]) => ofEnvironments.has(name))) continue;
    for (const [name, type] of entries) {
      const named = path.posix.join(inside, name);
      if (type === vscode.FileType.Directory && !neverInside.test(name)) folders.push(named);
      else if ((type & vscode.FileType.File) !== 0 && isOffered(named)) scripts.push(named);
    }
  }
  return scripts.slice(0, mostScripts);
}

/** MLflow fills braces, and nobody runs what makes a package of a folder. */
const isOffered = (name: string) =>
  scriptEntryPoint(name) !== undefined && !/[{}]/.test(name) && !/(^|\/)__init__\.py$/.test(name);
