import * as vscode from 'vscode';
import type { Credentials } from '../mlflow/http/httpOptions';
import { MlflowError } from '../mlflow/mlflowError';
import { withProgress } from '../platform/cancellation';
import { messages } from '../platform/messages';
import type { ServerInfo } from '../shared/domain';
import type { ServerSession } from './serverSession';
import { askCredentials } from './signIn';

/** What a live look at a server found. */
export interface CheckedServer {
  readonly uri: string;
  readonly info: ServerInfo;
  readonly experiments: number;
  /** More experiments exist than were counted. */
  readonly moreExperiments: boolean;
  /** Those that worked, when they are to be saved. */
  readonly newCredentials?: Credentials;
}

const experimentsCounted = 1_000;

/**
 * Asks the server what it is, with a sign-in as often as it takes. Undefined when the person gave up, `change` when
 * they want to give another address.
 */
export async function checkServer(
  session: ServerSession,
  uri: string,
  given: Credentials | undefined,
): Promise<CheckedServer | 'change' | undefined> {
  let credentials = given ?? (await session.credentials.read(uri));
  let isNew = given !== undefined;
  for (;;) {
    try {
      const found = await look(session, uri, credentials);
      return { ...found, ...(isNew && credentials ? { newCredentials: credentials } : {}) };
    } catch (error) {
      if (error instanceof MlflowError && error.kind === 'cancelled') return undefined;
      if (error instanceof MlflowError && error.kind === 'auth' && error.details.status === 401) {
        const asked = await askCredentials(uri, credentials);
        if (asked === undefined || asked === 'change') return asked;
        credentials = asked;
        isNew = true;
        continue;
      }
      const answer = await offerWhatFits(uri, error);
      if (answer !== 'again') return answer;
    }
  }
}

function look(
  session: ServerSession,
  uri: string,
  credentials: Credentials | undefined,
): Promise<Omit<CheckedServer, 'newCredentials'>> {
  return withProgress(vscode.l10n.t('Looking at {0}…', uri), async (signal) => {
    // A person waits: better a clear answer soon than a patient retry.
    const store = await session.createStore(uri, credentials, { retries: 0, headersTimeoutMs: 15_000 });
    try {
      const info = await store.serverInfo(signal);
      const page = await store.searchExperiments({ maxResults: experimentsCounted }, signal);
      return { uri, info, experiments: page.items.length, moreExperiments: page.nextPageToken !== undefined };
    } finally {
      store.dispose();
    }
  });
}

async function offerWhatFits(uri: string, error: unknown): Promise<'again' | 'change' | undefined> {
  const { message } = error instanceof Error ? error : new Error(String(error));
  const advice = error instanceof MlflowError ? (error.details.advice ?? '') : '';
  const again = vscode.l10n.t('Try Again');
  const change = vscode.l10n.t('Change Address');
  const text = vscode.l10n.t('Could not connect to {0}: {1} {2}', uri, message, advice).trim();
  const chosen = await messages.showErrorMessage(text, again, change);
  if (chosen === again) return 'again';
  return chosen === change ? 'change' : undefined;
}

/** "MLflow 3.17.2, 12 experiments, signed in as joe" */
export function describeServer({ info, experiments, moreExperiments }: CheckedServer): string {
  const version = info.version ?? `${info.generation}.x`;
  const count = moreExperiments
    ? vscode.l10n.t('more than {0} experiments', experiments.toLocaleString('en'))
    : experiments === 1
      ? vscode.l10n.t('1 experiment')
      : vscode.l10n.t('{0} experiments', experiments);
  const parts = [`MLflow ${version}`, count];
  if (info.user) parts.push(vscode.l10n.t('signed in as {0}', info.user));
  return parts.join(', ');
}
