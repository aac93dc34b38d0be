import * as vscode from 'vscode';
import type { Connection } from '../../connections/connection';
import type { Commit } from '../../git/commitBatch';
import type { GitRepository } from '../../git/gitRepository';
import { log } from '../../git/history';
import { age } from '../../shared/age';
import { shortId } from '../../shared/commitId';
import { oneLine } from '../../shared/oneLine';
import { allExperimentIds } from '../allExperiments';
import { askForMetric, bestText, rememberedMetric } from './bestMetric';
import type { BestMetric } from './bestValue';
import { countText } from './countText';
import { askRecorded, type FoundRuns, findRunsOfCommits, type Recorded } from './findRuns';

type CommitItem = vscode.QuickPickItem & { readonly commit: Commit };

const mostCommits = 1_000;
/** Commits whose runs are counted before somebody moves to others. */
const countedFirst = 25;
const countedAhead = 8;
const mostCounted = 100;
const atOnce = 4;
const redrawAfter = 100;

/** Picks a commit; how many runs it has is counted as the person comes to it. Undefined when cancelled. */
export async function pickCommit(
  repository: GitRepository,
  connection: Connection,
  memory: vscode.Memento,
): Promise<Commit | undefined> {
  const picker = new CommitPicker(connection, memory, await log(repository, { most: mostCommits }));
  try {
    return await picker.ask(repository.name);
  } finally {
    picker.dispose();
  }
}

class CommitPicker {
  private readonly pick = vscode.window.createQuickPick<CommitItem>();
  private readonly found = new Map<string, FoundRuns>();
  private readonly wanted: string[] = [];
  private readonly asked = new Set<string>();
  private readonly ending = new AbortController();
  private readonly experimentIds: Promise<readonly string[]>;
  /** How runs say their commit, and the runs whose models do. */
  private readonly recorded: Promise<Recorded>;
  private metric: BestMetric | undefined;
  private busy = 0;
  private redrawing: NodeJS.Timeout | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly memory: vscode.Memento,
    private readonly commits: readonly Commit[],
  ) {
    this.metric = rememberedMetric(memory);
    this.experimentIds = allExperimentIds(connection.store, this.ending.signal);
    const ids = commits.map(({ id }) => id);
    this.recorded = this.experimentIds.then((experiments) =>
      askRecorded(connection, ids, experiments, this.ending.signal),
    );
    // Each count asks for it and shows the failure.
    this.recorded.catch(() => undefined);
  }

  async ask(repository: string): Promise<Commit | undefined> {
    const { pick } = this;
    pick.title = vscode.l10n.t('Runs of a Commit of {0}', repository);
    pick.placeholder = vscode.l10n.t('Which commit?');
    pick.matchOnDescription = true;
    pick.keepScrollPosition = true;
    pick.buttons = [
      { iconPath: new vscode.ThemeIcon('pulse'), tooltip: vscode.l10n.t('Choose the Metric That Is Shown…') },
    ];
    this.draw();
    this.count(this.commits.slice(0, countedFirst));
    return new Promise((resolve, reject) => {
      pick.onDidChangeActive(([item]) => {
        const at = item ? this.commits.indexOf(item.commit) : -1;
        if (at >= 0) this.count(this.commits.slice(at, at + countedAhead));
      });
      pick.onDidAccept(() => resolve(pick.selectedItems[0]?.commit));
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
    clearTimeout(this.redrawing);
    this.pick.dispose();
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
            await this.recorded,
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

  private draw(): void {
    this.redrawing = undefined;
    if (this.ending.signal.aborted) return;
    const active = this.pick.activeItems[0]?.commit;
    const items = this.commits.map((commit) => this.item(commit));
    this.pick.items = items;
    const same = items.find(({ commit }) => commit === active);
    if (same) this.pick.activeItems = [same];
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
