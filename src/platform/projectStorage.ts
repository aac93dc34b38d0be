import path from 'node:path';
import type * as vscode from 'vscode';

/** Where launches keep what is too large for the editor's memory: working trees, copies of repositories, pages. */
export const projectStorage = ({ globalStorageUri }: Pick<vscode.ExtensionContext, 'globalStorageUri'>): string =>
  path.join(globalStorageUri.fsPath, 'projects');

/** Of remote repositories, in that folder: their history without a working tree. */
export const remoteCopies = (storage: string): string => path.join(storage, 'repositories');
