import * as vscode from 'vscode';
import type { Connection, Connections } from '../connections/connection';
import { webUrl } from '../mlflow/serverAddress';
import { Command } from '../platform/ids';
import { messages } from '../platform/messages';
import { offerUndo } from '../platform/offerUndo';
import type { Platform } from '../platform/services';
import type { LifecycleStage, Run } from '../shared/domain';
import { ChangeRuns } from './changeRuns';
import type { ExperimentsService } from './experimentsService';
import { nameOf } from './runItem';
import { RunTagCommands } from './runTagCommands';

/** What a person can do with one or many runs; arguments come from anywhere and are decoded. */
export class RunCommands {
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
    commands.register(Command.runs.show, vscode.l10n.t('show the run'), (...args) => this.show(args));
    commands.register(Command.runs.rename, vscode.l10n.t('rename the run'), (...args) => this.rename(args));
    commands.register(Command.runs.delete, vscode.l10n.t('delete the runs'), (...args) => this.delete(args));
    commands.register(Command.runs.restore, vscode.l10n.t('restore the runs'), (...args) => this.restore(args));
    new RunTagCommands(this.platform, this.connections, this.runs).register();
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
    const done = await this.changes.change(connection, runs, work, (run, signal) =>
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
    await this.changes.change(connection, runs, work, (run, signal) => connection.store.restoreRun(run.runId, signal));
  }
}

function namesOf(runs: readonly Run[]): string {
  const names = runs.slice(0, 10).map(nameOf);
  return runs.length > names.length
    ? `${names.join('\n')}\n${vscode.l10n.t('and {0} more', runs.length - names.length)}`
    : names.join('\n');
}
