import type { Dispatcher } from 'undici';

/**
 * undici 7 throws an error that nobody can catch when a server closes the connection right after a body's last bytes
 * while a slow reader has the body paused (https://github.com/nodejs/undici/issues/5360, fixed in 8). MLflow 2 closes
 * after every answer. So a body is not paused for its last bytes, nor one whose end is the end of the connection.
 */
export function neverPauseAtTheEnd(dispatch: Dispatcher['dispatch']): Dispatcher['dispatch'] {
  return (options, handler) => {
    let missing = Number.POSITIVE_INFINITY;
    return dispatch(options, {
      onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
      onRequestUpgrade: (controller, status, headers, socket) =>
        handler.onRequestUpgrade?.(controller, status, headers, socket),
      onResponseStart: (controller, status, headers, message) => {
        missing = bytesToCome(headers);
        handler.onResponseStart?.(controller, status, headers, message);
      },
      onResponseData: (controller, chunk) => {
        missing -= chunk.length;
        handler.onResponseData?.(missing > 0 ? controller : unpausable(controller), chunk);
      },
      onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
      onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
    });
  };
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Infinite for a chunked body, whose end the parser sees for itself; 0 when only the connection's end is the end. */
function bytesToCome(headers: Headers): number {
  const length = Number(headers['content-length']);
  if (Number.isSafeInteger(length)) return length;
  return headers['transfer-encoding'] === undefined ? 0 : Number.POSITIVE_INFINITY;
}

const unpausable = (controller: Dispatcher.DispatchController): Dispatcher.DispatchController => ({
  get aborted() {
    return controller.aborted;
  },
  get paused() {
    return controller.paused;
  },
  get reason() {
    return controller.reason;
  },
  abort: (reason) => controller.abort(reason),
  pause: () => undefined,
  resume: () => controller.resume(),
});
