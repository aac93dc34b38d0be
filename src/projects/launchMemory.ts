import type * as vscode from 'vscode';

const valuesKey = 'flowdeck.projects.lastValues';
const experimentKey = 'flowdeck.projects.lastExperiment';
/** Entry points whose answers are kept. */
const mostKept = 50;

/** What was answered last in this workspace; of each entry point the parameters, of all of them the experiment. */
export class LaunchMemory {
  constructor(private readonly state: Pick<vscode.Memento, 'get' | 'update'>) {}

  get experiment(): string | undefined {
    const value = this.state.get<unknown>(experimentKey);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  /** `key` names an entry point. */
  values(key: string): ReadonlyMap<string, string> {
    return this.all().find(([name]) => name === key)?.[1] ?? new Map();
  }

  async remember(key: string, values: ReadonlyMap<string, string>, experiment: string): Promise<void> {
    const others = this.all().filter(([name]) => name !== key);
    const kept = [...others, [key, values] as const].slice(-mostKept);
    await this.state.update(
      valuesKey,
      kept.map(([name, given]) => [name, [...given]]),
    );
    await this.state.update(experimentKey, experiment);
  }

  /** What another version of the extension may have left there is decoded like any input. */
  private all(): readonly (readonly [string, ReadonlyMap<string, string>])[] {
    return pairs(this.state.get<unknown>(valuesKey)).flatMap(([name, given]) => {
      const values = pairs(given).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
      return [[name, new Map(values)] as const];
    });
  }
}

function pairs(value: unknown): readonly [string, unknown][] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (item): item is [string, unknown] => Array.isArray(item) && item.length === 2 && typeof item[0] === 'string',
  );
}
