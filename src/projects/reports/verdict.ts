import type { DatasetInput, Run } from '../../shared/domain';
import { oneLine } from '../../shared/oneLine';
import { givenParams } from '../request/givenParams';
import { alignedRows, mark } from './reportText';

export type Verdict = 'same' | 'differs' | 'unknown';

export interface VerdictRow {
  readonly kind: 'param' | 'metric' | 'dataset';
  readonly key: string;
  /** As people read it; absent where the run has none. */
  readonly before?: string;
  readonly after?: string;
  readonly verdict: Verdict;
}

type Compared = Pick<Run, 'params' | 'tags' | 'metrics' | 'datasets' | 'status'>;

/**
 * What of a run came out again: its params exactly, the last values of its metrics within `tolerance` (a share of the
 * larger of the two), its datasets by their digests. What the new run lacks counts as unknown when it did not finish.
 */
export function compareRuns(before: Compared, after: Compared, tolerance: number): readonly VerdictRow[] {
  const lacking: Verdict = after.status === 'FINISHED' ? 'differs' : 'unknown';
  return [
    ...rows('param', givenParams(before), givenParams(after), lacking, (a, b) => a === b),
    ...rows('metric', lastValues(before), lastValues(after), lacking, (a, b) => isClose(a, b, tolerance)),
    ...datasetRows(before.datasets, after.datasets, lacking),
  ];
}

/** Infinities are the same as themselves, and so is NaN: the question is whether it came out again. */
export function isClose(a: number, b: number, tolerance: number): boolean {
  if (Object.is(a, b) || a === b) return true;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}

/** `0.01` or `1 %`; undefined for anything but a share. */
export function toleranceIn(text: string): number | undefined {
  const [, digits = '', percent] = /^\s*(\d*\.?\d+(?:e[+-]?\d+)?)\s*(%?)\s*$/i.exec(text) ?? [];
  const value = digits === '' ? Number.NaN : Number(digits) / (percent ? 100 : 1);
  return value >= 0 && value <= 1 ? value : undefined;
}

const lastValues = ({ metrics }: Pick<Run, 'metrics'>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(metrics)
      // What the machine was doing is no result of the run.
      .filter(([key]) => !key.startsWith('system/'))
      .map(([key, { value }]) => [key, value]),
  );

function rows<T extends string | number>(
  kind: 'param' | 'metric',
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  lacking: Verdict,
  equal: (a: T, b: T) => boolean,
): readonly VerdictRow[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.map((key) => {
    const [a, b] = [ownOf(before, key), ownOf(after, key)];
    const verdict = a === undefined ? 'unknown' : b === undefined ? lacking : equal(a, b) ? 'same' : 'differs';
    return { kind, key, ...shown('before', a), ...shown('after', b), verdict };
  });
}

const ownOf = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
const shown = <K extends string>(name: K, value: string | number | undefined) =>
  (value === undefined ? {} : { [name]: String(value) }) as { readonly [P in K]?: string };

function datasetRows(
  before: readonly DatasetInput[],
  after: readonly DatasetInput[],
  lacking: Verdict,
): readonly VerdictRow[] {
  const keyOf = ({ name, context }: DatasetInput) => (context === undefined ? name : `${name} (${context})`);
  const digests = (datasets: readonly DatasetInput[]) => {
    const found = new Map<string, string>();
    for (const dataset of datasets)
      found.set(keyOf(dataset), [found.get(keyOf(dataset)), dataset.digest].filter(Boolean).join(', '));
    return found;
  };
  const [a, b] = [digests(before), digests(after)];
  return [...new Set([...a.keys(), ...b.keys()])].sort().map((key) => {
    const [old, now] = [a.get(key), b.get(key)];
    const verdict = old === undefined ? 'unknown' : now === undefined ? lacking : old === now ? 'same' : 'differs';
    return { kind: 'dataset', key, ...shown('before', old), ...shown('after', now), verdict };
  });
}

export function countVerdicts(rows: readonly VerdictRow[]): Readonly<Record<Verdict, number>> {
  const counts = { same: 0, differs: 0, unknown: 0 };
  for (const { verdict } of rows) counts[verdict]++;
  return counts;
}

export interface VerdictTexts {
  readonly title: string;
  readonly intro: readonly string[];
  /** Name, before, now, verdict. */
  readonly columns: readonly [string, string, string, string];
  readonly kinds: Readonly<Record<VerdictRow['kind'], string>>;
  readonly verdicts: Readonly<Record<Verdict, string>>;
  readonly none: string;
}

const parts = ['metric', 'param', 'dataset'] as const;
/** What differs first. */
const order: readonly Verdict[] = ['differs', 'unknown', 'same'];
const rowsOf = (rows: readonly VerdictRow[], kind: VerdictRow['kind']) =>
  rows.filter((row) => row.kind === kind).toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));

/** A Markdown document of tables. Names and values come from servers and are escaped. */
export function verdictMarkdown(rows: readonly VerdictRow[], texts: VerdictTexts): string {
  const tables = parts.flatMap((kind) => {
    const lines = rowsOf(rows, kind).map(({ key, before, after, verdict }) => {
      const word = verdict === 'same' ? texts.verdicts.same : `**${texts.verdicts[verdict]}**`;
      return `| ${cell(key)} | ${cell(before)} | ${cell(after)} | ${word} |`;
    });
    const head = [`| ${texts.columns.join(' | ')} |`, '| --- | --- | --- | --- |'];
    return [`## ${texts.kinds[kind]}`, '', ...(lines.length > 0 ? [...head, ...lines] : [texts.none]), ''];
  });
  return [`# ${escaped(texts.title)}`, '', ...texts.intro.flatMap((line) => [escaped(line), '']), ...tables].join('\n');
}

/** The same for an editor: columns under each other, the verdict first. */
export function verdictText(rows: readonly VerdictRow[], texts: VerdictTexts): string {
  const [name, before, now] = texts.columns;
  // One set of widths for all tables.
  const head = ['', '', name, before, now];
  const all = parts.flatMap((kind) => rowsOf(rows, kind));
  const cells = all.map((row) => [
    mark[row.verdict],
    texts.verdicts[row.verdict],
    row.key,
    row.before ?? '–',
    row.after ?? '–',
  ]);
  const [heading = '', ...lines] = alignedRows([head, ...cells]).map((line) => `  ${line}`);
  const tables = parts.flatMap((kind) => {
    const own = lines.filter((_line, at) => all[at]?.kind === kind);
    return ['', texts.kinds[kind], ...(own.length > 0 ? [heading, ...own] : [`  ${texts.none}`])];
  });
  return [oneLine(texts.title), '', ...texts.intro.map((line) => oneLine(line)), ...tables, ''].join('\n');
}

const cell = (text: string | undefined) => (text === undefined ? '–' : escaped(text.slice(0, 500)));
const escaped = (text: string) => text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_{}[\]<>#|~!&]/g, '\\$&');
