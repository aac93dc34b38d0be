import type * as vscode from 'vscode';
import { isRecord, texts } from '../../shared/view/decode';

const key = 'flowdeck.recentFilters';
const mostPerServer = 20;
/** What is longer is a program's, not a person's. */
const longest = 5_000;

/** Filters applied in this workspace, server by server, the latest first. */
export class RecentFilters {
  constructor(private readonly memory: Pick<vscode.Memento, 'get' | 'update'>) {}

  of(serverUri: string): readonly string[] {
    return this.all[serverUri] ?? [];
  }

  async note(serverUri: string, filter: string): Promise<void> {
    const text = filter.trim();
    if (text === '' || text.length > longest) return;
    const { all } = this;
    const others = (all[serverUri] ?? []).filter((other) => other !== text);
    await this.memory.update(key, { ...all, [serverUri]: [text, ...others].slice(0, mostPerServer) });
  }

  /** What was kept may be another version's. */
  private get all(): Readonly<Record<string, readonly string[]>> {
    const kept: unknown = this.memory.get(key);
    if (!isRecord(kept)) return {};
    return Object.fromEntries(Object.entries(kept).map(([server, filters]) => [server, texts(filters)]));
  }
}
