import * as vscode from 'vscode';
import { shortId } from '../shared/commitId';
import type { RunCode } from './runCode';
import { sourceTextScheme } from './sourceTextScheme';

/** The message, the people and the files of a commit, and of the patch on it. */
export function commitUri({ commit, repository, tree, run }: RunCode): vscode.Uri {
  const patched = tree === commit ? {} : { tree };
  const query = { kind: 'commit', commit, repository: repository.root, run: run.runId, ...patched };
  return address(`Commit ${shortId(commit)}`, query);
}

/** Params and environment of a run, in an order that lets two of them be compared: under one name, as one file that changed. */
export const runFactsUri = (runId: string): vscode.Uri =>
  address('params and environment.yaml', { kind: 'run', runId });

/** The commit of a submodule, as git shows it. */
export const submoduleUri = (path: string, commit: string): vscode.Uri => address(path, { kind: 'submodule', commit });

const address = (path: string, query: Readonly<Record<string, string>>) =>
  vscode.Uri.from({ scheme: sourceTextScheme, path: `/${path}`, query: JSON.stringify(query) });
