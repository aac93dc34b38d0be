import type * as vscode from 'vscode';
import type { RunNode } from './runNodes';

export type Of<Kind extends RunNode['kind']> = RunNode & { readonly kind: Kind };
/** What a kind of row adds to its label. */
export type Look = Pick<
  vscode.TreeItem,
  'collapsibleState' | 'description' | 'tooltip' | 'contextValue' | 'command' | 'resourceUri'
> & {
  readonly icon?: string | vscode.ThemeIcon;
};
