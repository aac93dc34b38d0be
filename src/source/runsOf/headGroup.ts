import * as vscode from 'vscode';
import type { RunGroupText } from '../../experiments/runsService';
import { repositoryOf } from '../../git/findRepositories';
import type { GitRepository } from '../../git/gitRepository';
import { type Head, headOf } from '../../git/history';
import { settings } from '../../platform/settings';
import { shortId } from '../../shared/commitId';
import { oneLine } from '../../shared/oneLine';
import type { SourceServices } from '../services';
import { openFolders } from '../workspaceRepositories';
import { type FoundRuns, findRunsOfCommits } from './findRuns';
import { outermostFirst } from './outermostFirst';
import { mostInFilter } from './runsFilter';

/** ms; a view that is drawn anew several times at once asks git once. */
const freshFor = 2_000;

/** "At HEAD": the runs of what is checked out in the open repositories. */
export class HeadGroup implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private known: { readonly at: number; readonly heads: Promise<readonly NamedHead[]> } | undefined;
  private readonly watching = new Map<string, vscode.Disposable>();

  constructor(private readonly services: SourceServices) {}

  async describe(): Promise<RunGroupText | undefined> {
    const heads = await this.heads();
    const [only] = heads;
    if (!only) return undefined;
    const label = vscode.l10n.t('At HEAD');
    const lines = heads.map(({ name, head }) => `${name}: ${headText(head)} ${oneLine(head.subject)}`);
    const description =
      heads.length === 1
        ? `${headText(only.head)} ${oneLine(only.head.subject)}`
        : heads.map(({ name, head }) => `${name} ${headText(head)}`).join(', ');
    return { label, description, tooltip: [vscode.l10n.t('Runs of what is checked out'), ...lines].join('\n') };
  }

  async runs(): Promise<FoundRuns> {
    const commits = await this.commits();
    if (commits.length === 0) return { runs: [], more: false };
    const connection = await this.services.connections.require();
    return findRunsOfCommits(connection, commits, { most: settings.runsPageSize.get() });
  }

  async commits(): Promise<readonly string[]> {
    const ids = new Set((await this.heads()).map(({ head }) => head.commit));
    return [...ids].slice(0, mostInFilter);
  }

  /** What is checked out in the repository of a file; undefined where that has none, or no commit. */
  async around(file: string): Promise<NamedHead | undefined> {
    const heads = await this.heads();
    const repositories = heads.map(({ repository }) => repository);
    const repository = repositoryOf(repositories, file);
    return heads.find((head) => head.repository === repository);
  }

  dispose(): void {
    this.changed.dispose();
    for (const watcher of this.watching.values()) watcher.dispose();
  }

  private heads(): Promise<readonly NamedHead[]> {
    const now = Date.now();
    if (this.known && now - this.known.at < freshFor) return this.known.heads;
    const heads = this.askHeads();
    this.known = { at: now, heads };
    return heads;
  }

  private async askHeads(): Promise<readonly NamedHead[]> {
    const found = await this.services.repositories.find();
    const repositories = outermostFirst(found.repositories, openFolders());
    const heads = await Promise.all(
      repositories.map(async (repository) => {
        this.watch(repository.commonDir);
        const head = await headOf(repository);
        return head && { repository, name: repository.name, head };
      }),
    );
    return heads.filter((head) => head !== undefined);
  }

  /** Every commit, checkout and reset writes a line there; worktrees have their logs below. */
  private watch(commonDir: string): void {
    if (this.watching.has(commonDir)) return;
    const pattern = new vscode.RelativePattern(vscode.Uri.file(commonDir), '{logs/HEAD,worktrees/*/logs/HEAD}');
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const tell = () => {
      this.known = undefined;
      this.changed.fire();
    };
    this.watching.set(commonDir, vscode.Disposable.from(watcher, watcher.onDidChange(tell), watcher.onDidCreate(tell)));
  }
}

export interface NamedHead {
  readonly repository: GitRepository;
  readonly name: string;
  readonly head: Head;
}

export const headText = ({ commit, branch }: Head) => `${branch ?? vscode.l10n.t('detached')} ${shortId(commit)}`;
