import { repositoryOf } from '../git/findRepositories';
import type { GitRepository } from '../git/gitRepository';
import type { Snapshot } from './codeOfRun';
import type { WorkspaceRepositories } from './workspaceRepositories';

interface Started {
  readonly place: string | undefined;
  /** What was typed, or what the task runs. */
  readonly text: string;
  /** ms */
  readonly at: number;
  endedAt?: number;
  /** By the root of the repository. */
  readonly snapshots: Promise<ReadonlyMap<string, Snapshot>>;
}

const mostKept = 100;
/** ms; a run is found long before. */
const keptAfterEnd = 600_000;
/** Where a command stands is unknown without shell integration: then it may be in any of these. */
const mostLookedAt = 8;

/** The commands and tasks of this window, each with what stood in its repository when it was started. */
export class StartedCommands {
  private readonly started = new Map<object, Started>();

  constructor(private readonly repositories: Pick<WorkspaceRepositories, 'find'>) {}

  /** @param execution what `end` names it by */
  begin(execution: object, place: string | undefined, text: string): void {
    const at = Date.now();
    for (const [key, { endedAt }] of this.started)
      if (this.started.size >= mostKept || (endedAt !== undefined && at - endedAt > keptAfterEnd))
        this.started.delete(key);
    this.started.set(execution, { place, text, at, snapshots: this.look(place, at) });
  }

  end(execution: object): void {
    const started = this.started.get(execution);
    if (started) started.endedAt = Date.now();
  }

  /** Folders in which something was started. */
  places(): readonly string[] {
    return [...new Set([...this.started.values()].flatMap(({ place }) => place ?? []))];
  }

  /**
   * What stood in a repository when each of those was started that ran at `time`. Where some name the file `source`, the
   * others are no longer in question: a server that runs for days is not what made the run.
   */
  async during(root: string, time: number, source: string): Promise<readonly Snapshot[]> {
    const all = [...this.started.values()].filter(
      ({ at, endedAt }) => at <= time && (endedAt === undefined || time <= endedAt),
    );
    const named = source === '' ? [] : all.filter(({ text }) => text.includes(source));
    const running = named.length > 0 ? named : all;
    const found = await Promise.all(running.map(({ snapshots }) => snapshots));
    return found.flatMap((snapshots) => snapshots.get(root) ?? []);
  }

  private async look(place: string | undefined, at: number): Promise<ReadonlyMap<string, Snapshot>> {
    const found = new Map<string, Snapshot>();
    try {
      for (const repository of await this.around(place))
        found.set(repository.root, { at, state: await repository.state() });
    } catch {
      // A repository that cannot be read now: its runs count as those that nobody saw begin.
    }
    return found;
  }

  private async around(place: string | undefined): Promise<readonly GitRepository[]> {
    const { repositories } = await this.repositories.find();
    const around = place === undefined ? undefined : repositoryOf(repositories, place);
    return around ? [around] : repositories.slice(0, mostLookedAt);
  }
}
