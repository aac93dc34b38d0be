import * as vscode from 'vscode';
import type { RunHighlight } from './runHighlight';
import { greyScheme, runScheme } from './runItem';

type Visible = Pick<vscode.TreeView<unknown>, 'visible' | 'onDidChangeVisibility'>;

/**
 * Marks the run that is pointed at in a chart, and greys rows that are shown for their children or that are deleted.
 * Decorations change rows where they stand: nothing is asked for, selected or scrolled.
 */
export class RowDecorations implements vscode.FileDecorationProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri[]>();
  readonly onDidChangeFileDecorations = this.changed.event;
  private readonly listening: vscode.Disposable;
  /** Runs whose rows changed while nobody saw them, and the one that is marked. */
  private readonly stale = new Set<string>();
  private marked: string | undefined;

  constructor(
    private readonly highlight: RunHighlight,
    private readonly view: Visible,
  ) {
    this.listening = vscode.Disposable.from(
      highlight.onDidChange(() => this.follow()),
      view.onDidChangeVisibility(() => this.tell()),
    );
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (uri.scheme !== greyScheme && uri.scheme !== runScheme) return undefined;
    const { runId } = this.highlight;
    if (runId !== undefined && uri.path === `/${runId}`)
      return new vscode.FileDecoration(
        '◂',
        vscode.l10n.t('Pointed at in a chart'),
        new vscode.ThemeColor('list.highlightForeground'),
      );
    return uri.scheme === greyScheme ? { color: new vscode.ThemeColor('disabledForeground') } : undefined;
  }

  dispose(): void {
    this.listening.dispose();
    this.changed.dispose();
  }

  private follow(): void {
    const { runId } = this.highlight;
    for (const id of [this.marked, runId]) if (id !== undefined) this.stale.add(id);
    this.marked = runId;
    this.tell();
  }

  private tell(): void {
    if (!this.view.visible || this.stale.size === 0) return;
    const uris = [...this.stale].flatMap((runId) =>
      [runScheme, greyScheme].map((scheme) => vscode.Uri.from({ scheme, path: `/${runId}` })),
    );
    this.stale.clear();
    this.changed.fire(uris);
  }
}
