import type * as vscode from 'vscode';
import { codeAbove } from '../codeDocument';
import { type MlflowCall, mlflowCalls } from './mlflowCalls';

/** The calls of a document; in a cell of a notebook an experiment that a cell above it sets is the one of its runs. */
export function callsIn(document: vscode.TextDocument): readonly MlflowCall[] {
  const above = codeAbove(document);
  const { length } = above;
  return mlflowCalls(above + document.getText()).flatMap((call) =>
    call.from < length ? [] : [{ ...call, from: call.from - length, to: call.to - length }],
  );
}
