import type { ArtifactTree } from '../../src/shared/compare/artifactRows';
import type { ArtifactLevel, FileHash } from '../../src/shared/protocol/compare';
import type { HostRpc } from '../runs/hostRpc';
import { problemText } from './loaders';

interface Asked<T> {
  readonly runIds: readonly string[];
  readonly answer: T;
}

/** Folders and contents of the compared runs' artifacts: a level when it is opened, contents when somebody asks. */
export class ArtifactLoader {
  problem = '';
  edition = 0;
  private runIds: readonly string[] = [];
  private readonly levels = new Map<string, Asked<ArtifactLevel>>();
  private readonly hashes = new Map<string, Asked<readonly FileHash[]>>();
  private readonly open = new Set<string>();
  private readonly asking = new Set<string>();
  private abort = new AbortController();

  constructor(
    private readonly rpc: HostRpc,
    private readonly onChange: () => void,
  ) {}

  get loading(): boolean {
    return this.asking.size > 0;
  }

  /** The root of these runs, and again what is open when other runs are compared. */
  want(runIds: readonly string[]): void {
    if (!sameIds(runIds, this.runIds)) {
      this.abort.abort();
      this.abort = new AbortController();
      this.levels.clear();
      this.hashes.clear();
      this.problem = '';
    }
    this.runIds = runIds;
    if (this.problem !== '') return;
    for (const path of ['', ...this.open]) if (!this.levels.has(path) && !this.asking.has(path)) void this.load(path);
  }

  /** Opens the folders that lead to a file. */
  openTo(path: string): void {
    const parts = path.split('/').slice(0, -1);
    for (const [at] of parts.entries()) this.open.add(parts.slice(0, at + 1).join('/'));
  }

  toggle(path: string): void {
    if (!this.open.delete(path)) this.open.add(path);
    this.want(this.runIds);
    this.changed();
  }

  retry(): void {
    this.problem = '';
    this.levels.clear();
    this.hashes.clear();
    this.want(this.runIds);
    this.changed();
  }

  /** What is in the file of each run. */
  async compareContents(path: string): Promise<void> {
    const { runIds } = this;
    const { signal } = this.abort;
    if (this.asking.has(`#${path}`)) return;
    this.asking.add(`#${path}`);
    this.changed();
    try {
      const answer = await this.rpc.call('artifactHashes', { runIds, path }, signal);
      this.hashes.set(path, { runIds, answer });
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.asking.delete(`#${path}`);
      this.changed();
    }
  }

  isComparing(path: string): boolean {
    return this.asking.has(`#${path}`);
  }

  hashesOf(path: string, runIds: readonly string[]): readonly FileHash[] | undefined {
    const asked = this.hashes.get(path);
    return asked && inOrderOf(asked.answer, asked.runIds, runIds, { missing: true });
  }

  /** Sizes and contents in the order of `runIds`, whatever the order was in which they were asked. */
  tree(runIds: readonly string[]): ArtifactTree {
    const levels = new Map(
      [...this.levels].map(([path, { runIds: asked, answer }]) => [path, inOrder(answer, asked, runIds)] as const),
    );
    const hashes = new Map(
      [...this.hashes.keys()].flatMap((path) => {
        const found = this.hashesOf(path, runIds);
        return found ? [[path, found] as const] : [];
      }),
    );
    return { levels, open: this.open, hashes };
  }

  private async load(path: string): Promise<void> {
    const { runIds } = this;
    const { signal } = this.abort;
    this.asking.add(path);
    try {
      const answer = await this.rpc.call('artifactLevel', { runIds, path }, signal);
      if (!signal.aborted) this.levels.set(path, { runIds, answer });
    } catch (error) {
      if (!signal.aborted) this.problem = problemText(error);
    } finally {
      this.asking.delete(path);
      this.changed();
      if (signal.aborted) this.want(this.runIds);
    }
  }

  private changed(): void {
    this.edition++;
    this.onChange();
  }
}

function inOrder(level: ArtifactLevel, asked: readonly string[], runIds: readonly string[]): ArtifactLevel {
  const entries = level.entries.map((entry) => ({ ...entry, sizes: inOrderOf(entry.sizes, asked, runIds, null) }));
  return { ...level, entries, problems: inOrderOf(level.problems, asked, runIds, null) };
}

function inOrderOf<T>(cells: readonly T[], asked: readonly string[], runIds: readonly string[], none: T): readonly T[] {
  const at = new Map(asked.map((runId, index) => [runId, index]));
  return runIds.map((runId) => cells[at.get(runId) ?? -1] ?? none);
}

function sameIds(a: readonly string[], b: readonly string[]): boolean {
  const known = new Set(b);
  return a.length === b.length && a.every((runId) => known.has(runId));
}
