import * as vscode from 'vscode';
import type { Connection } from '../../connections/connection';
import type { Commit } from '../../git/commitBatch';
import { GitError } from '../../git/gitError';
import type { GitRepository } from '../../git/gitRepository';
import { branches, headOf, log, resolveCommit } from '../../git/history';
import { age } from '../../shared/age';
import { shortId } from '../../shared/commitId';
import { oneLine } from '../../shared/oneLine';
import { count } from '../../shared/series/format';
import { allExperimentIds } from '../allExperiments';
import { askForMetric, bestText, rememberedMetric } from './bestMetric';
import type { BestMetric } from './bestValue';
import { countText } from './countText';
import { askRecorded, type FoundRuns, findRunsOfCommits, type Recorded } from './findRuns';

type CommitItem = vscode.QuickPickItem & { readonly commit: Commit | 'older' };

/** Commits that are listed at once; older ones come when they are asked for. */
const mostCommits = 1_000;
/** Commits whose runs are counted before somebody moves to others. */
const countedFirst = 25;
const countedAhead = 8;
const mostCounted = 100;
const atOnce = 4;
const redrawAfter = 100;

/**
 * Picks a commit: of the head's, or whichever an id, a branch or a tag that is typed names. How many runs it has is counted
 * as the person comes to it. Undefined when cancelled.
 */
export async function pickCommit(
  repository: GitRepository,
  connection: Connection,
  memory: vscode.Memento,
): Promise<Commit | 'noCommits' | undefined> {
  const from = (await headOf(repository))?.commit ?? (await branches(repository))[0]?.commit;
  if (from === undefined) return 'noCommits';
  const picker = new CommitPicker(repository, from, connection, memory);
  try {
    await picker.addOlder();
    return await picker.ask();
  } finally {
    picker.dispose();
  }
}

class CommitPicker {
  private readonly pick = vscode.window.createQuickPick<CommitItem>();
  private readonly commits: Commit[] = [];
  private isWhole = false;
  /** What the text that is typed names. */
  private named: Commit | undefined;
  private naming = new AbortController();
  private readonly found = new Map<string, FoundRuns>();
  private readonly wanted: string[] = [];
  private readonly asked = new Set<string>();
  private readonly ending = new AbortController();
  private readonly experimentIds: Promise<readonly string[]>;
  /** How runs say a commit, and the runs whose models do; commits that came together share the answer. */
  private readonly recorded = new Map<string, Promise<Recorded>>();
  private metric: BestMetric | undefined;
  private busy = 0;
  private redrawing: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: GitRepository,
    private readonly from: string,
    private readonly connection: Connection,
    private readonly memory: vscode.Memento,
  ) {
    this.metric = rememberedMetric(memory);
    this.experimentIds = allExperimentIds(connection.store, this.ending.signal);
    // Each count asks for them and shows the failure.
    this.experimentIds.catch(() => undefined);
  }

  /** The next of the head's commits. */
  async addOlder(): Promise<void> {
    const question = { from: this.from, most: mostCommits + 1, skip: this.commits.length };
    const older = await log(this.repository, question, this.ending.signal);
    this.isWhole = older.length <= mostCommits;
    this.add(older.slice(0, mostCommits));
  }

  private add(commits: readonly Commit[]): void {
    this.commits.push(...commits);
    this.askHowRecorded(commits);
  }

  private askHowRecorded(commits: readonly Commit[]): void {
    const ids = commits.map(({ id }) => id);
    const recorded = this.experimentIds.then((experiments) =>
      askRecorded(this.connection, ids, experiments, this.ending.signal),
    );
    recorded.catch(() => undefined);
    for (const id of ids) this.recorded.set(id, recorded);
  }

  async ask(): Promise<Commit | undefined> {
    const { pick } = this;
    pick.title = vscode.l10n.t('Runs of a Commit of {0}', this.repository.name);
    pick.placeholder = vscode.l10n.t('Which commit? Or type an id, a branch or a tag');
    pick.matchOnDescription = true;
    pick.keepScrollPosition = true;
    pick.buttons = [
      { iconPath: new vscode.ThemeIcon('pulse'), tooltip: vscode.l10n.t('Choose the Metric That Is Shown…') },
    ];
    this.draw();
    this.count(this.commits.slice(0, countedFirst));
    return new Promise((resolve, reject) => {
      pick.onDidChangeActive(([item]) => {
        const at = item && item.commit !== 'older' ? this.commits.indexOf(item.commit) : -1;
        if (at >= 0) this.count(this.commits.slice(at, at + countedAhead));
      });
      pick.onDidChangeValue((typed) => void this.name(typed.trim()).catch(reject));
      pick.onDidAccept(() => {
        const chosen = pick.selectedItems[0]?.commit;
        if (chosen === 'older') this.showOlder().catch(reject);
        else resolve(chosen);
      });
      let choosing = false;
      pick.onDidHide(() => {
        if (!choosing) resolve(undefined);
      });
      pick.onDidTriggerButton(() => {
        choosing = true;
        this.chooseMetric()
          .then(() => pick.show(), reject)
          .finally(() => {
            choosing = false;
          });
      });
      pick.show();
    });
  }

  dispose(): void {
    this.ending.abort();
    this.naming.abort();
    clearTimeout(this.redrawing);
    this.pick.dispose();
  }

  private async showOlder(): Promise<void> {
    const first = this.commits.length;
    this.pick.busy = true;
    try {
      await this.addOlder();
    } finally {
      if (this.busy === 0) this.pick.busy = false;
    }
    this.draw(this.commits[first]);
  }

  /** Looks up what is typed, unless the list has it already. */
  private async name(typed: string): Promise<void> {
    this.naming.abort();
    this.naming = new AbortController();
    const { signal } = this.naming;
    const found = typed === '' ? undefined : await this.commitNamed(typed, signal);
    if (signal.aborted || found?.id === this.named?.id) return;
    this.named = found;
    if (found && !this.recorded.has(found.id)) this.askHowRecorded([found]);
    if (found) this.count([found]);
    this.draw(found);
  }

  private async commitNamed(typed: string, signal: AbortSignal): Promise<Commit | undefined> {
    try {
      const id = await resolveCommit(this.repository, typed, signal);
      return this.commits.find((commit) => commit.id === id) ?? (await this.repository.commit(id, signal));
    } catch (error) {
      // Most of what is typed on the way to a name names nothing.
      if (error instanceof GitError || signal.aborted) return undefined;
      throw error;
    }
  }

  private async chooseMetric(): Promise<void> {
    const runs = [...this.found.values()].flatMap((found) => found.runs);
    const keys = [...new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))].sort();
    this.metric = (await askForMetric(keys, this.memory)) ?? this.metric;
    this.draw();
  }

  private count(commits: readonly Commit[]): void {
    for (const { id } of commits)
      if (!this.asked.has(id)) {
        this.asked.add(id);
        this.wanted.push(id);
      }
    while (this.busy < atOnce && this.wanted.length > 0) void this.work();
  }

  private async work(): Promise<void> {
    this.busy++;
    this.pick.busy = true;
    const { signal } = this.ending;
    try {
      const experimentIds = await this.experimentIds;
      for (let id = this.wanted.shift(); id !== undefined; id = this.wanted.shift()) {
        this.found.set(
          id,
          await findRunsOfCommits(
            this.connection,
            [id],
            { most: mostCounted, experimentIds, signal },
            await this.recorded.get(id),
          ),
        );
        this.redrawing ??= setTimeout(() => this.draw(), redrawAfter);
      }
    } catch (error) {
      // The commits can be chosen without their counts; the question is asked again when one is.
      if (!signal.aborted)
        this.pick.placeholder = vscode.l10n.t(
          'Which commit? Their runs could not be counted: {0}',
          error instanceof Error ? error.message : String(error),
        );
      this.wanted.length = 0;
    }
    this.busy--;
    if (this.busy === 0 && !signal.aborted) this.pick.busy = false;
  }

  /** @param active the commit that the focus goes to; else it stays where it is */
  private draw(active = this.pick.activeItems[0]?.commit): void {
    this.redrawing = undefined;
    if (this.ending.signal.aborted) return;
    const { named } = this;
    const items = this.commits.filter(({ id }) => id !== named?.id).map((commit) => this.item(commit));
    if (named) items.unshift({ ...this.item(named), alwaysShow: true });
    if (!this.isWhole) items.push(this.olderItem());
    this.pick.items = items;
    const same = items.find(({ commit }) => commit === active);
    if (same) this.pick.activeItems = [same];
  }

  private olderItem(): CommitItem {
    return {
      label: `$(ellipsis) ${vscode.l10n.t('Show Older Commits')}`,
      description: vscode.l10n.t('the newest {0} are listed', count(this.commits.length)),
      alwaysShow: true,
      commit: 'older',
    };
  }

  private item(commit: Commit): CommitItem {
    const found = this.found.get(commit.id);
    const facts = [
      found && countText(found),
      found && bestText(found.runs, this.metric),
      oneLine(commit.author),
      age(commit.time, Date.now(), vscode.env.language),
    ];
    return {
      label: `$(git-commit) ${shortId(commit.id)} ${oneLine(commit.subject)}`,
      description: facts.filter(Boolean).join(' · '),
      commit,
    };
  }
}
