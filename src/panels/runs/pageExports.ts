import * as vscode from 'vscode';
import { withProgress } from '../../platform/cancellation';
import { ExportFile } from './exportFile';
import { announce, progressText } from './exportRuns';
import type { ExportTarget } from './exportTarget';

/** A page that says nothing for so long is gone (ms). */
const longestSilence = 30_000;

interface Ongoing {
  readonly file: ExportFile;
  readonly expected: number;
  readonly signal: AbortSignal;
  readonly report: (message: string, increment?: number) => void;
  /** Ends the progress. */
  readonly close: () => void;
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
    void withProgress(vscode.l10n.t('Exporting runs'), async (signal, report) => {
      await new Promise<void>((close) => {
        const silence = this.silenceOf(exportId);
        const writing = Promise.resolve();
        this.ongoing.set(exportId, { file, expected, signal, report, close, written: 0, silence, writing });
        signal.addEventListener('abort', () => void this.discard(exportId), { once: true });
      });
    });
    return exportId;
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
    ongoing.report(progressText(ongoing.written, ongoing.expected), (100 * runs) / Math.max(1, ongoing.expected));
    ongoing.silence = this.silenceOf(exportId);
    return ongoing.signal.aborted;
  }

  async end(exportId: number): Promise<void> {
    const ongoing = this.ongoing.get(exportId);
    if (!ongoing) return;
    this.forget(exportId, ongoing);
    try {
      await ongoing.writing;
      await ongoing.file.finish();
    } catch (error) {
      await ongoing.file.discard();
      throw error;
    }
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
    this.forget(exportId, ongoing);
    await ongoing.writing.catch(() => undefined);
    await ongoing.file.discard();
  }

  private forget(exportId: number, ongoing: Ongoing): void {
    this.ongoing.delete(exportId);
    clearTimeout(ongoing.silence);
    ongoing.close();
  }
}
