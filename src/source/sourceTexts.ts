import * as vscode from 'vscode';
import { environments } from '../experiments/run/environments';
import { requireCommitId } from '../git/commitId';
import { MlflowError } from '../mlflow/mlflowError';
import { queryOf } from './gitDocuments';
import { runFactsText } from './runFactsText';
import type { SourceServices } from './services';

/** What an address of `sourceTextScheme` stands for. Anybody can make one: what it names is checked. */
export async function sourceText(services: SourceServices, uri: vscode.Uri): Promise<string> {
  const query = queryOf(uri) ?? {};
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : '');
  switch (query.kind) {
    case 'commit': {
      // Read with the first commit that is shown.
      const { commitPage } = await import('./commitPage');
      return ((await commitPage(services, uri))?.lines ?? []).map((line) => line.text).join('\n');
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
