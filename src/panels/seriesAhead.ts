import type { SeriesAnswer, SeriesQuestion } from '../shared/protocol/series';

/** How long an answer is kept that nobody asks for, ms: a page begins within a second. */
const patience = 20_000;

interface Asked {
  readonly question: SeriesQuestion;
  readonly answer: Promise<SeriesAnswer>;
  readonly abort: AbortController;
}

/** Curves that are asked for before a page does, while it begins: the server's answer takes longest. */
export class SeriesAhead {
  private readonly asked = new Set<Asked>();
  private hasBegun = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ask: (question: SeriesQuestion, signal: AbortSignal) => Promise<SeriesAnswer>) {}

  /** Once for each page: later runs come to charts that are drawn already. */
  begin(questionsOf: () => readonly SeriesQuestion[]): void {
    if (this.hasBegun) return;
    this.hasBegun = true;
    for (const question of questionsOf()) {
      const abort = new AbortController();
      const answer = this.ask(question, abort.signal);
      // Whoever takes it hears of a failure.
      answer.catch(() => undefined);
      this.asked.add({ question, answer, abort });
    }
    if (this.asked.size > 0) this.timer = setTimeout(() => this.end(), patience);
  }

  /** The answer, where just this was asked. It is given once; aborting ends the question. */
  take(question: SeriesQuestion, signal?: AbortSignal): Promise<SeriesAnswer> | undefined {
    const found = [...this.asked].find((known) => isSame(known.question, question));
    if (!found) return undefined;
    this.asked.delete(found);
    signal?.addEventListener('abort', () => found.abort.abort(), { once: true });
    return found.answer;
  }

  /** The page is gone; another may follow. */
  reset(): void {
    this.hasBegun = false;
    this.end();
  }

  /** Ends what nobody has taken. */
  private end(): void {
    clearTimeout(this.timer);
    for (const { abort } of this.asked) abort.abort();
    this.asked.clear();
  }
}

/** How many points a page's charts have room for is not known ahead: it gets what the setting allows. */
const isSame = (a: SeriesQuestion, b: SeriesQuestion) =>
  a.key === b.key &&
  a.startStep === b.startStep &&
  a.endStep === b.endStep &&
  a.runIds.length === b.runIds.length &&
  a.runIds.every((runId, at) => runId === b.runIds[at]);
