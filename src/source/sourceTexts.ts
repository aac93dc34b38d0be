import * as vscode from 'vscode';
import { environments } from '../experiments/run/environments';
import { requireCommitId } from '../git/commitId';
import { MlflowError } from '../mlflow/mlflowError';
import { shortId } from '../shared/commitId';
import { commitChanges } from './commitChanges';
import { commitSummary } from './commitSummary';
import { openedRepository, queryOf } from './gitDocuments';
import { runFactsText } from './runFactsText';
import type { SourceServices } from './services';
import { sourceTextScheme } from './sourceTextScheme';

/** The message, the people and the files of a commit, and of the patch on it. */
export function commitUri(commit: string, repository: { readonly root: string }, tree: string): vscode.Uri {
  const query = { kind: 'commit', commit, repository: repository.root, ...(tree === commit ? {} : { tree }) };
  return address(`Commit ${shortId(commit)}`, query);
}

/** Params and environment of a run, in an order that lets two of them be compared: under one name, as one file that changed. */
export const runFactsUri = (runId: string): vscode.Uri =>
  address('params and environment.yaml', { kind: 'run', runId });

/** The commit of a submodule, as git shows it. */
export const submoduleUri = (path: string, commit: string): vscode.Uri => address(path, { kind: 'submodule', commit });

const address = (path: string, query: Readonly<Record<string, string>>) =>
  vscode.Uri.from({ scheme: sourceTextScheme, path: `/${path}`, query: JSON.stringify(query) });

/** What an address of `sourceTextScheme` stands for. Anybody can make one: what it names is checked. */
export async function sourceText(services: SourceServices, uri: vscode.Uri): Promise<string> {
  const query = queryOf(uri) ?? {};
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : '');
  switch (query.kind) {
    case 'commit': {
      const tree = text('tree');
      const opened = await openedRepository(services.repositories, text('repository'));
      const repository = opened.reading(...(tree === '' ? [] : [tree]));
      const details = await repository.details(text('commit'));
      const changes = await commitChanges(repository, text('commit'), tree || text('commit'));
      return commitSummary({ commit: text('commit'), details, ...changes });
    }
    case 'submodule':
      return `Subproject commit ${requireCommitId(text('commit'))}\n`;
    case 'run':
      return factsOf(services, text('runId'));
    default:
      throw vscode.FileSystemError.FileNotFound(uri);
  }
}

async function factsOf(services: SourceServices, runId: string): Promise<string> {
  const { store } = await services.connections.require();
  const run = await services.runs.run(runId);
  const signal = new AbortController().signal;
  const [environment] = await environments(store, [run], signal).catch((error: unknown) => {
    if (error instanceof MlflowError) return [{ python: '', packages: [], files: [], problem: error.message }];
    throw error;
  });
  return runFactsText(run, environment);
}
