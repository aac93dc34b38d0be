import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { type ArtifactRef, decodeArtifactRef, toUriParts } from '../mlflow/artifactUri';
import { Command } from '../platform/ids';
import { messages } from '../platform/messages';
import type { Platform } from '../platform/services';
import { nameOf } from '../shared/artifactPath';
import { formatBytes } from '../shared/bytes';
import type { ArtifactFileSystem } from './artifactFileSystem';
import { largeFile } from './artifactFileSystem';

/** What a person can do with artifacts; arguments come from trees, links and other extensions and are decoded. */
export class ArtifactCommands {
  constructor(
    private readonly connections: Connections,
    private readonly files: ArtifactFileSystem,
    private readonly runs: RunsService,
  ) {}

  register({ commands }: Platform): void {
    commands.register(Command.artifacts.open, vscode.l10n.t('open the artifact'), (node) => this.open(node));
    commands.register(Command.artifacts.download, vscode.l10n.t('download the artifact'), (node) =>
      this.download(node),
    );
    commands.register(Command.artifacts.copyUri, vscode.l10n.t('copy the URI of the artifact'), async (node) => {
      const ref = decodeArtifactRef(node) ?? (await this.pick(vscode.l10n.t('Copy Artifact URI'), true));
      if (ref) await vscode.env.clipboard.writeText(`runs:/${ref.runId}${ref.path === '' ? '' : `/${ref.path}`}`);
    });
  }

  private async open(node: unknown): Promise<void> {
    const ref = decodeArtifactRef(node) ?? (await this.pick(vscode.l10n.t('Open Artifact'), false));
    if (!ref) return;
    const connection = await this.connections.require();
    const uri = vscode.Uri.from(toUriParts(connection.uri, ref));
    const entry = await this.files.listings.entry(connection.store, ref);
    if (entry.isFolder) return;
    if ((entry.size ?? 0) > largeFile && !(await this.agreed(uri, ref, entry.size ?? 0))) return;
    await vscode.commands.executeCommand('vscode.open', uri, { preview: true });
  }

  /** An editor holds the whole file in memory. */
  private async agreed(uri: vscode.Uri, ref: ArtifactRef, size: number): Promise<boolean> {
    const open = vscode.l10n.t('Open Anyway');
    const download = vscode.l10n.t('Download…');
    const chosen = await messages.showWarningMessage(
      vscode.l10n.t('{0} has {1}.', nameOf(ref.path), formatBytes(size)),
      { modal: true, detail: vscode.l10n.t('An editor reads the whole file into memory.') },
      open,
      download,
    );
    if (chosen === open) this.files.confirm(uri);
    if (chosen === download) await this.download(ref);
    return chosen === open;
  }

  private async download(node: unknown): Promise<void> {
    const ref = decodeArtifactRef(node) ?? (await this.pick(vscode.l10n.t('Download Artifact'), true));
    if (!ref) return;
    const { store } = await this.connections.require();
    const { downloadArtifacts } = await import('./downloadCommand');
    await downloadArtifacts(store, ref, await this.files.listings.entry(store, ref));
  }

  /** From the palette: a run, then down its folders. */
  private async pick(title: string, foldersToo: boolean): Promise<ArtifactRef | undefined> {
    const [run] = (await this.runs.pickRuns([], { title, many: false })) ?? [];
    if (!run) return undefined;
    const { store } = await this.connections.require();
    for (let path = ''; ; ) {
      const files = await this.files.listings.list(store, { runId: run.runId, path });
      const items = [
        ...(foldersToo ? [{ label: `$(folder-opened) ${vscode.l10n.t('This folder')}`, path, isFolder: false }] : []),
        ...files.map((file) => ({
          label: `$(${file.isFolder ? 'folder' : 'file'}) ${nameOf(file.path)}`,
          path: file.path,
          isFolder: file.isFolder,
          ...(file.size === undefined ? {} : { description: formatBytes(file.size) }),
        })),
      ];
      const placeHolder = files.length === 0 ? vscode.l10n.t('There are no artifacts here') : `${run.name}/${path}`;
      const picked = await vscode.window.showQuickPick(items, { title, placeHolder });
      if (!picked) return undefined;
      if (!picked.isFolder) return { runId: run.runId, path: picked.path };
      path = picked.path;
    }
  }
}
