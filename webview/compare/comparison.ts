import { artifactRows } from '../../src/shared/compare/artifactRows';
import type { CompareRow, SectionId } from '../../src/shared/compare/compareRow';
import { environmentRows } from '../../src/shared/compare/environmentRows';
import { type Line, linesOf, type Section } from '../../src/shared/compare/lines';
import { type Compared, comparedRuns } from '../../src/shared/compare/runColumns';
import { tableRows } from '../../src/shared/compare/tableRows';
import { withoutRun } from '../../src/shared/runs/chosenRows';
import { count } from '../../src/shared/series/format';
import type { CompareView } from '../../src/shared/view/runsView';
import { type ArtifactCache, imageCache } from '../runs/artifactCache';
import { ExtremesLoader } from '../runs/extremesLoader';
import type { Session } from '../runs/session';
import { ArtifactLoader } from './artifactLoader';
import { EnvironmentLoader } from './loaders';

export interface Shown {
  readonly compared: Compared;
  readonly runIds: readonly string[];
  readonly sections: Readonly<Record<SectionId, Section>>;
  readonly lines: readonly Line[];
}

const comparisons = new WeakMap<Session, Comparison>();

/** Stays while other tabs are looked at. */
export function comparisonOf(session: Session): Comparison {
  const known = comparisons.get(session) ?? new Comparison(session);
  comparisons.set(session, known);
  return known;
}

/** What the comparison shows, worked out once per change, and what it reads beside the runs. */
export class Comparison {
  readonly environments: EnvironmentLoader;
  readonly extremes: ExtremesLoader;
  readonly artifacts: ArtifactLoader;
  readonly images: ArtifactCache<string>;
  private sectionsMemo: Memo<Pick<Shown, 'compared' | 'sections' | 'runIds'>> | undefined;
  private resting: ReturnType<typeof setTimeout> | undefined;
  private linesMemo: Memo<readonly Line[]> | undefined;

  constructor(readonly session: Session) {
    const changed = () => session.changed();
    this.environments = new EnvironmentLoader(session.rpc, changed);
    this.extremes = new ExtremesLoader(session);
    this.artifacts = new ArtifactLoader(session.rpc, changed);
    this.images = imageCache(session.rpc, changed);
    this.artifacts.openTo(session.view.compare.artifactPath ?? '');
  }

  get view(): CompareView {
    return this.session.view.compare;
  }

  update(change: Partial<CompareView>): void {
    this.session.update({ compare: { ...this.view, ...change } });
  }

  toggleSection(section: SectionId): void {
    const { closed } = this.view;
    const isClosed = closed.includes(section);
    this.update({ closed: isClosed ? closed.filter((name) => name !== section) : [...closed, section] });
  }

  setBaseline(runId: string | undefined): void {
    const { baseline: _, ...others } = this.view;
    this.session.update({ compare: { ...others, ...(runId === undefined ? {} : { baseline: runId }) } });
  }

  /** Those that are left are chosen one by one from now on. */
  remove(runId: string): void {
    const { table, chosen, view } = this.session;
    const shown = chosen.map((row) => table.head(row).runId);
    this.session.update({ chosen: withoutRun(view.chosen, shown, runId) });
  }

  showImages(path: string | undefined): void {
    const { artifactPath: _, ...others } = this.view;
    this.session.update({ compare: { ...others, ...(path === undefined ? {} : { artifactPath: path }) } });
  }

  /** Kept once scrolling rests: VS Code stores the whole view each time. */
  keepScroll(scroll: number): void {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.session.keepQuietly({ compare: { ...this.view, scroll } }), 200);
  }

  /** What could not be read of a section is asked for again. */
  retry(section: SectionId): void {
    if (section === 'environment') this.environments.retry();
    if (section === 'artifacts') this.artifacts.retry();
  }

  /**
   * Reads what nobody has looked at yet of open sections: histories that metrics take their values from.
   * @param told of what is waited for
   * @returns how many histories could not be read. @throws when it is aborted
   */
  async readAll(told: (what: string) => void, signal: AbortSignal): Promise<number> {
    const { session, view, environments, artifacts } = this;
    const { compared, sections } = this.shown;
    const isOpen = (section: SectionId) => !view.closed.includes(section);
    const keys = view.stat === 'last' || !isOpen('metrics') ? [] : sections.metrics.rows.map(({ label }) => label);
    const reader = new ExtremesLoader(session);
    reader.want({ rows: compared.rows, keys });
    const others = () => (isOpen('environment') && environments.loading) || (isOpen('artifacts') && artifacts.loading);
    while (!signal.aborted && (reader.left > 0 || others())) {
      told(reader.left > 0 ? `Reading histories: ${count(reader.left)} left` : 'Reading files of the runs');
      await nextOf(session, signal);
    }
    reader.dispose();
    signal.throwIfAborted();
    const unread = (key: string) => compared.rows.filter((row) => session.sorted.isUnreadable(key, row)).length;
    return keys.reduce((sum, key) => sum + unread(key), 0);
  }

  /** Whether it matters which is better: to judge a difference, or to find the best value. */
  get asksBetter(): boolean {
    return this.view.baseline !== undefined || this.view.stat === 'best';
  }

  /** Whether a cell is empty only because its value is still being read. */
  isPending(row: CompareRow, at: number, { compared }: Shown): boolean {
    const { stat } = this.view;
    const of = compared.rows[at] ?? -1;
    if (row.section === 'environment')
      return this.environments.loading && !this.environments.of(compared.table.head(of).runId);
    if (row.metric === undefined || stat === 'last') return false;
    return this.extremes.isPending(row.metric, of);
  }

  get shown(): Shown {
    const { view } = this;
    const { compared, sections, runIds } = this.sections();
    const of = [sections, view.closed, view.onlyDifferences, view.search, view.artifactPath];
    if (!isOf(this.linesMemo, of)) {
      const { closed, onlyDifferences, search, artifactPath } = view;
      const images = artifactPath === undefined ? {} : { imagesOf: artifactPath };
      this.linesMemo = { of, value: linesOf(sections, { closed, onlyDifferences, search, ...images }) };
    }
    return { compared, sections, runIds, lines: this.linesMemo?.value ?? [] };
  }

  /** Asks for what open sections need; called after what is shown has been drawn. */
  load(): void {
    const { closed } = this.view;
    const { runIds } = this.sections();
    if (runIds.length < 2) return;
    if (!closed.includes('environment')) this.environments.want(runIds);
    if (!closed.includes('artifacts')) this.artifacts.want(runIds);
  }

  private sections(): Pick<Shown, 'compared' | 'sections' | 'runIds'> {
    const { session, view, environments, artifacts } = this;
    const { table, chosen, snapshot } = session;
    const compared = comparedRuns(table, chosen, view);
    const runIds = compared.rows.map((row) => table.head(row).runId);
    const of = [
      table.version,
      ...runIds,
      compared.hasBaseline,
      view.stat,
      session.view.better,
      snapshot?.experiments,
      environments.edition,
      artifacts.edition,
    ];
    if (!isOf(this.sectionsMemo, of))
      this.sectionsMemo = { of, value: { compared, runIds, sections: this.build(compared, runIds) } };
    return this.sectionsMemo.value;
  }

  private build(compared: Compared, runIds: readonly string[]): Readonly<Record<SectionId, Section>> {
    const { session, view, environments, artifacts } = this;
    const experiments = session.snapshot?.experiments ?? {};
    const rows = tableRows(compared, { experiments, stat: view.stat, better: session.view.better });
    const section = (found: readonly CompareRow[], note: string, problem = ''): Section => ({
      rows: found,
      note,
      problem,
    });
    const packages = environmentRows(runIds.map((runId) => environments.of(runId)));
    const files = artifactRows(artifacts.tree(runIds));
    return {
      run: section(rows.run, ''),
      params: section(rows.params, 'These runs have no params.'),
      metrics: section(rows.metrics, 'These runs have logged no metrics.'),
      tags: section(rows.tags, 'These runs have no tags of their own.'),
      systemTags: section(rows.systemTags, 'These runs have no tags of MLflow.'),
      datasets: section(rows.datasets, 'These runs have logged no datasets.'),
      environment: section(packages, this.environmentNote(runIds), problemOf(environments)),
      artifacts: section(files, noteOf(artifacts, 'These runs have no artifacts.'), problemOf(artifacts)),
    };
  }

  private environmentNote(runIds: readonly string[]): string {
    const problems = new Set(runIds.flatMap((runId) => this.environments.of(runId)?.problem ?? []));
    const none = problems.size > 0 ? `Nothing is known: ${[...problems].join('; ')}.` : '';
    return noteOf(this.environments, none);
  }
}

/** The next change, or the end. */
const nextOf = (session: Session, signal: AbortSignal) =>
  new Promise<unknown>((resolve) => {
    session.addEventListener('change', resolve, { once: true });
    signal.addEventListener('abort', resolve, { once: true });
  });

interface Loading {
  readonly loading: boolean;
  readonly problem: string;
}

const problemOf = ({ problem }: Loading) => (problem === '' ? '' : `Could not be read: ${problem}`);
const noteOf = (loader: Loading, none: string) =>
  problemOf(loader) || (loader.loading || none === '' ? 'Reading…' : none);

interface Memo<T> {
  readonly of: readonly unknown[];
  readonly value: T;
}

function isOf<T>(memo: Memo<T> | undefined, of: readonly unknown[]): memo is Memo<T> {
  return memo !== undefined && memo.of.length === of.length && memo.of.every((part, at) => part === of[at]);
}
