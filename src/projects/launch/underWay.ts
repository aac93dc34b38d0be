import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type * as vscode from 'vscode';
import type { LeftCheckout } from '../checkouts/checkouts';
import { dropChanges, type KeptChanges, keepChanges, keptChanges, named } from './keptChanges';
import { keptKeys } from './keptKeys';
import type { LaunchedChanges } from './launchedChanges';

/** Tells this window from all others: in a container the next one soon has the same number of a process. */
const thisWindow = randomUUID();

/** A launch while it runs, as the next window finds it when this one goes. */
export interface UnderWay {
  readonly key: string;
  /** That has begun it; older versions did not say. */
  readonly window?: string;
  /** Its extension host, and the supervisor of its processes. */
  readonly pids: readonly number[];
  /** When each of them was started, where the system tells; others may have their numbers by now. */
  readonly starts?: readonly (string | null)[];
  /** Of the server. */
  readonly uri: string;
  /** Of the workspace folder. */
  readonly folder: string;
  /** `main @ v1`, for people. */
  readonly what: string;
  readonly runId?: string;
  /** A part of something else: nothing is said of it alone. */
  readonly quiet?: boolean;
  /** The task that is launched once more. */
  readonly definition: unknown;
  /** Of a sweep, as `keptRetry` gives it: in place of all its runs. */
  readonly retry?: unknown;
  /** In place of the task: the command that began it. */
  readonly again?: Again;
  readonly checkout?: LeftCheckout;
  /** What was not committed when it began, as long as it is not stored. */
  readonly changes?: readonly KeptChanges[];
}

export interface Again {
  readonly command: string;
  readonly args: readonly unknown[];
}

let counter = 0;

export const isOfThisWindow = ({ window }: UnderWay) => window === thisWindow;

/** Keeps what is under way over the end of the window. */
export class LaunchesUnderWay {
  private isClosed = false;
  /** One after the other: the files of a launch that is over go before they are kept for what is offered of it. */
  private files: Promise<unknown> = Promise.resolve();
  /** A folder. */
  private readonly changes: string;

  /** @param storage for what is too large for `state` */
  constructor(
    private readonly state: Pick<vscode.Memento, 'get' | 'update'>,
    storage: string,
  ) {
    this.changes = path.join(storage, 'changes');
  }

  /**
   * Gives what says more of it, and what says that it is over. `keep` keeps its changes for the next window, in place of
   * those before, until `owner` ends: its run, or of a sweep the parent.
   */
  begin(launch: Omit<UnderWay, 'key' | 'window' | 'starts'>): {
    readonly change: (more: Partial<UnderWay>) => void;
    readonly keep: (owner: string, changes: readonly LaunchedChanges[]) => Promise<void>;
    readonly end: () => void;
  } {
    const key = `${thisWindow}-${++counter}`;
    let now: UnderWay = { ...launch, key, window: thisWindow, starts: launch.pids.map(startOf) };
    let isOver = false;
    const others = () => this.all().filter((other) => other.key !== key);
    const change = (more: Partial<UnderWay>) => {
      now = { ...now, ...more, ...(more.pids ? { starts: more.pids.map(startOf) } : {}) };
      if (!isOver) this.write([...others(), now]);
    };
    change({});
    return {
      change,
      keep: async (owner, changes) => {
        // Said first, for the file may take a while: of what is said twice the last word counts.
        change({ changes: named(owner, changes) });
        await this.inTurn(() => keepChanges(this.changes, owner, changes));
      },
      end: () => {
        isOver = true;
        this.write(others());
        if (!this.isClosed) this.drop([now]);
      },
    };
  }

  /** What was not committed when they began, as far as it is there. */
  changesOf(launches: readonly UnderWay[]): Promise<readonly LaunchedChanges[]> {
    return keptChanges(
      this.changes,
      launches.flatMap(({ changes = [] }) => changes),
    );
  }

  private drop(launches: readonly UnderWay[]): void {
    // What stays goes when it is old.
    for (const { runId } of launches)
      if (runId !== undefined) this.inTurn(() => dropChanges(this.changes, runId)).catch(() => undefined);
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.files.then(work);
    this.files = done.catch(() => undefined);
    return done;
  }

  /** The window goes: what ends from now on ends with it, and the next one is to know. */
  close(): void {
    this.isClosed = true;
  }

  private write(launches: readonly UnderWay[]): void {
    if (!this.isClosed) this.state.update(keptKeys.underWay, launches).then(undefined, () => undefined);
  }

  /** What another version of the extension may have left there is decoded like any input. */
  all(): readonly UnderWay[] {
    const kept: unknown = this.state.get(keptKeys.underWay);
    return Array.isArray(kept) ? kept.filter(isUnderWay) : [];
  }

  async forget(keys: readonly string[]): Promise<void> {
    const all = this.all();
    await this.state.update(
      keptKeys.underWay,
      all.filter(({ key }) => !keys.includes(key)),
    );
    this.drop(all.filter(({ key }) => keys.includes(key)));
  }
}

/** One of the processes that were at it is there, and no other under its number. */
export function isAlive({ pids, starts }: UnderWay): boolean {
  return pids.some((pid, at) => {
    // Ours: another window had this number before.
    if (pid === process.pid || !isTaken(pid)) return false;
    const [then, now] = [starts?.[at], startOf(pid)];
    return typeof then !== 'string' || now === null || now === then;
  });
}

function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Field 22 of https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; the second one, in brackets, may hold anything. */
function startOf(pid: number): string | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function isUnderWay(value: unknown): value is UnderWay {
  if (typeof value !== 'object' || value === null) return false;
  const given = value as Record<string, unknown>;
  const { key, window = '', pids, starts = [], uri, folder, what, runId = '', changes = [] } = given;
  const texts = [key, window, uri, folder, what, runId].every((text) => typeof text === 'string');
  return texts && [starts, pids, changes].every(Array.isArray) && Array.isArray(pids) && pids.every(isPid);
}

const isPid = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;
