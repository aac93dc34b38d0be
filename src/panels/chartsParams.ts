import type { HostMethods, LastPoint, SeriesQuestion } from '../shared/protocol';
import { mostRuns } from '../shared/viewState';

/** A page is untrusted: every parameter is read here, and refused by throwing when it is not what it should be. */
type Decoders = { readonly [Name in keyof HostMethods]: (raw: unknown) => Parameters<HostMethods[Name]>[0] };

/** Keys are at most 250 characters on every MLflow store; some leave room for more. */
const longestKey = 2_000;

export const decodeParams: Decoders = {
  open: () => ({}),
  series: (raw) => seriesQuestion(fields(raw)),
  newPoints: (raw) => {
    const { key, after } = fields(raw);
    return { key: text(key, 'key'), after: list(after, 'after').map(lastPoint) };
  },
  count: (raw) => {
    const { key, runIds } = fields(raw);
    return { key: text(key, 'key'), runIds: list(runIds, 'runIds').map((id) => text(id, 'runIds')) };
  },
  refresh: () => ({}),
  reveal: (raw) => ({ runId: text(fields(raw).runId, 'runId') }),
};

function seriesQuestion({ key, startStep, endStep, full }: Record<string, unknown>): SeriesQuestion {
  const question = { key: text(key, 'key'), ...(full === true ? { full } : {}) };
  if (startStep === undefined && endStep === undefined) return question;
  return { ...question, startStep: whole(startStep, 'startStep'), endStep: whole(endStep, 'endStep') };
}

function lastPoint(raw: unknown): LastPoint {
  const { runId, step, timestamp } = fields(raw);
  return { runId: text(runId, 'runId'), step: whole(step, 'step'), timestamp: whole(timestamp, 'timestamp') };
}

function fields(raw: unknown): Record<string, unknown> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw refused('parameters');
  return raw as Record<string, unknown>;
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string' || value.length === 0 || value.length > longestKey) throw refused(name);
  return value;
}

function whole(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw refused(name);
  return Math.trunc(value);
}

function list(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length > mostRuns) throw refused(name);
  return value;
}

const refused = (name: string) => new Error(`The charts page sent something else than ${name}.`);
