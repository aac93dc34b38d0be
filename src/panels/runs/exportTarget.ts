import * as vscode from 'vscode';
import type { ExportFormat } from '../../shared/protocol/rows';

export interface ExportTarget {
  readonly format: ExportFormat;
  readonly uri: vscode.Uri;
}

interface FormatItem extends vscode.QuickPickItem {
  readonly format: ExportFormat;
}

const items = (): readonly FormatItem[] => [
  {
    format: 'csvGuarded',
    label: vscode.l10n.t('CSV for spreadsheets'),
    detail: vscode.l10n.t(
      'The columns shown. Texts that a spreadsheet would run as a formula get an apostrophe in front.',
    ),
  },
  {
    format: 'csv',
    label: vscode.l10n.t('CSV for programs'),
    detail: vscode.l10n.t('The columns shown. Every text exactly as logged.'),
  },
  {
    format: 'json',
    label: vscode.l10n.t('JSON'),
    detail: vscode.l10n.t('Everything of each run: params, last metrics with their steps, tags, datasets.'),
  },
];

/** Asks for the format and the file. Undefined when the person cancelled. @param name without its ending */
export async function chooseTarget(title: string, name: string): Promise<ExportTarget | undefined> {
  const placeHolder = vscode.l10n.t('Format of the file');
  const picked = await vscode.window.showQuickPick(items(), { title, placeHolder });
  if (!picked) return undefined;
  const { format } = picked;
  const ending = format === 'json' ? 'json' : 'csv';
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const file = `${name.replaceAll(/[^\p{L}\p{N} ._-]+/gu, '-').slice(0, 80) || 'runs'}.${ending}`;
  const uri = await vscode.window.showSaveDialog({
    title,
    filters: { [ending.toUpperCase()]: [ending] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder.uri, file) } : {}),
  });
  return uri && { format, uri };
}
