import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';

const markKey = 'flowdeck.autoTag.mark';
const decidedKey = 'flowdeck.autoTag.decided';
const runningKey = 'flowdeck.autoTag.running';

const mostDecided = 500;
/** What runs programs is told by them; nothing else of a line is kept, for there may be secrets in it. */
const program = /[^\s'"=/\\]+\.(?:py|ipynb|r|jl|sh|java|jar|js|mjs|ts)\b/gi;

/** A command in the terminal of this process. */
interface Running {
  readonly pid: number;
  /** The files that its line names, without their folders. */
  readonly files: readonly string[];
  /** ms; when it was started */
  readonly at: number;
}

interface Left extends Running {
  /** ms; by then it was over. */
  endedAt?: number;
}

/**
 * What a window has to know again after it was loaded anew, while its terminals went on: the mark that they carry, the
 * runs about which it is decided, and which commands ran. Of those nobody saw the end, nor is known what they started.
 */
export class AutoTagMemory {
  readonly mark: string;
  private readonly decided: Set<string>;
  /** Of the window before. */
  private readonly left: readonly Left[];
  private readonly running = new Map<object, Running>();

  constructor(private readonly memento: Pick<vscode.Memento, 'get' | 'update'>) {
    const kept = memento.get<unknown>(markKey);
    this.mark = typeof kept === 'string' && /^[\w-]{36}$/.test(kept) ? kept : randomUUID();
    if (this.mark !== kept) this.save(markKey, this.mark);
    this.decided = new Set(listOf(memento.get(decidedKey)).filter((id) => typeof id === 'string'));
    this.left = listOf(memento.get(runningKey))
      .filter(isRunning)
      .map(({ pid, files, at }) => ({ pid, files, at }));
    this.endLeft(({ pid }) => !isAlive(pid));
  }

  isDecided(runId: string): boolean {
    return this.decided.has(runId);
  }

  /** It is not looked at again, whatever becomes of its tags. */
  decide(...runIds: readonly string[]): void {
    if (runIds.length === 0) return;
    for (const runId of runIds) this.decided.add(runId);
    this.save(decidedKey, [...this.decided].slice(-mostDecided));
  }

  /** @param execution what `ended` names it by */
  began(execution: object, text: string, pid: number | undefined): void {
    if (pid === undefined) return;
    const files = [...new Set([...text.matchAll(program)].map(([file]) => file))];
    this.running.set(execution, { pid, files, at: Date.now() });
    // A shell runs one after the other.
    this.endLeft((each) => each.pid === pid);
    this.keepRunning();
  }

  ended(execution: object, pid: number | undefined): void {
    this.running.delete(execution);
    this.endLeft((each) => each.pid === pid);
    this.keepRunning();
  }

  /**
   * When the first of those was started that ran before the window was loaded anew and may have made a run of `source` at
   * `time`; undefined where there is none. `isNamed`: a command that was seen to start names the file.
   */
  leftSince(time: number, source: string, isNamed: boolean): number | undefined {
    this.endLeft(({ pid }) => !isAlive(pid));
    const all = this.left.filter(({ at, endedAt = time }) => at <= time && time <= endedAt);
    const named = source === '' ? [] : all.filter(({ files }) => files.includes(source));
    const asked = named.length > 0 ? named : isNamed ? [] : all;
    return asked.length === 0 ? undefined : Math.min(...asked.map(({ at }) => at));
  }

  /** What it started before may be found later. */
  private endLeft(isOver: (left: Left) => boolean): void {
    for (const left of this.left) if (isOver(left)) left.endedAt ??= Date.now();
  }

  private keepRunning(): void {
    const left = this.left.filter(({ endedAt }) => endedAt === undefined);
    this.save(runningKey, [...left, ...this.running.values()]);
  }

  private save(key: string, value: unknown): void {
    // What cannot be kept is missed after the next reload at most.
    this.memento.update(key, value).then(undefined, () => undefined);
  }
}

const listOf = (kept: unknown): readonly unknown[] => (Array.isArray(kept) ? kept : []);

function isRunning(kept: unknown): kept is Running {
  if (typeof kept !== 'object' || kept === null) return false;
  const [pid, at, files]: readonly unknown[] = ['pid', 'at', 'files'].map((key) => Reflect.get(kept, key));
  return Number.isInteger(pid) && typeof at === 'number' && Array.isArray(files) && files.every(isText);
}

const isText = (value: unknown) => typeof value === 'string';

/** A terminal that is closed ends what runs in it. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
