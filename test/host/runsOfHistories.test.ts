import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import * as vscode from 'vscode';
import { isCancelled } from '../../src/mlflow/mlflowError';
import { git, write } from '../live/gitFixture';
import { generations } from './generations';
import { RunsOfScene } from './runsOfScene';
import { key, until } from './sourceHarness';

/** Stands in for the list that a person types into. */
class PickDouble {
  items: readonly vscode.QuickPickItem[] = [];
  activeItems: readonly vscode.QuickPickItem[] = [];
  selectedItems: readonly vscode.QuickPickItem[] = [];
  busy = false;
  private readonly typed = new vscode.EventEmitter<string>();
  private readonly accepted = new vscode.EventEmitter<void>();
  private readonly others = new vscode.EventEmitter<never>();
  readonly onDidChangeValue = this.typed.event;
  readonly onDidAccept = this.accepted.event;
  readonly onDidChangeActive = this.others.event;
  readonly onDidHide = this.others.event;
  readonly onDidTriggerButton = this.others.event;
  show(): void {}
  dispose(): void {}

  type(text: string): void {
    this.typed.fire(text);
  }

  accept(item: vscode.QuickPickItem | undefined): void {
    assert.ok(item);
    this.selectedItems = [item];
    this.accepted.fire();
  }
}

for (const version of generations)
  describe(`runs of long histories, against MLflow ${version}`, function () {
    this.timeout(180_000);
    const scene = new RunsOfScene(version, `histories-${version}`);
    const { folder, ids, opened, run, make, choosing, namesShown } = scene;

    it('offers older commits in the picker, and whichever a branch or an id names that is typed', async () => {
      const line = (at: number) =>
        `commit refs/heads/long\ncommitter Ada <ada@example.org> ${1_500_000_000 + at} +0000\ndata ${`${at}`.length + 5}\nStep ${at}\n`;
      execFileSync('git', ['fast-import', '--quiet'], {
        cwd: folder,
        input: Array.from({ length: 1_001 }, (_, at) => line(at)).join(''),
      });
      git(folder, 'symbolic-ref', 'HEAD', 'refs/heads/long');
      const { createQuickPick } = vscode.window;
      const pick = new PickDouble();
      Object.assign(vscode.window, { createQuickPick: () => pick });
      scene.person.answer = choosing(/never/);
      try {
        const picking = run('runsOfCommit');
        await until('the list', () => (pick.items.length > 0 ? true : undefined));
        assert.equal(pick.items.length, 1_001);
        const older = pick.items.at(-1);
        assert.match(`${older?.label} ${older?.description}`, /Show Older Commits the newest 1,000 are listed/);
        pick.accept(older);
        await until('the oldest', () => (pick.items.at(-1)?.label.endsWith('Step 0') ? true : undefined));
        assert.deepEqual([pick.items.length, pick.activeItems[0]?.label.endsWith('Step 0')], [1_001, true]);
        for (const typed of ['feature', ids.head.slice(0, 9)]) {
          pick.type(typed);
          await until(`what ${typed} names`, () =>
            /On the branch$/.test(pick.items[0]?.label ?? '') ? true : undefined,
          );
          assert.equal(pick.items[0]?.alwaysShow, true);
          await until('its runs', () => (/^1 run /.test(pick.items[0]?.description ?? '') ? true : undefined));
          pick.type('nothing of this name');
          await until('the list alone', () => (pick.items.length === 1_001 ? true : undefined));
        }
        pick.type('feature');
        await until('the branch', () => (pick.items.length === 1_002 ? true : undefined));
        pick.accept(pick.items[0]);
        await picking;
        assert.deepEqual(await namesShown(), ['head']);
      } finally {
        Object.assign(vscode.window, { createQuickPick });
        git(folder, 'symbolic-ref', 'HEAD', 'refs/heads/feature');
        git(folder, 'branch', '-q', '-D', 'long');
      }
    });

    it('says which commits of a long history were not looked at, and looks under a progress with Cancel', async () => {
      const line = (at: number) =>
        `commit refs/heads/long\ncommitter Ada <ada@example.org> ${1_500_000_000 + at} +0000\ndata 1\nx\n`;
      const input = Array.from({ length: 10_001 }, (_, at) => line(at)).join('');
      execFileSync('git', ['fast-import', '--quiet'], { cwd: folder, input });
      const { withProgress } = vscode.window;
      const titles: string[] = [];
      let cancelled = false;
      const stopped = new vscode.CancellationTokenSource();
      stopped.cancel();
      Object.assign(vscode.window, {
        withProgress: (options: vscode.ProgressOptions, task: Parameters<typeof withProgress>[1]) => {
          titles.push(`${options.title} ${options.cancellable}`);
          return withProgress.call(vscode.window, options, (report, token) =>
            task(report, cancelled ? stopped.token : token),
          );
        },
      });
      scene.person.answer = choosing(/\$\(git-branch\) long$/);
      try {
        await run('runsOfBranch');
        assert.deepEqual(titles, ['Looking up: Runs of long true']);
        assert.equal(
          scene.person.asked.at(-1)?.message,
          'No run is tagged with any of the 10,000 commits of long. Older commits than the newest 10,000 were not looked at.',
        );
        const newest = git(folder, 'rev-parse', 'long');
        await scene.harness.store.createRun({
          experimentId: scene.experimentId,
          name: 'newest',
          tags: { [key('commit')]: newest },
        });
        await run('runsOfBranch');
        assert.deepEqual(await namesShown(), ['newest']);
        assert.deepEqual(Object.keys(opened[0]?.scope ?? {}), ['experimentIds']);
        assert.match(
          scene.person.asked.at(-1)?.message ?? '',
          /^Older commits than the newest 10,000 were not looked at/,
        );
        cancelled = true;
        const error: unknown = await run('runsOfBranch').catch((refused: unknown) => refused);
        assert.ok(isCancelled(error), String(error));
        assert.equal(opened.length, 1);
      } finally {
        stopped.dispose();
        Object.assign(vscode.window, { withProgress });
        git(folder, 'branch', '-q', '-D', 'long');
      }
    });

    it('asks by the commits that have runs where there are more of them than a server can be asked for', async () => {
      for (let at = 0; at < 35; at++) {
        write(folder, 'train.py', `a\nb\nc\n${at}`);
        git(folder, 'commit', '-q', '-am', `Step ${at}`);
      }
      try {
        await run('runsOfFile', vscode.Uri.file(path.join(folder, 'train.py')));
        assert.deepEqual(Object.keys(opened[0]?.scope ?? {}), ['experimentIds']);
        assert.deepEqual(await namesShown(), ['by name', 'cloned', 'first']);
        // A run that comes later is shown as well: of a commit that had runs, and of the newest.
        const later = { first: ids.first, step: git(folder, 'rev-parse', 'HEAD') };
        for (const [label, id] of Object.entries(later)) await make(`later ${label}`, { [key('commit')]: id });
        assert.deepEqual(await namesShown(), ['by name', 'cloned', 'first', 'later first', 'later step']);
      } finally {
        git(folder, 'reset', '-q', '--hard', ids.head);
      }
    });
  });
