import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import { withProgress } from '../../platform/cancellation';
import type { Commands } from '../../platform/commands';
import { ExportFile } from './exportFile';
import { progressText } from './exportRuns';

/** A page that says nothing for so long is gone (ms). Timers of one in a window out of sight may run once a minute. */
const longestSilence = 90_000;

/** What is done sooner needs no progress, ms. */
const quickly = 500;

/** What a person is told of a file. */
export interface Told {
  /** Completes "Could not …": `export the runs`. */
  readonly action: string;
  /** Of the progress: `Exporting runs`. */
  readonly title: string;
  /** Runs that are going to be written. */
  readonly expected: number;
  /** That it is there. */
  done(uri: vscode.Uri, runs: number): void;
}

interface Ongoing {
  readonly file: ExportFile;
  readonly told: Told;
  /** Cancel of the progress. */
  readonly cancelled: AbortController;
  /** Says in the progress how much is written, where one is shown. */
  report: () => void;
  /** Ends the progress, or sees to it that none is begun. */
  close: () => Promise<void>;
  written: number;
  silence: ReturnType<typeof setTimeout> | undefined;
  /** The piece being written: the next waits for it. */
  writing: Promise<void>;
}

/** Files that pages write, piece by piece. What ends before its end leaves no file. */
export class PageExports {
  private readonly ongoing = new Map<number, Ongoing>();
  private nextId = 1;

  constructor(
    private readonly commands: Pick<Commands, 'report'>,
    private readonly patience = longestSilence,
  ) {}

  async begin(uri: vscode.Uri, told: Told): Promise<number> {
    const file = await ExportFile.create(uri);
    const exportId = this.nextId++;
    const timer = setTimeout(() => this.showProgress(exportId), quickly);
    const ongoing: Ongoing = {
      file,
      told,
      cancelled: new AbortController(),
      report: () => undefined,
      close: async () => clearTimeout(timer),
      written: 0,
      silence: undefined,
      writing: Promise.resolve(),
    };
    this.ongoing.set(exportId, ongoing);
    this.listen(exportId, ongoing);
    return exportId;
  }

  private showProgress(exportId: number): void {
    const ongoing = this.ongoing.get(exportId);
    if (!ongoing) return;
    const shown = withProgress(ongoing.told.title, async (signal, report) => {
      signal.addEventListener('abort', () => {
        ongoing.cancelled.abort();
        void this.discard(exportId);
      });
      await new Promise<void>((close) => {
        ongoing.report = () => report(progressText(ongoing.written, ongoing.told.expected));
        ongoing.close = async () => {
          close();
          // Two notifications at once can hide each other.
          await shown;
        };
        // It ended before VS Code began to show it.
        if (!this.ongoing.has(exportId)) close();
      });
    });
  }

  /** @returns whether it was cancelled, so that no more is wanted */
  async write(exportId: number, text: string, runs: number): Promise<boolean> {
    const ongoing = this.ongoing.get(exportId);
    if (!ongoing) return true;
    clearTimeout(ongoing.silence);
    ongoing.writing = ongoing.writing.then(() => ongoing.file.write(text));
    try {
      await ongoing.writing;
    } catch (error) {
      // Pieces that waited for this one fail with it.
      if (this.ongoing.has(exportId)) this.commands.report(ongoing.told.action, error);
      await this.discard(exportId);
      return true;
    }
    ongoing.written += runs;
    ongoing.report();
    this.listen(exportId, ongoing);
    return ongoing.cancelled.signal.aborted;
  }

  /** @param problem why it is not complete */
  async end(exportId: number, problem?: string): Promise<void> {
    const ongoing = this.ongoing.get(exportId);
    if (!ongoing) return;
    const { file, told } = ongoing;
    const closed = this.forget(exportId, ongoing);
    try {
      await ongoing.writing;
      if (problem !== undefined) throw new MlflowError('invalid', problem);
      await file.finish();
    } catch (error) {
      await file.discard();
      return this.commands.report(told.action, error);
    }
    await closed;
    told.done(file.uri, ongoing.written);
  }

  dispose(): void {
    for (const exportId of [...this.ongoing.keys()]) void this.discard(exportId);
  }

  /** Waits for the next word of the page. */
  private listen(exportId: number, ongoing: Ongoing): void {
    clearTimeout(ongoing.silence);
    if (this.ongoing.has(exportId))
      ongoing.silence = setTimeout(() => void this.giveUp(exportId, ongoing), this.patience);
  }

  private async giveUp(exportId: number, { file, told }: Ongoing): Promise<void> {
    await this.discard(exportId);
    const name = vscode.workspace.asRelativePath(file.uri);
    const why = vscode.l10n.t('The tab was hidden or closed before {0} was complete, and nothing of it was kept', name);
    const advice = vscode.l10n.t('Leave the tab in sight until it is said that the file is there.');
    this.commands.report(told.action, new MlflowError('invalid', why, { advice }));
  }

  private async discard(exportId: number): Promise<void> {
    const ongoing = this.ongoing.get(exportId);
    if (!ongoing) return;
    void this.forget(exportId, ongoing);
    await ongoing.writing.catch(() => undefined);
    await ongoing.file.discard();
  }

  private forget(exportId: number, ongoing: Ongoing): Promise<void> {
    this.ongoing.delete(exportId);
    clearTimeout(ongoing.silence);
    return ongoing.close();
  }
}
