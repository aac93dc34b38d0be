import { MlflowError } from '../mlflow/mlflowError';
import type { TrackingStore } from '../mlflow/trackingStore';

/** Failures after which the connection itself is in doubt, whoever asked the question. */
const fatal: readonly string[] = ['unreachable', 'tls', 'auth'];

/** The same store, which tells `onFailure` of every answer that says the server is gone or the sign-in expired. */
export function observeFailures(store: TrackingStore, onFailure: (error: MlflowError) => void): TrackingStore {
  return new Proxy(store, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        const result: unknown = Reflect.apply(member, target, args);
        if (result instanceof Promise)
          result.catch((error: unknown) => {
            if (error instanceof MlflowError && fatal.includes(error.kind)) onFailure(error);
          });
        return result;
      };
    },
  });
}
