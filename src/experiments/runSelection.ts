import * as vscode from 'vscode';
import { setContext } from '../platform/context';
import { ContextKey } from '../platform/ids';

/** The selected run and the runs whose boxes are checked. */
export class RunSelection implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private selected: string | undefined;
  private readonly checked = new Set<string>();

  get selectedRunId(): string | undefined {
    return this.selected;
  }

  get checkedRunIds(): readonly string[] {
    return [...this.checked];
  }

  isChecked(runId: string): boolean {
    return this.checked.has(runId);
  }

  select(runId: string | undefined): void {
    if (this.selected === runId) return;
    this.selected = runId;
    this.changed.fire();
  }

  check(changes: Iterable<readonly [runId: string, checked: boolean]>): void {
    for (const [runId, checked] of changes) {
      if (checked) this.checked.add(runId);
      else this.checked.delete(runId);
    }
    this.announce();
  }

  clearChecked(): void {
    this.checked.clear();
    this.announce();
  }

  /** Another server: its runs are others. */
  forget(): void {
    this.selected = undefined;
    this.clearChecked();
  }

  dispose(): void {
    this.changed.dispose();
  }

  private announce(): void {
    setContext(ContextKey.runsChecked, this.checked.size);
    this.changed.fire();
  }
}
