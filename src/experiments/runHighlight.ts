import * as vscode from 'vscode';

/** The run that is pointed at in a chart, for as long as it is. */
export class RunHighlight implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private current: string | undefined;

  get runId(): string | undefined {
    return this.current;
  }

  set(runId: string | undefined): void {
    if (this.current === runId) return;
    this.current = runId;
    this.changed.fire();
  }

  dispose(): void {
    this.changed.dispose();
  }
}
