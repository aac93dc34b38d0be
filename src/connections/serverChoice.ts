import type { Credentials } from '../mlflow/http/httpOptions';
import { MlflowError } from '../mlflow/mlflowError';
import { parseServerAddress } from '../mlflow/serverAddress';
import { credentialsFromEnvironment } from './credentialStore';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the address came from; credentials of the environment belong to the environment's address only. */
export type ServerOrigin = 'setting' | 'environment' | 'found' | 'local';

export interface ServerChoice {
  readonly uri: string;
  readonly origin: ServerOrigin;
  /** Given together with the address; those that were saved are not among them. */
  readonly credentials?: Credentials;
  /** The setting held credentials: they are to be moved to the secret storage. */
  readonly credentialsInSetting: boolean;
}

/** The configured server: the setting, then MLFLOW_TRACKING_URI. Throws `MlflowError` for an address of no server. */
export function configuredServer(setting: string, environment: Environment): ServerChoice | undefined {
  const text = setting.trim() || environment.MLFLOW_TRACKING_URI?.trim() || '';
  if (text === '') return undefined;
  const origin = setting.trim() === '' ? 'environment' : 'setting';
  const { uri, credentials: written } = named(origin, text);
  const credentials = written ?? (origin === 'environment' ? credentialsFromEnvironment(environment) : undefined);
  return {
    uri,
    origin,
    credentialsInSetting: origin === 'setting' && written !== undefined,
    ...(credentials ? { credentials } : {}),
  };
}

/** The message says where the bad address stands. */
function named(origin: ServerOrigin, text: string): ReturnType<typeof parseServerAddress> {
  try {
    return parseServerAddress(text);
  } catch (error) {
    if (!(error instanceof MlflowError)) throw error;
    const where = origin === 'setting' ? 'flowdeck.trackingUri' : 'MLFLOW_TRACKING_URI';
    throw new MlflowError(error.kind, `${where} is "${withoutCredentials(text)}". ${error.message}`, error.details);
  }
}

/** For showing what cannot even be parsed: whatever stands before the last `@` goes. */
export function withoutCredentials(text: string): string {
  return text.trim().replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, (_all, scheme: string | undefined) => scheme ?? '');
}
