import { isRecord } from '../../src/shared/view/decode';

/** A description that is being written. */
export interface Draft {
  readonly text: string;
  /** What it was made from: it replaces nothing else. */
  readonly base: string | null;
  /** Why the server did not take it. */
  readonly problem?: string;
}

/** Descriptions that are being written, by run: neither another run nor a hidden page takes them away. */
export class Drafts {
  private readonly byRun = new Map<string, Draft>();

  /** @param kept `all` of the page before this one */
  constructor(
    kept: unknown,
    private readonly changed: () => void,
  ) {
    for (const [runId, draft] of Object.entries(isRecord(kept) ? kept : {})) {
      if (!isRecord(draft) || typeof draft.text !== 'string') continue;
      this.byRun.set(runId, { text: draft.text, base: typeof draft.base === 'string' ? draft.base : null });
    }
  }

  of(runId: string): Draft | undefined {
    return this.byRun.get(runId);
  }

  /** Something was written: the draft is more than an editor that was opened. */
  isWritten(runId: string): boolean {
    const draft = this.byRun.get(runId);
    return draft !== undefined && draft.text !== (draft.base ?? '');
  }

  set(runId: string, draft: Draft): void {
    this.byRun.set(runId, draft);
    this.changed();
  }

  drop(runId: string): void {
    if (this.byRun.delete(runId)) this.changed();
  }

  get all(): Readonly<Record<string, Draft>> {
    return Object.fromEntries(this.byRun);
  }
}
