import { isCancelled, MlflowError } from '../mlflow/mlflowError';
import { wireError } from '../platform/webviewHost';
import type { Contact } from '../shared/protocol/contact';

/** Whether the server answered what a page asked last. */
export class ServerContact {
  last: Contact = { ok: true, at: Date.now() };

  /** @param onChange is called when it does not answer, and when it does again */
  constructor(private readonly onChange: () => void) {}

  /** Runs a question. */
  async during<T>(question: () => Promise<T>): Promise<T> {
    try {
      const answer = await question();
      const recovered = !this.last.ok;
      this.last = { ok: true, at: Date.now() };
      if (recovered) this.onChange();
      return answer;
    } catch (error) {
      if (!isCancelled(error) && isAboutContact(error)) {
        const { message, advice } = wireError(error);
        this.last = { ok: false, at: this.last.at, message, ...(advice ? { advice } : {}) };
        this.onChange();
      }
      throw error;
    }
  }
}

/** A question that was refused says nothing of the server's health, and neither does an error that is no server's. */
const isAboutContact = (error: unknown) =>
  error instanceof MlflowError && !['invalid', 'notFound', 'forbidden'].includes(error.kind);
