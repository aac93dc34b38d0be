import * as vscode from 'vscode';
import type { RunGroup, RunGroupText } from '../../experiments/runsService';
import { Command } from '../../platform/ids';
import type { SourceServices } from '../services';
import type { FoundRuns } from './findRuns';
import type { HeadGroup } from './headGroup';

/** The group of the head whose code is read when the Experiments view is first drawn. */
export class LazyHeadGroup implements RunGroup, vscode.Disposable {
  readonly id = 'head';
  readonly openAll = { command: Command.source.runsAtHead, title: vscode.l10n.t('Show Runs at HEAD') };
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private group: Promise<HeadGroup> | undefined;

  constructor(private readonly services: SourceServices) {}

  loaded(): Promise<HeadGroup> {
    this.group ??= import('./headGroup').then(({ HeadGroup }) => {
      const { context } = this.services.platform;
      const made = new HeadGroup(this.services);
      context.subscriptions.push(
        made,
        made.onDidChange(() => this.changed.fire()),
      );
      return made;
    });
    return this.group;
  }

  async describe(): Promise<RunGroupText | undefined> {
    return (await this.loaded()).describe();
  }

  async runs(): Promise<FoundRuns> {
    return (await this.loaded()).runs();
  }

  dispose(): void {
    this.changed.dispose();
  }
}
