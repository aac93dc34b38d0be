import * as vscode from 'vscode';
import type { Connection, Connections } from '../connections/connection';
import { webUrl } from '../mlflow/serverAddress';
import { Command } from '../platform/ids';
import { messages, unlinked } from '../platform/messages';
import { offerUndo } from '../platform/offerUndo';
import type { Platform } from '../platform/services';
import type { Experiment, LifecycleStage } from '../shared/domain';
import { oneLine } from '../shared/oneLine';
import type { ExperimentsParts } from './experimentsService';
import { askForExperiment } from './pickRuns';
import type { ViewOptions } from './viewOptions';

/** What a person can do with experiments; arguments come from anywhere and are decoded. */
export class ExperimentCommands {
  constructor(
    private readonly platform: Platform,
    private readonly connections: Connections,
    private readonly parts: ExperimentsParts,
    private readonly options: ViewOptions,
  ) {}

  register(): void {
    const { commands } = this.platform;
    const { store } = this.parts;
    commands.register(Command.experiments.refresh, vscode.l10n.t('refresh the experiments'), async () => {
      // Also the way back from a server that did not answer.
      store.refresh();
      await this.connections.get();
      // It may stand in no list, and whoever shows it is to hear of it.
      const { selectedRunId } = this.parts.selection;
      if (selectedRunId !== undefined) await store.reloadRuns([selectedRunId]);
    });
    commands.register(Command.experiments.create, vscode.l10n.t('create the experiment'), () => this.create());
    commands.register(Command.experiments.rename, vscode.l10n.t('rename the experiment'), (node) => this.rename(node));
    commands.register(Command.experiments.delete, vscode.l10n.t('delete the experiment'), (node) => this.delete(node));
    commands.register(Command.experiments.restore, vscode.l10n.t('restore the experiment'), (node) =>
      this.restore(node),
    );
    commands.register(Command.experiments.order, vscode.l10n.t('order the experiments'), () => this.order());
    commands.register(Command.experiments.showDeleted, vscode.l10n.t('show what was deleted'), () =>
      store.setQuery({ showDeleted: true }),
    );
    commands.register(Command.experiments.hideDeleted, vscode.l10n.t('hide what was deleted'), () =>
      store.setQuery({ showDeleted: false }),
    );
    this.registerCopies();
  }

  private registerCopies(): void {
    const { commands } = this.platform;
    const copy = async (node: unknown, title: string, text: (experiment: Experiment, uri: string) => string) => {
      const experiment = await this.experiment(node, title);
      if (!experiment) return;
      const { uri } = await this.connections.require();
      await vscode.env.clipboard.writeText(text(experiment, uri));
    };
    commands.register(Command.experiments.copyId, vscode.l10n.t('copy the ID of the experiment'), (node) =>
      copy(node, vscode.l10n.t('Copy Experiment ID'), ({ experimentId }) => experimentId),
    );
    commands.register(Command.experiments.copyName, vscode.l10n.t('copy the name of the experiment'), (node) =>
      copy(node, vscode.l10n.t('Copy Experiment Name'), ({ name }) => name),
    );
    commands.register(Command.experiments.copyLink, vscode.l10n.t('copy a link to the experiment'), (node) =>
      copy(node, vscode.l10n.t('Copy Link to Experiment'), ({ experimentId }, uri) => webUrl(uri, { experimentId })),
    );
    commands.register(
      Command.experiments.openWebUi,
      vscode.l10n.t('open the experiment in the MLflow web UI'),
      async (node) => {
        const experiment = await this.experiment(node, vscode.l10n.t('Open Experiment in MLflow Web UI'));
        if (!experiment) return;
        const { uri } = await this.connections.require();
        await vscode.env.openExternal(vscode.Uri.parse(webUrl(uri, { experimentId: experiment.experimentId }), true));
      },
    );
  }

  private async create(): Promise<void> {
    const connection = await this.connections.requireWritable();
    const name = await this.askForName(connection, vscode.l10n.t('Create Experiment'), '');
    if (name === undefined) return;
    const experimentId = await connection.store.createExperiment(name);
    this.platform.log.audit('create experiment', connection.uri, { experimentId, name });
    this.parts.store.refresh();
    await this.reveal(experimentId);
  }

  private async rename(node: unknown): Promise<void> {
    const connection = await this.connections.requireWritable();
    const title = vscode.l10n.t('Rename Experiment');
    const experiment = await this.experiment(node, title, 'active');
    if (!experiment) return;
    const name = await this.askForName(connection, title, experiment.name);
    if (name === undefined || name === experiment.name) return;
    const { experimentId } = experiment;
    await connection.store.renameExperiment(experimentId, name);
    this.platform.log.audit('rename experiment', connection.uri, { experimentId, name });
    this.parts.store.refresh();
  }

  private async delete(node: unknown): Promise<void> {
    const connection = await this.connections.requireWritable();
    const experiment = await this.experiment(node, vscode.l10n.t('Delete Experiment'), 'active');
    if (!experiment) return;
    const { experimentId, name } = experiment;
    const yes = vscode.l10n.t('Delete');
    const chosen = await messages.showWarningMessage(
      vscode.l10n.t('Delete the experiment "{0}" and all its runs on {1}?', oneLine(name), connection.uri),
      {
        modal: true,
        detail: vscode.l10n.t(
          'It can be restored until somebody empties the trash with "mlflow gc". That brings back all its runs, also those deleted before.',
        ),
      },
      yes,
    );
    if (chosen !== yes) return;
    await connection.store.deleteExperiment(experimentId);
    this.platform.log.audit('delete experiment', connection.uri, { experimentId });
    this.parts.store.refresh();
    const done = vscode.l10n.t('Deleted the experiment "{0}".', oneLine(name));
    offerUndo(this.platform.commands, done, () => this.bringBack(connection, experiment));
  }

  private async restore(node: unknown): Promise<void> {
    const connection = await this.connections.requireWritable();
    const experiment = await this.experiment(node, vscode.l10n.t('Restore Experiment'), 'deleted');
    if (experiment) await this.bringBack(connection, experiment);
  }

  private async bringBack(connection: Connection, { experimentId }: Experiment): Promise<void> {
    await connection.store.restoreExperiment(experimentId);
    this.platform.log.audit('restore experiment', connection.uri, { experimentId });
    this.parts.store.refresh();
  }

  private async order(): Promise<void> {
    const items = [
      { label: vscode.l10n.t('Newest first'), order: 'newest' as const },
      { label: vscode.l10n.t('By name'), order: 'name' as const },
    ].map((item) => (item.order === this.options.order ? { ...item, description: vscode.l10n.t('now') } : item));
    const picked = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Order Experiments'),
      placeHolder: vscode.l10n.t('Which come first?'),
    });
    if (!picked) return;
    this.options.order = picked.order;
    await this.options.save(this.parts.store.query);
    this.parts.tree.refresh(undefined);
  }

  private async askForName(connection: Connection, title: string, value: string): Promise<string | undefined> {
    const prompt = vscode.l10n.t('Name of the experiment. Parts between "/" become folders.');
    let complaint = '';
    for (let given = value; ; ) {
      const answer = await vscode.window.showInputBox({
        title,
        prompt: unlinked(complaint || prompt),
        value: given,
        ignoreFocusOut: true,
        validateInput: (text) => (text.length > 500 ? vscode.l10n.t('At most 500 characters.') : undefined),
      });
      const name = answer?.trim();
      if (name === undefined || name === '') return undefined;
      const present = name === value ? undefined : await connection.store.getExperimentByName(name);
      if (!present) return name;
      given = name;
      complaint =
        present.lifecycleStage === 'deleted'
          ? vscode.l10n.t('A deleted experiment has this name. Restore it, or choose another name.')
          : vscode.l10n.t('There is an experiment of this name. Choose another one.');
    }
  }

  /** The experiment a command is about, asked for when nothing says it. A selected one of another stage is not meant. */
  private async experiment(node: unknown, title: string, stage?: LifecycleStage): Promise<Experiment | undefined> {
    const { store, view } = this.parts;
    const given = experimentIdIn(node);
    if (given !== undefined)
      return store.experiment(given) ?? (await this.connections.require()).store.getExperiment(given);
    const selected = node === undefined ? store.experiment(experimentIdIn(view.selection[0]) ?? '') : undefined;
    if (selected && (stage === undefined || selected.lifecycleStage === stage)) return selected;
    const picked = await askForExperiment(store, title, false, stage === 'deleted');
    return picked === 'id' ? undefined : picked;
  }

  private async reveal(experimentId: string): Promise<void> {
    await this.parts.store.getExperiments();
    await this.parts.tree.getChildren();
    const node = this.parts.tree.experimentNode(experimentId);
    if (node) await this.parts.view.reveal(node, { select: true, focus: false });
  }
}

function experimentIdIn(node: unknown): string | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  const experiment: unknown =
    Reflect.get(node, 'experiment') ?? (Reflect.get(node, 'runId') === undefined ? node : null);
  if (typeof experiment !== 'object' || experiment === null) return undefined;
  const id: unknown = Reflect.get(experiment, 'experimentId');
  return typeof id === 'string' && id !== '' ? id : undefined;
}
