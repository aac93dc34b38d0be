import type * as vscode from 'vscode';

const underWayKey = 'flowdeck.projects.underWay';

/** A launch while it runs, as the next window finds it when this one goes. */
export interface UnderWay {
  readonly key: string;
  /** The extension host that has begun it, and the supervisor of its processes. */
  readonly pids: readonly number[];
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
  /** In place of the task: the command that began it. */
  readonly again?: Again;
  readonly checkout?: LeftCheckout;
}

export interface Again {
  readonly command: string;
  readonly args: readonly unknown[];
}

/** A working tree of a launch; `known` is what was put into it before the launch. */
export interface LeftCheckout {
  readonly repository: string;
  readonly root: string;
  readonly known: readonly string[];
}

let counter = 0;

/** Keeps what is under way over the end of the window. */
export class LaunchesUnderWay {
  private isClosed = false;

  constructor(private readonly state: Pick<vscode.Memento, 'get' | 'update'>) {}

  /** Gives what says more of it, and what says that it is over. */
  begin(launch: Omit<UnderWay, 'key'>): {
    readonly change: (more: Partial<UnderWay>) => void;
    readonly end: () => void;
  } {
    const key = `${process.pid}-${++counter}`;
    let now: UnderWay = { ...launch, key };
    const others = () => this.all().filter((other) => other.key !== key);
    const keep = () => this.write([...others(), now]);
    keep();
    return {
      change: (more) => {
        now = { ...now, ...more };
        keep();
      },
      end: () => this.write(others()),
    };
  }

  /** The window goes: what ends from now on ends with it, and the next one is to know. */
  close(): void {
    this.isClosed = true;
  }

  private write(launches: readonly UnderWay[]): void {
    if (!this.isClosed) this.state.update(underWayKey, launches).then(undefined, () => undefined);
  }

  /** What another version of the extension may have left there is decoded like any input. */
  all(): readonly UnderWay[] {
    const kept: unknown = this.state.get(underWayKey);
    return Array.isArray(kept) ? kept.filter(isUnderWay) : [];
  }

  async forget(keys: readonly string[]): Promise<void> {
    await this.state.update(
      underWayKey,
      this.all().filter(({ key }) => !keys.includes(key)),
    );
  }
}

function isUnderWay(value: unknown): value is UnderWay {
  if (typeof value !== 'object' || value === null) return false;
  const { key, pids, uri, folder, what, runId = '' } = value as Record<string, unknown>;
  const texts = [key, uri, folder, what, runId].every((text) => typeof text === 'string');
  return texts && Array.isArray(pids) && pids.every((pid) => Number.isSafeInteger(pid) && pid > 0);
}
