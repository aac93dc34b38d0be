import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { planSweep } from '../../src/projects/request/sweepPlan';
import type { MlflowServer } from '../support/mlflowServer';
import { processesWith, until, untilGone } from '../support/processTree';
import { hangingProgram } from './support/hangingProgram';
import { openScene, usePython } from './support/scene';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

const mark = `flowdeck-sweep-${process.pid}`;
const mlproject = `name: swept
entry_points:
  wide:
    parameters:
      rate: {type: float, default: 0.5}
      kind: {type: string, default: a}
    command: "python main.py {rate} {kind}"
  drawn:
    parameters:
      rate: {type: float, default: 0.5}
    command: "python main.py {rate} a"
  long:
    parameters:
      n: {type: string, default: "0"}
    command: "python hangs.py {n} ${mark}"
`;
/** Fails for one value, as long as nothing has been mended. */
const program = `import os, sys
sys.exit(3 if sys.argv[2] == "b" and not os.path.exists("mended") else 0)
`;

describe('a sweep by the keyboard alone', function () {
  // Each step begins where the one before it ended.
  this.bail(true);
  let server: MlflowServer;
  let workbench: Workbench;
  let page: Webview;
  let folder: string;

  openScene(
    {
      refreshSeconds: 2,
      settings: { 'flowdeck.projects.parameterForm': 'editor' },
      fill: async (ground) => {
        folder = path.join(ground.folder, 'swept');
        mkdirSync(folder);
        writeFileSync(path.join(folder, 'MLproject'), mlproject);
        writeFileSync(path.join(folder, 'main.py'), program);
        writeFileSync(path.join(folder, 'hangs.py'), hangingProgram);
        usePython(ground.folder);
        ground.atEnd(async () => assert.deepEqual(await untilGone(mark), []));
      },
    },
    (scene) => ({ server, workbench } = scene),
  );

  interface Read {
    readonly id: string;
    readonly status: string;
    readonly values: string;
    readonly parent: string | null;
    readonly ended: boolean;
  }
  /** Read back as a person's own script would, the oldest first. */
  const runs = async (experiment: string): Promise<readonly Read[]> => {
    const script = `
import json, mlflow
found = mlflow.search_runs(experiment_names=['${experiment}'], output_format='list', order_by=['attributes.start_time ASC'])
print('runs ' + json.dumps([{'id': r.info.run_id, 'status': r.info.status, 'parent': r.data.tags.get('mlflow.parentRunId'),
    'values': ' '.join(r.data.params[k] for k in ('rate', 'kind', 'n') if k in r.data.params), 'ended': r.info.end_time is not None} for r in found]))`;
    return JSON.parse(/^runs (.*)$/m.exec(await server.python(script))?.[1] ?? '[]');
  };
  const keyboard = { press: (key: string) => workbench.page.keyboard.press(key) };
  /** Tab after Tab until the element that is meant has the focus. */
  const tabTo = async (label: RegExp) => {
    const focused = () =>
      page.frame.locator(':focus').evaluate((element) => {
        const { labels } = element as { labels?: ArrayLike<{ textContent: string | null }> };
        const texts = [element.getAttribute('aria-label'), labels?.[0]?.textContent, element.textContent];
        return texts.filter(Boolean).join(' ').trim();
      });
    for (let tries = 0; tries < 80; tries++) {
      if ((await page.frame.locator(':focus').count()) > 0 && label.test(await focused())) return;
      await keyboard.press('Tab');
    }
    assert.fail(`${label} is not reached by Tab`);
  };
  const fill = async (label: RegExp, text: string) => {
    await tabTo(label);
    // Not Ctrl+A: VS Code selects all once more, a moment later, and what was typed by then is lost.
    await keyboard.press('End');
    await keyboard.press('Shift+Home');
    await workbench.page.keyboard.type(text);
  };
  const openForm = async (name: string) => {
    await workbench.runCommand('Flowdeck: Run with Options…');
    // No other project has one of that name.
    await workbench.quickPick.type(name);
    await workbench.quickPick.accept();
    page = await workbench.webview(new RegExp(`^Run ${name}`));
    await page.frame.getByRole('heading', { name: `Run ${name}` }).waitFor();
    // VS Code gives a panel the focus that was opened by the keyboard; the first Tab is inside.
    await page.frame.locator('body').focus();
  };

  it('varies a range and a list, two runs at a time, nested under a parent that is closed', async () => {
    // The palette offers what a server is needed for once there is one.
    await (await workbench.openView('Experiments')).find(/^Default/);
    await workbench.statusBar('server').getByText('3.17.2').waitFor({ timeout: 60_000 });
    await openForm('wide');
    await tabTo(/^Vary rate in a sweep/);
    await keyboard.press('Enter');
    await tabTo(/^Vary kind in a sweep/);
    await keyboard.press('Enter');
    await fill(/^Experiment/, 'swept');
    await fill(/^Runs at a time/, '2');
    await page.frame.locator('body').focus();
    await keyboard.press('Tab');
    await fill(/^rate/, '0.1..0.2 step 0.1');
    await fill(/^kind/, 'a, b');
    await page.frame.getByRole('button', { name: 'Run 4 runs' }).waitFor();
    await tabTo(/^Run 4 runs/);
    await keyboard.press('Enter');
    const ended = workbench.notification(/The sweep of wide \(swept\) ended: 2 of 4 runs finished/);
    await ended.waitFor({ timeout: 180_000 });
    await ended.getByRole('button', { name: 'Retry 2 Failed' }).waitFor();
    await workbench.screenshot('sweep-failed');
    const [parent, ...children] = await runs('swept');
    assert.deepEqual([parent?.status, parent?.parent, parent?.ended], ['FAILED', null, true]);
    assert.ok(children.every((child) => child.parent === parent?.id && child.ended));
    assert.deepEqual(children.map(({ values, status }) => `${values} ${status}`).sort(), [
      '0.1 a FINISHED',
      '0.1 b FAILED',
      '0.2 a FINISHED',
      '0.2 b FAILED',
    ]);
  });

  it('tries those that failed once more, and no other, under the same parent', async () => {
    writeFileSync(path.join(folder, 'mended'), '');
    const ended = await workbench.keptNotification(/2 of 4 runs finished/);
    await ended.getByRole('button', { name: 'Retry 2 Failed' }).focus();
    await keyboard.press('Enter');
    const said = workbench.notification(/The sweep of wide \(swept\) ended: 2 of 2 runs finished/);
    await said.waitFor({ timeout: 180_000 });
    const all = await runs('swept');
    const [parent, ...children] = all;
    assert.deepEqual([all.length, parent?.status, parent?.ended], [7, 'FINISHED', true]);
    assert.deepEqual(
      children
        .slice(4)
        .map(({ values, status }) => `${values} ${status}`)
        .sort(),
      ['0.1 b FINISHED', '0.2 b FINISHED'],
    );
    assert.ok(children.every((child) => child.parent === parent?.id));
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^swept/)).expand();
    await (await experiments.find(/^sweep of wide/)).expand();
    await experiments.find(/^rate=0\.2, kind=b/);
    await workbench.screenshot('sweep-nested');
  });

  it('draws as many values as it is told to, the same ones for the same seed', async () => {
    await openForm('drawn');
    await tabTo(/^Vary rate in a sweep/);
    await keyboard.press('Enter');
    await fill(/^Experiment/, 'drawn');
    await tabTo(/^Every one/);
    await keyboard.press('ArrowRight');
    await fill(/^Runs$/, '2');
    await fill(/^Seed/, '7');
    await page.frame.locator('body').focus();
    await keyboard.press('Tab');
    await fill(/^rate/, '0.1..0.9');
    await page.frame.getByRole('button', { name: 'Run 2 runs' }).waitFor();
    await workbench.screenshot('sweep-random');
    await tabTo(/^Run 2 runs/);
    await keyboard.press('Enter');
    await workbench
      .notification(/The sweep of drawn \(swept\) ended: 2 of 2 runs finished/)
      .waitFor({ timeout: 180_000 });
    const spec = {
      method: 'random',
      samples: 2,
      seed: 7,
      parallel: 1,
      values: new Map([['rate', '0.1..0.9']]),
    } as const;
    const planned = planSweep(spec);
    assert.ok('runs' in planned);
    const [parent, ...children] = await runs('drawn');
    assert.deepEqual(
      children.map(({ values }) => values).sort(),
      planned.runs.map((values) => values.get('rate')).sort(),
    );
    assert.ok(children.every((child) => child.parent === parent?.id && child.status === 'FINISHED'));
    const rates = children.map(({ values }) => Number(values));
    assert.ok(new Set(rates).size === 2 && rates.every((rate) => rate >= 0.1 && rate <= 0.9), `${rates}`);
  });

  it('is stopped as a whole', async () => {
    await openForm('long');
    await tabTo(/^Vary n in a sweep/);
    await keyboard.press('Enter');
    await fill(/^Experiment/, 'stopped');
    await fill(/^Runs at a time/, '2');
    await page.frame.locator('body').focus();
    await keyboard.press('Tab');
    await fill(/^n/, 'x, y, z');
    await tabTo(/^Run 3 runs/);
    await keyboard.press('Enter');
    await until(
      () => processesWith(mark).filter((pid) => pid > 0).length >= 4,
      () => `only ${processesWith(mark).length} programs run`,
      120_000,
    );
    await workbench.runCommand('Tasks: Terminate Task');
    await workbench.quickPick.choose(/^MLflow: long \(swept\)/);
    await workbench
      .notification(/The sweep of long \(swept\) was stopped: 0 of 3 runs finished/)
      .waitFor({ timeout: 60_000 });
    assert.deepEqual(await untilGone(mark, 500), []);
    assert.deepEqual(
      (await runs('stopped')).map(({ values, status, ended }) => `${values} ${status} ${ended}`).sort(),
      [' KILLED true', 'x KILLED true', 'y KILLED true'],
    );
  });
});
