import type * as vscode from 'vscode';
import type { Connections } from '../../connections/connection';
import type { RunsService } from '../runsService';
import { RunDetailsStore } from './runDetailsStore';
import { RunTree } from './runTree';
import { RunViewRefresh } from './runViewRefresh';

/** What fills the Run view. */
export function buildRunTree(
  connections: Connections,
  runs: RunsService,
  view: Pick<vscode.TreeView<unknown>, 'visible' | 'onDidChangeVisibility' | 'description'>,
  subscriptions: vscode.Disposable[],
): RunTree {
  const store = new RunDetailsStore(connections, runs);
  const tree = new RunTree(store, runs);
  subscriptions.push(tree, new RunViewRefresh(view, store), store);
  return tree;
}
