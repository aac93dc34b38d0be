import type * as vscode from 'vscode';
import { Poller } from '../../platform/poller';
import { settings } from '../../platform/settings';
import { isLive, type RunContact } from './runDetails';
import type { RunDetailsStore } from './runDetailsStore';

type View = Pick<vscode.TreeView<unknown>, 'visible' | 'onDidChangeVisibility' | 'description'>;

/** Names the run in the view's title, and reads a running one anew while somebody sees it. */
export class RunViewRefresh implements vscode.Disposable {
  private readonly poller: Poller;
  private readonly listening: vscode.Disposable[];
  private polling = false;
  private contact: RunContact | undefined;

  constructor(
    private readonly view: View,
    private readonly store: RunDetailsStore,
  ) {
    this.poller = new Poller({
      intervalSeconds: () => settings.refreshIntervalSeconds.get(),
      wanted: () => this.isWanted(),
      poll: () => this.poll(),
    });
    this.listening = [
      store.onDidChange(() => this.follow()),
      view.onDidChangeVisibility(() => this.poller.update()),
      settings.refreshIntervalSeconds.onDidChange(() => this.poller.update()),
    ];
    this.follow();
  }

  dispose(): void {
    for (const listener of this.listening) listener.dispose();
    this.poller.dispose();
  }

  private isWanted(): boolean {
    const run = this.store.current?.run;
    return this.view.visible && run !== undefined && isLive(run);
  }

  private async poll(): Promise<void> {
    this.polling = true;
    try {
      await this.store.refresh();
    } finally {
      this.polling = false;
    }
  }

  private follow(): void {
    const details = this.store.current;
    const name = details?.run?.name ?? '';
    if (this.view.description !== name) this.view.description = name;
    const contact = details?.contact;
    // A poll says by itself how it went.
    if (contact && contact !== this.contact && !this.polling) this.poller.noteContact(contact.ok);
    else this.poller.update();
    this.contact = contact;
  }
}
