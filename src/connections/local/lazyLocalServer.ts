import type * as vscode from 'vscode';
import type { ServerSession } from '../serverSession';
import type { LocalServer } from './localServer';

/** The window's local server, whose code is read when somebody starts one. */
export class LazyLocalServer implements vscode.Disposable {
  private server: LocalServer | undefined;

  constructor(private readonly session: ServerSession) {}

  get isRunning(): boolean {
    return this.server?.isRunning ?? false;
  }

  async start(): Promise<void> {
    const { LocalServer } = await import('./localServer');
    this.server ??= new LocalServer(this.session);
    await this.server.start();
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }

  dispose(): void {
    this.server?.dispose();
  }
}
