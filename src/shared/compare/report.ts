import { count } from '../series/format';
import { betterOf } from '../view/runsView';
import { type CompareRow, type SectionId, sectionIds, sectionTitles } from './compareRow';
import { deltaOf, deltaText } from './delta';
import { codeCell, link, plainText, table } from './markdown';
import { fullText, nothing } from './valueText';

export interface ReportRun {
  readonly name: string;
  /** On MLflow's web UI. */
  readonly url?: string;
  /** Short. */
  readonly commit?: string;
  readonly commitUrl?: string;
}

export interface ReportInput {
  readonly title: string;
  readonly serverUri: string;
  /** ms */
  readonly at: number;
  /** The baseline first, where there is one. */
  readonly runs: readonly ReportRun[];
  readonly hasBaseline: boolean;
  readonly onlyDifferences: boolean;
  /** Histories that could not be read: their values are not there. */
  readonly unread: number;
  /** Sections that are empty or left out are not there. */
  readonly sections: Readonly<Partial<Record<SectionId, readonly CompareRow[]>>>;
  readonly better: Readonly<Record<string, 'lower' | 'higher'>>;
}

/** The comparison as GitHub-flavoured Markdown. Numbers have every digit; differences three. */
export function buildReport(input: ReportInput): string {
  const parts = [`# ${plainText(input.title)}`, basis(input), runsTable(input.runs)];
  for (const section of sectionIds) {
    // The commit stands in the list of runs, with its link.
    const all = (input.sections[section] ?? []).filter(({ id }) => id !== 'run.commit');
    const rows = all.filter((row) => !input.onlyDifferences || row.differs);
    if (rows.length > 0) parts.push(`## ${sectionTitles[section]}`, sectionTable(rows, input));
  }
  return `${parts.join('\n\n')}\n`;
}

/** The report with its pictures, which stand in `folder` beside it. */
export function withImages(
  markdown: string,
  folder: string,
  images: readonly { readonly file: string; readonly title: string }[],
): string {
  if (images.length === 0) return markdown;
  const lines = images.map(
    ({ file, title }) => `![${plainText(title)}](${encodeURIComponent(folder)}/${encodeURIComponent(file)})`,
  );
  return `${markdown}\n## Charts\n\n${lines.join('\n\n')}\n`;
}

function basis({ runs, serverUri, at, hasBaseline, onlyDifferences, unread }: ReportInput): string {
  const [first] = runs;
  const sentences = [
    `${count(runs.length)} runs on ${plainText(serverUri)}, compared on ${new Date(at).toISOString().slice(0, 10)}.`,
    ...(hasBaseline && first ? [`Differences are to the baseline ${link(first.name, first.url)}.`] : []),
    ...(onlyDifferences ? ['Only what differs is listed.'] : []),
    ...(unread > 0 ? [`${count(unread)} ${unread === 1 ? 'history' : 'histories'} could not be read.`] : []),
  ];
  return sentences.join(' ');
}

function runsTable(runs: readonly ReportRun[]): string {
  const hasCommits = runs.some(({ commit }) => commit !== undefined);
  const head = ['', 'Run', ...(hasCommits ? ['Commit'] : [])];
  const rows = runs.map(({ name, url, commit, commitUrl }, at) => {
    const code = commit === undefined ? '' : commitUrl ? link(commit, commitUrl) : codeCell(commit);
    return [String(at + 1), link(name, url), ...(hasCommits ? [code] : [])];
  });
  return table(head, rows);
}

function sectionTable(rows: readonly CompareRow[], { runs, hasBaseline, better }: ReportInput): string {
  const head = ['', ...runs.map(({ name, url }, at) => `${at + 1}. ${link(name, url)}`)];
  return table(
    head,
    rows.map((row) => [
      row.section === 'run' ? plainText(row.label) : codeCell(row.artifact?.path ?? row.label),
      ...runs.map((_, at) =>
        cell(row, at, hasBaseline, row.metric === undefined ? undefined : betterOf(better, row.metric)),
      ),
    ]),
  );
}

function cell(row: CompareRow, at: number, hasBaseline: boolean, better: 'lower' | 'higher' | undefined): string {
  const value = row.value(at);
  if (value === undefined) return nothing;
  const text = row.verbatim?.(at) ?? fullText(value, row.kind);
  const isPlain = typeof value === 'number' && row.verbatim === undefined;
  const shown = isPlain ? plainText(text) : codeCell(text);
  if (!hasBaseline || at === 0 || row.kind !== 'number') return shown;
  const delta = deltaOf(value, row.value(0), better);
  if (!delta || delta.difference === 0) return shown;
  const verdict = delta.verdict ? `, ${delta.verdict}` : '';
  return `${shown} (${deltaText(delta)}${verdict})`;
}
