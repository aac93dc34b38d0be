import type * as vscode from 'vscode';
import { decodeDefinition, definitionOf, type LaunchRequest } from '../request/taskDefinition';
import type { FoundProject } from '../view/projectsStore';

const valuesKey = 'flowdeck.projects.lastValues';
const experimentKey = 'flowdeck.projects.lastExperiment';
const historyKey = 'flowdeck.projects.history';
/** Entry points whose answers are kept. */
const mostKept = 50;
/** Launches of each that are kept. */
const mostLaunches = 10;

/** Of an entry point: by its file, or by the address that it comes from. */
export const memoryKey = (found: FoundProject, entryPoint: string, repository?: string) =>
  repository === undefined ? `${found.file.toString()} ${entryPoint}` : `${repository}#${found.path} ${entryPoint}`;

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

  /** What an entry point was launched with, the last first, nothing twice. */
  history(key: string): readonly LaunchRequest[] {
    const found = this.launches().find(([name]) => name === key)?.[1] ?? [];
    return found.flatMap((definition) => {
      const decoded = decodeDefinition(definition);
      return 'request' in decoded ? [decoded.request] : [];
    });
  }

  async record(key: string, request: LaunchRequest): Promise<void> {
    const { id: _id, ...plain } = request;
    const definition = definitionOf(plain);
    const same = (other: unknown) => JSON.stringify(other) === JSON.stringify(definition);
    const launches = this.launches();
    const known = launches.find(([name]) => name === key)?.[1] ?? [];
    const own = [definition, ...known.filter((other) => !same(other))].slice(0, mostLaunches);
    const others = launches.filter(([name]) => name !== key);
    await this.state.update(historyKey, [...others, [key, own]].slice(-mostKept));
  }

  private launches(): readonly (readonly [string, readonly unknown[]])[] {
    return pairs(this.state.get<unknown>(historyKey)).flatMap(([name, items]) =>
      Array.isArray(items) ? [[name, items] as const] : [],
    );
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
