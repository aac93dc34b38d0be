import type * as vscode from 'vscode';
import type { Credentials } from '../mlflow/http/httpOptions';

const prefix = 'flowdeck.credentials:';

/** Credentials per server, kept by the system's key store and nowhere else. */
export class CredentialStore {
  constructor(private readonly secrets: vscode.SecretStorage) {}

  /** `uri` is the normalised address. */
  async read(uri: string): Promise<Credentials | undefined> {
    const text = await this.secrets.get(prefix + uri);
    return text === undefined ? undefined : decodeCredentials(text);
  }

  async write(uri: string, credentials: Credentials): Promise<void> {
    await this.secrets.store(prefix + uri, JSON.stringify(credentials));
  }

  async forget(uri: string): Promise<void> {
    await this.secrets.delete(prefix + uri);
  }

  /** Another window signed in or out. Gives the server's address. */
  onDidChange(listener: (uri: string) => void): vscode.Disposable {
    return this.secrets.onDidChange(({ key }) => {
      if (key.startsWith(prefix)) listener(key.slice(prefix.length));
    });
  }
}

/** Undefined for what is not what `write` wrote. */
export function decodeCredentials(text: string): Credentials | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  if (value.kind === 'bearer' && 'token' in value && typeof value.token === 'string')
    return { kind: 'bearer', token: value.token };
  const { kind } = value;
  const user = 'user' in value ? value.user : undefined;
  const password = 'password' in value ? value.password : undefined;
  return kind === 'basic' && typeof user === 'string' && typeof password === 'string'
    ? { kind, user, password }
    : undefined;
}

/** What MLflow's own client reads from the environment. */
export function credentialsFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Credentials | undefined {
  const { MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password } = environment;
  if (user && password) return { kind: 'basic', user, password };
  const token = environment.MLFLOW_TRACKING_TOKEN;
  return token ? { kind: 'bearer', token } : undefined;
}

/** The same for child processes. */
export function trackingEnvironment(uri: string, credentials: Credentials | undefined): Record<string, string> {
  const base = { MLFLOW_TRACKING_URI: uri };
  if (!credentials) return base;
  return credentials.kind === 'basic'
    ? {
        ...base,
        MLFLOW_TRACKING_USERNAME: credentials.user,
        MLFLOW_TRACKING_PASSWORD: credentials.password,
      }
    : { ...base, MLFLOW_TRACKING_TOKEN: credentials.token };
}
