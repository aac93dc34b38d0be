import type * as vscode from 'vscode';
import { codeAbove, fileOf } from '../codeDocument';
import { type MlflowCall, mlflowCalls } from './mlflowCalls';

/**
 * The calls of a document; in a cell of a notebook an experiment that a cell above it sets is the one of its runs. A run
 * whose experiment no line says is one of the file.
 */
export function callsIn(document: vscode.TextDocument): readonly MlflowCall[] {
  const above = codeAbove(document);
  const { length } = above;
  const file = fileOf(document)?.fsPath;
  return mlflowCalls(above + document.getText()).flatMap((call) => {
    if (call.from < length) return [];
    const isOfFile = call.kind === 'startRun' && call.experiment === undefined && file !== undefined;
    return [{ ...call, ...(isOfFile ? { file } : {}), from: call.from - length, to: call.to - length }];
  });
}
