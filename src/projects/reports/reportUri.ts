import * as vscode from 'vscode';

/** Texts about launches. Read-only: closing one asks nothing. */
export const reportScheme = 'flowdeck-report';

/** `label` is the title of the tab; `what` says of what the report is. */
export function reportUri(
  kind: 'verdict' | 'bisection',
  label: string,
  what: Readonly<Record<string, string>>,
): vscode.Uri {
  // By the folders package.json knows the language of reports, and what can be done with them.
  const name = label.replaceAll(/[\\/\p{Cc}]+/gu, '_').slice(0, 100) || '_';
  const query = JSON.stringify(what);
  return vscode.Uri.from({ scheme: reportScheme, path: `/flowdeck-report/${kind}/${name}`, query });
}

export async function showReport(uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { preview: true });
}
