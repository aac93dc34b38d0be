/** How far "Load all" has come. */
export interface LoadProgress {
  /** How many are wanted; undefined for all there are. */
  readonly until: number | undefined;
  readonly perSecond: number;
}

/** Where pages come from and go to. */
export interface Pages {
  readonly more: boolean;
  readonly order: readonly number[];
  /**
   * Asks for the next page and puts it below what is there.
   * @param large where very many are wanted
   * @returns what came; undefined where nothing did: it failed, or other runs are asked for
   */
  next(large: boolean): Promise<'full' | 'short' | undefined>;
}

/** So many that are still to be read come in large pages, with progress. */
const many = 500;

/** Reads pages one after the other, as a host gives them, until as many rows are there as anybody wants. */
export class PageReader {
  /** Of very many. */
  progress: LoadProgress | undefined;
  /** Rows that are wanted. */
  private goal = 0;
  private reading: Promise<void> | undefined;
  private began = { at: 0, from: 0 };

  constructor(
    private readonly pages: Pages,
    private readonly onChange: () => void,
  ) {}

  get isReading(): boolean {
    return this.reading !== undefined || (this.pages.more && this.pages.order.length < this.goal);
  }

  /** Other runs are asked for: what is on its way is of no use. @param goal rows that are wanted of them */
  begin(goal: number): void {
    this.stop();
    this.reading = undefined;
    this.goal = goal;
  }

  /** A page that is on its way still comes. */
  stop(): void {
    this.progress = undefined;
    this.goal = 0;
  }

  /** For when there are pages to come. */
  want(rows: number): void {
    if (rows > this.pages.order.length) this.goal = Math.max(this.goal, rows);
    if (rows - this.pages.order.length < many || this.progress) return;
    this.progress = { perSecond: 0, until: Number.isFinite(rows) ? rows : undefined };
    this.began = { at: performance.now(), from: this.pages.order.length };
    this.onChange();
  }

  /** Reads on to what is wanted. What is wanted beyond that meanwhile is read with it. */
  read(): Promise<void> {
    if (this.reading) return this.reading;
    if (!this.isReading) {
      this.stop();
      return Promise.resolve();
    }
    const reading = this.readOn().finally(() => {
      if (this.reading !== reading) return;
      this.reading = undefined;
      this.stop();
      this.onChange();
    });
    this.reading = reading;
    return reading;
  }

  private async readOn(): Promise<void> {
    const { pages } = this;
    while (pages.more && pages.order.length < this.goal) {
      const came = await pages.next(this.goal - pages.order.length >= many);
      // Short pages mean a search in vain: only who wants all there are wants it to the end.
      if (came === undefined || (came === 'short' && this.goal !== Number.POSITIVE_INFINITY)) return;
      this.notePace();
    }
  }

  private notePace(): void {
    if (!this.progress) return;
    const { at, from } = this.began;
    const perSecond = (this.pages.order.length - from) / ((performance.now() - at) / 1000);
    this.progress = { ...this.progress, perSecond };
    this.onChange();
  }
}
