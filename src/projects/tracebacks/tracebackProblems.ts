import path from 'node:path';
import * as vscode from 'vscode';
import { relativePath } from '../../git/relativePath';
import type { FrameFiles } from './frameFiles';
import type { Frame, Traceback } from './tracebacks';

/** The problems of one launch, or of one sweep. */
export interface LaunchProblems {
  /** `folder` is the project's, `files` where those of the traceback are found. */
  add(traceback: Traceback, folder: string, files: FrameFiles): void;
  /** It is over: the next launch of the task takes its problems away. */
  end(): void;
}

interface Found {
  readonly file: vscode.Uri;
  readonly problem: vscode.Diagnostic;
}

interface Launched {
  readonly task: string;
  isOver: boolean;
  found: readonly Found[];
}

const mostProblems = 20;

/**
 * The tracebacks of launched programs in the Problems view: the error at the innermost frame of the project's own code,
 * with every frame to be clicked below it. A problem matcher of package.json knows no such thing: it reads a frame, its
 * code and the error as three lines that it cannot keep together.
 */
export class TracebackProblems implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('flowdeck');
  private readonly launches = new Set<Launched>();

  /** Takes away what is known of launches of the task that are over; those that run keep theirs. */
  begin(task: string): LaunchProblems {
    for (const other of this.launches) if (other.task === task && other.isOver) this.launches.delete(other);
    const own: Launched = { task, isOver: false, found: [] };
    this.launches.add(own);
    this.show();
    return {
      add: (traceback, folder, files) => {
        const found = problemOf(task, traceback, folder, files);
        // The runs of a sweep fail alike.
        if (!found || own.found.some((other) => isSame(other, found))) return;
        own.found = [...own.found, found].slice(-mostProblems);
        this.show();
      },
      end: () => {
        own.isOver = true;
      },
    };
  }

  dispose(): void {
    this.collection.dispose();
  }

  private show(): void {
    const files = new Map<string, { file: vscode.Uri; problems: vscode.Diagnostic[] }>();
    for (const { file, problem } of [...this.launches].flatMap(({ found }) => found)) {
      const entry = files.get(file.toString()) ?? { file, problems: [] };
      entry.problems.push(problem);
      files.set(file.toString(), entry);
    }
    this.collection.clear();
    for (const { file, problems } of files.values()) this.collection.set(file, problems);
  }
}

function problemOf(task: string, { message, frames }: Traceback, folder: string, files: FrameFiles): Found | undefined {
  const own = frames.filter((frame) => isOwn(frame, folder));
  const place = own.at(-1) ?? frames.at(-1);
  if (!place) return undefined;
  const location = (frame: Frame) => locationOf(frame, files.get(frame.file) ?? vscode.Uri.file(frame.file));
  const { uri, range } = location(place);
  const problem = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
  problem.source = task;
  problem.relatedInformation = frames
    .toReversed()
    .map((frame) => new vscode.DiagnosticRelatedInformation(location(frame), frame.name ?? path.basename(frame.file)));
  return { file: uri, problem };
}

const isSame = (one: Found, other: Found) =>
  one.file.toString() === other.file.toString() &&
  one.problem.message === other.problem.message &&
  one.problem.range.isEqual(other.problem.range);

function isOwn({ file }: Frame, folder: string): boolean {
  const inside = relativePath(folder, path.resolve(folder, file));
  return inside !== undefined && !/(^|\/)(site-packages|dist-packages)\//.test(inside);
}

function locationOf({ line }: Frame, file: vscode.Uri): vscode.Location {
  // To the end of the line, however long it is.
  return new vscode.Location(file, new vscode.Range(line - 1, 0, line - 1, 10_000));
}
