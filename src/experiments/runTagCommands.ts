import * as vscode from 'vscode';
import type { Connection, Connections } from '../connections/connection';
import { Command } from '../platform/ids';
import { messages, unlinked } from '../platform/messages';
import { offerUndo } from '../platform/offerUndo';
import type { Platform } from '../platform/services';
import type { Run } from '../shared/domain';
import { ChangeRuns } from './changeRuns';
import type { ExperimentsService } from './experimentsService';
import { eachOfMany } from './manyRuns';
import { nameOf } from './runItem';

/** Tags of one or many runs; arguments come from anywhere and are decoded. */
export class RunTagCommands {
  private readonly changes: ChangeRuns;

  constructor(
    private readonly platform: Platform,
    private readonly connections: Connections,
    private readonly runs: ExperimentsService,
  ) {
    this.changes = new ChangeRuns(platform, runs);
  }

  register(): void {
    const { commands } = this.platform;
    commands.register(Command.runs.setTag, vscode.l10n.t('set the tag'), (...args) => this.setTag(args));
    commands.register(Command.runs.removeTag, vscode.l10n.t('remove the tag'), (...args) => this.removeTag(args));
  }

  private async setTag(args: readonly unknown[]): Promise<void> {
    const connection = await this.connections.requireWritable();
    const title = vscode.l10n.t('Set Tag on Runs');
    const picked = await this.runs.pickRuns(args, { title, many: true });
    if (!picked || picked.length === 0) return;
    const key = (await this.askForKey(title, picked))?.trim();
    if (!key) return;
    const runs = await this.read(connection, picked);
    const present = new Set(runs.map((run) => run.tags[key]));
    const [common] = present;
    const value = await vscode.window.showInputBox({
      title,
      prompt: unlinked(
        runs.length === 1
          ? vscode.l10n.t('Value of "{0}"', key)
          : vscode.l10n.t('Value of "{0}" on {1} runs', key, runs.length),
      ),
      value: present.size === 1 ? (common ?? '') : '',
      ignoreFocusOut: true,
    });
    if (value === undefined) return;
    const work = { title: vscode.l10n.t('Tagging runs'), action: vscode.l10n.t('set the tag'), audit: 'set tag' };
    const done = await this.changes.change(connection, runs, work, (run, signal) =>
      connection.store.setRunTag(run.runId, key, value, signal),
    );
    const text =
      done.length === 1 && done[0]
        ? vscode.l10n.t('Set "{0}" on the run "{1}".', key, nameOf(done[0]))
        : vscode.l10n.t('Set "{0}" on {1} runs.', key, done.length);
    if (done.length > 0) offerUndo(this.platform.commands, text, () => this.untag(connection, done, key, value));
  }

  private async removeTag(args: readonly unknown[]): Promise<void> {
    const connection = await this.connections.requireWritable();
    const title = vscode.l10n.t('Remove Tag of Runs');
    const picked = await this.runs.pickRuns(args, { title, many: true });
    if (!picked || picked.length === 0) return;
    const runs = await this.read(connection, picked);
    const key = await this.pickKey(title, runs);
    if (key === undefined) return;
    const tagged = runs.filter(({ tags }) => tags[key] !== undefined);
    const work = {
      title: vscode.l10n.t('Removing tags'),
      action: vscode.l10n.t('remove the tag'),
      audit: 'remove tag',
    };
    const done = await this.changes.change(connection, tagged, work, (run, signal) =>
      connection.store.deleteRunTag(run.runId, key, signal),
    );
    const text =
      done.length === 1 && done[0]
        ? vscode.l10n.t('Removed "{0}" of the run "{1}".', key, nameOf(done[0]))
        : vscode.l10n.t('Removed "{0}" of {1} runs.', key, done.length);
    if (done.length > 0) offerUndo(this.platform.commands, text, () => this.untag(connection, done, key, undefined));
  }

  /** As they are now: what is known of a run may be old, and undo brings back what really stood there. */
  private read({ store }: Connection, runs: readonly Run[]): Promise<readonly Run[]> {
    return eachOfMany(vscode.l10n.t('Reading runs'), runs, ({ runId }, signal) => store.getRun(runId, signal));
  }

  /** One of the tags that some of the runs have; MLflow's own are not to be removed. */
  private async pickKey(title: string, runs: readonly Run[]): Promise<string | undefined> {
    const counts = new Map<string, number>();
    for (const key of runs.flatMap(({ tags }) => Object.keys(tags)))
      if (!key.startsWith('mlflow.')) counts.set(key, (counts.get(key) ?? 0) + 1);
    if (counts.size === 0) {
      void messages.showInformationMessage(vscode.l10n.t('There are no tags to remove.'));
      return undefined;
    }
    const items = [...counts].sort().map(([label, count]) => ({
      label,
      description: runs.length > 1 ? vscode.l10n.t('on {0} of {1} runs', count, runs.length) : '',
    }));
    const picked = await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Which tag?') });
    return picked?.label;
  }

  /** @param written what was made of the tag: where something else stands by now, somebody else wrote, and that stays */
  private async untag(connection: Connection, runs: readonly Run[], key: string, written?: string): Promise<void> {
    const work = {
      title: vscode.l10n.t('Bringing back tags'),
      action: vscode.l10n.t('bring back the tag'),
      audit: 'undo tag',
    };
    const { store } = connection;
    const left: Run[] = [];
    await this.changes.change(connection, runs, work, async (run, signal) => {
      const [before, now] = [run.tags[key], (await store.getRun(run.runId, signal)).tags[key]];
      if (now === before) return false;
      if (now !== written) {
        left.push(run);
        return false;
      }
      if (before === undefined) await store.deleteRunTag(run.runId, key, signal);
      else await store.setRunTag(run.runId, key, before, signal);
      return true;
    });
    const [first] = left;
    if (!first) return;
    const text =
      left.length === 1
        ? vscode.l10n.t(
            '"{0}" of the run "{1}" was changed by somebody else since, and stays as it is.',
            key,
            nameOf(first),
          )
        : vscode.l10n.t('"{0}" of {1} runs was changed by somebody else since, and stays as it is.', key, left.length);
    void messages.showWarningMessage(text);
    this.runs.markChanged(left.map(({ runId }) => runId));
  }

  private async askForKey(title: string, runs: readonly Run[]): Promise<string | undefined> {
    const keys = [...new Set(runs.flatMap(({ tags }) => Object.keys(tags)))].filter(
      (key) => !key.startsWith('mlflow.'),
    );
    const other = vscode.l10n.t('New tag…');
    if (keys.length > 0) {
      const items = [...keys.sort(), other];
      const picked = await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Which tag?') });
      if (picked !== other) return picked;
    }
    return vscode.window.showInputBox({
      title,
      prompt: vscode.l10n.t('Key of the tag'),
      ignoreFocusOut: true,
      validateInput: (text) =>
        text === '' || /^[\p{L}\p{N}_ ./-]{1,250}$/u.test(text)
          ? undefined
          : vscode.l10n.t('Letters, digits, "_", "-", "." , "/" and spaces, at most 250.'),
    });
  }
}
