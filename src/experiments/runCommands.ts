import * as vscode from 'vscode';
import type { Connection, Connections } from '../connections/connection';
import { webUrl } from '../mlflow/serverAddress';
import { withProgress } from '../platform/cancellation';
import { Command } from '../platform/ids';
import { messages, unlinked } from '../platform/messages';
import { offerUndo } from '../platform/offerUndo';
import type { Platform } from '../platform/services';
import type { LifecycleStage, Run } from '../shared/domain';
import { mapLimited } from '../shared/mapLimited';
import type { ExperimentsService } from './experimentsService';
import { nameOf } from './runItem';

const atOnce = 6;
/** More than these get a progress with Cancel. */
const quickly = 10;

/** One change to runs, in words. */
interface Work {
  /** Of the progress. */
  readonly title: string;
  /** Completes "Could not …". */
  readonly action: string;
  /** In the log, never translated. */
  readonly audit: string;
}

/** What a person can do with one or many runs; arguments come from anywhere and are decoded. */
export class RunCommands {
  constructor(
    private readonly platform: Platform,
    private readonly connections: Connections,
    private readonly runs: ExperimentsService,
  ) {}

  register(): void {
    const { commands } = this.platform;
    commands.register(Command.runs.show, vscode.l10n.t('show the run'), (...args) => this.show(args));
    commands.register(Command.runs.rename, vscode.l10n.t('rename the run'), (...args) => this.rename(args));
    commands.register(Command.runs.delete, vscode.l10n.t('delete the runs'), (...args) => this.delete(args));
    commands.register(Command.runs.restore, vscode.l10n.t('restore the runs'), (...args) => this.restore(args));
    commands.register(Command.runs.setTag, vscode.l10n.t('set the tag'), (...args) => this.setTag(args));
    commands.register(Command.runs.removeTag, vscode.l10n.t('remove the tag'), (...args) => this.removeTag(args));
    this.registerCopies();
  }

  private registerCopies(): void {
    const { commands } = this.platform;
    const copy = async (args: readonly unknown[], title: string, text: (run: Run, uri: string) => string) => {
      const runs = await this.runs.pickRuns(args, { title, many: true });
      if (!runs) return;
      const { uri } = await this.connections.require();
      await vscode.env.clipboard.writeText(runs.map((run) => text(run, uri)).join('\n'));
    };
    commands.register(Command.runs.copyId, vscode.l10n.t('copy the ID of the run'), (...args) =>
      copy(args, vscode.l10n.t('Copy Run ID'), ({ runId }) => runId),
    );
    commands.register(Command.runs.copyName, vscode.l10n.t('copy the name of the run'), (...args) =>
      copy(args, vscode.l10n.t('Copy Run Name'), ({ name, runId }) => name || runId),
    );
    commands.register(Command.runs.copyLink, vscode.l10n.t('copy a link to the run'), (...args) =>
      copy(args, vscode.l10n.t('Copy Link to Run'), (run, uri) => webUrl(uri, run)),
    );
    commands.register(Command.runs.openWebUi, vscode.l10n.t('open the run in the MLflow web UI'), async (...args) => {
      const title = vscode.l10n.t('Open Run in MLflow Web UI');
      const [run] = (await this.runs.pickRuns(args, { title, many: false })) ?? [];
      if (!run) return;
      const { uri } = await this.connections.require();
      await vscode.env.openExternal(vscode.Uri.parse(webUrl(uri, run), true));
    });
  }

  /** Without an argument it asks, whatever is selected: who wants to see a run wants another one. */
  private async show(args: readonly unknown[]): Promise<void> {
    const options = { title: vscode.l10n.t('Show Run'), many: false };
    await this.connections.require();
    const [run] = (await (args.length > 0 ? this.runs.pickRuns(args, options) : this.runs.ask(options))) ?? [];
    if (run) await this.runs.reveal(run.runId);
  }

  private async rename(args: readonly unknown[]): Promise<void> {
    const connection = await this.connections.requireWritable();
    const title = vscode.l10n.t('Rename Run');
    const [run] = (await this.runs.pickRuns(args, { title, many: false })) ?? [];
    if (!run) return;
    const prompt = vscode.l10n.t('Name of the run');
    const answer = await vscode.window.showInputBox({ title, prompt, value: run.name, ignoreFocusOut: true });
    const name = answer?.trim();
    if (!name || name === run.name) return;
    await connection.store.updateRun(run.runId, { name });
    this.platform.log.audit('rename run', connection.uri, { run: run.runId, name });
    this.runs.markChanged([run.runId]);
  }

  private async delete(args: readonly unknown[]): Promise<void> {
    const connection = await this.connections.requireWritable();
    const runs = await this.pick(args, vscode.l10n.t('Delete Runs'), 'active');
    const [first] = runs;
    if (!first) return;
    const yes = vscode.l10n.t('Delete');
    const question =
      runs.length === 1
        ? vscode.l10n.t('Delete the run "{0}" on {1}?', nameOf(first), connection.uri)
        : vscode.l10n.t('Delete {0} runs on {1}?', runs.length, connection.uri);
    const detail = [
      ...(runs.length > 1 ? [namesOf(runs)] : []),
      vscode.l10n.t('They can be restored until somebody empties the trash with "mlflow gc".'),
    ].join('\n');
    if ((await messages.showWarningMessage(question, { modal: true, detail }, yes)) !== yes) return;
    const work = {
      title: vscode.l10n.t('Deleting runs'),
      action: vscode.l10n.t('delete the runs'),
      audit: 'delete run',
    };
    const done = await this.change(connection, runs, work, (run, signal) =>
      connection.store.deleteRun(run.runId, signal),
    );
    const text =
      done.length === 1 && done[0]
        ? vscode.l10n.t('Deleted the run "{0}".', nameOf(done[0]))
        : vscode.l10n.t('Deleted {0} runs.', done.length);
    if (done.length > 0) offerUndo(this.platform.commands, text, () => this.bringBack(connection, done));
  }

  private async restore(args: readonly unknown[]): Promise<void> {
    const connection = await this.connections.requireWritable();
    await this.bringBack(connection, await this.pick(args, vscode.l10n.t('Restore Runs'), 'deleted'));
  }

  /** Runs of one stage. Selected ones count only when they are of that stage: else such runs are asked for. */
  private async pick(args: readonly unknown[], title: string, stage: LifecycleStage): Promise<readonly Run[]> {
    const isMeant = (runId: string) => this.runs.cachedRun(runId)?.lifecycleStage === stage;
    const isGiven = args[0] !== undefined || this.runs.selectedRunIds.some(isMeant);
    const picked = isGiven
      ? await this.runs.pickRuns(args, { title, many: true })
      : await this.runs.ask({ title, many: true, deleted: stage === 'deleted' });
    return picked?.filter(({ lifecycleStage }) => lifecycleStage === stage) ?? [];
  }

  private async bringBack(connection: Connection, runs: readonly Run[]): Promise<void> {
    const work = {
      title: vscode.l10n.t('Restoring runs'),
      action: vscode.l10n.t('restore the runs'),
      audit: 'restore run',
    };
    await this.change(connection, runs, work, (run, signal) => connection.store.restoreRun(run.runId, signal));
  }

  private async setTag(args: readonly unknown[]): Promise<void> {
    const connection = await this.connections.requireWritable();
    const title = vscode.l10n.t('Set Tag on Runs');
    const picked = await this.runs.pickRuns(args, { title, many: true });
    if (!picked || picked.length === 0) return;
    const key = (await this.askForKey(title, picked))?.trim();
    if (!key) return;
    // What is known of a run may be old, and undo brings back what really stood there.
    const runs = await mapLimited(picked, atOnce, ({ runId }) => connection.store.getRun(runId));
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
    const done = await this.change(connection, runs, work, (run, signal) =>
      connection.store.setRunTag(run.runId, key, value, signal),
    );
    const text =
      done.length === 1 && done[0]
        ? vscode.l10n.t('Set "{0}" on the run "{1}".', key, nameOf(done[0]))
        : vscode.l10n.t('Set "{0}" on {1} runs.', key, done.length);
    if (done.length > 0) offerUndo(this.platform.commands, text, () => this.untag(connection, done, key));
  }

  private async removeTag(args: readonly unknown[]): Promise<void> {
    const connection = await this.connections.requireWritable();
    const title = vscode.l10n.t('Remove Tag of Runs');
    const picked = await this.runs.pickRuns(args, { title, many: true });
    if (!picked || picked.length === 0) return;
    // Undo brings back what really stood there.
    const runs = await mapLimited(picked, atOnce, ({ runId }) => connection.store.getRun(runId));
    const key = await this.pickKey(title, runs);
    if (key === undefined) return;
    const tagged = runs.filter(({ tags }) => tags[key] !== undefined);
    const work = {
      title: vscode.l10n.t('Removing tags'),
      action: vscode.l10n.t('remove the tag'),
      audit: 'remove tag',
    };
    const done = await this.change(connection, tagged, work, (run, signal) =>
      connection.store.deleteRunTag(run.runId, key, signal),
    );
    const text =
      done.length === 1 && done[0]
        ? vscode.l10n.t('Removed "{0}" of the run "{1}".', key, nameOf(done[0]))
        : vscode.l10n.t('Removed "{0}" of {1} runs.', key, done.length);
    if (done.length > 0) offerUndo(this.platform.commands, text, () => this.untag(connection, done, key));
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

  private async untag(connection: Connection, runs: readonly Run[], key: string): Promise<void> {
    const work = {
      title: vscode.l10n.t('Bringing back tags'),
      action: vscode.l10n.t('bring back the tag'),
      audit: 'undo tag',
    };
    await this.change(connection, runs, work, async (run, signal) => {
      const before = run.tags[key];
      if (before === undefined) await connection.store.deleteRunTag(run.runId, key, signal);
      else await connection.store.setRunTag(run.runId, key, before, signal);
    });
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

  /** Writes to one run after the other, a few at once; a failure ends it. @returns the runs that were written to */
  private async change(
    connection: Connection,
    runs: readonly Run[],
    { title, action, audit }: Work,
    write: (run: Run, signal?: AbortSignal) => Promise<void>,
  ): Promise<readonly Run[]> {
    const done: Run[] = [];
    const writeAll = (signal?: AbortSignal, report?: (message: string, increment: number) => void) =>
      mapLimited(runs, atOnce, async (run) => {
        signal?.throwIfAborted();
        await write(run, signal);
        done.push(run);
        this.platform.log.audit(audit, connection.uri, { run: run.runId });
        report?.(vscode.l10n.t('{0} of {1}', done.length, runs.length), 100 / runs.length);
      });
    try {
      if (runs.length <= quickly) await writeAll();
      else await withProgress(title, writeAll);
    } catch (error) {
      // What was written before stays, and can be undone.
      this.platform.commands.report(action, error);
    }
    this.runs.markChanged(done.map(({ runId }) => runId));
    return done;
  }
}

function namesOf(runs: readonly Run[]): string {
  const names = runs.slice(0, 10).map(nameOf);
  return runs.length > names.length
    ? `${names.join('\n')}\n${vscode.l10n.t('and {0} more', runs.length - names.length)}`
    : names.join('\n');
}
