import * as vscode from 'vscode';
import { greyScheme } from './runItem';

/** Greys rows that are shown for their children or that are deleted. */
export class GreyRows implements vscode.FileDecorationProvider {
  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (uri.scheme !== greyScheme) return undefined;
    return { color: new vscode.ThemeColor('disabledForeground') };
  }
}
