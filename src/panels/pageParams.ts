import type { KnownPoints } from '../shared/domain';
import {
  type RunCommandName,
  type RunEdit,
  type RunsMethods,
  type RunsQuestion,
  runCommandNames,
} from '../shared/protocol/runs';
import type { HistoryQuestion, LastPoint, SeriesMethods, SeriesQuestion } from '../shared/protocol/series';
import { decodeRunsView, mostChosen, type Sort } from '../shared/view/runsView';

/** A page is untrusted: every parameter is read here, and refused by throwing when it is not what it should be. */

/** Keys are at most 250 characters on every MLflow store; some leave room for more. */
const longestKey = 2_000;
const longestFilter = 100_000;
export const longestText = 50_000_000;
/** Ids in one question. */
const mostIds = 1_000;
/** Rows that a table may hold, and a command be given. */
const mostRows = 1_000_000;

type Params<Name extends keyof RunsMethods> = Parameters<RunsMethods[Name]>[0];

export const runsParams = {
  open: (): Params<'open'> => ({}),
  queryRuns: runsQuestion,
  moreRuns: (raw: unknown): Params<'moreRuns'> => {
    const { queryId, all } = fields(raw);
    return { queryId: whole(queryId, 'queryId'), all: all === true };
  },
  queryOnly: (raw: unknown) => ({ queryId: whole(fields(raw).queryId, 'queryId') }),
  runsById: (raw: unknown): Params<'runsById'> => {
    const { runIds: ids, queryId } = fields(raw);
    return { runIds: runIds(ids), ...(queryId === undefined ? {} : { queryId: whole(queryId, 'queryId') }) };
  },
  runIdsOnly: (raw: unknown) => ({ runIds: runIds(fields(raw).runIds) }),
  runIdOnly: (raw: unknown) => ({ runId: text(fields(raw).runId, 'runId') }),
  highlight: (raw: unknown): Params<'highlight'> => {
    const { runId } = fields(raw);
    return runId === undefined ? {} : { runId: text(runId, 'runId') };
  },
  runCommand: (raw: unknown): Params<'runCommand'> => {
    const { command, runIds: ids } = fields(raw);
    const known = runCommandNames.find((name): name is RunCommandName => name === command);
    if (!known) throw refused('command');
    return { command: known, runIds: runIds(ids, mostRows) };
  },
  metricExtremes: (raw: unknown) => {
    const { key, runIds: ids } = fields(raw);
    return { key: text(key, 'key'), runIds: runIds(ids) };
  },
  editRun: (raw: unknown): RunEdit => {
    const { runId: id, field, key, value, before } = fields(raw);
    const runId = text(id, 'runId');
    if (before !== null && typeof before !== 'string') throw refused('before');
    if (field === 'name') return { runId, before, field, value: text(value, 'value') };
    if (field !== 'tag' || !(value === null || typeof value === 'string')) throw refused('field');
    return { runId, before, field, key: text(key, 'key'), value };
  },
  copy: (raw: unknown) => {
    const { text: copied } = fields(raw);
    if (typeof copied !== 'string' || copied.length > longestText) throw refused('text');
    return { text: copied };
  },
  keepView: (raw: unknown) => ({ view: decodeRunsView(fields(raw).view) }),
};

export function runsQuestion(raw: unknown): RunsQuestion {
  const { filter, showDeleted, sort } = fields(raw);
  return { filter: filterText(filter), showDeleted: showDeleted === true, sort: list(sort, 'sort', 20).map(sortOf) };
}

export function filterText(raw: unknown): string {
  if (typeof raw !== 'string' || raw.length > longestFilter) throw refused('filter');
  return raw;
}

type SeriesParams = { readonly [Name in keyof SeriesMethods]: (raw: unknown) => Parameters<SeriesMethods[Name]>[0] };

export const seriesParams: SeriesParams = {
  series: (raw) => seriesQuestion(fields(raw)),
  newPoints: (raw) => {
    const { key, after } = fields(raw);
    return { key: text(key, 'key'), after: list(after, 'after', mostChosen).map(lastPoint) };
  },
  history: (raw): HistoryQuestion => {
    const { key, runId: id, pageToken } = fields(raw);
    const question = { key: text(key, 'key'), runId: text(id, 'runId') };
    return pageToken === undefined ? question : { ...question, pageToken: text(pageToken, 'pageToken') };
  },
  count: (raw) => {
    const { key, runIds: ids } = fields(raw);
    return { key: text(key, 'key'), runIds: runIds(ids) };
  },
};

function seriesQuestion(raw: Record<string, unknown>): SeriesQuestion {
  const { startStep, endStep, maxPoints, expectedPoints } = raw;
  const question = {
    key: text(raw.key, 'key'),
    runIds: runIds(raw.runIds),
    ...(maxPoints === undefined ? {} : { maxPoints: Math.max(1, whole(maxPoints, 'maxPoints')) }),
    ...(expectedPoints === undefined ? {} : { expectedPoints: whole(expectedPoints, 'expectedPoints') }),
  };
  if (startStep === undefined && endStep === undefined) return question;
  return { ...question, startStep: whole(startStep, 'startStep'), endStep: whole(endStep, 'endStep') };
}

function lastPoint(raw: unknown): LastPoint {
  const { runId, step, known } = fields(raw);
  const after = { runId: text(runId, 'runId'), step: whole(step, 'step') };
  return known === undefined ? after : { ...after, known: knownPoints(known) };
}

function knownPoints(raw: unknown): KnownPoints {
  const { points, again, last } = fields(raw);
  const { step, timestamp, value } = fields(last);
  return {
    points: Math.max(1, whole(points, 'points')),
    again: whole(again, 'again'),
    last: { step: whole(step, 'step'), timestamp: whole(timestamp, 'timestamp'), value: text(value, 'value') },
  };
}

function sortOf(raw: unknown): Sort {
  const { column, descending } = fields(raw);
  return { column: text(column, 'column'), descending: descending === true };
}

export function fields(raw: unknown): Record<string, unknown> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw refused('parameters');
  return raw as Record<string, unknown>;
}

export function text(value: unknown, name: string): string {
  if (typeof value !== 'string' || value.length === 0 || value.length > longestKey) throw refused(name);
  return value;
}

export function whole(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw refused(name);
  return Math.trunc(value);
}

export function list(value: unknown, name: string, most: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > most) throw refused(name);
  return value;
}

const runIds = (value: unknown, most = mostIds) => list(value, 'runIds', most).map((id) => text(id, 'runIds'));

export const refused = (name: string) => new Error(`The page sent something else than ${name}.`);
