export type MlflowErrorKind =
  | 'unreachable'
  | 'tls'
  | 'auth'
  | 'forbidden'
  | 'notFound'
  | 'conflict'
  | 'invalid'
  | 'rateLimited'
  | 'server'
  | 'protocol'
  | 'timeout'
  | 'cancelled';

/** What was asked when it failed. No field ever holds a credential. */
export interface MlflowErrorDetails {
  /** Server address without credentials. */
  readonly server?: string;
  /** `GET /api/2.0/mlflow/runs/get` */
  readonly endpoint?: string;
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  /** MLflow's own `error_code`. */
  readonly errorCode?: string;
  /** Path of the offending field in a malformed answer: `runs[3].info.run_id`. */
  readonly field?: string;
  /** One sentence that says what the person can do next. */
  readonly advice?: string;
  readonly cause?: unknown;
}

/** The only error that leaves `src/mlflow`. `message` is one plain sentence for people. */
export class MlflowError extends Error {
  readonly kind: MlflowErrorKind;
  readonly details: MlflowErrorDetails;

  constructor(kind: MlflowErrorKind, message: string, details: MlflowErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'MlflowError';
    this.kind = kind;
    this.details = details;
  }
}

export function isCancelled(error: unknown): boolean {
  return (
    (error instanceof MlflowError && error.kind === 'cancelled') ||
    (error instanceof Error && (error.name === 'AbortError' || error.name === 'Canceled'))
  );
}
