import path from 'node:path';
import * as vscode from 'vscode';
import { relativePath } from '../git/relativePath';
import type { Frame, Traceback } from './tracebacks';

/**
 * The tracebacks of launched programs in the Problems view: the error at the innermost frame of the project's own code,
 * with every frame to be clicked below it. A problem matcher of package.json knows no such thing: it reads a frame, its
 * code and the error as three lines that it cannot keep together.
 */
export class TracebackProblems implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('flowdeck');
  /** Of each task, so that its next launch takes its own away. */
  private readonly known = new Map<string, { readonly file: vscode.Uri; readonly problem: vscode.Diagnostic }[]>();

  begin(task: string): void {
    if (!this.known.delete(task)) return;
    this.show();
  }

  add(task: string, { message, frames }: Traceback, folder: string): void {
    const own = frames.filter((frame) => isOwn(frame, folder));
    const place = own.at(-1) ?? frames.at(-1);
    if (!place) return;
    const location = locationOf(place, folder);
    const problem = new vscode.Diagnostic(location.range, message, vscode.DiagnosticSeverity.Error);
    problem.source = task;
    problem.relatedInformation = frames.toReversed().map((frame) => {
      const where = locationOf(frame, folder);
      return new vscode.DiagnosticRelatedInformation(where, frame.name ?? path.basename(frame.file));
    });
    this.known.set(task, [...(this.known.get(task) ?? []), { file: location.uri, problem }].slice(-20));
    this.show();
  }

  dispose(): void {
    this.collection.dispose();
  }

  private show(): void {
    const files = new Map<string, { file: vscode.Uri; problems: vscode.Diagnostic[] }>();
    for (const { file, problem } of [...this.known.values()].flat()) {
      const entry = files.get(file.toString()) ?? { file, problems: [] };
      entry.problems.push(problem);
      files.set(file.toString(), entry);
    }
    this.collection.clear();
    for (const { file, problems } of files.values()) this.collection.set(file, problems);
  }
}

function isOwn({ file }: Frame, folder: string): boolean {
  const inside = relativePath(folder, path.resolve(folder, file));
  return inside !== undefined && !/(^|\/)(site-packages|dist-packages)\//.test(inside);
}

function locationOf({ file, line }: Frame, folder: string): vscode.Location {
  // To the end of the line, however long it is.
  const range = new vscode.Range(line - 1, 0, line - 1, 10_000);
  return new vscode.Location(vscode.Uri.file(path.resolve(folder, file)), range);
}
