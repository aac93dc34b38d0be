import type { TrackingStore } from '../mlflow/trackingStore';

/** Names of a panel's experiments, by their ids: those of the panel's own server, for ids are another's elsewhere. */
export class ExperimentNames {
  private readonly known = new Map<string, string>();

  /**
   * @param store of the panel's server; throws when the window is connected to another
   * @param listed the name as the window has it of the server it is connected to
   */
  constructor(
    private readonly store: () => Promise<Pick<TrackingStore, 'getExperiment'>>,
    private readonly listed: (experimentId: string) => string | undefined,
  ) {}

  /** All that were asked for. */
  get all(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.known);
  }

  /** As they are now, in the order of the ids. @throws MlflowError */
  async learn(experimentIds: readonly string[], signal?: AbortSignal): Promise<readonly string[]> {
    const store = await this.store();
    return Promise.all(
      experimentIds.map(async (id) => {
        const name = this.listed(id) ?? (await store.getExperiment(id, signal)).name;
        this.known.set(id, name);
        return name;
      }),
    );
  }

  /** As they were learnt; asked where they were not. @throws MlflowError */
  async of(experimentIds: readonly string[]): Promise<readonly string[]> {
    const unknown = experimentIds.filter((id) => !this.known.has(id));
    if (unknown.length > 0) await this.learn(unknown);
    return experimentIds.flatMap((id) => this.known.get(id) ?? []);
  }
}
