import { imageType } from '../../src/shared/charts/loggedImages';
import type { CompareRow } from '../../src/shared/compare/compareRow';
import type { Line } from '../../src/shared/compare/lines';
import { fullText } from '../../src/shared/compare/valueText';
import type { RunCommandName } from '../../src/shared/protocol/runs';
import type { RunHead } from '../../src/shared/runs/runBatch';
import { betterOf } from '../../src/shared/view/runsView';
import type { MenuItem } from '../controls/menu';
import { againItems, mayHaveCode, tagLabel } from '../table/codeMenu';
import type { Comparison, Shown } from './comparison';
import type { Place } from './gridFocus';

/** What a person can do with a cell: by Enter, the context menu and copying. */
export class CellActions {
  constructor(
    private readonly comparison: Comparison,
    private readonly shown: Shown,
    private readonly show: (label: string, items: readonly MenuItem[]) => void,
  ) {}

  default(place: Place): void {
    const line = this.shown.lines[place.line];
    if (place.line < 0) this.menu(place);
    else if (line?.kind === 'section') this.comparison.toggleSection(line.section);
    else if (line?.kind === 'note') this.comparison.retry(line.section);
    else if (line?.kind === 'row' && place.column === 0) this.keyAction(line.row);
    else if (line?.kind === 'row' && line.row.artifact) this.menu(place);
  }

  menu(place: Place): void {
    const line = this.shown.lines[place.line];
    if (place.line < 0) {
      if (place.column > 0) this.show('Run', this.runItems(place.column - 1));
      return;
    }
    const items = line?.kind === 'row' ? this.rowItems(line.row, place) : [];
    if (items.length > 0) this.show(line?.kind === 'row' ? line.row.label : '', items);
  }

  copy(place: Place): void {
    const text = this.textAt(place);
    if (text !== '') void this.ask(this.comparison.session.rpc.call('copy', { text }));
  }

  private keyAction(row: CompareRow): void {
    const { artifact } = row;
    if (row.metric !== undefined && this.comparison.asksBetter) this.show(row.label, this.betterItems(row.metric));
    else if (artifact?.isFolder) this.comparison.artifacts.toggle(artifact.path);
    else if (artifact) this.show(row.label, this.fileItems(artifact.path, undefined));
  }

  /** What stands in a cell, with every digit. */
  textAt(place: Place): string {
    return this.textOf(this.shown.lines[place.line], place);
  }

  private textOf(line: Line | undefined, { line: at, column }: Place): string {
    if (at < 0) return column === 0 ? '' : this.headOf(column - 1).name;
    if (line?.kind !== 'row') return '';
    if (column === 0) return line.row.artifact?.path ?? line.row.label;
    const value = line.row.value(column - 1);
    return value === undefined ? '' : (line.row.verbatim?.(column - 1) ?? fullText(value, line.row.kind));
  }

  private rowOf(at: number): number {
    return this.shown.compared.rows[at] ?? -1;
  }

  private headOf(at: number): RunHead {
    return this.shown.compared.table.head(this.rowOf(at));
  }

  private runItems(at: number): readonly MenuItem[] {
    const { session } = this.comparison;
    const runId = this.shown.runIds[at];
    if (runId === undefined) return [];
    const isBaseline = this.shown.compared.hasBaseline && at === 0;
    const command = (label: string, name: RunCommandName, runIds: readonly string[] = [runId]): MenuItem => ({
      label,
      run: () => void this.ask(session.rpc.call('runCommand', { command: name, runIds })),
    });
    return [
      isBaseline
        ? { label: 'No baseline', run: () => this.comparison.setBaseline(undefined) }
        : { label: 'Make baseline', run: () => this.comparison.setBaseline(runId) },
      { label: 'Remove from the comparison', run: () => this.comparison.remove(runId) },
      { label: 'Show in the Experiments view', run: () => void this.ask(session.rpc.call('reveal', { runId })) },
      command('Open source at its commit', 'openSource'),
      ...(isBaseline || !this.shown.compared.hasBaseline ? [] : this.diffItems(runId)),
      ...(mayHaveCode(this.headOf(at)) ? [command('Runs of this commit', 'runsOfCommit')] : []),
      ...this.againItems(at),
      ...this.tagged(at).map((runIds) => command(tagLabel(runIds.length), 'tagWithCommit', runIds)),
      command('Open in MLflow', 'openWebUi'),
      command('Copy link', 'copyLink'),
      { label: 'Copy run ID', run: () => void this.ask(session.rpc.call('copy', { text: runId })) },
    ];
  }

  /** The run by itself, and with the baseline as the good or the bad one. */
  private againItems(at: number): readonly MenuItem[] {
    const { session } = this.comparison;
    if (session.snapshot?.readOnly !== false) return [];
    const run = async (command: RunCommandName, runIds: readonly string[]) =>
      this.ask(session.rpc.call('runCommand', { command, runIds }));
    const head = this.headOf(at);
    const [reproduce] = againItems({ run }, [head]);
    const bisect = at === 0 || !this.shown.compared.hasBaseline ? [] : againItems({ run }, [this.headOf(0), head]);
    return [...(reproduce ? [reproduce] : []), ...bisect];
  }

  /** What can be tagged with the commit that is checked out: the run, and all that are compared. */
  private tagged(at: number): readonly (readonly string[])[] {
    if (this.comparison.session.snapshot?.readOnly !== false) return [];
    const active = this.shown.runIds.filter((_, index) => !this.headOf(index).deleted);
    const own = active.filter((runId) => runId === this.shown.runIds[at]);
    return [own, ...(active.length > 1 ? [active] : [])].filter(({ length }) => length > 0);
  }

  /** Against the baseline, the first of the runs. */
  private diffItems(runId: string): readonly MenuItem[] {
    const [baseline] = this.shown.runIds;
    if (baseline === undefined) return [];
    const run = () =>
      void this.ask(this.comparison.session.rpc.call('runCommand', { command: 'diffCode', runIds: [baseline, runId] }));
    return [{ label: 'Diff its code with the baseline', run }];
  }

  private rowItems(row: CompareRow, { column }: Place): readonly MenuItem[] {
    const { artifact, metric } = row;
    const at = column === 0 ? undefined : column - 1;
    return [
      ...(artifact && !artifact.isFolder ? this.fileItems(artifact.path, at) : []),
      ...(metric !== undefined && column === 0 ? this.betterItems(metric) : []),
      { label: column === 0 ? 'Copy name' : 'Copy value', run: () => this.copyCell(row, column) },
    ];
  }

  private copyCell(row: CompareRow, column: number): void {
    const text = this.textOf({ kind: 'row', row }, { line: 0, column });
    if (text !== '') void this.ask(this.comparison.session.rpc.call('copy', { text }));
  }

  private betterItems(metric: string): readonly MenuItem[] {
    const { session } = this.comparison;
    const { [metric]: _, ...others } = session.view.better;
    const better = betterOf(session.view.better, metric);
    return [
      {
        label: 'Lower is better',
        checked: better === 'lower',
        run: () => session.update({ better: { ...others, [metric]: 'lower' } }),
      },
      {
        label: 'Higher is better',
        checked: better === 'higher',
        run: () => session.update({ better: { ...others, [metric]: 'higher' } }),
      },
      { label: 'Neither', checked: better === undefined, run: () => session.update({ better: others }) },
    ];
  }

  /** @param at the run whose cell it is; undefined for the key */
  private fileItems(path: string, at: number | undefined): readonly MenuItem[] {
    const { comparison, shown } = this;
    const { runIds, lines } = shown;
    const row = lines.find((line) => line.kind === 'row' && line.row.artifact?.path === path);
    const having = runIds.flatMap((runId, index) =>
      row?.kind === 'row' && row.row.value(index) !== undefined ? [runId] : [],
    );
    const [first] = having;
    const own = at === undefined ? undefined : runIds[at];
    const base = own ?? first;
    const others = having.filter((runId) => runId !== base);
    const isShown = comparison.view.artifactPath === path;
    return [
      ...(imageType(path)
        ? [
            {
              label: isShown ? 'Hide pictures' : 'Show pictures side by side',
              run: () => comparison.showImages(isShown ? undefined : path),
            },
          ]
        : []),
      ...(base !== undefined && having.includes(base) ? this.diffsOf(path, base, others) : []),
      ...(having.length > 1
        ? [{ label: 'Compare contents', run: () => void comparison.artifacts.compareContents(path) }]
        : []),
    ];
  }

  /** A few runs stand in the menu; of more the host asks which, where they can be searched. */
  private diffsOf(path: string, a: string, others: readonly string[]): readonly MenuItem[] {
    const item = (label: string, runIds: readonly string[]): MenuItem => ({
      label,
      run: () => void this.ask(this.comparison.session.rpc.call('diffArtifacts', { a, others: runIds, path })),
    });
    const near = others.length > mostDiffs + 1 ? others.slice(0, mostDiffs) : others;
    return [
      ...near.map((other) => item(`Diff ${this.nameOf(a)} ↔ ${this.nameOf(other)}`, [other])),
      ...(near === others ? [] : [item(`Diff ${this.nameOf(a)} with one of ${others.length} runs…`, others)]),
    ];
  }

  private nameOf(runId: string): string {
    const { table } = this.shown.compared;
    const row = table.rowOf(runId);
    return row === undefined ? runId : table.head(row).name;
  }

  /** The host shows a notification where something failed; there is nothing to add here. */
  private async ask(question: Promise<unknown>): Promise<void> {
    await question.catch(() => undefined);
  }
}

const mostDiffs = 6;
