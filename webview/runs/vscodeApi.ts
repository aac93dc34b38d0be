import type { Port } from '../../src/shared/rpc';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** VS Code hands it out once. */
export const vscodeApi = acquireVsCodeApi();

export const hostPort: Port = {
  post: (message) => vscodeApi.postMessage(message),
  onMessage: (listener) => {
    const receive = (event: MessageEvent<unknown>) => listener(event.data);
    window.addEventListener('message', receive);
    return { dispose: () => window.removeEventListener('message', receive) };
  },
};
