import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createRestTrackingStore } from '../../src/mlflow/rest/restTrackingStore';
import { eventually } from '../support/eventually';
import type { MlflowServer } from '../support/mlflowServer';
import { until } from '../support/processTree';
import { type Ground, openScene, usePython } from './support/scene';
import type { Theme, Workbench } from './support/workbench';

const themes: readonly Theme[] = ['Light Modern', 'Dark High Contrast', 'Light High Contrast', 'Dark Modern'];
const httpOptions = { headersTimeoutMs: 60_000, retries: 0, maxResponseBytes: 50_000_000, userAgent: 'flowdeck-test' };
const files = {
  MLproject: `name: moved
entry_points:
  main:
    parameters: {factor: {type: float, default: 2}}
    command: "python main.py {factor}"
`,
  // Speaks to the server without the seconds that importing MLflow takes.
  'main.py': `import json, os, sys, time, urllib.request
value = float(sys.argv[1]) * float(open("value.txt").read())
body = {"run_id": os.environ["MLFLOW_RUN_ID"], "key": "score", "value": value, "timestamp": int(time.time() * 1000), "step": 0}
urllib.request.urlopen(urllib.request.Request(os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/log-metric",
    json.dumps(body).encode(), {"Content-Type": "application/json"})).read()
`,
};

describe('reproducing a run and bisecting a metric', function () {
  // Each step begins where the one before it ended.
  this.bail(true);
  let server: MlflowServer;
  let workbench: Workbench;
  const commits: string[] = [];
  let root = '';

  openScene(
    {
      refreshSeconds: 2,
      fill: async (ground) => {
        root = ground.folder;
        usePython(ground.folder);
        makeHistory(ground.folder);
        await makeRuns(ground);
      },
    },
    (scene) => ({ server, workbench } = scene),
  );

  /** Three commits: the score is 6, then 18 and 18. */
  function makeHistory(folder: string): void {
    const project = path.join(folder, 'moved');
    const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
    const git = (...args: string[]) =>
      execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim();
    mkdirSync(project);
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(project, name), text);
    for (const [subject, value, other] of [
      ['A good start', '3', 'a'],
      ['Tune the value', '9', 'b'],
      ['Say more', '9', 'c'],
    ] as const) {
      writeFileSync(path.join(project, 'value.txt'), value);
      writeFileSync(path.join(project, 'other.txt'), other);
      git('add', 'moved');
      git('commit', '-q', '-m', subject);
      commits.push(git('rev-parse', 'HEAD'));
    }
  }

  async function makeRuns({ server: { uri }, folder }: Ground): Promise<void> {
    const store = createRestTrackingStore({ ...httpOptions, baseUrl: uri });
    const experimentId = await store.createExperiment('moved');
    const make = async (name: string, commit: string, score: number) => {
      const { runId } = await store.createRun({
        experimentId,
        name,
        tags: {
          'mlflow.source.git.commit': commit,
          'mlflow.source.name': `file://${folder}#moved`,
          'mlflow.source.type': 'PROJECT',
          'mlflow.project.entryPoint': 'main',
        },
      });
      const metrics = [{ key: 'score', value: score, timestamp: 1, step: 0 }];
      await store.logBatch(runId, { params: { factor: '2' }, metrics });
      await store.updateRun(runId, { status: 'FINISHED' });
    };
    await make('good', commits[0] ?? '', 6);
    await make('bad', commits[2] ?? '', 18);
    store.dispose();
  }

  const runs = async (): Promise<{ name: string; status: string; tags: Record<string, string>; files: string[] }[]> => {
    const script = `
from mlflow import MlflowClient
import json
client = MlflowClient()
ids = [e.experiment_id for e in client.search_experiments()]
found = client.search_runs(ids, order_by=['attributes.start_time ASC'])
print('runs ' + json.dumps([{'name': r.info.run_name, 'status': r.info.status, 'tags': r.data.tags,
    'files': [f.path for f in client.list_artifacts(r.info.run_id, 'flowdeck')]} for r in found]))`;
    return JSON.parse(/^runs (.*)$/m.exec(await server.python(script))?.[1] ?? '[]');
  };
  const dialog = () => workbench.dialog();
  const row = async (name: RegExp) => {
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^moved/)).expand();
    return experiments.find(name);
  };
  const settled = () => workbench.page.waitForTimeout(400);

  it('says what is known of a run before anything is launched, in every theme; leaving it launches nothing', async () => {
    await (await row(/^good/)).click();
    for (const theme of themes) {
      await workbench.setTheme(theme);
      await workbench.runCommand('Flowdeck: Reproduce Run…');
      await dialog().getByText('Reproduce run good?').waitFor();
      await dialog()
        .getByText(new RegExp(`Commit: ${commits[0]?.slice(0, 7)} of`))
        .waitFor();
      await settled();
      await workbench.screenshot(`reproduce-facts-${theme.toLowerCase().replaceAll(' ', '-')}`);
      await dialog().getByRole('button').first().press('Escape');
      await dialog().waitFor({ state: 'detached' });
    }
    assert.equal((await runs()).length, 2);
  });

  it('reproduces it by the keyboard alone, and tells the verdict', async () => {
    await workbench.runCommand('Flowdeck: Reproduce Run…');
    const button = dialog().getByRole('button', { name: 'Reproduce with This Python' });
    await button.waitFor();
    await button.press('Enter');
    const verdict = workbench.notification(
      /Run good reproduced ended as FINISHED: 2 values are the same as those of good/,
    );
    await verdict.waitFor({ timeout: 150_000 });
    await settled();
    await workbench.screenshot('reproduce-verdict');
    await verdict.getByRole('button', { name: 'Show Verdict' }).click();
    await page().getByText('= same score').waitFor();
    for (const theme of themes) await workbench.screenshot('reproduce-verdict-page', theme);
    assert.deepEqual((await runs()).at(-1)?.files, [], 'nothing is saved unasked');
  });

  /** Lines of the page in front; spaces are made single, for the editor draws them otherwise. */
  const page = () => ({
    getByText: (text: string | RegExp) =>
      workbench.page.locator('.view-lines .view-line').filter({
        hasText: typeof text === 'string' ? new RegExp(text.replaceAll(' ', '\\s+')) : text,
      }),
  });
  const lens = (title: string) => workbench.page.locator('.codelens-decoration a', { hasText: title });

  it('judges again with another tolerance, and saves the verdict where it is asked to', async () => {
    await workbench.runCommand('Flowdeck: Judge with Another Tolerance…');
    await workbench.quickPick.type('2');
    await workbench.quickPick.message().getByText('A number from 0 to 1').waitFor();
    await workbench.quickPick.fill('5 %');
    await page().getByText('the same within 0\\.05 of').waitFor();
    await lens('Save with Run').click();
    await until(
      async () => (await runs()).at(-1)?.files.includes('flowdeck/reproduction.md') ?? false,
      () => 'the verdict was not saved',
    );
    const file = path.join(root, 'kept verdict.md');
    await workbench.runCommand('Flowdeck: Save Verdict As…');
    await workbench.quickPick.nameFile(file);
    await until(
      () => existsSync(file) && /\| score \| 6 \| 6 \| same \|/.test(readFileSync(file, 'utf8')),
      () => 'the verdict was not written',
    );
    await lens('Show Run').click();
    await (await workbench.openView('Run')).find(/^good reproduced/);
  });

  it('comes back with its window, as it was', async () => {
    await workbench.tab(/^good reproduced/).click();
    await workbench.reload();
    await workbench.tab(/^good reproduced/).waitFor();
    await page().getByText('= same score').waitFor({ timeout: 60_000 });
    await page().getByText('the same within 0\\.05 of').waitFor();
    await lens('Save with Run').waitFor();
    await workbench.screenshot('reproduce-verdict-after-reload');
  });

  it('asks nothing when it is closed, and is found again by its run, in another window too', async () => {
    await workbench.tab(/^good reproduced/).click();
    await workbench.runCommand('View: Close All Editors');
    await workbench.tab(/^good reproduced/).waitFor({ state: 'detached' });
    assert.equal(await dialog().count(), 0);
    await workbench.reload();
    await (await row(/^good reproduced/)).click();
    await workbench.runCommand('Flowdeck: Show Verdict on Reproduction');
    await page().getByText('= same score').waitFor({ timeout: 60_000 });
    await lens('Compare Runs').click();
    const comparison = await workbench.webview(/2 runs|Compare/);
    await comparison.frame.getByText('good reproduced').first().waitFor();
  });

  it('asks for two runs, which of them is good and the metric; leaving any of it launches nothing', async () => {
    const before = (await runs()).length;
    const { quickPick } = workbench;
    await (await row(/^good(?! reproduced)/)).click();
    const start = async () => {
      await workbench.runCommand('Flowdeck: Bisect Metric…');
      await quickPick.widget.waitFor();
    };
    // The selected run is the good one; the bad one is asked for.
    await start();
    await until(
      async () => /the Bad Run/.test(await quickPick.title()),
      () => 'the bad run is not asked for',
    );
    await quickPick.cancel();
    await start();
    await quickPick.choose(/^moved/);
    await quickPick.choose(/^bad/);
    await until(
      async () => (await quickPick.labels()).some((label) => /^score, 6 → 18/.test(label)),
      () => 'the metric is not asked for',
    );
    await workbench.screenshot('bisect-metric');
    await quickPick.cancel();
    assert.equal((await runs()).length, before);
  });

  const begin = async () => {
    const { quickPick } = workbench;
    await workbench.runCommand('Flowdeck: Bisect Metric…');
    await quickPick.choose(/^moved/);
    await quickPick.choose(/^bad/);
    await quickPick.choose(/^score/);
    const next = workbench.notification(/Bisecting score: one commit is still open, /);
    await next.waitFor({ timeout: 60_000 });
    return next;
  };

  it('asks before each launch, and is forgotten when it is stopped', async () => {
    const next = await begin();
    await next.getByText(/Tune the value/).waitFor();
    await settled();
    await workbench.screenshot('bisect-next');
    await next.getByRole('button', { name: 'Stop Bisecting' }).click();
    await next.waitFor({ state: 'detached' });
    // Nothing is there to be gone on with: it asks for the runs at once.
    await workbench.runCommand('Flowdeck: Bisect Metric…');
    await until(
      async () => /the Bad Run/.test(await workbench.quickPick.title()),
      () => 'the bad run is not asked for',
    );
    await workbench.quickPick.cancel();
  });

  it('shows the commits on request, in every theme, as a page that comes back with its window and asks nothing when it is closed', async () => {
    const next = await begin();
    await next.getByRole('button', { name: 'Show Commits' }).click();
    await page()
      .getByText(/next\s+Tune\s+the\s+value/)
      .waitFor();
    for (const theme of themes) await workbench.screenshot('bisect-page', theme);
    await workbench.tab(/score bisected/).click();
    await workbench.reload();
    await page()
      .getByText(/next\s+Tune\s+the\s+value/)
      .waitFor({ timeout: 60_000 });
    await workbench.tab(/score bisected/).click();
    await workbench.runCommand('View: Close All Editors');
    await workbench.tab(/score bisected/).waitFor({ state: 'detached' });
    assert.equal(await dialog().count(), 0);
  });

  it('is on offer after its window was reloaded, again and again, until somebody decides', async () => {
    const text = /Bisecting score between good and bad has not ended: commit [0-9a-f]{7} is still open/;
    for (let times = 0; times < 2; times++) {
      await workbench.reload();
      await workbench.openView('Experiments');
      await (await workbench.keptNotification(text)).waitFor();
    }
    await settled();
    await workbench.screenshot('bisect-after-reload');
    assert.equal((await runs()).filter(({ tags }) => tags['flowdeck.bisects']).length, 0);
    await (await workbench.keptNotification(text)).getByRole('button', { name: 'Go On' }).click();
    await workbench.keptNotification(/Bisecting score: one commit is still open, /);
  });

  it('launches at the midpoint and names the commit that moved the metric', async () => {
    const next = await workbench.keptNotification(/Bisecting score: one commit/);
    await next.getByRole('button', { name: 'Launch There' }).click();
    await eventually(async () => {
      const launched = (await runs()).at(-1);
      assert.deepEqual([launched?.tags['flowdeck.bisects'], launched?.status], ['score', 'FINISHED']);
    }, 150_000);
    const found = await workbench.keptNotification(
      new RegExp(`score moved to 18 at ${commits[1]?.slice(0, 7)} "Tune the value" \\(Ada\\)`),
    );
    await settled();
    await workbench.screenshot('bisect-found');
    const launched = (await runs()).at(-1);
    assert.equal(launched?.tags['flowdeck.bisects'], 'score');
    assert.equal(launched.tags['mlflow.source.git.commit'], commits[1]);
    await found.getByRole('button', { name: 'Show Commits' }).click();
    await page()
      .getByText(/moved\s+here\s+Tune\s+the\s+value/)
      .waitFor();
    await (await workbench.keptNotification(/score moved to 18/)).getByRole('button', { name: 'Show Run' }).click();
    await (await workbench.openView('Run')).find(/score at/);
  });

  it('is not on offer any more once it is over', async () => {
    await workbench.reload();
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^moved/)).waitFor();
    await workbench.statusBar('server').getByText('3.17.2').waitFor();
    await workbench.runCommand('Notifications: Show Notifications');
    assert.equal(await workbench.notification(/has not ended/).count(), 0);
  });
});
