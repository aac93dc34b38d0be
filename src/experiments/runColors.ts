import * as vscode from 'vscode';
import { isRunColor, runColorCount } from '../shared/runColor';

const memoryKey = 'flowdeck.runColors';
/** Of these, the ones asked for last, the colours outlive the window. */
const mostKept = 1000;

type Memory = Pick<vscode.Memento, 'get' | 'update'>;

/** One colour per run, in every view and after a restart; a new run gets the colour that is used least. */
export class RunColors implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly colors: Map<string, number>;
  private saving: NodeJS.Timeout | undefined;

  constructor(private readonly memory: Memory) {
    this.colors = decode(memory.get(memoryKey));
  }

  /** 1 … `runColorCount`, assigned when there is none. */
  colorOf(runId: string): number {
    const known = this.colors.get(runId);
    const color = known ?? this.leastUsed();
    // Asked for last stands last.
    this.colors.delete(runId);
    this.colors.set(runId, color);
    if (known === undefined) this.announce();
    return color;
  }

  /** Undefined when nobody asked for the run's colour yet. */
  assigned(runId: string): number | undefined {
    return this.colors.get(runId);
  }

  adopt(colors: Readonly<Record<string, number>>): void {
    const others = Object.entries(colors).filter(([runId, color]) => this.colors.get(runId) !== color);
    for (const [runId, color] of others) {
      this.colors.delete(runId);
      this.colors.set(runId, color);
    }
    if (others.length > 0) this.announce();
  }

  dispose(): void {
    clearTimeout(this.saving);
    this.changed.dispose();
  }

  private leastUsed(): number {
    const uses = new Array<number>(runColorCount).fill(0);
    for (const color of this.colors.values()) uses[color - 1] = (uses[color - 1] ?? 0) + 1;
    return uses.indexOf(Math.min(...uses)) + 1;
  }

  /** Once for all that are assigned in one go, and not while somebody is asking. */
  private announce(): void {
    this.saving ??= setTimeout(() => {
      this.saving = undefined;
      void this.memory.update(memoryKey, [...this.colors].slice(-mostKept));
      this.changed.fire();
    }, 50);
  }
}

function decode(raw: unknown): Map<string, number> {
  if (!Array.isArray(raw)) return new Map();
  const pairs = raw.filter(
    (pair): pair is [string, number] => Array.isArray(pair) && typeof pair[0] === 'string' && isRunColor(pair[1]),
  );
  return new Map(pairs);
}
