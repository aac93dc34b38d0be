import * as vscode from 'vscode';
import { withProgress } from '../../platform/cancellation';
import { ExportFile } from './exportFile';
import { announce, progressText } from './exportRuns';
import type { ExportTarget } from './exportTarget';

/** A page that says nothing for so long is gone (ms). */
const longestSilence = 30_000;

/** What is done sooner needs no progress, ms. */
const quickly = 500;

interface Ongoing {
  readonly file: ExportFile;
  readonly expected: number;
  /** Cancel of the progress. */
  readonly cancelled: AbortController;
  /** Says in the progress how much is written, where one is shown. */
  report: () => void;
  /** Ends the progress, or sees to it that none is begun. */
  close: () => Promise<void>;
  written: number;
  silence: ReturnType<typeof setTimeout>;
  /** The piece being written: the next waits for it. */
  writing: Promise<void>;
}

/** Files that pages write, piece by piece. What ends before its end leaves no file. */
export class PageExports {
  private readonly ongoing = new Map<number, Ongoing>();
  private nextId = 1;

  async begin({ uri }: ExportTarget, expected: number): Promise<number> {
    const file = await ExportFile.create(uri);
    const exportId = this.nextId++;
    const timer = setTimeout(() => this.showProgress(exportId), quickly);
    this.ongoing.set(exportId, {
      file,
      expected,
      cancelled: new AbortController(),
      report: () => undefined,
      close: async () => clearTimeout(timer),
      written: 0,
      silence: this.silenceOf(exportId),
      writing: Promise.resolve(),
    });
    return exportId;
  }

  private showProgress(exportId: number): void {
    const ongoing = this.ongoing.get(exportId);
    if (!ongoing) return;
    const shown = withProgress(vscode.l10n.t('Exporting runs'), async (signal, report) => {
      signal.addEventListener('abort', () => {
        ongoing.cancelled.abort();
        void this.discard(exportId);
      });
      await new Promise<void>((close) => {
        ongoing.report = () => report(progressText(ongoing.written, ongoing.expected));
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
      await this.discard(exportId);
      throw error;
    }
    ongoing.written += runs;
    ongoing.report();
    ongoing.silence = this.silenceOf(exportId);
    return ongoing.cancelled.signal.aborted;
  }

  async end(exportId: number): Promise<void> {
    const ongoing = this.ongoing.get(exportId);
    if (!ongoing) return;
    const closed = this.forget(exportId, ongoing);
    try {
      await ongoing.writing;
      await ongoing.file.finish();
    } catch (error) {
      await ongoing.file.discard();
      throw error;
    }
    await closed;
    announce(ongoing.file.uri, ongoing.written, 0);
  }

  dispose(): void {
    for (const exportId of [...this.ongoing.keys()]) void this.discard(exportId);
  }

  private silenceOf(exportId: number) {
    return setTimeout(() => void this.discard(exportId), longestSilence);
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
