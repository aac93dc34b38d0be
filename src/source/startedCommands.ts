import path from 'node:path';
import { repositoryOf } from '../git/findRepositories';
import type { GitRepository } from '../git/gitRepository';
import { relativePath } from '../git/relativePath';
import type { Snapshot } from './codeOfRun';
import { moveOf, readLine, type Step } from './commandLine';
import type { WorkspaceRepositories } from './workspaceRepositories';

/** What a task or a terminal runs. */
export interface CommandText {
  readonly text: string;
  /** A shell reads it: it may start several programs, and go to other folders. */
  readonly shell: boolean;
}

interface Started {
  /** One where the line is not understood: then nobody knows what else it starts. */
  readonly steps: readonly Step[];
  readonly text: string;
  /** ms */
  readonly at: number;
  endedAt?: number;
  /** By the root of the repository. */
  readonly snapshots: Promise<ReadonlyMap<string, Omit<Snapshot, 'moves'>>>;
}

const mostKept = 100;
/** ms; a run is found long before. */
const keptAfterEnd = 600_000;
/** Where a command stands is unknown without shell integration: then it may be in any of these. */
const mostLookedAt = 8;

/** The commands and tasks of this window, each with what stood in its repositories when it was started. */
export class StartedCommands {
  private readonly started = new Map<object, Started>();

  constructor(
    private readonly repositories: Pick<WorkspaceRepositories, 'find'>,
    /** Where it may stand when it does not say. */
    private readonly folders: () => readonly string[],
  ) {}

  /** @param execution what `end` names it by */
  begin(execution: object, place: string | undefined, { text, shell }: CommandText): void {
    const at = Date.now();
    for (const [key, { endedAt }] of this.started)
      if (this.started.size >= mostKept || (endedAt !== undefined && at - endedAt > keptAfterEnd))
        this.started.delete(key);
    const folders = place === undefined ? this.folders() : [place];
    const steps = (shell ? readLine(text, folders) : undefined) ?? [{ words: [text], folders, background: false }];
    const around = place === undefined ? undefined : [...new Set(steps.flatMap((step) => step.folders))];
    this.started.set(execution, { steps, text, at, snapshots: this.look(around, at) });
  }

  end(execution: object): void {
    const started = this.started.get(execution);
    if (started) started.endedAt = Date.now();
  }

  /** Whether one that may have made a run of `source` at `time` names that file. */
  isNamed(time: number, source: string): boolean {
    return source !== '' && this.running(time, source).some(({ text }) => text.includes(source));
  }

  /** Folders in which a program that ran at `time` and names the file `source` may have been started; else any program. */
  places(time: number, source: string): readonly string[] {
    if (this.started.size === 0) return this.folders();
    const running = this.running(time, source);
    const steps = running.flatMap((started) => {
      const naming = started.steps.filter((step) => names(step, source));
      return naming.length > 0 ? naming : started.steps;
    });
    const all = running.length > 0 ? steps : [...this.started.values()].flatMap((started) => started.steps);
    return [...new Set(all.flatMap(({ folders }) => folders))];
  }

  /** What stood in a repository when each of those was started that may have made a run of `source` at `time`. */
  async during(root: string, time: number, source: string): Promise<readonly Snapshot[]> {
    const found = await Promise.all(
      this.running(time, source).map(async ({ snapshots, steps }) => {
        const snapshot = (await snapshots).get(root);
        return snapshot && { ...snapshot, moves: movesBefore(steps, root, source) };
      }),
    );
    return found.filter((snapshot) => snapshot !== undefined);
  }

  /**
   * Those that ran at `time`. Where some name the file `source`, the others are no longer in question: a server that runs for
   * days is not what made the run. What a shell does not wait for goes on when its line has ended.
   */
  private running(time: number, source: string): readonly Started[] {
    const all = [...this.started.values()].filter(({ at, endedAt, steps }) => {
      const longer = steps.some(({ background }) => background) ? keptAfterEnd : 0;
      return at <= time && (endedAt === undefined || time <= endedAt + longer);
    });
    const named = source === '' ? [] : all.filter(({ text }) => text.includes(source));
    return named.length > 0 ? named : all;
  }

  private async look(
    around: readonly string[] | undefined,
    at: number,
  ): Promise<ReadonlyMap<string, Omit<Snapshot, 'moves'>>> {
    const found = new Map<string, Omit<Snapshot, 'moves'>>();
    try {
      for (const repository of await this.around(around))
        found.set(repository.root, { at, state: await repository.state() });
    } catch {
      // A repository that cannot be read now: its runs count as those that nobody saw begin.
    }
    return found;
  }

  private async around(folders: readonly string[] | undefined): Promise<readonly GitRepository[]> {
    const { repositories } = await this.repositories.find();
    const around = (folders ?? []).map((folder) => repositoryOf(repositories, folder));
    // Outside of every repository it may still name a file in one.
    return around.length > 0 && !around.includes(undefined)
      ? [...new Set(around.filter((repository) => repository !== undefined))]
      : repositories.slice(0, mostLookedAt);
  }
}

const names = ({ words }: Step, source: string) => words.some((word) => word.includes(source));

/** The moves of the head in this repository that the line makes before the program that names the file; none for any other. */
function movesBefore(steps: readonly Step[], root: string, source: string): readonly string[] {
  const program = source === '' ? -1 : steps.findLastIndex((step) => names(step, source));
  const here = ({ folders }: Step) =>
    folders.length === 1 && relativePath(root, path.resolve(folders[0] ?? '')) !== undefined;
  return steps.slice(0, Math.max(0, program)).flatMap((step) => (here(step) ? (moveOf(step) ?? []) : []));
}
