import { html, nothing, type TemplateResult } from 'lit';
import { contentText } from '../../src/shared/compare/artifactRows';
import { type CompareRow, type CompareValue, standsApart } from '../../src/shared/compare/compareRow';
import { deltaOf, deltaText } from '../../src/shared/compare/delta';
import { commitTexts, nothing as none, textsOf } from '../../src/shared/compare/valueText';
import type { RunStatus } from '../../src/shared/domain';
import type { FileHash } from '../../src/shared/protocol/compare';
import { duration, shortNumber } from '../../src/shared/series/format';
import { betterOf, type RunsView } from '../../src/shared/view/runsView';
import { statusSign } from './runStatus';

/** What the cells of one row need to know; worked out once for all of them. */
export interface RowLook {
  readonly row: CompareRow;
  readonly texts: (value: CompareValue) => string;
  readonly apart: readonly boolean[];
  readonly hasBaseline: boolean;
  readonly better: 'lower' | 'higher' | undefined;
  readonly hashes: readonly FileHash[] | undefined;
  /** Runs whose value is still being read. */
  readonly isPending: (at: number) => boolean;
}

const looks = new WeakMap<CompareRow, { readonly of: readonly unknown[]; readonly look: RowLook }>();

export interface RowLookOptions {
  readonly count: number;
  readonly hasBaseline: boolean;
  readonly better: RunsView['better'];
  readonly hashes: readonly FileHash[] | undefined;
  readonly isPending: (at: number) => boolean;
}

/** Kept for as long as the row is: scrolling works nothing out twice. */
export function rowLook(row: CompareRow, { count, hasBaseline, better, hashes, isPending }: RowLookOptions): RowLook {
  const preference = row.metric === undefined ? undefined : betterOf(better, row.metric);
  const of = [count, hasBaseline, preference, hashes];
  const known = looks.get(row);
  if (known?.of.every((part, at) => part === of[at])) return { ...known.look, isPending };
  const values = Array.from({ length: count }, (_, at) => row.value(at));
  const look = {
    row,
    texts: row.id === 'run.commit' ? commitTexts(values) : textsOf(values, row.kind),
    // What says how far it is from the baseline needs no other mark, and no two runs start at once.
    apart: row.kind === 'time' || (hasBaseline && isMeasured(row)) ? [] : standsApart(row, count, hasBaseline),
    hasBaseline,
    better: preference,
    hashes,
    isPending,
  };
  looks.set(row, { of, look });
  return look;
}

const isMeasured = ({ kind }: CompareRow) => kind === 'number' || kind === 'duration';

/** What stands in a run's cell. */
export function cellContent(look: RowLook, at: number): TemplateResult | string {
  const { row, hashes } = look;
  const value = row.value(at);
  if (value === undefined)
    return look.isPending(at) ? html`<span class="reading">…</span>` : html`<span class="quiet">${none}</span>`;
  const text = row.verbatim?.(at) ?? look.texts(value);
  if (row.kind === 'status') return html`${statusSign(value as RunStatus)}<span class="value">${text}</span>`;
  if (row.artifact?.isFolder) return html`<span class="quiet">folder</span>`;
  const content = hashes ? contentText(hashes, at) : '';
  return html`<span class="value">${text}</span>${content === '' ? nothing : contentNote(content)}${deltaNote(look, at)}`;
}

const contentNote = (content: string) =>
  html`<span class="delta">${content === 'different' ? '≠ ' : content === 'same' ? '= ' : ''}${content}</span>`;

function deltaNote({ row, hasBaseline, better }: RowLook, at: number): TemplateResult | typeof nothing {
  if (!hasBaseline || !row.differs || at === 0 || !isMeasured(row)) return nothing;
  const delta = deltaOf(row.value(at), row.value(0), better);
  if (!delta) return nothing;
  const text =
    row.kind === 'duration'
      ? deltaText(delta, (size) => duration(size / 1000))
      : deltaText(delta, (size) => shortNumber(Number(size.toPrecision(3))));
  const { verdict } = delta;
  if (!verdict) return html`<span class="delta">${text}</span>`;
  return html`<span class="delta ${verdict}" title=${`${text}: ${verdict} than the baseline`}
    ><span aria-hidden="true">${verdict === 'better' ? '✓' : '✗'}</span>${text}<span class="visually-hidden">, ${verdict}</span></span
  >`;
}
