import * as vscode from 'vscode';
import type { Connection } from '../../connections/connection';
import { MlflowError } from '../../mlflow/mlflowError';
import type { Commands } from '../../platform/commands';
import { describeFailure } from '../../platform/failure';
import { Command } from '../../platform/ids';
import { settings } from '../../platform/settings';
import type { RunServices } from '../launch/launchTypes';
import { type Judgement, judge, judgementMarkdown, judgementText, saveWithRun } from './judgement';
import { reportScheme, reportUri, showReport } from './reportUri';
import { toleranceIn } from './verdict';

/** Whose verdict an address is. */
interface Address {
  /** Of the server. */
  readonly server: string;
  /** The id of the run that repeats another. */
  readonly run: string;
}

const tolerancesKey = 'flowdeck.projects.tolerances';
/** The youngest are kept. */
const mostTolerances = 50;

/** Verdicts as pages: both runs are read anew whenever one is shown, so that it says what stands on the server now. */
export class VerdictPages {
  /** Could not be read; tried again at the next change of the connection. */
  private readonly waiting = new Map<string, vscode.Uri>();

  constructor(
    private readonly services: RunServices,
    private readonly changed: (uri: vscode.Uri) => void,
  ) {
    const { connections, platform } = services;
    platform.context.subscriptions.push(
      connections.onDidChange(() => {
        if (connections.state.kind === 'connected') for (const uri of this.waiting.values()) this.changed(uri);
      }),
    );
  }

  register(commands: Commands): void {
    commands.register(Command.verdict.show, vscode.l10n.t('show the verdict'), (...args) => this.show(args));
    commands.register(Command.verdict.save, vscode.l10n.t('save the verdict'), (uri) => this.save(uri));
    commands.register(Command.verdict.saveAs, vscode.l10n.t('save the verdict'), (uri) => this.saveAs(uri));
    commands.register(Command.verdict.judgeAgain, vscode.l10n.t('judge the run again'), (uri) => this.judgeAgain(uri));
    commands.register(Command.verdict.compare, vscode.l10n.t('compare the runs'), async (uri) => {
      const { old, after } = await this.judgementOf(given(uri));
      await vscode.commands.executeCommand(Command.runs.compare, old.runId, [old.runId, after.runId]);
    });
  }

  /** Undefined when it is no verdict's. Never throws: the page says what is wrong, for a tab may come back to anything. */
  async text(uri: vscode.Uri): Promise<string | undefined> {
    const key = uri.toString();
    this.waiting.delete(key);
    if (!addressOf(uri)) return undefined;
    try {
      return judgementText(await this.judgementOf(uri));
    } catch (error) {
      this.waiting.set(key, uri);
      const { message, logLine } = describeFailure(vscode.l10n.t('show the verdict'), error);
      this.services.platform.log.warn(logLine);
      return message;
    }
  }

  lenses(uri: vscode.Uri): vscode.CodeLens[] {
    const address = addressOf(uri);
    if (!address) return [];
    const top = new vscode.Range(0, 0, 0, 0);
    const lens = (title: string, command: string, argument: unknown = uri) =>
      new vscode.CodeLens(top, { title, command, arguments: [argument] });
    return [
      lens(vscode.l10n.t('Save with Run'), Command.verdict.save),
      lens(vscode.l10n.t('Save As…'), Command.verdict.saveAs),
      lens(vscode.l10n.t('Show Run'), Command.runs.show, address.run),
      lens(vscode.l10n.t('Compare Runs'), Command.verdict.compare),
      lens(vscode.l10n.t('Judge with Another Tolerance…'), Command.verdict.judgeAgain),
    ];
  }

  private async show(args: readonly unknown[]): Promise<void> {
    const title = vscode.l10n.t('Show Verdict on Reproduction');
    const [run] = (await this.services.runs.pickRuns(args, { title, many: false })) ?? [];
    if (!run) return;
    const { uri: server, store } = await this.services.connections.require();
    const { old } = await judge(store, run.runId, settings.metricTolerance.get());
    const uri = reportUri('verdict', vscode.l10n.t('{0} reproduced', old.name), { server, run: run.runId });
    // One that is open is to say what stands there now.
    this.changed(uri);
    await showReport(uri);
  }

  private async save(argument: unknown): Promise<void> {
    const connection = await this.services.connections.requireWritable();
    await saveWithRun(this.services, connection, await this.judgementOf(given(argument), connection));
  }

  private async saveAs(argument: unknown): Promise<void> {
    const uri = given(argument);
    const judgement = await this.judgementOf(uri);
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    const name = `${uri.path.split('/').at(-1)}.md`;
    const chosen = await vscode.window.showSaveDialog({
      ...(folder ? { defaultUri: vscode.Uri.joinPath(folder.uri, name) } : {}),
      filters: { Markdown: ['md'] },
    });
    if (chosen) await vscode.workspace.fs.writeFile(chosen, Buffer.from(judgementMarkdown(judgement)));
  }

  private async judgeAgain(argument: unknown): Promise<void> {
    const uri = given(argument);
    const answer = await vscode.window.showInputBox({
      title: vscode.l10n.t('Judge with Another Tolerance'),
      prompt: vscode.l10n.t('How far a metric may be off and count as the same, as a share of the larger value'),
      value: String(this.toleranceOf(uri)),
      validateInput: (text) =>
        toleranceIn(text) === undefined ? vscode.l10n.t('A number from 0 to 1, or a percentage') : undefined,
    });
    const tolerance = answer === undefined ? undefined : toleranceIn(answer);
    if (tolerance === undefined) return;
    const { [uri.toString()]: _before, ...others } = this.tolerances;
    const kept = [...Object.entries(others).slice(1 - mostTolerances), [uri.toString(), tolerance]];
    await this.services.platform.context.workspaceState.update(tolerancesKey, Object.fromEntries(kept));
    this.changed(uri);
  }

  private toleranceOf(uri: vscode.Uri): number {
    const tolerance = this.tolerances[uri.toString()];
    return typeof tolerance === 'number' ? tolerance : settings.metricTolerance.get();
  }

  /** Other ones than the setting's, by address, kept for the pages that come back with the window. */
  private get tolerances(): Readonly<Record<string, unknown>> {
    return { ...Object(this.services.platform.context.workspaceState.get(tolerancesKey)) };
  }

  private async judgementOf(uri: vscode.Uri, connection?: Connection): Promise<Judgement> {
    const address = addressOf(uri);
    if (!address) throw noVerdict();
    const { uri: server, store } = connection ?? (await this.services.connections.require());
    if (server !== address.server)
      throw new MlflowError('invalid', vscode.l10n.t('This verdict is of a run at {0}.', address.server), {
        advice: vscode.l10n.t('Connect to that server.'),
      });
    return judge(store, address.run, this.toleranceOf(uri));
  }
}

/** The page that a command is for: what it was given, else what is in front. */
function given(argument: unknown): vscode.Uri {
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  if (uri && addressOf(uri)) return uri;
  throw noVerdict();
}

const noVerdict = () =>
  new MlflowError('invalid', vscode.l10n.t('No verdict is open.'), {
    advice: vscode.l10n.t('Show the verdict on a reproduced run first.'),
  });

/** Anybody can make such an address. */
function addressOf({ scheme, query }: vscode.Uri): Address | undefined {
  if (scheme !== reportScheme) return undefined;
  try {
    const { server, run } = Object(JSON.parse(query));
    return typeof server === 'string' && typeof run === 'string' ? { server, run } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
