import assert from 'node:assert/strict';
import { becomes, eventually } from '../support/eventually';
import { again } from './support/again';
import type { Front } from './support/front';
import { openFrontScene } from './support/frontScene';
import { columnHead } from './support/grid';
import { all, focusable, one, type Spoken, spokenTree } from './support/spoken';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

const fill = `
import time
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
client = MlflowClient()
now = int(time.time() * 1000) - 3600_000
experiment = client.create_experiment('spoken')
for index in range(130):
    run = client.create_run(experiment, run_name=f'run {index}', start_time=now + index * 1000).info.run_id
    tags = [RunTag('mlflow.parentRunId', parent)] if index in (126, 127) else []
    metrics = [Metric('loss', (200 - index) / (step + 1), now, step) for step in range(3)]
    metrics += [Metric(f'block/{key}', index + key, now, 0) for key in range(40)] + [Metric('odd', float('nan'), now, 0)]
    client.log_batch(run, metrics, [Param('lr', str(0.1 / (1 + index % 4))), Param('kind', ['a', 'b'][index % 2])] + ([] if index == 129 else [Param('extra', 'x')]), tags)
    client.set_terminated(run)
    if index == 125:
        parent = run
`;

/** Keeps what live regions say, in order, for \`window.heard\`. */
const listen = `
  window.heard = [];
  const said = new WeakMap();
  const look = () => document.querySelectorAll('[role=status], [role=alert]').forEach((region) => {
    const text = region.textContent.replaceAll(/\\s+/g, ' ').trim();
    if (said.get(region) !== text && text) window.heard.push(text);
    said.set(region, text);
  });
  look();
  window.heard.length = 0;
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
`;

describe('what a screen reader is told', function () {
  // Each step begins where the one before it ended.
  this.bail(true);
  let workbench: Workbench;
  let page: Webview;
  let front: Front;

  openFrontScene(fill, { folder: 'empty' }, (scene, between) => {
    ({ workbench } = scene);
    front = between;
  });

  const tree = () => spokenTree(workbench.page, 'tablist', 'Views of the runs');
  const grid = () => page.frame.getByRole('treegrid', { name: 'Runs' });
  const line = (of: Spoken, run: string) => {
    const found = all(one(of, 'treegrid', /^Runs$/), 'row').find((row) =>
      all(row, 'rowheader').some(({ name }) => new RegExp(`\\b${run}\\b`).test(name)),
    );
    return found ?? assert.fail(`no row of ${run}`);
  };
  const heard = () => page.evaluate<string[]>('window.heard');
  /** Exactly this is said of what is done. */
  const says = async (act: () => Promise<unknown>, ...wanted: readonly string[]) => {
    await page.evaluate('window.heard.length = 0');
    await act();
    await becomes(heard, [...wanted]);
  };
  const byKey = (key: string) => grid().press(key);

  it('is a grid of so many rows and columns, each where it is, though few are drawn', async () => {
    await (await (await workbench.openView('Experiments')).find(/^spoken/)).inlineAction('Open Runs Table');
    page = await workbench.webview(/spoken/);
    await page.frame.getByText('100 of 130 runs', { exact: true }).waitFor();
    const places = () =>
      page.evaluate<{ counts: number[]; drawn: number; rows: number[]; wrong: string[] }>(`(() => {
        const grid = document.querySelector('[role=treegrid]');
        const rows = [...grid.querySelectorAll('[role=row]')];
        const number = (element, name) => Number(element.getAttribute(name));
        const columns = (row) => [...row.querySelectorAll('[aria-colindex]')].map((cell) => number(cell, 'aria-colindex'));
        const heads = columns(rows[0]);
        return {
          counts: [number(grid, 'aria-rowcount'), number(grid, 'aria-colcount')],
          drawn: heads.length,
          rows: rows.map((row) => number(row, 'aria-rowindex')),
          wrong: rows.flatMap((row) => (String(columns(row)) === String(heads) ? [] : [columns(row) + ' under ' + heads])),
        };
      })()`);
    const follow = (from: number, length: number) => Array.from({ length }, (_, at) => from + at);
    await eventually(async () => {
      const { counts, drawn, rows, wrong } = await places();
      assert.deepEqual([counts[0], wrong], [101, []]);
      assert.ok((counts[1] ?? 0) > drawn, `${counts[1]} columns, ${drawn} drawn`);
      assert.deepEqual(rows, follow(1, rows.length));
      assert.ok(rows.length < 60);
    });
    await byKey('Control+End');
    await eventually(async () => {
      const { counts, rows, wrong } = await places();
      assert.deepEqual([rows.at(0), rows.at(-1), wrong], [1, 101, []]);
      assert.deepEqual(rows.slice(1), follow(103 - rows.length, rows.length - 1));
      const last = await page.evaluate<string>(
        "document.getElementById(document.querySelector('[role=treegrid]').getAttribute('aria-activedescendant')).getAttribute('aria-colindex')",
      );
      assert.equal(Number(last), counts[1]);
    });
    await byKey('Control+Home');
    await page.evaluate("document.querySelector('.runs-grid').scrollTo({ left: 0 })");
  });

  it('has named rows and cells, empty ones too, and says what stands under what, and what is open, chosen and selected', async () => {
    await page.frame.locator('.grid-row .name-text', { hasText: /^run 125$/ }).click();
    await eventually(async () => {
      const now = await tree();
      const parent = line(now, 'run 125');
      assert.deepEqual([parent.says.level, parent.says.expanded, parent.says.selected], [1, true, true]);
      assert.equal(all(parent, 'rowheader')[0]?.name, 'Finished run 125 2 under it');
      const child = line(now, 'run 126');
      assert.deepEqual([child.says.level, child.says.expanded, child.says.selected ?? false], [2, undefined, false]);
      const heads = all(one(now, 'treegrid', /^Runs$/), 'columnheader').map(({ name }) => name);
      assert.ok(heads.includes('param extra'), heads.join());
      const newest = [...all(line(now, 'run 129'), 'gridcell')].map(({ name }) => name);
      assert.equal(newest[0], 'Chosen');
      // The head and the cell of the check boxes come first, then the row's own head.
      assert.deepEqual([newest.at(heads.indexOf('param extra') - 1), heads.length], ['', newest.length + 1]);
    });
    await byKey('ArrowLeft');
    await eventually(async () => assert.equal(line(await tree(), 'run 125').says.expanded, false));
    await byKey('ArrowRight');
  });

  it('says how a column is sorted, and in which place', async () => {
    await page.evaluate(listen);
    await says(() => columnHead(page, 'kind').click(), 'Sorted by kind (param) ascending, by the server');
    await says(
      () => columnHead(page, 'Started').click({ modifiers: ['Shift'] }),
      'Sorted by kind (param) ascending, then Started descending, by the server',
    );
    const order = async (name: string) => [
      await columnHead(page, name).getAttribute('aria-sort'),
      one(await tree(), 'columnheader', new RegExp(`\\b${name}$`)).description,
    ];
    await eventually(async () => assert.match((await order('kind')).join(), /^ascending,Sort number 1/));
    await eventually(async () => assert.match((await order('Started')).join(), /^descending,Sort number 2/));
    await says(() => columnHead(page, 'Started').click(), 'Sorted by Started descending, by the server');
    await says(() => columnHead(page, 'Started').click(), 'Sorted by Started ascending, by the server');
  });

  it('says once what was loaded, what a filter found, and what is wrong with it', async () => {
    const filter = page.frame.getByRole('combobox', { name: 'Filter runs' });
    const apply = (text: string) => async () => {
      await filter.fill(text);
      await filter.press('Enter');
    };
    await says(() => page.frame.getByRole('button', { name: 'Load 30 more' }).click(), 'Loaded: 130 runs');
    await says(apply("params.kind = 'a'"), 'Filtered: 65 runs');
    await says(apply("params.kind = 'b'"), 'Filtered: 65 runs');
    await says(apply("params.kind = 'c'"), 'The filter matches no run');
    await says(apply(''), 'Loaded: 100 of 130 runs');
    await page.evaluate('window.heard.length = 0');
    await apply('params.kind = = 1')();
    await eventually(async () => assert.equal((await heard()).length, 1));
    await filter.fill('');
    await filter.press('Enter');
  });

  it('says what was done to a run', async () => {
    await page.frame.getByText('100 of 130 runs', { exact: true }).waitFor();
    await page.frame.locator('.grid-row .name-text').first().click();
    await says(() => byKey(' '), 'run 0 is not chosen: 19 are');
    await says(() => byKey('h'), 'run 0 is hidden in charts');
    await eventually(async () => {
      const cells = all(line(await tree(), 'run 0'), 'gridcell');
      assert.equal(cells[0]?.name, 'Not chosen, hidden in charts');
    });
    await says(() => byKey('h'), 'run 0 is shown in charts');
    await says(() => byKey('p'), 'run 0 is pinned at the top');
    await eventually(async () => assert.match(all(line(await tree(), 'run 0'), 'rowheader')[0]?.name ?? '', /Pinned/));
    await says(() => byKey('p'), 'run 0 is not pinned any more');
    await says(() => byKey(' '), 'run 0 is chosen, of 20');
  });

  it('says that the server does not answer, and nothing when all is as it was', async () => {
    const refresh = page.frame.getByRole('button', { name: 'Refresh' });
    await front.goAway();
    await page.evaluate('window.heard.length = 0');
    await refresh.click();
    await eventually(async () => {
      const [problem, ...more] = await heard();
      assert.match(problem ?? '', /Showing data that is less than a minute old/);
      assert.deepEqual(more, []);
    });
    await front.comeBack();
    // That it went wrong before is not said once more when it answers again.
    await says(() =>
      again(20, async () => {
        if (await page.frame.locator('.banner').isVisible())
          await page.frame.getByRole('button', { name: 'Retry' }).click();
        await page.frame.locator('.banner').waitFor({ state: 'detached', timeout: 2_000 });
      }),
    );
    const edition = () => page.evaluate<number>("document.querySelector('flowdeck-runs').session.loader.edition");
    const before = await edition();
    await says(async () => {
      await refresh.click();
      await eventually(async () => assert.ok((await edition()) > before));
      await page.frame.getByRole('button', { name: 'Load 30 more' }).click();
    }, 'Loaded: 130 runs');
  });

  it('has a menu of items, tabs of which one is chosen, and a name for all that can have the focus', async () => {
    await columnHead(page, 'Started').click({ button: 'right' });
    await eventually(async () => {
      const menu = one(await tree(), 'menu', /Started/);
      const items = ['menuitem', 'menuitemcheckbox'].flatMap((role) => all(menu, role)).map(({ name }) => name);
      assert.ok(items.length > 4 && items.every((name) => name !== ''), items.join());
    });
    await workbench.page.keyboard.press('Escape');
    for (const [tab, there] of [
      ['Charts', 'flowdeck-chart-card canvas'],
      ['Compare', '.compare-scroll'],
      ['Table', '.grid-row'],
    ] as const) {
      await page.frame.getByRole('tab', { name: tab }).click();
      await page.frame.locator(there).first().waitFor();
      const now = await tree();
      const tabs = all(one(now, 'tablist', /Views of the runs/), 'tab');
      assert.deepEqual(
        tabs.map(({ name, says: { selected } }) => `${name} ${selected === true}`),
        ['Table', 'Charts', 'Compare'].map((name) => `${name} ${name === tab}`),
      );
      const nameless = focusable(now).filter(({ name, role }) => name.trim() === '' && role !== 'RootWebArea');
      assert.deepEqual(
        nameless.map(({ role }) => role),
        [],
        tab,
      );
    }
  });

  it('has charts that say what is drawn: which kind, of what, of how many runs, and from where to where', async () => {
    await page.frame.getByRole('tab', { name: 'Charts' }).click();
    const search = page.frame.getByRole('textbox', { name: 'Search metrics' });
    await says(() => search.fill('loss'), '1 chart found');
    await page.frame.locator('flowdeck-chart-card canvas').first().waitFor();
    const drawn = (of: Spoken) =>
      all(of, 'application').map(({ name, says: { roledescription } }) => `${roledescription}: ${name}`);
    await eventually(async () => {
      const [line] = drawn(await tree());
      assert.match(
        line ?? '',
        /^line chart: loss: 20 runs, steps 0 to 2, values from [\d.]+ to [\d.]+\. Arrow keys read values/,
      );
    });
    for (const [kind, wanted] of [
      ['Bar', /^chart: Bar chart of \S+: 20 runs, \S+ from [\d.,]+ to [\d.,]+\. /],
      ['Scatter', /^chart: Scatter chart of \S+ over \S+: \d+ runs, \S+ from [\d.,]+ to [\d.,]+, \S+ from/],
    ] as const) {
      await page.frame.locator('.board').getByRole('button', { name: 'Add Chart' }).first().click();
      const dialog = page.frame.getByRole('dialog');
      await dialog.getByRole('radio', { name: kind, exact: true }).check({ force: true });
      await dialog.getByRole('button', { name: 'Add Chart' }).click();
      await eventually(async () => {
        const found = drawn(await tree());
        assert.ok(
          found.some((text) => wanted.test(text)),
          found.join('\n'),
        );
      });
    }
  });
});
